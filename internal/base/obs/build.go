package obs

import (
	"runtime"
	"runtime/debug"
)

// Build tells which program this is.
type Build struct {
	Version string `json:"version"` // release tag, or "dev"
	Commit  string `json:"commit"`  // short hash, "+" at the end when the tree had changes
	Time    string `json:"time"`    // commit time, RFC 3339
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// ReadBuild returns what the Go tool stamped into the program. version comes from
// a -ldflags -X variable of main and may be empty.
func ReadBuild(version string) Build {
	b := Build{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if b.Version == "" {
		b.Version = "dev"
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	changed := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	if changed && b.Commit != "" {
		b.Commit += "+"
	}
	return b
}
