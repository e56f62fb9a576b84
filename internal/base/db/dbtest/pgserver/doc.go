// Package pgserver starts a throw-away PostgreSQL for tests: a fresh cluster in a
// short directory below /tmp, on a free loopback port, without fsync.
//
// The server lives as long as the process that started it: it is told by the
// kernel when that process dies (Linux), and the next start sweeps what a killed
// process left. It accepts every local user without a password, so nothing but
// test data belongs into it.
//
// Not here: databases and templates per test (dbtest), one server for a whole
// `go test ./...` (pgtemp).
package pgserver
