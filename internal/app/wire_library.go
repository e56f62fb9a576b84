package app

import (
	"context"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/account/geo"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/recall"
	"kosmos/internal/domain/risk"
	"kosmos/internal/scan"
)

// newLibrary makes the content middle platform over the organisation, the registry, the rules and what posts brought.
func newLibrary(b base, s services) *library.Service {
	for _, k := range library.NoticeKinds() {
		s.Notify.Declare(notify.Kind{Key: k, Cap: 50})
	}
	atlas, err := geo.Load()
	if err != nil {
		panic(err) // shipped data
	}
	kinds := make([]string, 0, len(account.Kinds()))
	for _, k := range account.Kinds() {
		kinds = append(kinds, string(k))
	}
	return library.New(library.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Blobs: b.Blobs, Box: b.Seal, Jobs: b.Jobs, Audit: b.Audit, Scopes: libraryScopes{s.Org},
		People: libraryPeople{s.Org, atlas}, Accounts: libraryAccounts{deskAccounts{s.Account}}, Posts: libraryPosts{s.Post}, Matrix: libraryMatrix{s.Post}, Seats: librarySeats{s.Account}, AccountKinds: kinds, Rules: libraryRules{s.Risk},
		Recalls: libraryRecalls{s.Recall}, Evidence: libraryEvidence{s.Evidence}, Outbox: libraryOutbox{s.Notify, todoPeople{s.Identity, s.Org}}, Brands: s.Identity,
	})
}

// libraryScopes is what the library asks of the tree.
type libraryScopes struct{ *org.Service }

// Root implements library.Scopes.
func (s libraryScopes) Root(ctx context.Context, q db.Querier, brand id.ID) (id.ID, error) {
	unit, err := s.ResolvePath(ctx, q, brand, "/")
	return unit.ID, err
}

// libraryPeople names members and units for texts.
type libraryPeople struct {
	org   *org.Service
	atlas *geo.Atlas
}

// Members implements library.People.
func (p libraryPeople) Members(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, phones bool) (map[id.ID]library.Person, error) {
	found, err := p.org.MembersByID(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	numbers := map[id.ID]string{}
	if phones {
		if numbers, err = p.org.OwnPhones(ctx, q, brand, ids); err != nil {
			return nil, err
		}
	}
	out := make(map[id.ID]library.Person, len(found))
	for k, m := range found {
		out[k] = library.Person{ID: k, UnitID: m.UnitID, Name: m.Name, Phone: numbers[k]}
	}
	return out, nil
}

// Places implements library.People: a unit's own city, else that of the nearest unit above it, else the one its names tell.
func (p libraryPeople) Places(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]library.Place, error) {
	up, err := p.org.Ancestors(ctx, q, brand, ids, clock.Forever)
	if err != nil {
		return nil, err
	}
	known := map[id.ID]bool{}
	var all []id.ID
	for _, list := range up {
		for _, u := range list {
			if !known[u] {
				known[u] = true
				all = append(all, u)
			}
		}
	}
	units, err := p.org.UnitsByID(ctx, q, brand, all)
	out := make(map[id.ID]library.Place, len(ids))
	for _, x := range ids {
		if u, ok := units[x]; ok {
			out[x] = library.Place{ID: x, Name: u.Name, City: p.city(up[x], units)}
		}
	}
	return out, err
}

func (p libraryPeople) city(up []id.ID, units map[id.ID]org.Unit) string {
	names := make([]string, 0, len(up))
	for _, u := range up {
		names = append([]string{units[u].Name}, names...)
		code, err := strconv.Atoi(units[u].City)
		if err != nil {
			continue
		}
		if c, ok := p.atlas.City(code); ok {
			return c.Short
		}
	}
	if c, ok := p.atlas.City(p.atlas.Of(names)); ok {
		return c.Short
	}
	return ""
}

// libraryAccounts gives a member's accounts.
type libraryAccounts struct{ s deskAccounts }

// OfMember implements library.Accounts.
func (a libraryAccounts) OfMember(ctx context.Context, q db.Querier, brand, member id.ID) ([]library.Account, error) {
	list, err := a.s.OfMember(ctx, q, brand, member)
	out := make([]library.Account, len(list))
	for i, x := range list {
		out[i] = library.Account{ID: x.ID, MemberID: x.MemberID, UnitID: x.UnitID, Platform: x.Platform, Name: x.Name}
		if x.Name == "" {
			out[i].Name = x.Handle
		}
	}
	return out, err
}

// libraryPosts tells what posts brought.
type libraryPosts struct{ s *post.Service }

// FiguresOf implements library.Posts.
func (p libraryPosts) FiguresOf(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) (map[id.ID]library.Figures, error) {
	got, err := p.s.BroughtBy(ctx, q, brand, posts)
	out := make(map[id.ID]library.Figures, len(got))
	for k, b := range got {
		out[k] = library.Figures(b)
	}
	return out, err
}

// libraryMatrix gives the library the words of live posts.
type libraryMatrix struct{ s *post.Service }

// Texts implements library.Matrix.
func (m libraryMatrix) Texts(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) ([]library.PostText, error) {
	words, err := m.s.WordsByID(ctx, q, brand, posts)
	return libraryTexts(words), err
}

