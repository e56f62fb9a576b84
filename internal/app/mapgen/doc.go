// Package mapgen reads the project's own source: it writes docs/MAP.md (`kosmos
// map`) and gives the architecture test what it checks.
//
// It only parses; nothing is type-checked or run, so it works on a tree that does
// not build.
package mapgen
