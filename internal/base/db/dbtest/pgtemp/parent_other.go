//go:build !linux

package main

// dieWithParent needs a kernel that tells; elsewhere the terminal's signals do.
func dieWithParent() {}
