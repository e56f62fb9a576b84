package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
)

const (
	matrixAccounts = 100_000
	smallAccounts  = 1_000
)

// matrix is a brand of n accounts with a year of figures.
func matrix(name string, n int) recipe {
	return recipe{name, func(ctx context.Context, r *run, s *System) error {
		if err := accounts(ctx, r, s, n); err != nil {
			return err
		}
		return history(ctx, r, s)
	}}
}

// scopes are the callers a list or overview is measured for; the region, dealer and store are those of account 0.
func scopes(ctx context.Context, s *System) (map[string]string, error) {
	region, dealer, store := place(0)
	out := map[string]string{}
	for _, x := range []struct {
		name, unit string
		role       authz.Role
	}{{"brand", "", authz.HQOps}, {"region", region, authz.RegionManager}, {"dealer", dealer, authz.RegionManager}, {"store", store, authz.StoreManager}} {
		token, err := s.Token(ctx, x.role, x.unit)
		if err != nil {
			return nil, err
		}
		out[x.name] = token
	}
	return out, nil
}

func scopeNames() []string { return []string{"brand", "region", "dealer", "store"} }

// call sends one request through the whole handler and tells how long it took.
func (s *System) call(ctx context.Context, token, target string) (*httptest.ResponseRecorder, time.Duration, error) {
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	res := httptest.NewRecorder()
	took, _ := stopwatch(func() error { s.Handler.ServeHTTP(res, req); return nil })
	if res.Code != http.StatusOK {
		return res, took, fmt.Errorf("%s: %d %s", target, res.Code, res.Body.String())
	}
	return res, took, nil
}

// times calls every target rounds times, after once for warming up.
func (s *System) times(ctx context.Context, token string, targets []string, rounds int) ([]time.Duration, error) {
	var out []time.Duration
	for round := range rounds + 1 {
		for _, t := range targets {
			_, took, err := s.call(ctx, token, t)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				out = append(out, took)
			}
		}
	}
	return out, nil
}

// overview measures both brands in turns, so that what else the machine does meets both.
func overview(ctx context.Context, r *run) error {
	small, doneSmall, err := r.store(ctx, matrix("matrix-small", smallAccounts))
	if err != nil {
		return err
	}
	large, done, err := r.store(ctx, matrix("matrix", matrixAccounts))
	if err != nil {
		return joinClose(err, doneSmall)
	}
	err = r.overviews(ctx, [2]*System{small, large})
	if err == nil {
		err = r.leaderboards(ctx, large)
	}
	if err == nil {
		err = r.drills(ctx, large)
	}
	return joinClose(joinClose(err, done), doneSmall)
}

func (r *run) overviews(ctx context.Context, brands [2]*System) error {
	var tokens [2]map[string]string
	for i, s := range brands {
		var err error
		if tokens[i], err = scopes(ctx, s); err != nil {
			return err
		}
	}
	yesterday := brands[0].yesterday()
	var targets []string
	for _, days := range []int{7, 30, 90, historyDays - 1} {
		targets = append(targets, "/api/v1/insight/overview?"+period(yesterday.Add(1-days), yesterday))
	}
	for _, name := range scopeNames() {
		var times [2][]time.Duration
		for round := range 26 {
			for i, s := range brands {
				if round == 0 { // warms up, too
					if err := s.tells(ctx, tokens[i][name], targets); err != nil {
						return err
					}
					continue
				}
				took, err := s.times(ctx, tokens[i][name], targets, 1)
				if err != nil {
					return err
				}
				times[i] = append(times[i], took...)
			}
		}
		r.latency("overview."+name, "ms p95", quantile(times[1], 0.95), quantile(times[0], 0.95),
			fmt.Sprintf("%d accounts × %d days against %d, in turns; 7, 30, 90 and 364 days; p50 %.1f and %.1f ms", matrixAccounts, historyDays, smallAccounts, quantile(times[1], 0.5), quantile(times[0], 0.5)))
	}
	return nil
}

