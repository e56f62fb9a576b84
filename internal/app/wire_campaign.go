package app

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/campaign/audience"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/todo"
	"kosmos/internal/scan"
)

// newCampaign makes the room of campaigns over the organisation, the registry, posts and figures, the rules, the library, people's
// lists and the chain of evidence.
func newCampaign(b base, s services) *campaign.Service {
	for _, k := range campaign.NoticeKinds() {
		s.Notify.Declare(notify.Kind{Key: k, Cap: 50, Reminder: campaign.Reminds(k)})
	}
	s.Todo.Lock(todoCampaign)
	return campaign.New(campaign.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Blobs: b.Blobs, Jobs: b.Jobs, Audit: b.Audit, Scopes: s.Org, Brands: s.Identity,
		Units: campaignUnits{s.Org}, People: campaignPeople{s.Org}, Accounts: campaignAccounts{s.Account}, Posts: campaignPosts{s.Post},
		Figures: campaignFigures{s.Insight, s.Post}, Rules: campaignRules{s.Risk}, Materials: campaignMaterials{s.Library}, Outbox: campaignOutbox{s.Notify, s.Todo},
		Evidence: campaignEvidence{s.Evidence}, Same: newCampaignSame(s.Risk), Approvers: campaignApprovers{s.Identity},
		Cases: campaignCases{s.Library},
	})
}

var (
	_ campaign.Scopes = (*org.Service)(nil)
	_ blob.Store      = (*blob.Dir)(nil)
)

// campaignUnits names places for campaign.
type campaignUnits struct{ s *org.Service }

func campaignUnit(u org.Unit) campaign.Unit {
	return campaign.Unit{ID: u.ID, Name: u.Name, Path: u.Path, Kind: string(u.Kind), Leaf: u.AllUnits <= 1, Members: u.AllMembers}
}

// Describe implements campaign.Units.
func (c campaignUnits) Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]campaign.Unit, error) {
	units, err := c.s.UnitsByID(ctx, q, brand, ids)
	out := make(map[id.ID]campaign.Unit, len(units))
	for k, u := range units {
		out[k] = campaignUnit(u)
	}
	return out, err
}

// Below implements campaign.Units.
func (c campaignUnits) Below(ctx context.Context, q db.Querier, brand, unit id.ID) ([]campaign.Unit, error) {
	units, err := c.s.UnitsBelow(ctx, q, brand, unit)
	out := make([]campaign.Unit, len(units))
	for i, u := range units {
		out[i] = campaignUnit(u)
	}
	return out, err
}

// Root implements campaign.Units.
func (c campaignUnits) Root(ctx context.Context, q db.Querier, brand id.ID) (campaign.Unit, error) {
	u, err := c.s.ResolvePath(ctx, q, brand, "/")
	return campaignUnit(u), err
}

// campaignPeople gives campaign the members.
type campaignPeople struct{ s *org.Service }

func persons(seats []org.Seat) []audience.Person {
	out := make([]audience.Person, len(seats))
	for i, x := range seats {
		out[i] = audience.Person{ID: x.ID, UnitID: x.UnitID, UserID: x.UserID, Role: string(x.Role), Tags: x.Tags, Joined: x.Joined, Active: x.Active}
	}
	return out
}

// Walk implements campaign.People.
func (p campaignPeople) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]audience.Person, error) {
	seats, err := p.s.WalkSeats(ctx, q, brand, after, limit)
	return persons(seats), err
}

// Some implements campaign.People.
func (p campaignPeople) Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]audience.Person, error) {
	seats, err := p.s.SeatsByID(ctx, q, brand, ids)
	return persons(seats), err
}

// Names implements campaign.People.
func (p campaignPeople) Names(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error) {
	members, err := p.s.MembersByID(ctx, q, brand, ids)
	out := make(map[id.ID]string, len(members))
	for k, m := range members {
		out[k] = m.Name
	}
	return out, err
}

// campaignAccounts gives campaign the accounts of members.
type campaignAccounts struct{ s *account.Service }

func owned(list []account.Holding) []campaign.Owned {
	out := make([]campaign.Owned, len(list))
	for i, x := range list {
		company := x.Ownership == account.Company
		out[i] = campaign.Owned{MemberID: x.MemberID, ExternalID: x.ExternalID, Place: x.POI, Account: audience.Account{
			ID: x.ID, UnitID: x.UnitID, Platform: string(x.Platform), Kind: string(x.Kind), Level: string(x.Level), Company: company, Consented: x.Tasks && !company,
			Followers: x.Followers, Live: !x.Status.Ended() && x.Status != account.Banned,
		}}
	}
	return out
}

