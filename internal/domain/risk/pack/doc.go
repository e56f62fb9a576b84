// Package pack holds the rules of what may not be said as data, and the pure checker over them.
//
// A pack is one readable YAML file per theme (packs/*.yaml): groups share severity, article and reason, a rule adds its
// words. Shipped reads those inside the binary, Parse those of a brand; both name file, line and field of every fault.
// A Checker compiles packs for the text engine (internal/scan) and turns a text with its context into a verdict with
// findings: offsets count code points of the original text. It needs no database and is safe for concurrent use; a new
// set of packs is a new Checker.
//
// Verdicts: a high finding blocks, a medium one asks for a review, a low one warns. The ranker (internal/scan/rank) may
// lower findings of rules marked noisy and may add a finding of its own to comments, replies and live talk, which asks
// for a review and never blocks.
//
// Not here: brands' own rules in the store, re-scan and lab (room risk); matching (internal/scan).
package pack
