// Command kosmos runs a brand's KOS/KOC matrix from one self-hosted program.
package main

import (
	"os"

	"kosmos/internal/app"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version string

func main() { os.Exit(app.Main(os.Args[1:], version)) }