// WalkTexts implements library.Matrix.
func (m libraryMatrix) WalkTexts(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]library.PostText, error) {
	words, err := m.s.WalkWords(ctx, q, brand, after, limit)
	return libraryTexts(words), err
}

func libraryTexts(words []post.Words) []library.PostText {
	out := make([]library.PostText, len(words))
	for i := range words {
		w := &words[i]
		out[i] = library.PostText{ID: w.ID, AccountID: w.AccountID, UnitID: w.UnitID, Text: w.Title, URL: w.URL, PublishedAt: w.PublishedAt}
	}
	return out
}

// librarySeats tells the library where accounts are.
type librarySeats struct{ s *account.Service }

// SeatsOf implements library.Seats.
func (a librarySeats) SeatsOf(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) ([]library.Seat, error) {
	facts, err := a.s.Facts(ctx, q, brand, accounts)
	out := make([]library.Seat, 0, len(facts))
	for _, f := range facts {
		if f.Status != account.HandedOver && f.Status != account.Closed {
			out = append(out, librarySeat(f))
		}
	}
	return out, err
}

// WalkSeats implements library.Seats.
func (a librarySeats) WalkSeats(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]library.Seat, error) {
	facts, err := a.s.WalkFacts(ctx, q, brand, after, limit)
	out := make([]library.Seat, len(facts))
	for i, f := range facts {
		out[i] = librarySeat(f)
	}
	return out, err
}

func librarySeat(f account.Fact) library.Seat {
	return library.Seat{ID: f.ID, UnitID: f.UnitID, MemberID: f.MemberID, Platform: string(f.Platform), Kind: string(f.Kind)}
}

// SeatLabels implements library.Seats.
func (a librarySeats) SeatLabels(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]library.SeatLabel, error) {
	labels, err := a.s.Labels(ctx, q, brand, accounts)
	out := make(map[id.ID]library.SeatLabel, len(labels))
	for x, l := range labels {
		out[x] = library.SeatLabel{Platform: string(l.Platform), Handle: l.Handle, Name: l.Name, Unit: l.UnitPath, Member: l.Member}
	}
	return out, err
}

// libraryRules asks risk about texts.
type libraryRules struct{ s *risk.Service }

// Check implements library.Rules.
func (r libraryRules) Check(ctx context.Context, brand id.ID, texts []library.Field, w library.Where) (library.Verdict, error) {
	list := make([]risk.Text, len(texts))
	for i, t := range texts {
		list[i] = risk.Text(t)
	}
	v, err := r.s.Check(ctx, brand, list, scan.Context{Platform: w.Platform, Kind: w.Kind})
	if err != nil {
		return library.Verdict{}, err
	}
	out := library.Verdict{Grade: library.Grade(v.Grade.String()), Version: v.Version}
	for _, f := range v.Findings {
		out.Findings = append(out.Findings, library.Finding{
			Field: f.Field, Rule: f.Rule, Category: f.Category, Severity: f.Severity, Text: f.Text, Reason: f.Reason, ReasonEn: f.ReasonEn, Article: f.Article, Rewrite: f.Rewrite,
		})
	}
	return out, nil
}

// Industry implements library.Rules.
func (r libraryRules) Industry(ctx context.Context, brand id.ID) (string, error) {
	return r.s.Industry(ctx, brand)
}

// libraryRecalls opens recalls for what is out of an item.
type libraryRecalls struct{ s *recall.Service }

// Start implements library.Recalls.
func (r libraryRecalls) Start(ctx context.Context, actor authz.Actor, c library.Claim) (id.ID, error) {
	return r.s.Start(ctx, actor, recall.Draft{Title: c.Title, Claim: recall.Claim{Terms: c.Terms}, Action: recall.TakeDown, Reason: c.Reason, Due: c.Due})
}

// libraryEvidence appends the library's steps to the brand's chain.
type libraryEvidence struct{ s *evidence.Service }

// Append implements library.Evidence.
func (e libraryEvidence) Append(ctx context.Context, tx *db.Tx, actor authz.Actor, step library.Step) error {
	return e.s.Append(ctx, tx, evidence.Step{
		BrandID: actor.BrandID, UnitID: step.UnitID, Kind: step.Kind, Object: "library", ObjectID: step.Object, Actor: actor, Body: step.Body, Texts: step.Texts,
	})
}

// libraryOutbox reaches those who decide about items.
type libraryOutbox struct {
	notices *notify.Service
	people  todoPeople
}

// Tell implements library.Outbox.
func (o libraryOutbox) Tell(ctx context.Context, tx *db.Tx, brand id.ID, notices ...library.Notice) error {
	for _, n := range notices {
		if err := o.notices.Send(ctx, tx, brand, n.Kind, []notify.Notice{{UserID: n.UserID, Key: n.Key, Params: n.Params, Link: n.Link}}); err != nil {
			return err
		}
	}
	return nil
}

// Deciders implements library.Outbox: the managers at the unit or the nearest above it that has any, else headquarters.
func (o libraryOutbox) Deciders(ctx context.Context, q db.Querier, brand, unit id.ID) ([]id.ID, error) {
	got, err := o.people.ManagersOf(ctx, q, brand, []id.ID{unit})
	return got[unit], err
}
