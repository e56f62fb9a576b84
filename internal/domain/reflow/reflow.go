package reflow

import (
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// State is where an import stands.
type State string

// The states of an import.
const (
	Waiting  State = "waiting"  // understood, but an answer is missing (usually the account)
	Ready    State = "ready"    // previewed, may be applied
	Applying State = "applying" // being written; survives a kill
	Done     State = "done"
	Undoing  State = "undoing"
	Undone   State = "undone"
	Failing  State = "failing" // being taken back after a failure
	Failed   State = "failed"  // nothing of it is in the figures
)

// transitions lists where each state may go.
func transitions() map[State][]State {
	return map[State][]State{
		Waiting:  {Ready, Waiting},
		Ready:    {Applying, Ready, Waiting},
		Applying: {Done, Failing},
		Done:     {Undoing},
		Undoing:  {Undone},
		Failing:  {Failed},
	}
}

// may tells whether an import may go from one state to another.
func (s State) may(to State) bool { return slices.Contains(transitions()[s], to) }

// running tells whether a process should be at work on the import.
func (s State) running() bool { return s == Applying || s == Undoing || s == Failing }

// Where a file came from.
const (
	FromConsole = "console"
	FromCommand = "command"
)

// Where an import's as-of came from.
const (
	AsOfGiven  = "given"  // said by the user
	AsOfFile   = "file"   // when the file was last changed, that is, downloaded
	AsOfUpload = "upload" // nothing better was known
)

// Import is one file on its way in.
type Import struct {
	BrandID     id.ID    `db:"brand_id"`
	ID          id.ID    `db:"id"`
	Created     clock.Ms `db:"created_ms"`
	UserID      id.ID    `db:"user_id"`
	UserName    string   `db:"user_name"`
	UserKind    string   `db:"user_kind"`
	Grants      string   `db:"grants"` // of the user at the time: the queue acts within them
	Source      string   `db:"source"`
	FileName    string   `db:"file_name"`
	FileSize    int64    `db:"file_size"`
	SHA256      string   `db:"sha256"`
	BlobKey     string   `db:"blob_key"`
	State       State    `db:"state"`
	Kind        string   `db:"kind"`
	Platform    string   `db:"platform"`
	AccountID   id.ID    `db:"account_id"`
	AccountName string   `db:"account_name"`
	Mapping     string   `db:"mapping"`
	PostTitle   string   `db:"post_title"`
	AsOf        clock.Ms `db:"as_of_ms"`
	AsOfSource  string   `db:"as_of_source"`
	Rows        int      `db:"row_count"`
	Total       int      `db:"total_items"`
	DoneItems   int      `db:"done_items"`
	Inserted    int      `db:"inserted"`
	Updated     int      `db:"updated"`
	Unchanged   int      `db:"unchanged"`
	Errors      int      `db:"error_count"`
	Warnings    int      `db:"warning_count"`
	Slug        string   `db:"slug"` // why it waits or failed
	Params      string   `db:"params"`
	Understood  string   `db:"understood"`
	Lease       string   `db:"lease"`
	LeaseUntil  clock.Ms `db:"lease_until_ms"`
	Started     clock.Ms `db:"started_ms"`
	Ended       clock.Ms `db:"ended_ms"`
	stream      bool     // its rows may be written while others are read
}

// Understood is what the preview shows of a file.
type Understood struct {
	Sheets   []UnderstoodSheet `json:"sheets"`
	Skipped  []string          `json:"skipped"`
	Accounts []UnderstoodRef   `json:"accounts"`
}

// UnderstoodSheet is how one sheet is read.
type UnderstoodSheet struct {
	Name      string             `json:"name"`
	Kind      string             `json:"kind"`
	Mapping   string             `json:"mapping,omitempty"`
	HeaderRow int                `json:"header_row"`
	Columns   []UnderstoodColumn `json:"columns"`
	Ignored   []string           `json:"ignored"`
	Sample    [][]string         `json:"sample"`
}

// UnderstoodColumn is one column and its meaning.
type UnderstoodColumn struct {
	Header string `json:"header"`
	Field  string `json:"field"`
	Index  int    `json:"index"`
}

// UnderstoodRef is an account the file names, and whether the registry knows it.
type UnderstoodRef struct {
	Name  string `json:"name"`
	Rows  int    `json:"rows"`
	Known bool   `json:"known"`
	// Word is the brand's word that the name or bio of an unknown account holds: it goes into the register.
	Word string `json:"word" doc:"of an unknown account: the brand's word that its name or bio holds"`
}

// Fault is what is wrong with a row, to be rendered in the reader's language.
type Fault struct {
	Row     int    `db:"row_no"`
	Sheet   string `db:"sheet"`
	Column  string `db:"column_name"`
	Slug    string `db:"slug"`
	Params  string `db:"params"`
	Warning bool   `db:"warning"`
}

// maxFaults is how many faults of a file are kept; the counts go on.
const maxFaults = 10_000

// Counts are what an import did or would do, in entities.
type Counts struct{ Inserted, Updated, Unchanged int }

func (c *Counts) add(o Counts) {
	c.Inserted += o.Inserted
	c.Updated += o.Updated
	c.Unchanged += o.Unchanged
}