// tells makes sure that what is measured are overviews with figures in them.
func (s *System) tells(ctx context.Context, token string, targets []string) error {
	for _, t := range targets {
		res, _, err := s.call(ctx, token, t)
		if err != nil {
			return err
		}
		var body struct {
			Figures struct {
				Views struct {
					Value int64 `json:"value"`
				} `json:"views"`
			} `json:"figures"`
		}
		if err := json.Unmarshal(res.Body.Bytes(), &body); err != nil || body.Figures.Views.Value == 0 {
			return errors.Join(fmt.Errorf("%s tells no views", t), err)
		}
	}
	return nil
}

func (s *System) yesterday() clock.Day { return clock.DayOf(s.Clock.Now(), clock.Shanghai()).Add(-1) }

func period(from, to clock.Day) string {
	return url.Values{"from": {from.String()}, "to": {to.String()}}.Encode()
}

// The promised times of leaderboards in milliseconds.
const (
	keptTarget  = 50
	rangeTarget = 2000
	drillTarget = 500
)

// drills opens the views of a scope to its accounts: the first page, and the second.
func (r *run) drills(ctx context.Context, s *System) error {
	tokens, err := scopes(ctx, s)
	if err != nil {
		return err
	}
	y := s.yesterday()
	var first, next []time.Duration
	for _, name := range scopeNames() {
		slowest := time.Duration(0)
		for _, p := range []string{period(y.Add(-6), y), period(y.Add(-29), y), period(y.Add(-363), y)} {
			target := "/api/v1/insight/rows?metric=views&limit=50&" + p
			res, took, err := s.call(ctx, tokens[name], target)
			if err != nil {
				return err
			}
			first, slowest = append(first, took), max(slowest, took)
			var body struct {
				Next string `json:"next"`
			}
			if err := json.Unmarshal(res.Body.Bytes(), &body); err != nil || body.Next == "" {
				continue
			}
			if _, took, err = s.call(ctx, tokens[name], target+"&cursor="+url.QueryEscape(body.Next)); err != nil {
				return err
			}
			next = append(next, took)
		}
		r.Say("drill, %s: first page %.0f ms at most", name, slowest.Seconds()*1000)
	}
	r.latency("drill.first", "ms max", quantile(first, 1), drillTarget, "the accounts behind the views of 7, 30 and 364 days in four scopes, largest first; the reference is the promise")
	r.latency("drill.next", "ms max", quantile(next, 1), drillTarget, "the page after it; the reference is the promise")
	return nil
}

func (r *run) leaderboards(ctx context.Context, s *System) error {
	tokens, err := scopes(ctx, s)
	if err != nil {
		return err
	}
	const path = "/api/v1/insight/leaderboard?limit=100&metric=views&"
	y := s.yesterday()
	var kept, ranges []time.Duration
	for _, name := range scopeNames() {
		var windows []string
		for _, w := range []string{"1d", "7d", "30d", "90d"} {
			windows = append(windows, path+"window="+w, path+"window="+w+"&platform=douyin")
		}
		a, err := s.times(ctx, tokens[name], windows, 5)
		if err != nil {
			return err
		}
		b, err := s.times(ctx, tokens[name], []string{path + period(y.Add(-52), y.Add(-3)), path + period(y.Add(-9), y), path + period(y.Add(-300), y.Add(-10))}, 2)
		if err != nil {
			return err
		}
		r.Say("leaderboard, %s: kept p95 %.1f ms, ranges %.0f ms", name, quantile(slices.Clone(a), 0.95), quantile(slices.Clone(b), 0.95))
		kept, ranges = append(kept, a...), append(ranges, b...)
	}
	r.latency("leaderboard.kept", "ms p95", quantile(kept, 0.95), keptTarget, "top 100 of 1, 7, 30 and 90 days in four scopes, all platforms and one; the reference is the promise")
	r.latency("leaderboard.range", "ms p95", quantile(ranges, 0.95), rangeTarget, "top 100 of 10, 50 and 290 days in four scopes; the reference is the promise")
	return nil
}
