package campaign

import (
	"context"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
)

// walkPage is how many members one transaction of a dispatch takes.
const walkPage = 4000

// pastDays is how far back past completion looks.
const pastDays = 90

// crowd reads the people of an audience with everything its filter asks.
type crowd struct {
	s      *Service
	brand  id.ID
	filter audience.Filter
	people *audience.People
	within []id.ID // the units whose campaign it is; none = the whole brand
	since  clock.Ms
	up     map[id.ID][]id.ID
}

func (s *Service) newCrowd(brand id.ID, f audience.Filter, within []id.ID, today clock.Day) *crowd {
	return &crowd{
		s: s, brand: brand, filter: f, people: f.Compile(today), within: within, since: s.now() - clock.Ms(pastDays*24*time.Hour/time.Millisecond),
		up: map[id.ID][]id.ID{},
	}
}

// page gives those of the next members that match, with their accounts, the last member looked at (0 = the end) and how many
// were.
func (c *crowd) page(ctx context.Context, q db.Querier, after id.ID, limit int) (match []audience.Person, last id.ID, looked int, err error) {
	all, err := c.s.People.Walk(ctx, q, c.brand, after, limit)
	if err != nil || len(all) == 0 {
		return nil, 0, 0, err
	}
	last, looked = all[len(all)-1].ID, len(all)
	match, err = c.match(ctx, q, all)
	return match, last, looked, err
}

// match keeps those people that are meant and reads their accounts.
func (c *crowd) match(ctx context.Context, q db.Querier, all []audience.Person) ([]audience.Person, error) {
	if err := c.place(ctx, q, all); err != nil {
		return nil, err
	}
	if err := c.past(ctx, q, all); err != nil {
		return nil, err
	}
	match := all[:0]
	for i := range all {
		if len(c.within) > 0 && !slices.ContainsFunc(c.within, func(u id.ID) bool { return slices.Contains(all[i].Up, u) }) {
			continue
		}
		if c.people.Matches(&all[i]) {
			match = append(match, all[i])
		}
	}
	if len(match) == 0 {
		return match, nil
	}
	return match, c.own(ctx, q, match)
}

// place fills in the units above people, when the filter or the campaign's own unit asks for them.
func (c *crowd) place(ctx context.Context, q db.Querier, all []audience.Person) error {
	if !c.filter.NeedsPlaces() && len(c.within) == 0 {
		return nil
	}
	var missing []id.ID
	for i := range all {
		if _, ok := c.up[all[i].UnitID]; !ok {
			c.up[all[i].UnitID] = nil
			missing = append(missing, all[i].UnitID)
		}
	}
	for part := range slices.Chunk(missing, 1000) {
		up, err := c.s.Scopes.Ancestors(ctx, q, c.brand, part, clock.Forever)
		if err != nil {
			return err
		}
		for k, v := range up {
			c.up[k] = v
		}
	}
	for i := range all {
		all[i].Up = c.up[all[i].UnitID]
	}
	return nil
}

// past fills in how many of their past tasks people did.
func (c *crowd) past(ctx context.Context, q db.Querier, all []audience.Person) error {
	if !c.filter.NeedsPast() {
		return nil
	}
	ids := make([]id.ID, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	done, err := pastOf(ctx, q, c.brand, ids, c.since)
	for i := range all {
		all[i].Done = -1
		if p, ok := done[all[i].ID]; ok {
			all[i].Done = p
		}
	}
	return err
}

// own gives people their accounts. The answer of the registry is in the order of the members, like match.
func (c *crowd) own(ctx context.Context, q db.Querier, match []audience.Person) error {
	ids := make([]id.ID, len(match))
	for i := range match {
		ids[i] = match[i].ID
	}
	list, err := c.s.Accounts.Of(ctx, q, c.brand, ids)
	if err != nil {
		return err
	}
	flat := make([]audience.Account, len(list)) // one block: an append per person would make a hundred thousand
	for i := range list {
		flat[i] = list[i].Account
	}
	k := 0
	for i := range match {
		for k < len(list) && list[k].MemberID < match[i].ID {
			k++
		}
		from := k
		for k < len(list) && list[k].MemberID == match[i].ID {
			k++
		}
		match[i].Accounts = flat[from:k:k]
	}
	return nil
}

// CountAudience tells how many a filter holds within the actor's scope. It writes nothing. Errors: those of Scope,
// campaign.range.
func (s *Service) CountAudience(ctx context.Context, actor authz.Actor, f audience.Filter, unit string) (audience.Count, error) {
	var n audience.Count
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, unit)
	if err != nil {
		return n, err
	}
	f.Tidy()
	bad := errs.Bad()
	if f.Check(bad); bad.OrNil() != nil {
		return n, bad
	}
	c := s.newCrowd(actor.BrandID, f, scope.Roots, s.today(actor)) // the scope is one more filter
	units := map[id.ID]bool{}
	for last := id.ID(0); ; {
		match, next, looked, err := c.page(ctx, s.DB, last, walkPage)
		if err != nil {
			return n, err
		}
		if looked == 0 {
			break
		}
		last = next
		for i := range match {
			count(&n, c.people, &match[i], units)
		}
	}
	n.Units = int64(len(units))
	return n, nil
}

// count adds a person who matches to n.
func count(n *audience.Count, p *audience.People, x *audience.Person, units map[id.ID]bool) {
	some := false
	for k := range x.Accounts {
		a := &x.Accounts[k]
		switch {
		case p.Account(a):
			some = true
			n.Accounts++
			if a.Company {
				n.Company++
			} else {
				n.Personal++
			}
		case p.Unasked(a):
			n.Unasked++
		}
	}
	if !some {
		n.NoAccount++
		if p.NeedsAccount() {
			return
		}
	}
	n.People++
	units[x.UnitID] = true
}

// maker turns people who match into assignments.
type maker struct {
	tasks  []taskRow
	people *audience.People
	slots  slots
}

// given is an assignment about to be written.
type given struct {
	member, task, account, unit id.ID
	platform                    string
	company                     bool
	due, publish                clock.Ms
}

// gives lists what a person is given, in the order of the table's key.
func (m *maker) gives(x *audience.Person, out []given) []given {
	for i := range m.tasks {
		t := &m.tasks[i]
		if t.Dropped {
			continue
		}
		if !t.plan.Type.OnAccount() {
			if m.people.NeedsAccount() && !slices.ContainsFunc(x.Accounts, func(a audience.Account) bool { return m.people.Account(&a) }) {
				continue
			}
			out = append(out, given{member: x.ID, task: t.ID, unit: x.UnitID, due: t.DueAt})
			continue
		}
		for k := range x.Accounts {
			a := &x.Accounts[k]
			if !m.people.Account(a) || len(t.plan.Platforms) > 0 && !slices.Contains(t.plan.Platforms, a.Platform) || t.plan.Mandatory && !a.Company {
				continue
			}
			g := given{member: x.ID, task: t.ID, account: a.ID, unit: x.UnitID, platform: a.Platform, company: a.Company, due: t.DueAt}
			if t.plan.Type.Publishes() {
				g.publish = m.slots.of(assignmentKey{x.ID, t.ID, a.ID}, a.Platform, t.DueAt)
			}
			out = append(out, g)
		}
	}
	return out
}

func compareGiven(a, b given) int {
	switch {
	case a.member != b.member:
		return int(min(max(a.member-b.member, -1), 1))
	case a.task != b.task:
		return int(min(max(a.task-b.task, -1), 1))
	}
	return int(min(max(a.account-b.account, -1), 1))
}
