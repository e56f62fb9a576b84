package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// Token kinds of the XML scanner.
const (
	tokStart = iota + 1
	tokEmpty // <x/>
	tokEnd
	tokText
	tokCData // text that must not be unescaped
)

var (
	errTokenTooLong = errors.New("sheet: xml token too long")
	errCut          = errors.New("sheet: xml ends in the middle")
)

// token is one piece of XML; its slices are valid until the next call.
type token struct {
	kind int
	name []byte // local name, without prefix
	attr []byte // raw attributes
	text []byte // raw text, entities not yet resolved
}

// scanner splits XML into tokens without building strings. It is not a
// validating parser: it reads what spreadsheet programs write and fails, rather
// than guesses, on anything cut off.
type scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	max      int // longest token
	eof      bool
	err      error
}

func newScanner(r io.Reader, maxToken int) *scanner {
	return &scanner{r: r, buf: make([]byte, 64<<10), max: maxToken + 4<<10}
}

// fill reads more behind the unread bytes; false when there is no more.
func (s *scanner) fill() bool {
	if s.eof || s.err != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= s.max {
			s.err = errTokenTooLong
			return false
		}
		s.buf = append(s.buf, make([]byte, min(len(s.buf), s.max-len(s.buf)))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
		} else if err != nil {
			s.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// until returns the offset from pos of delim, reading on as needed; -1 when
// the input ends first.
func (s *scanner) until(from int, delim []byte) int {
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.end], delim); i >= 0 {
			return from + i
		}
		from = max(from, s.end-s.pos-len(delim)+1)
		if !s.fill() {
			return -1
		}
	}
}

func (s *scanner) failure() error {
	if s.err != nil {
		return s.err
	}
	return errCut
}

// next returns the next token, io.EOF at a clean end.
func (s *scanner) next() (token, error) {
	for {
		if s.pos == s.end && !s.fill() {
			if s.err != nil {
				return token{}, s.err
			}
			return token{}, io.EOF
		}
		if s.buf[s.pos] != '<' {
			return s.textToken()
		}
		if s.end-s.pos < 9 {
			for s.end-s.pos < 9 && s.fill() {
			}
		}
		rest := s.buf[s.pos:s.end]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			i := s.until(9, []byte("]]>"))
			if i < 0 {
				return token{}, s.failure()
			}
			t := token{kind: tokCData, text: s.buf[s.pos+9 : s.pos+i]}
			s.pos += i + 3
			return t, nil
		case bytes.HasPrefix(rest, []byte("<!--")):
			if !s.skip([]byte("-->")) {
				return token{}, s.failure()
			}
		case bytes.HasPrefix(rest, []byte("<?")):
			if !s.skip([]byte("?>")) {
				return token{}, s.failure()
			}
		case bytes.HasPrefix(rest, []byte("<!")):
			if !s.skip([]byte(">")) {
				return token{}, s.failure()
			}
		default:
			return s.tag()
		}
	}
}

func (s *scanner) skip(delim []byte) bool {
	i := s.until(2, delim)
	if i < 0 {
		return false
	}
	s.pos += i + len(delim)
	return true
}

// textToken returns text up to the next '<'. Text longer than a token may be
// is an error; blank text between elements is short in practice.
func (s *scanner) textToken() (token, error) {
	i := s.until(0, []byte("<"))
	if i < 0 {
		if s.err != nil {
			return token{}, s.err
		}
		i = s.end - s.pos
	}
	t := token{kind: tokText, text: s.buf[s.pos : s.pos+i]}
	s.pos += i
	return t, nil
}

func (s *scanner) tag() (token, error) {
	i := 1
	for { // a '>' inside an attribute value does not end the tag
		i = s.until(i, []byte(">"))
		if i < 0 {
			return token{}, s.failure()
		}
		if !openQuote(s.buf[s.pos : s.pos+i]) {
			break
		}
		i++
	}
	body := s.buf[s.pos+1 : s.pos+i]
	s.pos += i + 1
	t := token{kind: tokStart}
	if len(body) > 0 && body[0] == '/' {
		t.kind, body = tokEnd, body[1:]
	} else if len(body) > 0 && body[len(body)-1] == '/' {
		t.kind, body = tokEmpty, body[:len(body)-1]
	}
	n := 0
	for n < len(body) && body[n] > ' ' {
		n++
	}
	t.name, t.attr = body[:n], body[n:]
	if c := bytes.IndexByte(t.name, ':'); c >= 0 {
		t.name = t.name[c+1:]
	}
	return t, nil
}

func openQuote(b []byte) bool {
	var q byte
	for _, c := range b {
		switch {
		case q == 0 && (c == '"' || c == '\''):
			q = c
		case c == q:
			q = 0
		}
	}
	return q != 0
}

// attr finds the raw value of an attribute by its local name; nil when absent.
func attr(raw []byte, name string) []byte {
	for len(raw) > 0 {
		eq := bytes.IndexByte(raw, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(raw[:eq])
		raw = bytes.TrimLeft(raw[eq+1:], " \t\r\n")
		if len(raw) == 0 {
			return nil
		}
		end := bytes.IndexByte(raw[1:], raw[0])
		if (raw[0] != '"' && raw[0] != '\'') || end < 0 {
			return nil
		}
		val := raw[1 : 1+end]
		raw = raw[end+2:]
		if c := bytes.LastIndexByte(key, ':'); c >= 0 {
			key = key[c+1:]
		}
		if string(key) == name {
			return val
		}
	}
	return nil
}

// unescape appends text to dst with XML entities resolved.
func unescape(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		j := bytes.IndexByte(text[:min(len(text), 12)], ';')
		r := rune(-1)
		if j > 0 {
			r = entity(string(text[1:j]))
		}
		if r < 0 {
			dst = append(dst, '&')
			text = text[1:]
			continue
		}
		dst = utf8.AppendRune(dst, r)
		text = text[j+1:]
	}
}

func entity(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	if len(name) < 2 || name[0] != '#' {
		return -1
	}
	num, base := name[1:], 10
	if num[0] == 'x' || num[0] == 'X' {
		num, base = num[1:], 16
	}
	n, err := strconv.ParseUint(num, base, 21)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return -1
	}
	return rune(n)
}

// unicodeEscapes resolves Excel's own _xHHHH_ notation in place.
func unicodeEscapes(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if i+7 <= len(b) && b[i] == '_' && b[i+1] == 'x' && b[i+6] == '_' {
			if n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 16); err == nil && utf8.ValidRune(rune(n)) {
				out = utf8.AppendRune(out, rune(n))
				i += 7
				continue
			}
		}
		out = append(out, b[i])
		i++
	}
	return out
}
