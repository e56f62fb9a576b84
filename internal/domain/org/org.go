package org

import (
	"encoding/json"
	"fmt"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// MaxDepth is how many levels may lie below the brand.
const MaxDepth = 8

// FirstDay is the valid-from day of every first placement: facts older than a unit's row find their place.
const FirstDay clock.Day = 19000101

// LabelAgency marks the units of outside service providers (代运营).
const LabelAgency = "代运营"

// Kind is what a unit is in the trade.
type Kind string

// The kinds of units, from the brand down.
const (
	KindBrand        Kind = "brand"
	KindBusinessLine Kind = "business_line"
	KindRegion       Kind = "region"
	KindCity         Kind = "city"
	KindDealer       Kind = "dealer"
	KindAgent        Kind = "agent"
	KindStore        Kind = "store"
	KindTeam         Kind = "team"
)

// Kinds lists every kind of unit, from the brand down.
func Kinds() []Kind {
	return []Kind{KindBrand, KindBusinessLine, KindRegion, KindCity, KindDealer, KindAgent, KindStore, KindTeam}
}

// Status tells whether a unit is in use.
type Status string

// The states of a unit.
const (
	Open   Status = "open"
	Closed Status = "closed"
)

// Unit is a node of the tree. Counts are as of today: Members and Accounts lie in the unit itself, the All… ones in
// its whole subtree, itself included.
type Unit struct {
	BrandID     id.ID     `db:"brand_id" json:"-"`
	ID          id.ID     `db:"id" json:"id"`
	ParentID    id.ID     `db:"parent_id" json:"parent_id"`
	Kind        Kind      `db:"kind" json:"kind" enum:"brand,business_line,region,city,dealer,agent,store,team"`
	Name        string    `db:"name" json:"name"`
	NameKey     string    `db:"name_key" json:"-"`
	Pinyin      string    `db:"pinyin" json:"pinyin" doc:"whole pinyin and initials, for finding by typing"`
	Path        string    `db:"path" json:"path" doc:"names from below the brand down, joined by /"`
	Depth       int       `db:"depth" json:"depth"`
	City        string    `db:"city" json:"city" doc:"adcode of the city, or empty"`
	StoreType   string    `db:"store_type" json:"store_type"`
	Code        string    `db:"code" json:"code" doc:"the customer's own number of the unit"`
	Tags        Labels    `db:"tags" json:"tags"`
	Status      Status    `db:"status" json:"status" enum:"open,closed"`
	Implicit    bool      `db:"implicit" json:"-"`
	OpenedDay   clock.Day `db:"opened_day" json:"opened_day"`
	ClosedDay   clock.Day `db:"closed_day" json:"closed_day"`
	MergedInto  id.ID     `db:"merged_into" json:"merged_into"`
	ImportID    id.ID     `db:"import_id" json:"-"`
	Version     int64     `db:"version" json:"version"`
	CreatedAt   clock.Ms  `db:"created_ms" json:"created_at"`
	UpdatedAt   clock.Ms  `db:"updated_ms" json:"updated_at"`
	Members     int64     `db:"members" json:"members"`
	AllMembers  int64     `db:"all_members" json:"all_members"`
	Accounts    int64     `db:"accounts" json:"accounts"`
	AllAccounts int64     `db:"all_accounts" json:"all_accounts"`
	AllUnits    int64     `db:"all_units" json:"all_units" doc:"open units of the subtree, itself included"`
}

// Labels are free short words on a unit or a member, sorted, none twice; stored as a JSON array.
type Labels []string

// Scan reads the stored JSON array.
func (l *Labels) Scan(v any) error {
	var raw []byte
	switch x := v.(type) {
	case string:
		raw = []byte(x)
	case []byte:
		raw = x
	case nil:
	default:
		return fmt.Errorf("org: cannot scan %T into labels", v)
	}
	*l = Labels{}
	if len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(l))
}

// text is the stored JSON array; none is "[]".
func (l Labels) text() string {
	raw, err := l.MarshalJSON()
	if err != nil {
		panic("org: labels: " + err.Error()) // strings always encode
	}
	return string(raw)
}

// MarshalJSON writes an array, never null.
func (l Labels) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal([]string(l))
}

// MoveState is where a move stands.
type MoveState string

// The states of a move.
const (
	MovePlanned   MoveState = "planned"
	MoveDone      MoveState = "done"
	MoveCancelled MoveState = "cancelled"
	MoveFailed    MoveState = "failed"
)

// Move is a change of a unit's parent from a day on.
type Move struct {
	BrandID   id.ID     `db:"brand_id" json:"-"`
	ID        id.ID     `db:"id" json:"id"`
	UnitID    id.ID     `db:"unit_id" json:"unit_id"`
	FromID    id.ID     `db:"from_id" json:"from_id"`
	ToID      id.ID     `db:"to_id" json:"to_id"`
	Day       clock.Day `db:"day" json:"day"`
	State     MoveState `db:"state" json:"state" enum:"planned,done,cancelled,failed"`
	Why       string    `db:"why" json:"why"`
	Fault     string    `db:"fault" json:"fault" doc:"slug of the reason a planned move could not be carried out"`
	ByID      id.ID     `db:"by_id" json:"-"`
	ByName    string    `db:"by_name" json:"by"`
	CreatedAt clock.Ms  `db:"created_ms" json:"created_at"`
	DoneAt    clock.Ms  `db:"done_ms" json:"done_at"`
}

// Action is what an entry of a timeline tells.
type Action string

// The actions on a timeline.
const (
	ActCreated   Action = "created"
	ActRenamed   Action = "renamed"
	ActEdited    Action = "edited"
	ActMoved     Action = "moved"
	ActPlanned   Action = "move_planned"
	ActCancelled Action = "move_cancelled"
	ActMerged    Action = "merged"
	ActClosed    Action = "closed"
	ActReopened  Action = "reopened"
	ActLeft      Action = "left"
	ActRejoined  Action = "rejoined"
	ActRevealed  Action = "revealed"
)

// Entry is one line of the timeline of a unit or a member.
type Entry struct {
	BrandID   id.ID     `db:"brand_id" json:"-"`
	SubjectID id.ID     `db:"subject_id" json:"-"`
	ID        id.ID     `db:"id" json:"id"`
	Action    Action    `db:"action" json:"action" enum:"created,renamed,edited,moved,move_planned,move_cancelled,merged,closed,reopened,left,rejoined,revealed"`
	From      string    `db:"from_text" json:"from"`
	To        string    `db:"to_text" json:"to"`
	Day       clock.Day `db:"day" json:"day"`
	Why       string    `db:"why" json:"why"`
	ByID      id.ID     `db:"by_id" json:"-"`
	By        string    `db:"by_name" json:"by"`
	At        clock.Ms  `db:"at_ms" json:"at"`
}
