package web

import (
	"strings"

	"kosmos/internal/base/errs"
)

// Tagged is implemented by an output that has a version: its ETag answers If-None-Match with 304 and is what an edit
// sends back in If-Match.
type Tagged interface {
	ETag() string
}

// ETag quotes a version for the ETag header.
func ETag(version string) string { return `"` + version + `"` }

// CheckMatch compares the If-Match header of an edit with the present ETag; an empty header edits unconditionally.
// Errors: base.changed_meanwhile.
func CheckMatch(ifMatch, etag string) error {
	if ifMatch == "" || matches(ifMatch, etag) {
		return nil
	}
	return errs.New(errs.Precondition, "base.changed_meanwhile")
}

func matches(header, tag string) bool {
	if header == "*" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(part), "W/") == tag {
			return true
		}
	}
	return false
}
