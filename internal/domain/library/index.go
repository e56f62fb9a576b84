package library

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Grades of a word's place.
const (
	inText  = 1
	inTags  = 2
	inTitle = 3
)

// mostWords bounds what is indexed of one text; what comes behind is not found by words.
const (
	mostWords   = 400
	longestWord = 40 // bytes; longer ones (links, numbers) are cut
)

// wordsOf gives the words of an item with the best place of each.
func wordsOf(title string, tags []string, text string) map[string]int {
	out := make(map[string]int, 64)
	for _, p := range []struct {
		text  string
		grade int
	}{{title, inTitle}, {strings.Join(tags, " "), inTags}, {text, inText}} {
		for _, w := range search.Tokens(p.text) {
			if w = cutWord(w); len(out) >= mostWords && p.grade == inText {
				break
			}
			if _, known := out[w]; !known {
				out[w] = p.grade
			}
		}
	}
	return out
}

// cutWord keeps the beginning of a long word, whole characters only.
func cutWord(w string) string {
	if len(w) <= longestWord {
		return w
	}
	return strings.ToValidUTF8(w[:longestWord], "")
}

// entry is a row of the index.
type entry struct {
	word  string
	grade int
	item  id.ID
}

// reindex replaces the words of an item: those it had are known from what it said.
func reindex(ctx context.Context, tx *db.Tx, brand, item id.ID, before, after map[string]int) error {
	var gone [][]any
	for w, g := range before {
		if after[w] != g {
			gone = append(gone, []any{brand, w, g, item})
		}
	}
	if err := db.Repeat(ctx, tx, `DELETE FROM library_word WHERE brand_id = $1 AND word = $2 AND grade = $3 AND item_id = $4`, gone); err != nil {
		return err
	}
	var fresh []entry
	for w, g := range after {
		if before[w] != g {
			fresh = append(fresh, entry{w, g, item})
		}
	}
	return addWords(ctx, tx, brand, fresh)
}

// addWords writes entries of the index.
func addWords(ctx context.Context, tx *db.Tx, brand id.ID, list []entry) error {
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.grade, b.grade), cmp.Compare(a.item, b.item))
	})
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{brand, e.word, int64(e.grade), e.item}
	}
	_, err := db.Insert(ctx, tx, "library_word", []string{"brand_id", "word", "grade", "item_id"}, rows, "ON CONFLICT DO NOTHING")
	return err
}