// Of implements campaign.Accounts.
func (a campaignAccounts) Of(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) ([]campaign.Owned, error) {
	list, err := a.s.HoldingsOf(ctx, q, brand, members)
	return owned(list), err
}

// Some implements campaign.Accounts.
func (a campaignAccounts) Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]campaign.Owned, error) {
	list, err := a.s.HoldingsByID(ctx, q, brand, ids)
	return owned(list), err
}

// Labels implements campaign.Accounts.
func (a campaignAccounts) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]campaign.Label, error) {
	labels, err := a.s.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]campaign.Label, len(labels))
	for k, l := range labels {
		out[k] = campaign.Label{Name: l.Name, Handle: l.Handle, Platform: string(l.Platform), UnitPath: l.UnitPath, UnitID: l.UnitID, MemberID: l.MemberID}
	}
	return out, err
}

// Official implements campaign.Accounts.
func (a campaignAccounts) Official(ctx context.Context, q db.Querier, brand id.ID) ([]id.ID, error) {
	return a.s.Official(ctx, q, brand)
}

// Named implements campaign.Accounts.
func (a campaignAccounts) Named(ctx context.Context, q db.Querier, brand id.ID, names []campaign.Handle) (map[campaign.Handle]id.ID, error) {
	refs := make([]account.Ref, len(names))
	for i, n := range names {
		refs[i] = account.Ref{Platform: account.Platform(n.Platform), Handle: n.Name}
	}
	found, err := a.s.Resolve(ctx, q, brand, refs)
	out := make(map[campaign.Handle]id.ID, len(found))
	for r, f := range found {
		out[campaign.Handle{Platform: string(r.Platform), Name: r.Handle}] = f.ID
	}
	return out, err
}

// campaignPosts finds imported posts for campaign.
type campaignPosts struct{ s *post.Service }

func seenPosts(list []post.Seen) []campaign.Post {
	out := make([]campaign.Post, len(list))
	for i, x := range list {
		out[i] = campaign.Post(x)
	}
	return out
}

// Some implements campaign.Posts.
func (p campaignPosts) Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]campaign.Post, error) {
	list, err := p.s.SeenByID(ctx, q, brand, ids)
	return seenPosts(list), err
}

// ByExternal implements campaign.Posts.
func (p campaignPosts) ByExternal(ctx context.Context, q db.Querier, brand id.ID, platform, external string) (campaign.Post, bool, error) {
	list, err := p.s.SeenByExternal(ctx, q, brand, platform, external)
	if err != nil || len(list) == 0 {
		return campaign.Post{}, false, err
	}
	return campaign.Post(list[len(list)-1]), true, nil
}

// OfAccounts implements campaign.Posts.
func (p campaignPosts) OfAccounts(ctx context.Context, q db.Querier, brand id.ID, x campaign.PostSpan) ([]campaign.Post, error) {
	list, err := p.s.SeenOf(ctx, q, brand, x.Accounts, x.From, x.To, x.Limit)
	return seenPosts(list), err
}

// WithWords implements campaign.Posts.
func (p campaignPosts) WithWords(ctx context.Context, q db.Querier, brand id.ID, words []string, from, to clock.Ms) ([]campaign.Post, error) {
	list, err := p.s.SeenWithWords(ctx, q, brand, words, from, to)
	return seenPosts(list), err
}

// campaignFigures answers what accounts brought.
type campaignFigures struct {
	insights *insight.Service
	posts    *post.Service
}

// During implements campaign.Figures.
func (f campaignFigures) During(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, to clock.Day, days int) (map[id.ID]campaign.Figure, error) {
	got, err := f.insights.AccountFigures(ctx, q, brand, accounts, to, days)
	out := make(map[id.ID]campaign.Figure, len(got))
	for k, g := range got {
		out[k] = campaign.Figure{Posts: g.Asked[post.MPosts], Views: g.Tells(post.MViews), Interactions: g.Tells(post.MInteractions)}
	}
	return out, err
}

// FollowersAt implements campaign.Figures.
func (f campaignFigures) FollowersAt(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, at clock.Ms) (map[id.ID]int64, error) {
	out := make(map[id.ID]int64, len(accounts))
	for part := range slices.Chunk(accounts, 1000) {
		got, err := f.posts.FollowersAt(ctx, q, brand, part, at)
		if err != nil {
			return nil, err
		}
		for k, n := range got {
			out[k] = n
		}
	}
	return out, nil
}

// campaignRules asks risk about a plan's and people's texts.
type campaignRules struct{ s *risk.Service }

