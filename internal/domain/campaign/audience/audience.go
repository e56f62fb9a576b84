// Package audience says who a campaign is for: a filter over people and their accounts, decided without a store.
//
// A person matches by unit, role, tags, tenure and past completion; of a person who matches, each account matches by
// platform, kind, ownership, level and followers. Exclusions win over everything. A personal account whose owner did not
// agree to tasks is never asked.
package audience

import (
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Filter is who a campaign is for. An empty list does not filter.
type Filter struct {
	Units        []id.ID  `json:"units" required:"false" maxItems:"200" doc:"with everything below them"`
	Roles        []string `json:"roles" required:"false" maxItems:"8" doc:"roles of members: kos, store_manager, …"`
	Tags         []string `json:"tags" required:"false" maxItems:"30" doc:"members who carry one of these"`
	Platforms    []string `json:"platforms" required:"false" maxItems:"7"`
	Kinds        []string `json:"kinds" required:"false" maxItems:"12" doc:"kinds of accounts"`
	Ownership    string   `json:"ownership" required:"false" enum:",company,personal"`
	Levels       []string `json:"levels" required:"false" maxItems:"4" doc:"levels of accounts"`
	FollowersMin *int64   `json:"followers_min" required:"false" nullable:"true" minimum:"0"`
	FollowersMax *int64   `json:"followers_max" required:"false" nullable:"true" minimum:"0"`
	TenureMin    int      `json:"tenure_min" required:"false" minimum:"0" maximum:"3650" doc:"days since joining, at least"`
	TenureMax    int      `json:"tenure_max" required:"false" minimum:"0" maximum:"3650" doc:"days since joining, at most; 0 = no limit"`
	DoneMin      *int     `json:"done_min" required:"false" nullable:"true" minimum:"0" maximum:"100" doc:"percent of the tasks of the last 90 days that were done, at least"`
	DoneMax      *int     `json:"done_max" required:"false" nullable:"true" minimum:"0" maximum:"100"`
	NotUnits     []id.ID  `json:"not_units" required:"false" maxItems:"200"`
	NotMembers   []id.ID  `json:"not_members" required:"false" maxItems:"1000"`
	NotTags      []string `json:"not_tags" required:"false" maxItems:"30"`
}

// Person is a member with what the filter asks. Up are the units above the member's, the own first. Done is the percent
// of past tasks done, -1 when nothing was ever asked.
type Person struct {
	ID, UnitID, UserID id.ID
	Up                 []id.ID
	Role               string
	Tags               []string
	Joined             clock.Day
	Active             bool
	Done               int
	Accounts           []Account
}

// Account is an account of a person. Followers is -1 while nobody told. Asks tells whether it may be asked for tasks: the
// company's own, or a personal one whose owner agreed.
type Account struct {
	ID        id.ID
	UnitID    id.ID
	Platform  string
	Kind      string
	Level     string
	Company   bool
	Consented bool
	Followers int64
	Live      bool
}

// People filters members. It is a compiled Filter: sets instead of lists.
type People struct {
	f                           Filter
	today                       clock.Day
	units, notUnits, notMembers map[id.ID]bool
	roles, tags, notTags        map[string]bool
	platforms, kinds, levels    map[string]bool
}

// Compile makes a filter quick to ask a hundred thousand times. Today is the day tenure is counted to.
func (f Filter) Compile(today clock.Day) *People {
	return &People{
		f: f, today: today, units: set(f.Units), notUnits: set(f.NotUnits), notMembers: set(f.NotMembers),
		roles: set(f.Roles), tags: set(f.Tags), notTags: set(f.NotTags), platforms: set(f.Platforms), kinds: set(f.Kinds), levels: set(f.Levels),
	}
}

func set[T comparable](list []T) map[T]bool {
	if len(list) == 0 {
		return nil
	}
	out := make(map[T]bool, len(list))
	for _, x := range list {
		out[x] = true
	}
	return out
}

// Matches tells whether a person is meant, whatever accounts they have.
func (p *People) Matches(x *Person) bool {
	if !x.Active || p.notMembers[x.ID] || some(p.notUnits, x.Up) || some(p.notTags, x.Tags) {
		return false
	}
	if p.units != nil && !some(p.units, x.Up) || p.roles != nil && !p.roles[x.Role] || p.tags != nil && !some(p.tags, x.Tags) {
		return false
	}
	return p.tenure(x.Joined) && p.done(x.Done)
}

func some[T comparable](set map[T]bool, list []T) bool {
	return set != nil && slices.ContainsFunc(list, func(x T) bool { return set[x] })
}

func (p *People) tenure(joined clock.Day) bool {
	if p.f.TenureMin == 0 && p.f.TenureMax == 0 {
		return true
	}
	if joined == 0 { // nobody knows since when
		return false
	}
	days := p.today.Sub(joined)
	return days >= p.f.TenureMin && (p.f.TenureMax == 0 || days <= p.f.TenureMax)
}

func (p *People) done(percent int) bool {
	if p.f.DoneMin != nil && percent < *p.f.DoneMin {
		return false
	}
	return p.f.DoneMax == nil || percent <= *p.f.DoneMax
}

// Account tells whether an account of a person who matches is meant.
func (p *People) Account(a *Account) bool {
	return a.Live && (a.Company || a.Consented) && p.wants(a)
}

// Unasked tells whether an account would be meant, had its owner agreed to tasks.
func (p *People) Unasked(a *Account) bool { return a.Live && !a.Company && !a.Consented && p.wants(a) }

func (p *People) wants(a *Account) bool {
	if p.platforms != nil && !p.platforms[a.Platform] || p.kinds != nil && !p.kinds[a.Kind] || p.levels != nil && !p.levels[a.Level] {
		return false
	}
	if p.f.Ownership == "company" && !a.Company || p.f.Ownership == "personal" && a.Company {
		return false
	}
	if p.f.FollowersMin != nil && a.Followers < *p.f.FollowersMin { // an unknown number is below every floor
		return false
	}
	return p.f.FollowersMax == nil || a.Followers >= 0 && a.Followers <= *p.f.FollowersMax
}

// NeedsAccount tells whether the filter says anything about accounts, so that who has none that matches is not meant.
func (p *People) NeedsAccount() bool {
	f := p.f
	return p.platforms != nil || p.kinds != nil || p.levels != nil || f.Ownership != "" || f.FollowersMin != nil || f.FollowersMax != nil
}

// Count is how many are meant.
type Count struct {
	People    int64 `json:"people"`
	Accounts  int64 `json:"accounts"`
	Company   int64 `json:"company" doc:"accounts that are the company's"`
	Personal  int64 `json:"personal"`
	Unasked   int64 `json:"unasked" doc:"personal accounts left out because their owner did not agree to tasks"`
	NoAccount int64 `json:"no_account" doc:"people without an account that matches"`
	Units     int64 `json:"units" doc:"units the people work in"`
}

// Tidy makes every list of the filter one.
func (f *Filter) Tidy() {
	f.Units, f.NotUnits, f.NotMembers = full(f.Units), full(f.NotUnits), full(f.NotMembers)
	f.Roles, f.Tags, f.NotTags = full(f.Roles), full(f.Tags), full(f.NotTags)
	f.Platforms, f.Kinds, f.Levels = full(f.Platforms), full(f.Kinds), full(f.Levels)
}

func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Check adds what is wrong with the filter to bad: ranges that hold nothing.
func (f *Filter) Check(bad *errs.Error) {
	if f.FollowersMin != nil && f.FollowersMax != nil && *f.FollowersMin > *f.FollowersMax {
		bad.Field("audience.followers_max", "campaign.range")
	}
	if f.TenureMax != 0 && f.TenureMin > f.TenureMax {
		bad.Field("audience.tenure_max", "campaign.range")
	}
	if f.DoneMin != nil && f.DoneMax != nil && *f.DoneMin > *f.DoneMax {
		bad.Field("audience.done_max", "campaign.range")
	}
}

// NeedsPlaces tells whether the filter asks where people work.
func (f *Filter) NeedsPlaces() bool { return len(f.Units) > 0 || len(f.NotUnits) > 0 }

// NeedsPast tells whether the filter asks what people did before.
func (f *Filter) NeedsPast() bool { return f.DoneMin != nil || f.DoneMax != nil }
