package post_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/post"
)

const brand = id.ID(1)

// registry answers for accounts 101 (unit 31) and 102 (unit 32); unit 31 is what a store manager sees.
type registry struct{}

func (registry) PostRefs(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]post.AccountRef, error) {
	out := map[id.ID]post.AccountRef{}
	for _, a := range ids {
		if a == 101 || a == 102 {
			out[a] = post.AccountRef{ID: a, UnitID: a - 70, Platform: "xiaohongshu"}
		}
	}
	return out, nil
}

func (registry) PostLabels(_ context.Context, _ id.ID, accounts []id.ID) (map[id.ID]post.Label, error) {
	out := map[id.ID]post.Label{}
	for _, a := range accounts {
		out[a] = post.Label{Handle: "kos_" + a.String()}
	}
	return out, nil
}

func (registry) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, _ string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	return authz.Scope{BrandID: actor.BrandID, All: all, Roots: roots, Units: roots}, nil
}

type shop struct {
	t    testing.TB
	db   *db.DB
	post *post.Service
	now  clock.Ms
}

func newShop(t testing.TB, d *db.DB) *shop {
	fake := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))
	return &shop{t: t, db: d, post: post.New(d, id.NewSource(1, fake.Now), fake, registry{}, registry{}), now: clock.MsOf(fake.Now())}
}

func (s *shop) try(b post.Batch) (post.Result, []post.Delta, error) {
	s.now++
	b.BrandID, b.Origin, b.LearnedAt, b.Zone = brand, post.Export, s.now, clock.Shanghai()
	var res post.Result
	var deltas []post.Delta
	err := s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		res, deltas, err = s.post.Apply(ctx, tx, b)
		return err
	})
	return res, deltas, err
}

func (s *shop) apply(items ...post.Item) string {
	s.t.Helper()
	res, _, err := s.try(post.Batch{Items: items})
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%d+%d=%d×%d", res.Inserted, res.Updated, res.Unchanged, res.Doubled)
}

func at(s string) clock.Ms {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai())
	if err != nil {
		panic(err)
	}
	return clock.MsOf(t)
}

func views(n int64) post.Counters { return post.Counters{}.With(post.Views, n) }

func sets() []migrate.Set { return []migrate.Set{post.Migrations()} }

func TestOnePostIsRecognisedHoweverItIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		step := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s, want %s (inserted+updated=unchanged×doubled)", what, got, want)
			}
		}
		a, b, c := at("2026-07-01 09:00"), at("2026-07-02 09:00"), at("2026-07-03 09:00")
		published := at("2026-06-01 10:30")
		step("without an id", s.apply(post.Item{AccountID: 101, Title: "好看 的裙子", PublishedAt: published, AsOf: a, Counters: views(5)}), "1+0=0×0")
		step("the same with other blanks and seconds", s.apply(post.Item{AccountID: 101, Title: "好看的 裙子", PublishedAt: published + 30_000, AsOf: a, Counters: views(5)}), "0+0=1×0")
		step("an id appears", s.apply(post.Item{AccountID: 101, ExternalID: "x1", Title: "好看的裙子", PublishedAt: published, AsOf: b, Counters: views(7)}), "0+1=0×0")
		step("the id alone", s.apply(post.Item{AccountID: 101, ExternalID: "x1", AsOf: c, Counters: views(7)}), "0+0=1×0")
		step("another id, same title and minute", s.apply(post.Item{AccountID: 101, ExternalID: "x2", Title: "好看的裙子", PublishedAt: published, AsOf: b, Counters: views(1)}), "1+0=0×0")
		step("another account", s.apply(post.Item{AccountID: 102, Title: "好看的裙子", PublishedAt: published, AsOf: b, Counters: views(1)}), "1+0=0×0")
		step("only the day is told", s.apply(post.Item{AccountID: 102, Title: "好看的裙子", PublishedAt: at("2026-06-01 00:00"), DayOnly: true, AsOf: c, Counters: views(2)}), "0+1=0×0")
		step("twice in one batch", s.apply(post.Item{AccountID: 102, Title: "二", PublishedAt: published, AsOf: b, Counters: views(1)}, post.Item{AccountID: 102, Title: "二", PublishedAt: published, AsOf: b, Counters: views(3)}), "1+0=0×1")
		step("a fall", s.apply(post.Item{AccountID: 102, Title: "二", PublishedAt: published, AsOf: c, Counters: views(2)}), "0+1=0×0")
		fallen, err := s.post.List(context.Background(), authz.SystemActor(brand, clock.Shanghai()), post.Filter{Fell: true}, post.ByViews, nil, 10)
		if err != nil || len(fallen) != 1 || fallen[0].Title != "二" {
			t.Errorf("fallen: %+v %v", fallen, err)
		}
		if _, _, err := s.try(post.Batch{Items: []post.Item{{AccountID: 999, Title: "x", PublishedAt: published, AsOf: a}}}); !errs.Is(err, "post.unknown_account") {
			t.Error(err)
		}
		if _, _, err := s.try(post.Batch{Items: []post.Item{{AccountID: 101, Title: "x", AsOf: a}}}); !errs.Is(err, "post.no_identity") {
			t.Error(err)
		}
	})
}

func TestPreviewTellsWhatApplyDoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.apply(post.Item{AccountID: 101, Title: "一", PublishedAt: at("2026-06-01 10:30"), AsOf: at("2026-07-01 09:00"), Counters: views(5)})
		b := post.Batch{BrandID: brand, Origin: post.Export, LearnedAt: s.now, Zone: clock.Shanghai(), Items: []post.Item{
			{AccountID: 101, Title: "一", PublishedAt: at("2026-06-01 10:30"), AsOf: at("2026-07-02 09:00"), Counters: views(6)},
			{AccountID: 101, Title: "新", PublishedAt: at("2026-06-01 10:31"), AsOf: at("2026-07-02 09:00"), Counters: views(6)},
		}}
		told, err := s.post.Preview(context.Background(), d, b)
		if err != nil {
			t.Fatal(err)
		}
		did, _, err := s.try(b)
		if err != nil || fmt.Sprint(told) != fmt.Sprint(did) || did.Inserted != 1 || did.Updated != 1 {
			t.Errorf("told %+v, did %+v, %v", told, did, err)
		}
	})
}

func TestListWalksEveryPostOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		var items []post.Item
		for i := range 60 {
			it := post.Item{AccountID: id.ID(101 + i%2), Title: fmt.Sprint("第", i), PublishedAt: at("2026-06-01 10:30") + clock.Ms(i/4*60_000), AsOf: at("2026-07-01 09:00")}
			if i%3 > 0 {
				it.Counters = views(int64(i % 7))
			}
			items = append(items, it)
		}
		s.apply(items...)
		m := post.Module(s.post, registry{}, texts{})
		srv := webtest.New(t, webtest.Room{Permissions: m.Permissions, Routes: m.Routes, Messages: []i18n.Source{{Room: "post", FS: m.Messages}}})
		hq, store := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.StoreManager, 31)
		type page struct {
			Items []struct {
				ID    string `json:"id"`
				Views *int64 `json:"views"`
			} `json:"items"`
			Next string `json:"next"`
		}
		for _, sort := range []string{"-published_at", "views", "-interactions", "likes"} {
			for _, c := range []struct {
				who  authz.Actor
				want int
			}{{hq, 60}, {store, 30}} {
				seen, cursor := map[string]bool{}, ""
				last := int64(1 << 60)
				for range 20 {
					res := srv.Do(t, webtest.Scenario{URL: "/api/v1/post/posts?limit=7&sort=" + sort + "&cursor=" + url.QueryEscape(cursor), Actor: &c.who, Status: http.StatusOK})
					var p page
					if err := json.Unmarshal(res.Body, &p); err != nil {
						t.Fatal(err)
					}
					for _, it := range p.Items {
						seen[it.ID] = true
						v := int64(-1)
						if it.Views != nil {
							v = *it.Views
						}
						if sort == "views" && v > last {
							t.Errorf("%d after %d", v, last)
						}
						last = v
					}
					if cursor = p.Next; cursor == "" {
						break
					}
				}
				if len(seen) != c.want {
					t.Errorf("%s: saw %d posts, want %d", sort, len(seen), c.want)
				}
			}
		}
		srv.Run(t, []webtest.Scenario{
			{Name: "count", Actor: &hq, URL: "/api/v1/post/count?unit=", Status: http.StatusOK, JSON: map[string]any{"count": 60}},
			{Name: "one day", Actor: &hq, URL: "/api/v1/post/posts?from=2026-06-01&to=2026-06-01&limit=100", Status: http.StatusOK, JSON: map[string]any{"items.#": 60}},
			{Name: "title", Actor: &hq, URL: "/api/v1/post/posts?q=" + url.QueryEscape("第 59"), Status: http.StatusOK, JSON: map[string]any{"items.#": 1}},
			{Name: "unknown", Actor: &hq, URL: "/api/v1/post/posts/77", Status: http.StatusNotFound},
			{Name: "a strange cursor", Actor: &hq, URL: "/api/v1/post/posts?cursor=abc", Status: http.StatusUnprocessableEntity},
		})
	})
}

type texts struct{}

func (texts) Text(_ i18n.Lang, slug string, _ map[string]any) string { return slug }
