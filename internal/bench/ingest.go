package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

const (
	ingestAccounts = 100_000
	ingestBatch    = 5_000
	ingestRounds   = 5
	// ingestTurns cuts a day: ours and bare take turns, so that what else the machine does meets both.
	ingestTurns = 5
)

// ingest takes in a day of account snapshots with seven counters — snapshots, day facts, sums of every unit above — and
// sets it beside a bare bulk insert of the same rows into one keyed table. Two days are loaded before; each round loads
// the next day both ways. The first round of a store that is kept begins with nothing remembered.
func ingest(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, recipe{"ingest", func(ctx context.Context, r *run, s *System) error {
		if err := accounts(ctx, r, s, ingestAccounts); err != nil {
			return err
		}
		text := "CREATE TABLE bench_bare (brand_id BIGINT NOT NULL, account_id BIGINT NOT NULL, day INTEGER NOT NULL, " +
			"c1 BIGINT, c2 BIGINT, c3 BIGINT, c4 BIGINT, c5 BIGINT, c6 BIGINT, c7 BIGINT, PRIMARY KEY (brand_id, account_id, day))"
		if s.DB.Dialect() == db.SQLite {
			text += " WITHOUT ROWID"
		}
		_, err := s.DB.Exec(ctx, text)
		return err
	}})
	if err != nil {
		return err
	}
	err = ingestDays(ctx, r, s)
	return joinClose(err, done)
}

func ingestDays(ctx context.Context, r *run, s *System) error {
	ids, err := accountIDs(ctx, s)
	if err != nil {
		return err
	}
	last, err := db.One[int64](ctx, s.DB, "SELECT CAST(COALESCE(MAX(day), 20260101) AS BIGINT) FROM bench_bare")
	if err != nil {
		return err
	}
	day := clock.Day(last)
	first := 0
	if last == 20260101 {
		first = -2 // days loaded before
	}
	var ours, bare, ratios, work []float64
	for round := first; round < ingestRounds; round++ {
		day = day.Add(1)
		var took, plain, busy, busyPlain time.Duration
		for turn := range ingestTurns {
			lo, hi := turn*len(ids)/ingestTurns, (turn+1)*len(ids)/ingestTurns
			start := cpuTime()
			x, err := stopwatch(func() error { return ingestDay(ctx, s, ids, span{lo, hi}, day) })
			if err != nil {
				return err
			}
			runtime.GC() // what one left is not swept at the other's cost
			mid := cpuTime()
			y, err := stopwatch(func() error { return bareDay(ctx, s, ids, span{lo, hi}, day) })
			if err != nil {
				return err
			}
			runtime.GC()
			took, plain, busy, busyPlain = took+x, plain+y, busy+mid-start, busyPlain+cpuTime()-mid
		}
		r.Say("day %d: %.2f s, bare %.2f s; own processor time %.2f s, bare %.2f s", day, took.Seconds(), plain.Seconds(), busy.Seconds(), busyPlain.Seconds())
		if round >= 0 {
			ours, bare = append(ours, rate(ids, took)), append(bare, rate(ids, plain))
			ratios = append(ratios, plain.Seconds()/took.Seconds())
			work = append(work, busyPlain.Seconds()/max(busy.Seconds(), 1e-9))
		}
	}
	detail := fmt.Sprintf("a day of %d accounts × 7 counters; medians of %d days, ratios %.2f, of this process's processor time %.2f", len(ids), len(ratios), ratios, work)
	r.add(Result{Name: "ingest", Ours: median(ours), Reference: median(bare), Ratio: median(ratios), Unit: "accounts/s", Detail: detail})
	return nil
}

// span is a run of accounts.
type span struct{ from, to int }

func rate(ids []id.ID, took time.Duration) float64 { return float64(len(ids)) / took.Seconds() }

// countersOf invents what account i shows on a day; every counter grows.
func countersOf(i int, day clock.Day) (v [7]int64) {
	n := int64(day.Sub(20260101))
	for c := range v {
		v[c] = int64(i%977+1)*int64(c+1)*100 + n*int64(i%53+1)*int64(c+1)
	}
	return v
}

func ingestDay(ctx context.Context, s *System, ids []id.ID, of span, day clock.Day) error {
	asOf := clock.MsOf(day.In(clock.Shanghai()).Add(22 * time.Hour))
	kinds := []post.Counter{post.Impressions, post.Views, post.Likes, post.Comments, post.Saves, post.Shares, post.Followers}
	base := post.Batch{BrandID: s.Actor.BrandID, ImportID: s.IDs.New(), Origin: post.API, LearnedAt: clock.MsOf(s.Clock.Now()), Zone: clock.Shanghai()}
	err := s.parallel(ctx, ids, of, func(ctx context.Context, from int, part []id.ID) error {
		b := base
		b.Accounts = make([]post.AccountItem, len(part))
		for k, a := range part {
			it := post.AccountItem{AccountID: a, AsOf: asOf}
			for c, v := range countersOf(from+k, day) {
				it.Counters.Set(kinds[c], v)
			}
			b.Accounts[k] = it
		}
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, deltas, err := s.Post.Apply(ctx, tx, b)
			if err != nil {
				return err
			}
			return s.Insight.Add(ctx, tx, deltas)
		})
	})
	if err != nil {
		return err
	}
	return s.Insight.FoldAll(ctx, s.Actor.BrandID)
}

func bareDay(ctx context.Context, s *System, ids []id.ID, of span, day clock.Day) error {
	cols := []string{"brand_id", "account_id", "day", "c1", "c2", "c3", "c4", "c5", "c6", "c7"}
	return s.parallel(ctx, ids, of, func(ctx context.Context, from int, part []id.ID) error {
		rows := make([][]any, len(part))
		for k, a := range part {
			row := append(make([]any, 0, len(cols)), int64(s.Actor.BrandID), int64(a), int64(day))
			for _, v := range countersOf(from+k, day) {
				row = append(row, v)
			}
			rows[k] = row
		}
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return db.Copy(ctx, tx, "bench_bare", cols, rows) })
	})
}

// parallel calls fn with runs of accounts: one after the other on SQLite, from two collectors with half of the accounts
// each where the engine takes two writers.
func (s *System) parallel(ctx context.Context, ids []id.ID, of span, fn func(ctx context.Context, from int, part []id.ID) error) error {
	writers := 1
	if s.DB.Dialect() == db.Postgres {
		writers = 2
	}
	g, ctx := errgroup.WithContext(ctx)
	share := (of.to - of.from + writers - 1) / writers
	for w := range writers {
		lo, hi := of.from+w*share, min(of.to, of.from+(w+1)*share)
		g.Go(func() error {
			for at := lo; at < hi; at += ingestBatch {
				if err := fn(ctx, at, ids[at:min(hi, at+ingestBatch)]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
