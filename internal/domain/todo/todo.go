package todo

import (
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// State is where a to-do stands.
type State string

// The states. Open leads to the three others; Done and Dismissed lead back to Open.
const (
	Open      State = "open"
	Done      State = "done"
	Dismissed State = "dismissed"
	Expired   State = "expired"
)

// Audience is whose list a to-do without an owner is on.
type Audience string

// The audiences.
const (
	Owner   Audience = "owner"   // the member or user named
	Manager Audience = "manager" // store managers of the unit
	Region  Audience = "region"  // region managers above the unit
	HQ      Audience = "hq"      // headquarters' operations
)

// role gives the role whose holders see an audience's to-dos as theirs.
func (a Audience) role() authz.Role {
	switch a {
	case Manager:
		return authz.StoreManager
	case Region:
		return authz.RegionManager
	case HQ:
		return authz.HQOps
	case Owner:
	}
	return ""
}

// Outcomes that the room itself writes.
const (
	OutcomeSettled = "settled"
	OutcomeManual  = "by_hand"
)

// KindManual is the kind of the to-dos that managers write by hand.
const KindManual = "todo.manual"

const slugManual = "todo.manual_title"

// Draft asks for a to-do.
type Draft struct {
	Kind      string // "<room>.<word>"
	Key       string // the same key of a kind is the same to-do
	Object    id.ID
	UnitID    id.ID // where it belongs; 0 for the whole brand
	MemberID  id.ID // the owner, or
	UserID    id.ID // the owner
	Audience  Audience
	Slug      string         // of the title
	Params    map[string]any // of the title
	Link      string         // path of the page where it is done
	DueDay    clock.Day      // 0: no day
	ExpireDay clock.Day      // the last day on which it makes sense; 0: always
}

// Item is a to-do.
type Item struct {
	ID        id.ID     `db:"id"`
	Kind      string    `db:"kind"`
	Object    id.ID     `db:"object_id"`
	UnitID    id.ID     `db:"unit_id"`
	MemberID  id.ID     `db:"member_id"`
	UserID    id.ID     `db:"user_id"`
	Audience  Audience  `db:"audience"`
	Slug      string    `db:"slug"`
	Params    string    `db:"params"`
	Link      string    `db:"link"`
	DueDay    clock.Day `db:"due_day"`
	State     State     `db:"state"`
	Outcome   string    `db:"outcome"`
	Note      string    `db:"note"`
	CreatedAt clock.Ms  `db:"created_ms"`
	CreatedBy string    `db:"created_by"`
	ClosedAt  clock.Ms  `db:"closed_ms"`
	ClosedBy  string    `db:"closed_by"`
}

// Box is which to-dos a list shows.
type Box string

// The boxes: the caller's own, or those of the units the caller manages.
const (
	Mine  Box = "mine"
	Units Box = "units"
)

// Filter cuts a list.
type Filter struct {
	Box    Box
	Closed bool   // the closed ones, newest first; else the open ones by due day
	Unit   string // id or path, for Box Units
	Member id.ID
	Room   string    // the asking room
	Due    clock.Day // due on or before; 0: any
	Limit  int
	After  Place
}

// Place is where a list goes on; the zero Place is its top.
type Place struct {
	Key int64 // due day of open lists, closed_ms of closed ones
	ID  id.ID
}

// Summary counts what is open for the caller.
type Summary struct {
	Open    int64 `db:"open" json:"open"`
	Today   int64 `db:"today" json:"today" doc:"due today"`
	Overdue int64 `db:"overdue" json:"overdue"`
}
