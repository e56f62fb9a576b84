// Package memo remembers rows from one transaction to the next, so that a batch need not ask the store for what the batch
// before it wrote.
//
// The rows of a brand (accounts, say) are cut into shards by when they were made. Who changes rows of a shard locks it for
// the transaction and gives it a new version, in a table of the room: (brand_id, shard, version). What was remembered
// counts only while the store's version is the one it was remembered at, so a change by another process, or a
// transaction that fails, can never be missed: it costs a reading.
//
// A process that ends may leave what it remembers in a file for the next one (KeepIn, Save): versions are random, so what
// was remembered at a version is true wherever the store shows that version.
//
// Every transaction that changes remembered rows must Lock them. A room has one Memo for everything it derives from them.
package memo
