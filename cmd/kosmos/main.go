// Command kosmos runs a brand's KOS/KOC matrix from one self-hosted program.
package main

func main() {}
