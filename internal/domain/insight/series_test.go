package insight_test

import (
	"context"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

func TestCurvesAddUpToTheOverview(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		ctx := context.Background()
		b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-11-01", "2026-11-10", 100), item(103, "二", "2026-11-02", "2026-11-10", 50), item(104, "三", "2026-10-20", "2026-11-03", 70)}})
		b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-11-01", "2026-11-12", 180), item(103, "二", "2026-11-02", "2026-11-12", 40)}})
		p := insight.Period{From: 20261101, To: 20261130}
		for _, unit := range []string{"", "20", "31", "33"} {
			o := b.overview(p.From, p.To, unit)
			c, err := b.insight.Series(ctx, b.actor, unit, p)
			if err != nil {
				t.Fatal(err)
			}
			var now, before int64
			for _, x := range c.Days {
				now += x.Values["views"]
			}
			for _, x := range c.Before {
				before += x.Values["views"]
			}
			if len(c.Days) != 30 || now != *o.Figures.Views.Value || before != *o.Figures.Views.Previous {
				t.Errorf("unit %q: %d days, %d (%d before) against %d (%d)", unit, len(c.Days), now, before, *o.Figures.Views.Value, *o.Figures.Views.Previous)
			}
		}
		c, err := b.insight.AccountSeries(ctx, b.actor, 101, p)
		if err != nil || c.Days[0].Values["views"] != 100 || c.Days[11].Values["views"] != 80 {
			t.Errorf("account curve: %v %v", c, err)
		}
		if len(c.Followers) != 0 {
			t.Errorf("followers nobody told: %+v", c.Followers)
		}
		b.insight.PlugPosts(b.post)
		for day, n := range map[string]int64{"2026-10-01": 90, "2026-10-20": 100, "2026-11-05": 120, "2026-11-19": 80, "2026-12-02": 85} {
			b.apply(post.Batch{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at(day), Counters: post.Counters{}.With(post.Followers, n)}}})
		}
		c, err = b.insight.AccountSeries(ctx, b.actor, 101, p)
		if err != nil || len(c.Followers) != 3 || c.Followers[0].Followers != 100 || c.Followers[2].Followers != 80 || c.Followers[2].Origin != "file" {
			t.Errorf("follower counts, with the last before the period: %+v %v", c.Followers, err)
		}
	})
}

// narrow sees one store only.
type narrow struct{ *world }

func (narrow) Scope(_ context.Context, _ db.Querier, actor authz.Actor, _, _ string) (authz.Scope, error) {
	return authz.Scope{BrandID: actor.BrandID, Roots: []id.ID{33}, Units: []id.ID{33}}, nil
}

func TestAccountOutsideTheScopeHasNoCurve(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, sets()))
	b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-11-01", "2026-11-10", 100), item(104, "三", "2026-11-01", "2026-11-03", 70)}})
	s := insight.New(b.db, id.NewSource(2, b.clock.Now), b.clock, b.world, narrow{b.world})
	p := insight.Period{From: 20261101, To: 20261130}
	if _, err := s.AccountSeries(context.Background(), b.actor, 101, p); !errs.Is(err, "insight.unknown_account") {
		t.Errorf("outside: %v", err)
	}
	if _, err := s.AccountSeries(context.Background(), b.actor, 104, p); err != nil {
		t.Errorf("inside: %v", err)
	}
}
