package app

import (
	"context"
	"fmt"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/fake/sandbox"
)

// sandboxLoader brings an invented brand into the store through the rooms' own bulk entry points, so that what the
// pages show went the way of real files.
type sandboxLoader struct {
	db       *db.DB
	ids      *id.Source
	clock    clock.Clock
	org      *org.Service
	account  *account.Service
	post     *post.Service
	insight  *insight.Service
	progress func(stage string, done, all int)

	brand    *sandbox.Brand
	actor    authz.Actor
	importID id.ID
	accounts []id.ID // of brand.Accounts, in order
}

// load fills the actor's brand, which must hold no accounts yet. A load that was broken off leaves a part of the brand;
// load into a fresh one.
func (l *sandboxLoader) load(ctx context.Context) error {
	l.importID = l.ids.New()
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"units", l.units}, {"accounts", l.roster}, {"custody", l.custody}, {"moves", l.moves}, {"posts", l.figures}, {"levels", l.levels}, {"days", l.days},
	}
	for _, s := range steps {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("sandbox: %s: %w", s.name, err)
		}
	}
	return nil
}

// units makes the tree, parents first.
func (l *sandboxLoader) units(ctx context.Context) error {
	specs := make([]org.PathSpec, len(l.brand.Units))
	for i, u := range l.brand.Units {
		specs[i] = org.PathSpec{Path: strings.Join(u.Path, "/"), Kind: u.Kind}
	}
	return chunks(len(specs), 2000, func(from, to int) error {
		l.progress("units", to, len(specs))
		return l.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			results, err := l.org.EnsurePaths(ctx, tx, l.actor, l.importID, specs[from:to])
			for _, r := range results {
				if err == nil && r.Slug != "" {
					err = errs.New(errs.Invalid, r.Slug)
				}
			}
			return err
		})
	})
}

