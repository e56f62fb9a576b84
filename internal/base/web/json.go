package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Row is implemented by the rows of long lists that write their JSON themselves, the same as encoding/json would: a page
// of fifty rows of twenty fields takes that package as long as reading them takes the store. A test of the room holds the
// two against each other.
type Row interface {
	AppendJSON(b []byte) []byte
}

// appendJSON writes a page of Rows; false when the items are none.
func (p *Page[T]) appendJSON(b []byte) ([]byte, bool) {
	if p == nil || len(p.Items) == 0 {
		return b, false
	}
	if _, ok := any(&p.Items[0]).(Row); !ok {
		return b, false
	}
	b = append(b, `{"items":[`...)
	for i := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = any(&p.Items[i]).(Row).AppendJSON(b)
	}
	b = append(b, ']')
	if p.Next != "" {
		b = AppendString(append(b, `,"next":`...), p.Next)
	}
	return append(b, '}', '\n'), true
}

// AppendString writes a JSON string as an encoder that does not escape HTML does.
func AppendString(b []byte, s string) []byte {
	if !plainJSON(s) {
		var w strings.Builder
		enc := json.NewEncoder(&w)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(s) // a string is always JSON
		return append(b, strings.TrimSuffix(w.String(), "\n")...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plainJSON tells that s needs no escaping: no control character, quote, backslash, broken UTF-8 or line separator.
func plainJSON(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c == '"' || c == '\\':
			return false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// AppendCount writes a number, or null for one that nobody told.
func AppendCount(b []byte, n *int64) []byte {
	if n == nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, *n, 10)
}
