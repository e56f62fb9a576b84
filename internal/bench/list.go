package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

const (
	postsPerAccount = 10
	deepPages       = 40
	listTarget      = 15 // ms
)

// listed is the matrix with a million posts.
func listed() recipe {
	m := matrix("lists", matrixAccounts)
	return recipe{m.name, func(ctx context.Context, r *run, s *System) error {
		if err := accounts(ctx, r, s, matrixAccounts); err != nil {
			return err
		}
		return posts(ctx, r, s, postsPerAccount)
	}}
}

// posts gives every account each posts of the last half year.
func posts(ctx context.Context, r *run, s *System, each int) error {
	ids, err := accountIDs(ctx, s)
	if err != nil {
		return err
	}
	batch := max(1, 3000/each)
	bulk := s.Insight.Bulk(s.Actor.BrandID)
	now := s.Clock.Now()
	for from := 0; from < len(ids); from += batch {
		b := post.Batch{BrandID: s.Actor.BrandID, ImportID: s.IDs.New(), Origin: post.Export, LearnedAt: clock.MsOf(now), Zone: clock.Shanghai()}
		for i := from; i < min(len(ids), from+batch); i++ {
			b.Items = append(b.Items, postsOf(ids[i], i, each, now)...)
		}
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, deltas, err := s.Post.Apply(ctx, tx, b)
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
		if from/batch%20 == 0 {
			r.Say("posts of %d/%d accounts", from, len(ids))
		}
	}
	return bulk.Flush(ctx)
}

func postsOf(account id.ID, i, each int, now time.Time) []post.Item {
	rnd := rand.New(rand.NewPCG(2, uint64(i))) //nolint:gosec // invented figures
	kinds := []string{"video", "image"}
	out := make([]post.Item, each)
	for k := range out {
		at := now.Add(-time.Duration(rnd.Int64N(180*24*3600)) * time.Second)
		views := int64(rnd.ExpFloat64() * 3000)
		out[k] = post.Item{
			AccountID: account, Title: fmt.Sprintf("第%d条 新车到店 %06d", k+1, i), Kind: kinds[k%2], PublishedAt: clock.MsOf(at), AsOf: clock.MsOf(now),
			Counters: post.Counters{}.With(post.Views, views).With(post.Likes, views/20).With(post.Comments, views/200).With(post.Saves, views/90).With(post.Shares, views/300),
		}
	}
	return out
}

// listCases are the declared sorts and indexed filters.
func listCases() []string {
	const p, a = "/api/v1/post/posts?limit=50", "/api/v1/account/accounts?limit=50"
	return []string{
		p + "&sort=-published_at", p + "&sort=-views", p + "&sort=-likes", p + "&sort=-interactions", p + "&sort=-views&platform=douyin", p + "&sort=-published_at&kind=video",
		a + "&sort=name", a + "&sort=-followers", a + "&sort=created", a + "&sort=-last_post", a + "&sort=name&platform=douyin",
	}
}

func lists(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, listed())
	if err != nil {
		return err
	}
	return joinClose(r.measureLists(ctx, s), done)
}

func (r *run) measureLists(ctx context.Context, s *System) error {
	tokens, err := scopes(ctx, s)
	if err != nil {
		return err
	}
	for _, name := range scopeNames() {
		var all []time.Duration
		worst, worstAt := 0.0, ""
		for _, target := range listCases() {
			deep, err := s.deep(ctx, tokens[name], target)
			if err != nil {
				return err
			}
			times, err := s.times(ctx, tokens[name], []string{target, deep}, 15)
			if err != nil {
				return err
			}
			all = append(all, times...)
			if p := quantile(times, 0.95); p > worst {
				worst, worstAt = p, strings.TrimPrefix(target, "/api/v1/")
			}
		}
		r.latency("list."+name, "ms p95", quantile(all, 0.95), listTarget, fmt.Sprintf("declared sorts and indexed filters, first and deep page; slowest %s with %.1f ms; the reference is the promise", worstAt, worst))
	}
	return r.throughputOfLists(ctx, s, tokens["brand"])
}

// deep follows a list for some pages and gives the address of the last one reached.
func (s *System) deep(ctx context.Context, token, target string) (string, error) {
	at := target
	for range deepPages {
		res, _, err := s.call(ctx, token, at)
		if err != nil {
			return "", err
		}
		var page struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(res.Body.Bytes(), &page); err != nil || page.Next == "" {
			return at, err
		}
		at = target + "&cursor=" + url.QueryEscape(page.Next)
	}
	return at, nil
}

// throughputOfLists sets the list of posts beside a bare handler that reads the same keyed rows and writes them as JSON.
func (r *run) throughputOfLists(ctx context.Context, s *System, token string) error {
	bare := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rows, err := db.All[bareRow](req.Context(), s.DB, `SELECT account_id, id, platform, title, url, external_id, kind, published_at, day_only, status, as_of, origin, impressions, views, likes,
			comments, saves, shares, followers_gained, interactions FROM post_post WHERE brand_id = $1 AND status <> 'gone' ORDER BY views DESC, id DESC LIMIT 50`, s.Actor.BrandID)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(rows)
	})
	ours, plain, err := r.turns(func() error {
		_, _, err := s.call(ctx, token, "/api/v1/post/posts?limit=50&sort=-views")
		return err
	}, func() error {
		res := httptest.NewRecorder()
		bare.ServeHTTP(res, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
		if res.Code != http.StatusOK {
			return fmt.Errorf("the bare handler: %s", res.Body.String())
		}
		return nil
	})
	r.throughput("list.requests", "requests/s", ours, plain, "50 posts by views for the whole brand, one caller at a time, token check included; the reference reads the same rows by key and checks nothing")
	return err
}

// turns lets two calls take turns, so that both meet the same noise, and gives how often a second each can be made.
func (r *run) turns(ours, plain func() error) (oursPerSecond, plainPerSecond float64, err error) {
	const rounds, each = 20, 100
	var took [2]time.Duration
	for round := range rounds + 1 {
		for i, call := range []func() error{ours, plain} {
			t, err := stopwatch(func() error {
				for range each {
					if err := call(); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return 0, 0, err
			}
			if round > 0 { // the first is for warming up
				took[i] += t
			}
		}
	}
	return rounds * each / took[0].Seconds(), rounds * each / took[1].Seconds(), nil
}

type bareRow struct {
	Account      id.ID  `db:"account_id" json:"account_id"`
	ID           id.ID  `db:"id" json:"id"`
	Platform     string `db:"platform" json:"platform"`
	Title        string `db:"title" json:"title"`
	URL          string `db:"url" json:"url"`
	ExternalID   string `db:"external_id" json:"external_id"`
	Kind         string `db:"kind" json:"kind"`
	PublishedAt  int64  `db:"published_at" json:"published_at"`
	DayOnly      bool   `db:"day_only" json:"day_only"`
	Status       string `db:"status" json:"status"`
	AsOf         int64  `db:"as_of" json:"as_of"`
	Origin       string `db:"origin" json:"origin"`
	Impressions  int64  `db:"impressions" json:"impressions"`
	Views        int64  `db:"views" json:"views"`
	Likes        int64  `db:"likes" json:"likes"`
	Comments     int64  `db:"comments" json:"comments"`
	Saves        int64  `db:"saves" json:"saves"`
	Shares       int64  `db:"shares" json:"shares"`
	Gained       *int64 `db:"followers_gained" json:"followers_gained"`
	Interactions int64  `db:"interactions" json:"interactions"`
}
