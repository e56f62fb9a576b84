package sheet_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"kosmos/internal/base/sheet"
)

// roster makes an XLSX of n rows and ten text columns.
func roster(b *testing.B, n int) []byte {
	b.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		row := make([]any, 10)
		for c := range row {
			row[c] = fmt.Sprintf("华东/上海/%d店 %d", i%900, i*c)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkRead compares this package's reading of 100,000 rows with the general library's streaming rows.
func BenchmarkRead(b *testing.B) {
	raw := roster(b, 100_000)
	b.Run("sheet", func(b *testing.B) {
		for b.Loop() {
			book, err := sheet.Open(bytes.NewReader(raw), int64(len(raw)), sheet.DefaultLimits())
			if err != nil {
				b.Fatal(err)
			}
			rows, err := book.Rows(0)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for rows.Next() {
				n++
			}
			if rows.Err() != nil || n != 100_000 {
				b.Fatal(n, rows.Err())
			}
		}
	})
	b.Run("excelize", func(b *testing.B) {
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true})
			if err != nil {
				b.Fatal(err)
			}
			rows, err := f.Rows("Sheet1")
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				if _, err := rows.Columns(); err != nil {
					b.Fatal(err)
				}
			}
			_ = rows.Close()
			_ = f.Close()
		}
	})
}
