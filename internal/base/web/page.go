package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"kosmos/internal/base/errs"
)

// Page is a part of a list; Next is the cursor of the part after it, absent on the last one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// NewPage makes a Page that is never null in JSON.
func NewPage[T any](items []T, next string) *Page[T] {
	if items == nil {
		items = []T{}
	}
	return &Page[T]{Items: items, Next: next}
}

// Cut drops the extra row of a list that was read with limit+1 and tells whether there was one.
func Cut[T any](items []T, limit int) ([]T, bool) {
	if len(items) > limit {
		return items[:limit], true
	}
	return items, false
}

// Paging is embedded in the input of a list route.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows of one page"`
	Cursor string `query:"cursor" maxLength:"2048" doc:"next of the page before"`
}

// Signer signs cursors; *seal.Box is the one outside tests.
type Signer interface {
	Sign(purpose string, payload []byte) string
	Verify(purpose, token string) ([]byte, error)
}

// Cursors makes and reads the signed places of keyset lists. A cursor holds the sort, a hash of the filter and the key
// values of the last row; it is refused when it was altered or belongs to another sort or filter.
type Cursors struct {
	signer Signer
}

// NewCursors makes Cursors over a signer.
func NewCursors(s Signer) *Cursors { return &Cursors{signer: s} }

type cursor struct {
	Sort   string `json:"s"`
	Filter string `json:"f"`
	Last   []any  `json:"l"`
}

type cursorRead struct {
	Sort   string            `json:"s"`
	Filter string            `json:"f"`
	Last   []json.RawMessage `json:"l"`
}

const cursorPurpose = "cursor"

// Next makes the cursor after the row with the key values last. filter is any value that encodes to JSON and tells one
// list from another: put brand and scope in it.
func (c *Cursors) Next(sort string, filter any, last ...any) string {
	raw, err := json.Marshal(cursor{Sort: sort, Filter: filterHash(filter), Last: last})
	if err != nil {
		panic("web: cursor: " + err.Error()) // key values are plain
	}
	return c.signer.Sign(cursorPurpose, raw)
}

// Read reads a cursor into pointers to the key values; false without error for an empty token (the first page).
// Errors: base.cursor_invalid.
func (c *Cursors) Read(token, sort string, filter any, last ...any) (bool, error) {
	if token == "" {
		return false, nil
	}
	bad := errs.New(errs.Invalid, "base.cursor_invalid")
	raw, err := c.signer.Verify(cursorPurpose, token)
	if err != nil {
		return false, bad
	}
	var got cursorRead
	if json.Unmarshal(raw, &got) != nil || got.Sort != sort || got.Filter != filterHash(filter) || len(got.Last) != len(last) {
		return false, bad
	}
	for i, dst := range last {
		if json.Unmarshal(got.Last[i], dst) != nil {
			return false, bad
		}
	}
	return true, nil
}

func filterHash(filter any) string {
	raw, err := json.Marshal(filter)
	if err != nil {
		panic("web: cursor filter: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
