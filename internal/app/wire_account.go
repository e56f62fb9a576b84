package app

import (
	"context"
	"path/filepath"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
)

// newAccount makes the registry over the organisation and plugs it into the merging of units.
func newAccount(b base, o *org.Service, dataDir string) *account.Service {
	side := account.OverOrg(o)
	s := account.New(account.Deps{DB: b.DB, IDs: b.IDs, Clock: b.Clock, Jobs: b.Jobs, Audit: b.Audit, Units: side, People: side, Undoer: side, DataDir: dataDir})
	o.Plug(s)
	return s
}

// newFigures makes the rooms of posts and figures over the registry and lets them follow its changes.
func newFigures(b base, o *org.Service, s *account.Service, dataDir string) (*post.Service, *insight.Service) {
	side := accountSide{s, b.DB}
	posts := post.New(b.DB, b.IDs, b.Clock, side, o)
	posts.Tell(b.Jobs)
	insights := insight.New(b.DB, b.IDs, b.Clock, side, insightTree{o})
	memory := filepath.Join(dataDir, "memory")
	posts.KeepMemory(memory)
	insights.KeepMemory(memory)
	insights.Plug(s)
	insights.PlugPosts(posts)
	s.Used, s.Levels = posts, accountLevels{posts, insights}
	s.Observe(figuresFollow{posts, insights})
	o.Follow(insights)
	return posts, insights
}

// accountLevels tells the registry where its accounts stand.
type accountLevels struct {
	posts    *post.Service
	insights *insight.Service
}

// AccountLevels implements account.Levels.
func (l accountLevels) AccountLevels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]account.LevelNow, error) {
	followers, err := l.posts.FollowerLevels(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	days, err := l.insights.LastPostDays(ctx, q, brand, ids)
	out := make(map[id.ID]account.LevelNow, len(ids))
	for a, d := range days {
		out[a] = account.LevelNow{Followers: -1, LastPostDay: d}
	}
	for _, f := range followers {
		out[f.AccountID] = account.LevelNow{Followers: f.Followers, AsOf: f.AsOf, LastPostDay: days[f.AccountID]}
	}
	return out, err
}

// figuresIn takes figures in for reflow and keeps the registry's sort columns in step, in the same transaction.
type figuresIn struct {
	*post.Service
	insights *insight.Service
	accounts *account.Service
}

// Apply implements reflow.Posts: follower counts may change without a delta.
func (f figuresIn) Apply(ctx context.Context, tx *db.Tx, b post.Batch) (post.Result, []post.Delta, error) {
	res, deltas, err := f.Service.Apply(ctx, tx, b)
	if err != nil || len(b.Accounts) == 0 {
		return res, deltas, err
	}
	ids := make([]id.ID, len(b.Accounts))
	for i, a := range b.Accounts {
		ids[i] = a.AccountID
	}
	return res, deltas, f.accounts.TakeLevels(ctx, tx, b.BrandID, ids)
}

// Add implements reflow.Figures.
func (f figuresIn) Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error {
	if err := f.insights.Add(ctx, tx, deltas); err != nil || len(deltas) == 0 {
		return err
	}
	ids := make([]id.ID, len(deltas))
	for i, d := range deltas {
		ids[i] = d.AccountID
	}
	return f.accounts.TakeLevels(ctx, tx, deltas[0].BrandID, ids)
}

// insightTree is what insight asks of the organisation.
type insightTree struct{ *org.Service }

// ClosureSpans implements insight.Tree.
func (t insightTree) ClosureSpans(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) ([]insight.ClosureSpan, error) {
	spans, err := t.Service.ClosureSpans(ctx, q, brand, units)
	out := make([]insight.ClosureSpan, len(spans))
	for i, s := range spans {
		out[i] = insight.ClosureSpan(s)
	}
	return out, err
}

// accountSide answers for the registry in the words of the figure rooms.
type accountSide struct {
	s *account.Service
	d *db.DB
}

// PostRefs implements post.Accounts.
func (a accountSide) PostRefs(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]post.AccountRef, error) {
	seats, err := a.s.Seats(ctx, q, brand, ids)
	out := make(map[id.ID]post.AccountRef, len(seats))
	for k, f := range seats {
		out[k] = post.AccountRef{ID: k, UnitID: f.UnitID, Platform: string(f.Platform)}
	}
	return out, err
}

// PostLabels implements post.Labels.
func (a accountSide) PostLabels(ctx context.Context, brand id.ID, accounts []id.ID) (map[id.ID]post.Label, error) {
	labels, err := a.s.Labels(ctx, a.d, brand, accounts)
	out := make(map[id.ID]post.Label, len(labels))
	for k, l := range labels {
		out[k] = post.Label{Handle: l.Handle, Name: l.Name, UnitName: l.UnitName, UnitPath: l.UnitPath, Member: l.Member, Kind: string(l.Kind)}
	}
	return out, err
}

