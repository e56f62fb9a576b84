package app

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/health"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/todo"
)

// newHealth makes the room that judges accounts over the registry, the figures and the to-do lists.
func newHealth(b base, s services) *health.Service {
	return health.New(health.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Audit: b.Audit, Jobs: b.Jobs, Scopes: s.Org, Brands: s.Identity,
		Accounts: healthAccounts{s.Account}, Figures: healthFigures{s.Account, s.Post, s.Insight}, Todos: healthTodos{s.Todo},
	})
}

var _ health.Scopes = (*org.Service)(nil)

// healthAccounts answers health's questions about the registry.
type healthAccounts struct{ s *account.Service }

// Walk implements health.Accounts: open accounts only.
func (a healthAccounts) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]health.AccountFact, error) {
	facts, err := a.s.WalkFacts(ctx, q, brand, after, limit)
	out := make([]health.AccountFact, len(facts))
	for i, f := range facts {
		out[i] = health.AccountFact{
			ID: f.ID, Platform: string(f.Platform), Kind: string(f.Kind), UnitID: f.UnitID, MemberID: f.MemberID, Status: string(f.Status),
			StatusSince: f.StatusSince, CreatedDay: f.CreatedDay, League: f.League,
		}
	}
	return out, err
}

// Labels implements health.Accounts.
func (a healthAccounts) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]health.Label, error) {
	labels, err := a.s.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]health.Label, len(labels))
	for k, l := range labels {
		out[k] = health.Label{
			Handle: l.Handle, Name: l.Name, Platform: string(l.Platform), UnitID: l.UnitID, UnitName: l.UnitPath, MemberID: l.MemberID, MemberName: l.Member,
		}
	}
	return out, err
}

// Resolve implements health.Accounts.
func (a healthAccounts) Resolve(ctx context.Context, tx *db.Tx, actor authz.Actor, acc id.ID, decision, reason string) error {
	return a.s.CleanUp(ctx, tx, actor, acc, decision, reason)
}

// healthFigures answers health's questions about what accounts did.
type healthFigures struct {
	accounts *account.Service
	posts    *post.Service
	insights *insight.Service
}

// Figures implements health.Figures.
func (f healthFigures) Figures(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day, asked int) (map[id.ID]health.Figure, error) {
	got, err := f.insights.AccountFigures(ctx, q, brand, ids, day, asked)
	if err != nil {
		return nil, err
	}
	followers, err := f.posts.Followers(ctx, q, brand, ids)
	out := make(map[id.ID]health.Figure, len(got))
	for k, g := range got {
		x := health.Figure{
			LastPostDay: g.LastPostDay, FirstDay: g.FirstDay, Posts30: g.Last30[post.MPosts], Views30: g.Last30[post.MViews],
			Interactions30: g.Last30[post.MInteractions], Gained30: g.Last30[post.MFollowers], Views: g.Asked[post.MViews],
			Inquiries: g.Tells(post.MInquiries), Replies: g.Tells(post.MReplies), Leads: g.Tells(post.MLeads),
		}
		if n, ok := followers[k]; ok {
			x.Followers = &n
		}
		out[k] = x
	}
	return out, err
}

// RecentViews implements health.Figures.
func (f healthFigures) RecentViews(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, n int) (map[id.ID][]int64, error) {
	return f.posts.RecentViews(ctx, q, brand, ids, n)
}

// Falls implements health.Figures, a thousand accounts at a time.
func (f healthFigures) Falls(ctx context.Context, q db.Querier, brand id.ID, since clock.Day, set health.Settings) ([]health.Fall, error) {
	var out []health.Fall
	after, zone := id.ID(0), clock.Shanghai()
	limits := post.Limits{Posts: set.DeletedPosts, Percent: set.DeletedPercent, Fallen: set.FallenPosts}
	for {
		facts, err := f.accounts.WalkFacts(ctx, q, brand, after, 1000)
		if err != nil || len(facts) == 0 {
			return out, err
		}
		after = facts[len(facts)-1].ID
		ids := make([]id.ID, len(facts))
		for i, x := range facts {
			ids[i] = x.ID
		}
		falls, err := f.posts.FollowerFalls(ctx, q, brand, ids, clock.MsOf(since.In(zone)), set.CliffPercent)
		if err != nil {
			return nil, err
		}
		for _, x := range falls {
			out = append(out, health.Fall{AccountID: x.AccountID, Kind: health.FollowerCliff, Day: x.AsOf.Day(zone), Before: x.Before, After: x.After})
		}
		gone, err := f.posts.MassDeletions(ctx, q, brand, ids, since, limits)
		if err != nil {
			return nil, err
		}
		bursts, err := f.posts.CounterBursts(ctx, q, brand, ids, since, limits)
		if err != nil {
			return nil, err
		}
		out = append(append(out, fallsOf(health.MassDeletion, gone)...), fallsOf(health.CounterBurst, bursts)...)
	}
}

func fallsOf(kind string, losses []post.Loss) []health.Fall {
	out := make([]health.Fall, len(losses))
	for i, x := range losses {
		out[i] = health.Fall{AccountID: x.AccountID, Kind: kind, Day: x.Day, Before: x.Before, After: x.After}
	}
	return out
}

// FallRows implements health.Figures.
func (f healthFigures) FallRows(ctx context.Context, q db.Querier, brand, account id.ID, kind string, day clock.Day) ([]health.FallRow, error) {
	read := f.posts.FollowerRows
	switch kind {
	case health.MassDeletion:
		read = f.posts.DeletedRows
	case health.CounterBurst:
		read = f.posts.FallenRows
	}
	rows, err := read(ctx, q, brand, account, day)
	out := make([]health.FallRow, len(rows))
	for i, r := range rows {
		out[i] = health.FallRow(r)
	}
	return out, err
}

// healthTodos puts health's requests on people's lists.
type healthTodos struct{ s *todo.Service }

// Create implements health.Todos.
func (t healthTodos) Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []health.Todo) error {
	drafts := make([]todo.Draft, len(todos))
	for i, x := range todos {
		drafts[i] = todo.Draft{
			Kind: x.Kind, Key: x.Key, Object: x.Object, UnitID: x.UnitID, MemberID: x.MemberID, Audience: todo.Audience(x.Audience),
			Slug: x.Slug, Params: x.Params, Link: x.Link, DueDay: x.DueDay,
		}
	}
	_, err := t.s.Create(ctx, tx, brand, drafts)
	return err
}

// Settle implements health.Todos.
func (t healthTodos) Settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, objects []id.ID, outcome string) error {
	return t.s.Settle(ctx, tx, brand, kind, objects, outcome)
}
