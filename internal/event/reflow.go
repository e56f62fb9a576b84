package event

import "kosmos/internal/base/id"

// ImportFinished says that a file was written, taken back, or failed (State done, undone, failed). UserID is who
// uploaded it, 0 for the command line.
type ImportFinished struct {
	BrandID  id.ID  `json:"brand_id"`
	ImportID id.ID  `json:"import_id"`
	UserID   id.ID  `json:"user_id"`
	Kind     string `json:"kind"`
	State    string `json:"state"`
	FileName string `json:"file_name"`
	Inserted int    `json:"inserted"`
	Updated  int    `json:"updated"`
	Errors   int    `json:"errors"`
}

// EventKind names the event.
func (ImportFinished) EventKind() string { return "reflow.import_finished" }
