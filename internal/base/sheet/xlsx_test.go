package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"kosmos/internal/base/errs"
)

// workbookBytes writes rows with the general library.
func workbookBytes(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	return saved(t, f)
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawXLSX builds a workbook around a hand-written worksheet body.
func rawXLSX(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	parts := []string{
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1" xmlns:r="r"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<?xml version="1.0"?><worksheet>` + body,
	}
	if !strings.Contains(body, "CUT") {
		parts[len(parts)-1] += "</worksheet>"
	}
	parts[len(parts)-1] = strings.ReplaceAll(parts[len(parts)-1], "CUT", "")
	return zipped(t, append(parts, more...)...)
}

func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSXValues(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	date, _ := f.NewStyle(&excelize.Style{NumFmt: 22})
	pct, _ := f.NewStyle(&excelize.Style{NumFmt: 10})
	code := `yyyy"年"m"月"d"日"`
	cn, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	set := func(at string, v any, style int) {
		t.Helper()
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
		if style > 0 {
			if err := f.SetCellStyle("Sheet1", at, at, style); err != nil {
				t.Fatal(err)
			}
		}
	}
	set("A1", "文本 <&> \"x\"", 0)
	set("B1", 46198.5, date)
	set("C1", 0.2864, pct)
	set("D1", 46198, cn)
	set("E1", 0.1+0.2, 0)
	set("F1", 1234567, 0)
	set("G1", true, 0)
	set("H1", "7301234567890123456", 0)
	set("A3", 12, 0)
	if err := f.SetCellFormula("Sheet1", "B3", "A3*2"); err != nil {
		t.Fatal(err)
	}
	set("A4", "合并", 0)
	set("B4", "x", 0)
	set("B5", "y", 0)
	if err := f.MergeCell("Sheet1", "A4", "A5"); err != nil {
		t.Fatal(err)
	}
	_, rows, nums, _, err := read(t, saved(t, f), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{`文本 <&> "x"`, "2026-06-25 12:00:00", "28.64%", "2026-06-25", "0.3", "1234567", "TRUE", "7301234567890123456"},
		{"12"},
		{"合并", "x"},
		{"合并", "y"},
	}
	if !reflect.DeepEqual(rows, want) || !reflect.DeepEqual(nums, []int{1, 3, 4, 5}) {
		t.Errorf("rows %q nums %v", rows, nums)
	}
}

func TestXLSXShapes(t *testing.T) {
	t.Parallel()
	strs := `<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space="preserve"> 丙</t></r><rPh><t>yi</t></rPh></si><si/></sst>`
	cases := []struct {
		name, body string
		want       [][]string
		slug       string
	}{
		{"no positions", `<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c><v>1.5E3</v></c></row></sheetData>`, [][]string{{"甲", "乙 丙", "", "1500"}}, ""},
		{"gap and prefix", `<x:sheetData><x:row r="2"><x:c r="C2" t="inlineStr"><x:is><x:t>丁</x:t></x:is></x:c></x:row></x:sheetData>`, [][]string{{"", "", "丁"}}, ""},
		{"formula keeps its value", `<sheetData><row><c t="str"><f>A1&amp;"x"</f><v>值</v></c><c><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c></row></sheetData>`, [][]string{{"值", "2", "#N/A"}}, ""},
		{"entities, cdata, escapes", `<sheetData><row><c t="inlineStr"><is><t>a&#x4E2D;&amp;<![CDATA[<b>]]>_x000D_</t></is></c></row></sheetData>`, [][]string{{"a中&<b>\r"}}, ""},
		{"empty sheet", `<sheetData/>`, nil, ""},
		{"bad string index", `<sheetData><row><c t="s"><v>9</v></c></row></sheetData>`, nil, "sheet.damaged"},
		{"cut in the middle", `<sheetData><row r="1"><c><v>1</v></c></row><row r="2"><c><vCUT`, [][]string{{"1"}}, "sheet.truncated"},
		{"no data element", `<x/>`, nil, "sheet.damaged"},
		{"too far right", `<sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData>`, nil, "sheet.too_many_columns"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, rows, _, _, err := read(t, rawXLSX(t, c.body, "xl/sharedStrings.xml", strs), DefaultLimits())
			if errs.SlugOf(err) != c.slug || !reflect.DeepEqual(rows, c.want) {
				t.Errorf("rows %q err %v", rows, err)
			}
		})
	}
}

