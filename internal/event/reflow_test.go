package event

import "testing"

func TestReflowEvents(t *testing.T) {
	t.Parallel()
	golden(t, ImportFinished{BrandID: 1, ImportID: 2, UserID: 3, Kind: "xhs_notes", State: "done", FileName: "笔记.xlsx", Inserted: 4, Updated: 5, Errors: 6})
}
