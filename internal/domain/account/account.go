package account

import (
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Account is one social account. Followers is -1 while nobody has told us; LastPostDay is 0 while no post is known.
type Account struct {
	BrandID       id.ID     `db:"brand_id"`
	ID            id.ID     `db:"id"`
	Platform      Platform  `db:"platform"`
	Handle        string    `db:"handle"`
	HandleNorm    string    `db:"handle_norm"`
	ExternalID    string    `db:"external_id"`
	Name          string    `db:"name"`
	NameKey       string    `db:"name_key"`
	Search        string    `db:"search"`
	Kind          Kind      `db:"kind"`
	UnitID        id.ID     `db:"unit_id"`
	MemberID      id.ID     `db:"member_id"`
	MemberName    string    `db:"member_name"`
	Ownership     Ownership `db:"ownership"`
	Verified      bool      `db:"verified"`
	CertKind      CertKind  `db:"cert_kind"`
	CertState     CertState `db:"cert_state"`
	CertUntil     clock.Day `db:"cert_until"`
	POI           string    `db:"poi"`
	Status        Status    `db:"status"`
	StatusCause   string    `db:"status_cause"`
	StatusSince   clock.Day `db:"status_since"`
	PairedID      id.ID     `db:"paired_id"`
	Level         Level     `db:"level"`
	City          int       `db:"city"`
	CityTier      int       `db:"city_tier"`
	League        string    `db:"league"`
	HandoverDue   clock.Day `db:"handover_due"`
	CreatedDay    clock.Day `db:"created_day"`
	ImportID      id.ID     `db:"import_id"`
	Rev           int       `db:"rev"`
	CreatedAt     clock.Ms  `db:"created_at"`
	UpdatedAt     clock.Ms  `db:"updated_at"`
	Followers     int64     `db:"followers"`
	FollowersAsOf clock.Ms  `db:"followers_as_of"`
	LastPostDay   int       `db:"last_post_day"`
}

// Since is the day from which an account's first place in the tree counts: before every figure, because exports reach
// back to before the account was registered here.
const Since clock.Day = 19000101

// unknownFollowers stands in the sort column while the number is missing.
const unknownFollowers = -1

// rename sets the handle and what follows from it; a nickname that was only the handle follows too.
func (a *Account) rename(shown, norm string) {
	if a.Name == "" || a.Name == a.Handle {
		a.Name = shown
	}
	a.Handle, a.HandleNorm = shown, norm
}

// index recomputes the columns that sorting and searching use.
func (a *Account) index() {
	a.NameKey = search.Key(a.Name)
	full, initials := search.Pinyin(a.Name)
	text := a.HandleNorm + " " + search.Normal(a.Name) + " " + full + " " + initials
	if a.ExternalID != "" {
		text += " " + search.Normal(a.ExternalID)
	}
	if a.MemberName != "" && a.MemberName != a.Name {
		full, initials = search.Pinyin(a.MemberName)
		text += " " + search.Normal(a.MemberName) + " " + full + " " + initials
	}
	a.Search = text
}

// Side gives the account's side of a pair.
func (a *Account) Side() Side { return SideOf(a.Platform, a.Kind) }

// Fact is what figures need to know about an account.
type Fact struct {
	ID          id.ID     `db:"id"`
	Platform    Platform  `db:"platform"`
	Kind        Kind      `db:"kind"`
	UnitID      id.ID     `db:"unit_id"`
	MemberID    id.ID     `db:"member_id"`
	Status      Status    `db:"status"`
	StatusSince clock.Day `db:"status_since"`
	League      string    `db:"league"`
	CityTier    int       `db:"city_tier"`
	CreatedDay  clock.Day `db:"created_day"`
}

func (a *Account) fact() *Fact {
	return &Fact{
		ID: a.ID, Platform: a.Platform, Kind: a.Kind, UnitID: a.UnitID, MemberID: a.MemberID, Status: a.Status, StatusSince: a.StatusSince,
		League: a.League, CityTier: a.CityTier, CreatedDay: a.CreatedDay,
	}
}

// Span is where and as what an account counted, from From to To, both included (clock.Forever while it lasts).
type Span struct {
	AccountID id.ID     `db:"account_id"`
	UnitID    id.ID     `db:"unit_id"`
	Kind      Kind      `db:"kind"`
	From      clock.Day `db:"valid_from_day"`
	To        clock.Day `db:"valid_to_day"`
}

// What says in which way an account changed.
type What string

// The changes others are told of.
const (
	Created What = "created"
	Moved   What = "moved"
	Rekind  What = "kind"
	Turned  What = "status"
	Owned   What = "owner"
	Ranked  What = "league"
	Removed What = "removed"
	Edited  What = "edited"
)

// Change tells an Observer what happened to one account. Before is nil when it is new, After when it is gone.
type Change struct {
	ID     id.ID
	Day    clock.Day
	What   []What
	Before *Fact
	After  *Fact
}
