package event

import "kosmos/internal/base/id"

// OrgUnitsChanged says that units were created, renamed, edited, reopened or made by an import; ids of one call, at
// most 1,000, or none at all when All is set (a bulk call touched more).
type OrgUnitsChanged struct {
	BrandID id.ID   `json:"brand_id"`
	UnitIDs []id.ID `json:"unit_ids,omitempty"`
	All     bool    `json:"all,omitempty"`
}

// EventKind names the event.
func (OrgUnitsChanged) EventKind() string { return "org.units_changed" }

// OrgUnitMoved says that subtrees lie below ToID instead of FromID from FromDay (yyyymmdd) on. A FromDay in the past
// is a recorded request to add up the figures of the days since then again.
type OrgUnitMoved struct {
	BrandID id.ID   `json:"brand_id"`
	MoveID  id.ID   `json:"move_id"`
	UnitIDs []id.ID `json:"unit_ids"`
	FromID  id.ID   `json:"from_id"`
	ToID    id.ID   `json:"to_id"`
	FromDay int32   `json:"from_day"`
	Reroll  bool    `json:"reroll"`
}

// EventKind names the event.
func (OrgUnitMoved) EventKind() string { return "org.unit_moved" }

// OrgUnitMerged says that everything in FromID went to IntoID on Day (yyyymmdd) and FromID is closed.
type OrgUnitMerged struct {
	BrandID id.ID `json:"brand_id"`
	FromID  id.ID `json:"from_id"`
	IntoID  id.ID `json:"into_id"`
	Day     int32 `json:"day"`
}

// EventKind names the event.
func (OrgUnitMerged) EventKind() string { return "org.unit_merged" }

// OrgUnitClosed says that an emptied unit was closed on Day (yyyymmdd).
type OrgUnitClosed struct {
	BrandID id.ID `json:"brand_id"`
	UnitID  id.ID `json:"unit_id"`
	Day     int32 `json:"day"`
}

// EventKind names the event.
func (OrgUnitClosed) EventKind() string { return "org.unit_closed" }

// OrgMemberLeft says that members left the matrix on Day (yyyymmdd).
type OrgMemberLeft struct {
	BrandID   id.ID   `json:"brand_id"`
	MemberIDs []id.ID `json:"member_ids"`
	Day       int32   `json:"day"`
}

// EventKind names the event.
func (OrgMemberLeft) EventKind() string { return "org.member_left" }

// OrgMemberMoved says that members work in another unit from Day (yyyymmdd) on; their accounts stay where they are.
type OrgMemberMoved struct {
	BrandID   id.ID   `json:"brand_id"`
	MemberIDs []id.ID `json:"member_ids"`
	ToID      id.ID   `json:"to_id"`
	Day       int32   `json:"day"`
}

// EventKind names the event.
func (OrgMemberMoved) EventKind() string { return "org.member_moved" }
