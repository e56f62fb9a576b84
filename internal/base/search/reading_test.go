package search

import (
	"testing"

	"github.com/mozillazg/go-pinyin"
)

// TestEveryCharacterReadsAsTheLibraryReadsIt walks the whole dictionary.
func TestEveryCharacterReadsAsTheLibraryReadsIt(t *testing.T) {
	t.Parallel()
	args := pinyin.NewArgs()
	for r := range pinyin.PinyinDict {
		want := pinyin.SinglePinyin(rune(r), args)[0]
		if got := commonReading(rune(r)); got != want {
			t.Fatalf("%c reads %q, the library %q", r, got, want)
		}
	}
	if got := commonReading('a'); got != "" {
		t.Error(got)
	}
}
