package app

import (
	"testing"

	"kosmos/internal/domain/reflow"
)

func TestReportText(t *testing.T) {
	t.Parallel()
	many := make([]reflow.RowReport, shownFaults+3)
	for i := range many {
		many[i] = reflow.RowReport{Row: i + 2, Column: "播放量", Message: "不是数字"}
	}
	got := reportText(reflow.Report{Files: []reflow.FileReport{
		{File: "half.xlsx", Refused: "文件不完整"},
		{File: "a.csv", Kind: "xhs_notes", Rows: 1, Inserted: 1, Warnings: []reflow.RowReport{{Row: 1, Column: "点赞", Message: "只用了靠左的一列"}}},
	}})
	want := "a.csv: xhs_notes, 1 rows: 1 new, 0 changed, 0 unchanged, 0 errors, 1 warnings\n  warning, row 1 点赞: 只用了靠左的一列"
	if got != want {
		t.Errorf("%q", got)
	}
	b := reportText(reflow.Report{Files: []reflow.FileReport{{File: "b.csv", Errors: many}}})
	if want := "\n  … and 3 more; --json tells them all"; len(b) < len(want) || b[len(b)-len(want):] != want {
		t.Errorf("%q", b)
	}
}