// InsightRefs implements insight.Accounts.
func (a accountSide) InsightRefs(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]insight.AccountRef, error) {
	facts, err := a.s.Facts(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	spans, err := a.s.Spans(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	out := make([]insight.AccountRef, 0, len(facts))
	for _, i := range ids {
		f, ok := facts[i]
		if !ok {
			continue
		}
		ref := insight.AccountRef{
			ID: f.ID, UnitID: f.UnitID, Platform: string(f.Platform), Kind: string(f.Kind), Counted: !f.Status.Ended(),
			Abnormal: f.Status.Abnormal(), StateSince: f.StatusSince, CreatedDay: f.CreatedDay, League: f.League,
		}
		for _, sp := range spans[i] {
			if sp.To == clock.Forever {
				ref.Since = sp.From
			}
		}
		out = append(out, ref)
	}
	return out, nil
}

// InsightSpans implements insight.Accounts: neighbouring spans of one unit (a change of kind) are one.
func (a accountSide) InsightSpans(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]insight.UnitSpan, error) {
	spans, err := a.s.Spans(ctx, q, brand, ids)
	var out []insight.UnitSpan
	for _, i := range ids {
		for _, sp := range spans[i] {
			if n := len(out); n > 0 && out[n-1].AccountID == i && out[n-1].UnitID == sp.UnitID {
				out[n-1].To = sp.To
				continue
			}
			out = append(out, insight.UnitSpan{AccountID: i, UnitID: sp.UnitID, From: sp.From, To: sp.To})
		}
	}
	return out, err
}

// InsightLabels implements insight.Accounts.
func (a accountSide) InsightLabels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]insight.AccountLabel, error) {
	labels, err := a.s.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]insight.AccountLabel, len(labels))
	for k, l := range labels {
		out[k] = insight.AccountLabel{
			ID: l.ID, Handle: l.Handle, Name: l.Name, UnitID: l.UnitID, UnitName: l.UnitName, UnitPath: l.UnitPath,
			Platform: string(l.Platform), Kind: string(l.Kind), Member: l.Member,
		}
	}
	return out, err
}

// figuresFollow keeps posts and figures in step with the accounts, in the transaction of the change.
type figuresFollow struct {
	posts    *post.Service
	insights *insight.Service
}

// AccountsChanged implements account.Observer. New accounts are told too: insight counts them.
func (f figuresFollow) AccountsChanged(ctx context.Context, tx *db.Tx, brand id.ID, changes []account.Change) error {
	if refs, all := createdRefs(changes); all {
		return f.insights.AccountsCreated(ctx, tx, brand, refs)
	}
	var moved, counted []id.ID
	for _, c := range changes {
		for _, w := range c.What {
			switch w {
			case account.Moved:
				moved, counted = append(moved, c.ID), append(counted, c.ID)
			case account.Created, account.Rekind, account.Turned, account.Ranked, account.Removed:
				counted = append(counted, c.ID)
			case account.Owned, account.Edited:
			}
		}
	}
	if len(moved) > 0 {
		if err := f.posts.AccountsMoved(ctx, tx, brand, compact(moved)); err != nil {
			return err
		}
	}
	if len(counted) == 0 {
		return nil
	}
	return f.insights.AccountsChanged(ctx, tx, brand, compact(counted))
}

// createdRefs tells insight of new accounts what the registry has just written; all is false when others changed, too.
func createdRefs(changes []account.Change) (refs []insight.AccountRef, all bool) {
	refs = make([]insight.AccountRef, 0, len(changes))
	for _, c := range changes {
		if c.Before != nil || c.After == nil {
			return nil, false
		}
		ref := insightRef(*c.After)
		ref.Since = account.Since
		refs = append(refs, ref)
	}
	return refs, true
}

func insightRef(f account.Fact) insight.AccountRef {
	return insight.AccountRef{
		ID: f.ID, UnitID: f.UnitID, Platform: string(f.Platform), Kind: string(f.Kind), Counted: !f.Status.Ended(),
		Abnormal: f.Status.Abnormal(), CreatedDay: f.CreatedDay, League: f.League,
	}
}

// compact drops neighbours that are the same; changes come sorted by account.
func compact(ids []id.ID) []id.ID {
	out := ids[:0]
	for i, v := range ids {
		if i == 0 || v != ids[i-1] {
			out = append(out, v)
		}
	}
	return out
}
