// Package blob keeps files: imported sheets, raw payloads, pictures, results to
// download.
//
// Owns: DATA/blobs. It has no tables; the room that stores a file keeps its key,
// size and hash in a row of its own, written after Put and deleted before Delete,
// so that a crash leaves a file without a row (Walk finds those) and never a row
// without a file.
//
// Words: key = name of a stored file, unguessable, never reused; sealed store = a
// store wrapped by Sealed, whose files are encrypted with base/seal.
//
// Not here: who may read a file (the room's permission), retention (a job of the
// room that owns the row).
package blob