func TestSheetsAndHidden(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_ = f.SetCellValue("Sheet1", "A1", "一")
	_, _ = f.NewSheet("第二")
	_ = f.SetCellValue("第二", "A1", "二")
	_ = f.SetSheetVisible("第二", false)
	data := saved(t, f)
	b, err := Open(bytes.NewReader(data), int64(len(data)), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if want := []Info{{"Sheet1", false}, {"第二", true}}; !reflect.DeepEqual(b.Sheets(), want) {
		t.Errorf("sheets %v", b.Sheets())
	}
	w, err := b.Rows(1)
	if err != nil || !w.Next() || w.Row().Cells[0] != "二" {
		t.Errorf("second sheet: %v", err)
	}
}

func TestHostileZips(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("0", 20<<20)
	sheet := `<sheetData><row><c><v>` + strings.Repeat(" ", 17<<20) + `</v></c></row></sheetData>`
	lim := DefaultLimits()
	lim.EntryBytes, lim.TotalBytes = 32<<20, 48<<20
	good := workbookBytes(t, [][]any{{"a", "b"}, {1, 2}})
	half := good[:len(good)/2]
	flip := bytes.Clone(good)
	at := bytes.Index(flip, []byte("xl/worksheets/sheet1.xml")) + 60
	flip[at] ^= 0xff
	cases := []struct {
		name string
		data []byte
		slug []string
	}{
		{"bomb by ratio", zipped(t, "xl/workbook.xml", "<x/>", "xl/worksheets/sheet1.xml", big), []string{"sheet.bomb"}},
		{"bomb as one cell", rawXLSX(t, sheet), []string{"sheet.bomb", "sheet.cell_too_long"}},
		{"not a workbook", zipped(t, "hello.txt", "x"), []string{"sheet.not_a_sheet"}},
		{"broken workbook part", zipped(t, "xl/workbook.xml", "<x", "xl/_rels/workbook.xml.rels", "<x/>"), []string{"sheet.damaged", "sheet.not_a_sheet"}},
		{"binary workbook", zipped(t, "xl/workbook.bin", "x"), []string{"sheet.unsupported_format"}},
		{"half", half, []string{"sheet.incomplete"}},
		{"flipped bits", flip, []string{"sheet.damaged", "sheet.truncated", "sheet.incomplete"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, _, _, err := read(t, c.data, lim)
			for _, s := range c.slug {
				if errs.SlugOf(err) == s {
					return
				}
			}
			t.Errorf("got %v, want one of %v", err, c.slug)
		})
	}
}

func TestWriterRoundTrip(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	x, err := NewXLSX(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Sheet("名单/一", []Column{{Title: "手机"}, {Title: "数"}}); err != nil {
		t.Fatal(err)
	}
	for _, r := range [][]any{{"13800138000", 3}, {"=1+1", 2.5}, {"@x", nil}, {"\x01坏", int64(9)}} {
		if err := x.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	_, rows, _, _, err := read(t, b.Bytes(), DefaultLimits())
	want := [][]string{{"手机", "数"}, {"13800138000", "3"}, {"=1+1", "2.5"}, {"@x"}, {"坏", "9"}}
	if err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("rows %q err %v", rows, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := f.GetCellFormula("名单 一", "A3"); s != "" {
		t.Errorf("a text became the formula %q", s)
	}
	if typ, _ := f.GetCellType("名单 一", "A2"); typ == excelize.CellTypeNumber || typ == excelize.CellTypeUnset {
		t.Errorf("a phone is stored as a number")
	}
}

func TestCSVWriter(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, _ := NewCSV(&b)
	_ = w.Row("=cmd|' /C calc'!A0", "+86", "-5", "-", -5, nil, "a,b")
	_ = w.Close()
	if got, want := b.String(), "\ufeff'=cmd|' /C calc'!A0,'+86,'-5,-,-5,,\"a,b\"\n"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
}

// TestAgainstGeneralReader compares every cell with what the general library
// reads, and the time both take.
func TestAgainstGeneralReader(t *testing.T) {
	t.Parallel()
	rows := 3000
	if os.Getenv("KOSMOS_SHEET_ROWS") != "" {
		_, _ = fmt.Sscan(os.Getenv("KOSMOS_SHEET_ROWS"), &rows)
	}
	var b bytes.Buffer
	x, _ := NewXLSX(&b)
	_ = x.Sheet("笔记", []Column{{Title: "笔记标题"}, {Title: "时间"}})
	for i := range rows {
		_ = x.Row(fmt.Sprintf("第%d篇 笔记 & <试用>", i), "2026年06月25日14时50分00秒", i*7, float64(i)/7, "图文", "0.05", strings.Repeat("字", i%40), nil, "-", i, i+1, i+2, "15.20秒")
	}
	_ = x.Close()
	start := time.Now()
	_, ours, _, _, err := read(t, b.Bytes(), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	mine := time.Since(start)
	start = time.Now()
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	it, err := f.Rows("笔记")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for it.Next() {
		cols, err := it.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range cols {
			if k == 3 && n > 0 {
				continue // fractions: we print the shortest form
			}
			got := ""
			if k < len(ours[n]) {
				got = ours[n][k]
			}
			if got != c {
				t.Fatalf("row %d column %d: %q, general reader %q", n, k, got, c)
			}
		}
		n++
	}
	t.Logf("%d rows: ours %v, general reader %v", n, mine, time.Since(start))
	if n != len(ours) {
		t.Errorf("%d rows, want %d", len(ours), n)
	}
}
