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

func overview(ctx context.Context, r *run) error {
	small, err := r.overviewTimes(ctx, matrix("matrix-small", smallAccounts), false)
	if err != nil {
		return err
	}
	large, err := r.overviewTimes(ctx, matrix("matrix", matrixAccounts), true)
	if err != nil {
		return err
	}
	for _, name := range scopeNames() {
		r.latency("overview."+name, "ms p95", quantile(large[name], 0.95), quantile(small[name], 0.95),
			fmt.Sprintf("%d accounts × %d days against %d; 7, 30, 90 and 365 days; p50 %.1f and %.1f ms", matrixAccounts, historyDays, smallAccounts, quantile(large[name], 0.5), quantile(small[name], 0.5)))
	}
	return nil
}

func (r *run) overviewTimes(ctx context.Context, c recipe, boards bool) (map[string][]time.Duration, error) {
	s, done, err := r.store(ctx, c)
	if err != nil {
		return nil, err
	}
	out, err := r.measureOverview(ctx, s)
	if err == nil && boards {
		err = r.leaderboards(ctx, s)
	}
	return out, joinClose(err, done)
}

func (r *run) measureOverview(ctx context.Context, s *System) (map[string][]time.Duration, error) {
	tokens, err := scopes(ctx, s)
	if err != nil {
		return nil, err
	}
	yesterday := s.yesterday()
	var targets []string
	for _, days := range []int{7, 30, 90, historyDays - 1} {
		targets = append(targets, "/api/v1/insight/overview?"+period(yesterday.Add(1-days), yesterday))
	}
	out := map[string][]time.Duration{}
	for _, name := range scopeNames() {
		if err := s.tells(ctx, tokens[name], targets); err != nil {
			return nil, err
		}
		if out[name], err = s.times(ctx, tokens[name], targets, 25); err != nil {
			return nil, err
		}
	}
	return out, nil
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
)

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
