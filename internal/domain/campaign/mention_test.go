package campaign

import (
	"slices"
	"testing"
)

func TestHandlesIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"和 @静安店小王 一起试驾":           {"静安店小王 一起试驾", "静安店小王"},
		"@官方号，@天河店!#周末试驾":         {"官方号", "天河店"},
		"＠Li Lei Motors 说得对#星屿S5": {"Li Lei Motors", "Li Lei", "Li"},
		"没有人":                     nil,
		"@ ":                      nil,
	} {
		var got []string
		for _, tries := range handlesIn(text) {
			got = append(got, tries...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
}
