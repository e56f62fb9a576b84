package post_test

import (
	"context"
	"fmt"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// list is an export of account 101 as of a day: posts 1…n but those left out, with likes.
func list(asOf string, likes int64, n int, without ...int) (items []post.Item) {
	for i := 1; i <= n; i++ {
		skip := false
		for _, w := range without {
			skip = skip || w == i
		}
		if !skip {
			items = append(items, post.Item{
				AccountID: 101, Title: fmt.Sprint("笔记", i), Kind: "image", PublishedAt: at(fmt.Sprintf("2026-09-%02d 10:00", i)), AsOf: at(asOf + " 09:00"),
				Counters: post.Counters{}.With(post.Views, 1000).With(post.Likes, likes),
			})
		}
	}
	return items
}

func (s *shop) losses(find func(context.Context, db.Querier, id.ID, []id.ID, post.Limits) ([]post.Loss, error)) string {
	s.t.Helper()
	got, err := find(context.Background(), s.db, brand, []id.ID{101, 102}, post.Limits{Posts: 3, Percent: 10, Fallen: 5})
	if err != nil {
		s.t.Fatal(err)
	}
	out := ""
	for _, l := range got {
		out += fmt.Sprintf("%d %d %d→%d;", l.AccountID, l.Day, l.Before, l.After)
	}
	return out
}

func (s *shop) deletions() string {
	s.t.Helper()
	return s.losses(func(ctx context.Context, q db.Querier, b id.ID, ids []id.ID, l post.Limits) ([]post.Loss, error) {
		return s.post.MassDeletions(ctx, q, b, ids, 20261001, l)
	})
}

func (s *shop) bursts() string {
	s.t.Helper()
	return s.losses(func(ctx context.Context, q db.Querier, b id.ID, ids []id.ID, l post.Limits) ([]post.Loss, error) {
		return s.post.CounterBursts(ctx, q, b, ids, 20261001, l)
	})
}

func TestPostsMissingFromTheNextListAreAMassDeletion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.apply(list("2026-10-02", 10, 12)...)
		s.apply(list("2026-10-09", 10, 12, 1, 2, 12)...) // a list of other days: the ends are not covered
		if got := s.deletions(); got != "" {
			t.Errorf("outside the list's days: %s", got)
		}
		s.apply(list("2026-10-16", 10, 12, 5, 6)...)
		if got := s.deletions(); got != "" {
			t.Errorf("two are too few: %s", got)
		}
		s.apply(list("2026-10-23", 10, 12, 5, 6, 7, 8, 9)...)
		if got := s.deletions(); got != "101 20261023 10→7;" {
			t.Errorf("three gone: %q", got)
		}
		s.apply(list("2026-10-30", 10, 12, 5, 6, 7, 8, 9)...)
		if got := s.deletions(); got != "101 20261023 10→7;" {
			t.Errorf("the next list finds nothing new: %q", got)
		}
		rows, err := s.post.DeletedRows(context.Background(), d, brand, 101, 20261023)
		if err != nil || len(rows) != 3 || rows[0].Title != "笔记9" || *rows[0].Before != 1000 {
			t.Errorf("%+v %v", rows, err)
		}
		s.apply(list("2026-11-06", 10, 12)...) // they are back: nothing was deleted
		if got := s.deletions(); got != "" {
			t.Errorf("back: %q", got)
		}
	})
}

func TestPostsCalledDeletedAndFallingTotals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.apply(list("2026-10-02", 10, 9)...)
		items := list("2026-10-20", 10, 9)
		for i := range 4 {
			items[i].Deleted = true
		}
		s.apply(items...)
		for i := range items { // the same said again later is no new loss
			items[i].AsOf = at("2026-10-25 09:00")
		}
		s.apply(items...)
		if got := s.deletions(); got != "101 20261020 9→5;" {
			t.Errorf("called deleted: %q", got)
		}
		total := func(asOf string, n int64) {
			if _, _, err := s.try(post.Batch{Accounts: []post.AccountItem{{AccountID: 102, AsOf: at(asOf + " 09:00"), Counters: post.Counters{}.With(post.Posts, n)}}}); err != nil {
				t.Fatal(err)
			}
		}
		total("2026-10-01", 40)
		total("2026-10-11", 38)
		total("2026-10-12", 30)
		if got := s.deletions(); got != "101 20261020 9→5;102 20261012 38→30;" {
			t.Errorf("the total fell: %q", got)
		}
		rows, err := s.post.DeletedRows(context.Background(), d, brand, 102, 20261012)
		if err != nil || len(rows) != 1 || rows[0].PostID != 0 || *rows[0].After != 30 {
			t.Errorf("%+v %v", rows, err)
		}
	})
}

func TestCountersOfManyPostsFallingAtOnceAreABurst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.apply(list("2026-10-02", 100, 6)...)
		four := list("2026-10-09", 100, 6)
		for i := range 4 {
			four[i].Counters.Set(post.Likes, 90)
		}
		s.apply(four...)
		if got := s.bursts(); got != "" {
			t.Errorf("four are too few: %s", got)
		}
		s.apply(list("2026-10-16", 60, 6)...)
		if got := s.bursts(); got != "101 20261016 560→360;" {
			t.Errorf("%q", got)
		}
		rows, err := s.post.FallenRows(context.Background(), d, brand, 101, 20261016)
		if err != nil || len(rows) != 6 || rows[0].Counter != "likes" || *rows[0].Before != 100 || *rows[0].After != 60 {
			t.Errorf("%+v %v", rows, err)
		}
	})
}

func TestFollowerHistoryKeepsWhatWasLearnedLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		for _, n := range []int64{500, 510} { // the second corrects the first
			if _, _, err := s.try(post.Batch{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-10-01 09:00"), Counters: post.Counters{}.With(post.Followers, n)}}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.try(post.Batch{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-10-05 09:00"), Counters: post.Counters{}.With(post.Followers, 300)}}}); err != nil {
			t.Fatal(err)
		}
		levels, err := s.post.FollowerHistory(context.Background(), d, brand, 101, 20260901, 20261031)
		if err != nil || len(levels) != 2 || levels[0].Followers != 510 || levels[1].Followers != 300 {
			t.Errorf("%+v %v", levels, err)
		}
		rows, err := s.post.FollowerRows(context.Background(), d, brand, 101, 20261005)
		if err != nil || len(rows) != 2 || *rows[0].Before != 510 || rows[1].Before != nil {
			t.Errorf("%+v %v", rows, err)
		}
	})
}
