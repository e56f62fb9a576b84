package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
)

// The shape of the scratch brand: stores of ten accounts, dealers of eight stores, eight regions.
const (
	perStore  = 10
	perDealer = 8
	regions   = 8
)

// place names the units above account i.
func place(i int) (region, dealer, store string) {
	s := i / perStore
	d := s / perDealer
	region = fmt.Sprintf("大区%d", d%regions+1)
	dealer = fmt.Sprintf("%s/经销商%d", region, d+1)
	return region, dealer, fmt.Sprintf("%s/门店%d", dealer, s+1)
}

// accounts registers n accounts with a person each, through the roster's own way in.
func accounts(ctx context.Context, r *run, s *System, n int) error {
	if err := units(ctx, s, n); err != nil {
		return err
	}
	platforms := []string{"douyin", "xiaohongshu", "douyin", "channels", "xiaohongshu", "douyin", "channels", "xiaohongshu", "douyin", "kuaishou"} // the mix of the field
	batch := s.IDs.New()
	for from := 0; from < n; from += account.RosterBatch {
		rows := make([]account.RosterRow, 0, account.RosterBatch)
		for i := from; i < min(n, from+account.RosterBatch); i++ {
			_, _, store := place(i)
			rows = append(rows, account.RosterRow{
				Row: i + 1, UnitPath: store, UnitKind: "store", Member: fmt.Sprintf("成员%06d", i), Phone: fmt.Sprintf("139%08d", i), Role: "kos",
				Platform: platforms[i%len(platforms)], Handle: fmt.Sprintf("kos_%06d", i), Name: fmt.Sprintf("账号%06d", i*7919%n), AccountKind: "employee", Ownership: "company", CreatedDay: 20200101,
			})
		}
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			out, err := s.Account.RosterApply(ctx, tx, s.Actor, batch, rows)
			if err == nil && len(out.Errors) > 0 {
				err = errs.New(errs.Invalid, out.Errors[0].Slug, "row", out.Errors[0].Row)
			}
			return err
		})
		if err != nil {
			return err
		}
		if from%10_000 == 0 {
			r.Say("accounts %d/%d", from, n)
		}
	}
	return nil
}

func units(ctx context.Context, s *System, n int) error {
	var specs []org.PathSpec
	seen := map[string]bool{}
	add := func(path, kind string) {
		if !seen[path] {
			seen[path] = true
			specs = append(specs, org.PathSpec{Path: path, Kind: kind})
		}
	}
	for i := 0; i < n; i += perStore {
		region, dealer, store := place(i)
		add(region, "region")
		add(dealer, "dealer")
		add(store, "store")
	}
	for from := 0; from < len(specs); from += 2000 {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := s.Org.EnsurePaths(ctx, tx, s.Actor, 0, specs[from:min(len(specs), from+2000)])
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// accountIDs lists the accounts in the order they were registered.
func accountIDs(ctx context.Context, s *System) ([]id.ID, error) {
	var out []id.ID
	after := id.ID(0)
	for {
		part, err := s.Account.WalkFacts(ctx, s.DB, s.Actor.BrandID, after, 5000)
		if err != nil || len(part) == 0 {
			return out, err
		}
		for _, f := range part {
			out = append(out, f.ID)
		}
		after = out[len(out)-1]
	}
}

const (
	historyDays = 365
	// factEvery is how far an account's days with figures lie apart.
	factEvery    = 3
	bulkAccounts = 40 // per transaction
)

// history books a year of figures for every account straight into facts and sums, then closes the days.
func history(ctx context.Context, r *run, s *System) error {
	ids, err := accountIDs(ctx, s)
	if err != nil {
		return err
	}
	today := clock.DayOf(s.Clock.Now(), clock.Shanghai())
	days := make([]clock.Day, historyDays)
	for i := range days {
		days[i] = today.Add(i - historyDays + 1)
	}
	bulk := s.Insight.Bulk(s.Actor.BrandID)
	for from := 0; from < len(ids); from += bulkAccounts {
		deltas := make([]post.Delta, 0, bulkAccounts*historyDays/factEvery+bulkAccounts)
		for i := from; i < min(len(ids), from+bulkAccounts); i++ {
			deltas = append(deltas, yearOf(s.Actor.BrandID, ids[i], i, days)...)
		}
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return bulk.Add(ctx, tx, deltas) })
		if err == nil && bulk.Full() {
			err = bulk.Flush(ctx)
		}
		if err != nil {
			return err
		}
		if from%4000 == 0 {
			r.Say("facts of %d/%d accounts", from, len(ids))
		}
	}
	if err := bulk.Flush(ctx); err != nil {
		return err
	}
	r.Say("closing the days")
	return s.Insight.Close(ctx, s.Actor.BrandID)
}

// yearOf draws an account's figures: heavy-tailed views on every third day.
func yearOf(brand, account id.ID, i int, days []clock.Day) []post.Delta {
	r := rand.New(rand.NewPCG(1, uint64(i))) //nolint:gosec // invented figures
	level := math.Exp(4 + 2*r.NormFloat64())
	out := make([]post.Delta, 0, len(days)/factEvery+1)
	for d := i % factEvery; d < len(days); d += factEvery {
		v := int64(level * math.Exp(r.NormFloat64()))
		x := post.Delta{BrandID: brand, AccountID: account, Day: days[d], Class: post.ClassFile, AsOf: clock.MsOf(days[d].Add(1).In(clock.Shanghai()))}
		x.Values = post.Values{
			post.MPosts: 1, post.MViews: v, post.MLikes: v / 20, post.MComments: v / 200, post.MSaves: v / 100, post.MShares: v / 300,
			post.MInteractions: v/20 + v/200 + v/100 + v/300, post.MFollowers: v / 500,
		}
		out = append(out, x)
	}
	return out
}
