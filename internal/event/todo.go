package event

import "kosmos/internal/base/id"

// TodoClosed says that people closed to-dos of a kind, or that these expired; Objects are what they were about (≤ 1,000).
type TodoClosed struct {
	BrandID id.ID   `json:"brand_id"`
	Kind    string  `json:"kind"`
	Objects []id.ID `json:"objects"`
	State   string  `json:"state"` // done, dismissed, expired
	Note    string  `json:"note,omitempty"`
}

// EventKind implements jobs.Event.
func (TodoClosed) EventKind() string { return "todo.closed" }

// TodoReopened says that people opened closed to-dos again.
type TodoReopened struct {
	BrandID id.ID   `json:"brand_id"`
	Kind    string  `json:"kind"`
	Objects []id.ID `json:"objects"`
}

// EventKind implements jobs.Event.
func (TodoReopened) EventKind() string { return "todo.reopened" }
