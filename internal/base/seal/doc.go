// Package seal keeps secrets: it encrypts values and files at rest, makes blind
// indexes so that sealed values can still be looked up, and signs tokens.
//
// Owns: DATA/secret.key (0600), the format of sealed values, blind indexes and
// signed tokens. It has no tables.
//
// Words: master key = 32 random bytes, never in the database, a backup or a log;
// key ring = the current key first, then older keys that may still open; root
// key = the oldest one, from which blind indexes derive, so that adding a key
// does not break look-ups; AAD = the place a value belongs to
// ("brand|table|column|row"), so that a sealed value cannot be moved elsewhere.
//
// Rotation: put a new key before the others (a line in secret.key or an entry in
// KOSMOS_KEY, separated by commas). New values use it at once, old ones open with
// their own key, NeedsReseal tells which rows a job still has to write again.
//
// Not here: passwords (identity hashes them), TLS.
package seal
