package sheet

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"kosmos/internal/base/errs"
)

// read opens data and returns the rows of its first sheet with their numbers.
func read(t testing.TB, data []byte, lim Limits) (b *Book, rows [][]string, nums []int, cut bool, err error) {
	t.Helper()
	b, err = Open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return nil, nil, nil, false, err
	}
	w, err := b.Rows(0)
	if err != nil {
		return b, nil, nil, false, err
	}
	defer w.Close()
	for w.Next() {
		r := w.Row()
		rows = append(rows, append([]string(nil), r.Cells...))
		nums = append(nums, r.Number)
	}
	return b, rows, nums, w.CutOff(), w.Err()
}

func encode(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodingsAndSeparators(t *testing.T) {
	t.Parallel()
	want := [][]string{{"笔记标题", "点赞"}, {"你好，世界", "1.2万"}, {"第二行", "3"}}
	text := "笔记标题,点赞\r\n\"你好，世界\",1.2万\r\n第二行,3\r\n"
	tab := strings.ReplaceAll(text, ",", "\t")
	cases := []struct {
		name, enc string
		sep       rune
		data      []byte
	}{
		{"utf8", "utf-8", ',', []byte(text)},
		{"utf8 bom", "utf-8", ',', []byte("\ufeff" + text)},
		{"gbk", "gb18030", ',', encode(t, simplifiedchinese.GBK, text)},
		{"gb18030 tab", "gb18030", '\t', encode(t, simplifiedchinese.GB18030, tab)},
		{"utf16le bom tab", "utf-16le", '\t', encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), tab)},
		{"utf16be bom", "utf-16be", ',', encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), text)},
		{"utf16le bare", "utf-16le", ',', encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text)},
		{"utf16be bare", "utf-16be", '\t', encode(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), tab)},
		{"semicolon", "utf-8", ';', []byte(strings.ReplaceAll(text, ",", ";"))},
		{"hint line", "utf-8", ';', []byte("sep=;\r\n" + strings.ReplaceAll(text, ",", ";"))},
		{"old mac line ends", "utf-8", ',', []byte(strings.ReplaceAll(text, "\r\n", "\r"))},
		{"no last line end", "utf-8", ',', []byte(strings.TrimSuffix(text, "\r\n"))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, rows, _, cut, err := read(t, c.data, DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if b.Encoding != c.enc || b.Separator != c.sep {
				t.Errorf("understood as %s %q", b.Encoding, b.Separator)
			}
			if !reflect.DeepEqual(rows, want) || cut {
				t.Errorf("rows %q cut %v", rows, cut)
			}
		})
	}
}

func TestCSVForms(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, in string
		rows     [][]string
		nums     []int
		cut      bool
		slug     string
	}{
		{"doubled quotes", "a,b\n\"说\"\"好\"\"\",2\n", [][]string{{"a", "b"}, {`说"好"`, "2"}}, []int{1, 2}, false, ""},
		{"line break in quotes", "a,b\n\"x\ny\",2\n\nz,3\n", [][]string{{"a", "b"}, {"x\ny", "2"}, {"z", "3"}}, []int{1, 2, 4}, false, ""},
		{"quote in the middle", "a,b\n5\" 屏,2\n", [][]string{{"a", "b"}, {`5" 屏`, "2"}}, []int{1, 2}, false, ""},
		{"text after closing quote", "a,b\n\"x\"y,2\n", [][]string{{"a", "b"}, {"xy", "2"}}, []int{1, 2}, false, ""},
		{"number kept as text", "a,b\n=\"00138\",2\n", [][]string{{"a", "b"}, {"00138", "2"}}, []int{1, 2}, false, ""},
		{"blank and comma-only lines", "a,b\n,\n\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 4}, false, ""},
		{"half-written last line", "a,b,c\n1,2,3\n4,5", [][]string{{"a", "b", "c"}, {"1", "2", "3"}, {"4", "5"}}, []int{1, 2, 3}, true, ""},
		{"cut inside quotes", "a,b\n1,\"二", [][]string{{"a", "b"}}, []int{1}, false, "sheet.truncated"},
		{"empty quoted at end", "a,b\n1,\"\"", [][]string{{"a", "b"}, {"1", ""}}, []int{1, 2}, false, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, rows, nums, cut, err := read(t, []byte(c.in), DefaultLimits())
			if errs.SlugOf(err) != c.slug {
				t.Fatalf("error %v, want %q", err, c.slug)
			}
			if !reflect.DeepEqual(rows, c.rows) || !reflect.DeepEqual(nums, c.nums) || cut != c.cut {
				t.Errorf("rows %q nums %v cut %v", rows, nums, cut)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	small := DefaultLimits()
	small.Rows, small.Columns, small.CellBytes, small.FileBytes = 3, 4, 20, 500
	cases := []struct {
		name, in, slug string
	}{
		{"nothing", "", "sheet.empty"},
		{"blank", " \n\n", "sheet.empty"},
		{"junk", "\x80\xff\x00\x13\x07" + strings.Repeat("\xff\x81\x00q\x02", 40), "sheet.not_a_sheet"},
		{"old xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.unsupported_format"},
		{"pdf", "%PDF-1.7 …", "sheet.unsupported_format"},
		{"web page", "<!DOCTYPE html><html><table>", "sheet.unsupported_format"},
		{"zip cut", "PK\x03\x04 half an upload", "sheet.incomplete"},
		{"rows", "a\n1\n2\n3\n4\n", "sheet.too_many_rows"},
		{"columns", "a,b,c,d,e\n", "sheet.too_many_columns"},
		{"cell", "a,b\n" + strings.Repeat("长", 10) + ",1\n", "sheet.cell_too_long"},
		{"size", strings.Repeat("a,b\n", 200), "sheet.too_large"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, _, _, _, err := read(t, []byte(c.in), small); errs.SlugOf(err) != c.slug {
				t.Errorf("got %v, want %s", err, c.slug)
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n1,\"二\"\n"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"))
	f.Add([]byte("\xb1\xca\xbc\xc7\x2c\xb5\xe3\xd4\xde\n"))
	f.Add(workbookBytes(f, [][]any{{"标题", "数"}, {"甲", 1.5}}))
	f.Add(rawXLSX(f, `<sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := DefaultLimits()
		lim.EntryBytes, lim.TotalBytes = 4<<20, 8<<20
		b, rows, nums, _, err := read(t, data, lim)
		if err != nil {
			if errs.SlugOf(err) == "" {
				t.Fatalf("error without a slug: %v", err)
			}
			return
		}
		if b == nil || len(rows) != len(nums) {
			t.Fatal("no book")
		}
		for i, r := range rows {
			if !hasText(r) {
				t.Fatalf("row %d is empty", nums[i])
			}
		}
	})
}
