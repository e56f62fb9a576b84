package account

import (
	"context"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Words are the brand's words: an account whose name or bio holds one of them is related to the brand.
type Words struct {
	shown []string
	norms []string
}

// NewWords makes Words of what was typed; doubles and empty ones fall away.
func NewWords(list ...string) Words {
	var w Words
	seen := map[string]bool{}
	for _, x := range list {
		x = strings.Join(strings.Fields(search.Visible(x)), " ")
		norm := squeezed(x)
		if norm == "" || seen[norm] {
			continue
		}
		seen[norm] = true
		w.shown, w.norms = append(w.shown, x), append(w.norms, norm)
	}
	return w
}

// squeezed is a text as words are compared: without case, width and spaces.
func squeezed(s string) string { return strings.ReplaceAll(search.Normal(s), " ", "") }

// List gives the words as they were typed.
func (w Words) List() []string { return append([]string{}, w.shown...) }

// In finds the first word that one of the texts holds, whatever its case, width and spaces; "" when none does.
func (w Words) In(texts ...string) string {
	for _, t := range texts {
		t = squeezed(t)
		for i, n := range w.norms {
			if strings.Contains(t, n) {
				return w.shown[i]
			}
		}
	}
	return ""
}

// Words are few and long enough to mean something.
const (
	maxWords    = 50
	minWordSize = 2
)

// BrandWords reads the brand's words; a brand that said none is known by its name.
func (s *Service) BrandWords(ctx context.Context, q db.Querier, brand id.ID) (Words, error) {
	list, err := db.All[string](ctx, q, "SELECT word FROM account_word WHERE brand_id = $1 ORDER BY place, norm", brand)
	if err != nil || len(list) > 0 {
		return NewWords(list...), err
	}
	top, err := s.Units.Find(ctx, q, authz.SystemActor(brand, nil), PermRead, "")
	return NewWords(top.Name), err
}

// SetBrandWords replaces the brand's words; none at all means the brand's name again. Needs account.words.
// Errors: fields words account.words_many, account.word_short.
func (s *Service) SetBrandWords(ctx context.Context, actor authz.Actor, list []string) (Words, error) {
	w := NewWords(list...)
	bad := errs.Bad()
	if len(w.norms) > maxWords {
		bad.Field("words", "account.words_many", "max", maxWords)
	}
	for i, n := range w.norms {
		if size := len([]rune(n)); size < minWordSize || size > maxTag {
			bad.Field("words", "account.word_size", "word", w.shown[i], "min", minWordSize, "max", maxTag)
		}
	}
	if err := bad.OrNil(); err != nil {
		return w, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := s.BrandWords(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM account_word WHERE brand_id = $1", actor.BrandID); err != nil {
			return err
		}
		rows := make([][]any, len(w.norms))
		for i, n := range w.norms {
			rows[i] = []any{actor.BrandID, n, w.shown[i], i}
		}
		if _, err := db.Insert(ctx, tx, "account_word", []string{"brand_id", "norm", "word", "place"}, rows, ""); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.set_words", Before: before.List(), After: w.List()})
	})
	if err != nil {
		return w, err
	}
	return s.BrandWords(ctx, s.DB, actor.BrandID)
}