// Check implements campaign.Rules.
func (r campaignRules) Check(ctx context.Context, brand id.ID, texts []campaign.FieldText, platform string, day clock.Day) (campaign.Verdict, error) {
	list := make([]risk.Text, len(texts))
	for i, t := range texts {
		list[i] = risk.Text{Field: t.Field, Text: t.Text}
	}
	v, err := r.s.Check(ctx, brand, list, scan.Context{Platform: platform, Kind: "post", Day: int32(day)})
	if err != nil {
		return campaign.Verdict{}, err
	}
	out := campaign.Verdict{Verdict: v.Grade.String(), Findings: make([]campaign.Finding, len(v.Findings))}
	for i, f := range v.Findings {
		out.Findings[i] = campaign.Finding{
			Field: f.Field, Rule: f.Rule, Severity: f.Severity, Start: f.Start, End: f.End, Text: f.Text, Reason: f.Reason, ReasonEn: f.ReasonEn, Article: f.Article,
			Rewrite: f.Rewrite, Replace: f.Replace,
		}
	}
	return out, nil
}

// campaignMaterials gives campaign the texts and files of the library.
type campaignMaterials struct{ s *library.Service }

// Describe implements campaign.Materials.
func (m campaignMaterials) Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]campaign.Material, error) {
	items, err := m.s.Describe(ctx, q, brand, ids)
	out := make(map[id.ID]campaign.Material, len(items))
	for k, x := range items {
		files := make([]campaign.File, len(x.Files))
		for i, f := range x.Files {
			files[i] = campaign.File{Name: f.Name, Media: f.Media, Size: f.Size, URL: f.URL}
		}
		out[k] = campaign.Material{ID: x.ID, Kind: string(x.Kind), Title: x.Title, Version: x.Version, Usable: x.Usable, Why: x.Why, Files: files}
	}
	return out, err
}

// Personal implements campaign.Materials.
func (m campaignMaterials) Personal(ctx context.Context, q db.Querier, brand, template, salt id.ID, people []campaign.Recipient) ([]campaign.Text, error) {
	list := make([]library.Recipient, len(people))
	for i, p := range people {
		list[i] = library.Recipient(p)
	}
	texts, err := m.s.Personal(ctx, q, brand, template, salt, list)
	out := make([]campaign.Text, len(texts))
	for i, t := range texts {
		out[i] = campaign.Text{Title: t.Title, Body: t.Body, Fault: t.Fault}
	}
	return out, err
}

// Used implements campaign.Materials.
func (m campaignMaterials) Used(ctx context.Context, tx *db.Tx, brand id.ID, uses []campaign.Use) error {
	list := make([]library.Use, len(uses))
	for i, u := range uses {
		list[i] = library.Use(u)
	}
	return m.s.Used(ctx, tx, brand, list)
}

// todoCampaign is the kind of campaign's to-dos.
const todoCampaign = "campaign.task"

// campaignOutbox reaches people for campaign.
type campaignOutbox struct {
	notices *notify.Service
	todos   *todo.Service
}

// Tell implements campaign.Outbox.
func (o campaignOutbox) Tell(ctx context.Context, tx *db.Tx, brand id.ID, n campaign.Notice) error {
	_, err := o.notices.SendBulk(ctx, tx, brand, notify.Bulk{Kind: n.Kind, Key: n.Key, Params: n.Params, Link: n.Link, Due: n.Due, Users: n.Users})
	return err
}

// Ask implements campaign.Outbox.
func (o campaignOutbox) Ask(ctx context.Context, tx *db.Tx, brand id.ID, todos ...campaign.Todo) error {
	drafts := make([]todo.Draft, len(todos))
	for i, x := range todos {
		drafts[i] = todo.Draft{
			Kind: todoCampaign, Key: x.Key, Object: x.Object, UnitID: x.UnitID, MemberID: x.MemberID, Audience: todo.Owner, Slug: x.Slug, Params: x.Params, Link: x.Link, DueDay: x.DueDay,
		}
		if x.MemberID == 0 {
			drafts[i].Audience = todo.Manager
		}
	}
	_, err := o.todos.Create(ctx, tx, brand, drafts)
	return err
}

// Settle implements campaign.Outbox.
func (o campaignOutbox) Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error {
	return o.todos.SettleKeys(ctx, tx, brand, todoCampaign, keys)
}

// campaignEvidence appends campaign's steps to the brand's chain.
type campaignEvidence struct{ s *evidence.Service }

// Append implements campaign.Chain.
func (e campaignEvidence) Append(ctx context.Context, tx *db.Tx, actor authz.Actor, p campaign.Proven) error {
	return e.s.Append(ctx, tx, evidence.Step{
		BrandID: actor.BrandID, UnitID: p.UnitID, Kind: p.Kind, Object: "campaign", ObjectID: p.Object, Actor: actor, Body: p.Body, Texts: p.Texts,
	})
}