// roster hires the people and registers their accounts.
func (l *sandboxLoader) roster(ctx context.Context) error {
	rows := make([]account.RosterRow, len(l.brand.Accounts))
	for i, a := range l.brand.Accounts {
		m := l.brand.Members[a.Member]
		rows[i] = account.RosterRow{
			Row: i + 1, UnitPath: strings.Join(l.brand.Units[m.Unit].Path, "/"), UnitKind: l.brand.Units[m.Unit].Kind, Member: m.Name, Phone: m.Phone, Role: m.Role,
			Platform: a.Platform, Handle: a.Handle, ExternalID: a.ExternalID, AccountKind: a.Kind, Ownership: a.Ownership,
			Name: a.Name, Verified: yes(a.Verified), CreatedDay: m.Joined,
		}
	}
	err := chunks(len(rows), account.RosterBatch, func(from, to int) error {
		l.progress("accounts", to, len(rows))
		return l.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			out, err := l.account.RosterApply(ctx, tx, l.actor, l.importID, rows[from:to])
			if err == nil && len(out.Errors) > 0 {
				err = errs.New(errs.Invalid, out.Errors[0].Slug, "row", out.Errors[0].Row, "column", out.Errors[0].Column)
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	return l.resolve(ctx)
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

// resolve learns the ids that the registry gave the accounts.
func (l *sandboxLoader) resolve(ctx context.Context) error {
	l.accounts = make([]id.ID, len(l.brand.Accounts))
	return chunks(len(l.accounts), 1000, func(from, to int) error {
		refs := make([]account.Ref, 0, to-from)
		for _, a := range l.brand.Accounts[from:to] {
			refs = append(refs, account.Ref{Platform: account.Platform(a.Platform), Handle: a.Handle})
		}
		found, err := l.account.Resolve(ctx, l.db, l.actor.BrandID, refs)
		if err != nil {
			return err
		}
		for i, r := range refs {
			f, ok := found[r]
			if !ok {
				return fmt.Errorf("account %s:%s is not in the registry", r.Platform, r.Handle)
			}
			l.accounts[from+i] = f.ID
		}
		return nil
	})
}

// custody lets authorisations run out, platforms ban, and accounts pass on to the next person.
func (l *sandboxLoader) custody(ctx context.Context) error {
	firstOf := map[int]int{} // member → the member's first account
	for i, a := range l.brand.Accounts {
		if _, ok := firstOf[a.Member]; !ok {
			firstOf[a.Member] = i
		}
	}
	var turns []account.Turn
	var passed []passing
	for i, a := range l.brand.Accounts {
		if a.Status != "ok" {
			cause := map[string]string{"token_expired": "授权到期未续", "banned": "平台判定违规"}[a.Status]
			turns = append(turns, account.Turn{AccountID: l.accounts[i], To: account.Status(a.Status), Cause: cause, Since: a.StatusDay})
		} else if to, ok := firstOf[a.HandedTo]; ok {
			passed = append(passed, passing{l.accounts[i], l.accounts[to]})
		}
	}
	l.progress("custody", 0, len(turns)+len(passed))
	if err := l.account.TurnAll(ctx, l.actor, turns); err != nil {
		return err
	}
	l.progress("custody", len(turns), len(turns)+len(passed))
	if err := l.handOver(ctx, passed); err != nil {
		return err
	}
	l.progress("custody", len(turns)+len(passed), len(turns)+len(passed))
	return nil
}

// passing says that an account goes to the owner of another one.
type passing struct{ account, to id.ID }

func (l *sandboxLoader) handOver(ctx context.Context, passed []passing) error {
	var done account.CheckList
	for _, step := range account.HandoverSteps() {
		done = append(done, account.CheckItem{Key: step, Done: true})
	}
	return chunks(len(passed), 1000, func(from, to int) error {
		owners := make([]id.ID, 0, to-from)
		for _, p := range passed[from:to] {
			owners = append(owners, p.to)
		}
		facts, err := l.account.Facts(ctx, l.db, l.actor.BrandID, owners)
		if err != nil {
			return err
		}
		list := make([]account.Handover, 0, to-from)
		for _, p := range passed[from:to] {
			list = append(list, account.Handover{AccountID: p.account, ToMember: facts[p.to].MemberID, Reason: "同事离职，账号交接", Checklist: done})
		}
		return l.account.HandOverAll(ctx, l.actor, list)
	})
}

// moves gives stores to other dealers as of a day in the past, before any figures are there.
func (l *sandboxLoader) moves(ctx context.Context) error {
	for _, m := range l.brand.Moves {
		unit, err := l.org.ResolvePath(ctx, l.db, l.actor.BrandID, strings.Join(l.brand.Units[m.Unit].Path, "/"))
		if err != nil {
			return err
		}
		to, err := l.org.ResolvePath(ctx, l.db, l.actor.BrandID, strings.Join(l.brand.Units[m.To].Path, "/"))
		if err != nil {
			return err
		}
		if _, err := l.org.Move(ctx, l.actor, org.MoveUnit{ID: unit.ID, ParentID: to.ID, Day: m.Day, Why: "经销商调整", Reroll: true}); err != nil {
			return err
		}
	}
	return nil
}

// batchItems bounds what one transaction writes; a post's year of figures are some thirty rows more.
const batchItems = 2000

// figures loads posts and follower counts. Batches are drawn beside the writing, so that both cores work.
func (l *sandboxLoader) figures(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ready struct {
		batch post.Batch
		done  int
	}
	queue := make(chan ready, 4)
	go func() {
		defer close(queue)
		b := l.newBatch()
		for i := range l.brand.Accounts {
			l.draw(&b, i)
			if len(b.Items)+len(b.Accounts) < batchItems && i < len(l.brand.Accounts)-1 {
				continue
			}
			select {
			case queue <- ready{b, i + 1}:
			case <-ctx.Done():
				return
			}
			b = l.newBatch()
		}
	}()
	bulk := l.insight.Bulk(l.actor.BrandID)
	for r := range queue {
		err := l.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, deltas, err := l.post.Apply(ctx, tx, r.batch)
			if err != nil {
				return err
			}
			return bulk.Add(ctx, tx, deltas)
		})
		if err == nil && bulk.Full() {
			err = bulk.Flush(ctx)
		}
		if err != nil {
			return err
		}
		l.progress("posts", r.done, len(l.brand.Accounts))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return bulk.Flush(ctx)
}

func (l *sandboxLoader) newBatch() post.Batch {
	return post.Batch{
		BrandID: l.actor.BrandID, ImportID: l.ids.New(), Origin: post.Sandbox, LearnedAt: clock.MsOf(l.clock.Now()), Zone: l.actor.Zone,
	}
}

// draw adds account i's posts and follower counts to a batch.
func (l *sandboxLoader) draw(b *post.Batch, i int) {
	for _, p := range l.brand.Posts(i) {
		for _, s := range p.Snapshots {
			it := post.Item{AccountID: l.accounts[i], ExternalID: p.ExternalID, Title: p.Title, Kind: postForm(p.Kind), PublishedAt: p.PublishedAt, AsOf: s.AsOf, Deleted: s.Deleted}
			for c, v := range map[post.Counter]int64{
				post.Views: s.Views, post.Impressions: s.Impressions, post.Likes: s.Likes, post.Comments: s.Comments, post.Saves: s.Saves,
				post.Shares: s.Shares, post.FollowersGained: s.FollowersGained,
			} {
				it.Counters.Set(c, v)
			}
			b.Items = append(b.Items, it)
		}
	}
	for _, f := range l.brand.Followers(i) {
		level := post.AccountItem{AccountID: l.accounts[i], AsOf: f.AsOf}
		level.Counters.Set(post.Followers, f.Followers)
		leads := post.AccountItem{AccountID: l.accounts[i], AsOf: f.AsOf, Daily: true}
		leads.Counters.Set(post.Leads, f.Leads)
		if f.Asked {
			leads.Counters.Set(post.Inquiries, f.Inquiries)
			leads.Counters.Set(post.Replies, f.Replies)
		}
		b.Accounts = append(b.Accounts, level, leads)
	}
}

func postForm(kind string) string {
	if kind == "note" {
		return "image"
	}
	return kind
}

// levels brings follower counts and last posts into the registry, and the leagues that follow from them.
func (l *sandboxLoader) levels(ctx context.Context) error {
	l.progress("levels", 0, 1)
	if err := l.account.TakeAllLevels(ctx, l.actor.BrandID); err != nil {
		return err
	}
	if _, err := l.account.RefreshLeagues(ctx, l.actor); err != nil {
		return err
	}
	l.progress("levels", 1, 1)
	return nil
}

// days closes every day of the history, so that sleepers, windows and boards stand as on any other evening.
func (l *sandboxLoader) days(ctx context.Context) error {
	l.progress("days", 0, 1)
	if err := l.insight.Close(ctx, l.actor.BrandID); err != nil {
		return err
	}
	l.progress("days", 1, 1)
	return l.db.Optimize(ctx)
}

// chunks calls fn for the ranges of n in steps.
func chunks(n, step int, fn func(from, to int) error) error {
	for from := 0; from < n; from += step {
		if err := fn(from, min(from+step, n)); err != nil {
			return err
		}
	}
	return nil
}
