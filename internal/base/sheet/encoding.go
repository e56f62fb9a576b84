package sheet

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Names of the text encodings a Book reports.
const (
	encUTF8    = "utf-8"
	encGB18030 = "gb18030"
	encUTF16LE = "utf-16le"
	encUTF16BE = "utf-16be"
)

// detect decides the encoding of a text file from all of its bytes. It returns
// the number of bytes of a byte order mark to skip, and "" when the bytes are
// no text.
func detect(r io.ReaderAt, size int64) (name string, bom int64, err error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		bom = 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return encUTF16LE, 2, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return encUTF16BE, 2, nil
	}
	if e := bareUTF16(head); e != "" {
		return e, 0, nil
	}
	if bytes.IndexByte(head, 0) >= 0 || controls(head) > len(head)/50 {
		return "", 0, nil
	}
	var u utf8Check
	var g gbCheck
	if err := eachChunk(r, bom, size, func(b []byte) { u.add(b); g.add(b) }); err != nil {
		return "", 0, err
	}
	switch {
	case u.bad == 0, bom > 0 && u.bad*1000 <= int(size):
		return encUTF8, bom, nil
	case g.bad*1000 <= g.pairs:
		return encGB18030, 0, nil
	}
	return "", 0, nil
}

func eachChunk(r io.ReaderAt, from, size int64, f func([]byte)) error {
	buf := make([]byte, 256<<10)
	for off := from; off < size; {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		f(buf[:n])
		off += int64(n)
		if err != nil && err != io.EOF {
			return err
		}
		if n == 0 {
			return nil
		}
	}
	return nil
}

// bareUTF16 finds UTF-16 without a mark: separators and line ends appear as a
// byte next to a zero, always on the same side.
func bareUTF16(b []byte) string {
	var le, be int
	for i := 0; i+1 < len(b); i += 2 {
		switch {
		case isMark(b[i]) && b[i+1] == 0:
			le++
		case b[i] == 0 && isMark(b[i+1]):
			be++
		}
	}
	switch {
	case le > 1 && be == 0:
		return encUTF16LE
	case be > 1 && le == 0:
		return encUTF16BE
	}
	return ""
}

func isMark(c byte) bool { return c == ',' || c == '\t' || c == '\n' || c == ';' }

func controls(b []byte) (n int) {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			n++
		}
	}
	return n
}

// utf8Check counts invalid sequences over chunks. A sequence cut off at the
// very end is not counted: that is a half-uploaded file, reported as such.
type utf8Check struct {
	tail []byte
	bad  int
}

func (u *utf8Check) add(b []byte) {
	if len(u.tail) > 0 {
		b = append(u.tail, b...)
		u.tail = nil
	}
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			if !utf8.FullRune(b) {
				u.tail = bytes.Clone(b)
				return
			}
			u.bad++
		}
		b = b[n:]
	}
}

// gbCheck counts byte pairs that are no GB18030 character.
type gbCheck struct {
	lead       byte
	pairs, bad int
}

func (g *gbCheck) add(b []byte) {
	for _, c := range b {
		if g.lead == 0 {
			switch {
			case c >= 0x81 && c <= 0xFE:
				g.lead = c
			case c == 0x80 || c == 0xFF:
				g.bad++
				g.pairs++
			}
			continue
		}
		g.pairs++
		if (c < 0x40 && (c < '0' || c > '9')) || c == 0x7F || c == 0xFF {
			g.bad++
		}
		g.lead = 0
	}
}

// decoder wraps r so that it yields UTF-8.
func decoder(r io.Reader, name string) io.Reader {
	var e encoding.Encoding
	switch name {
	case encGB18030:
		e = simplifiedchinese.GB18030
	case encUTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case encUTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		return r
	}
	return e.NewDecoder().Reader(r)
}
