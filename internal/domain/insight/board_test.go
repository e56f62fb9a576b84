package insight_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

// standings shows a leaderboard as text.
func (b *bench) standings(q insight.BoardQuery) string {
	b.t.Helper()
	q.Metric, q.Limit = post.MViews, 10
	board, err := b.insight.Leaderboard(context.Background(), b.actor, q)
	if err != nil {
		b.t.Fatal(err)
	}
	out := ""
	for _, s := range board.Items {
		out += fmt.Sprintf("%d:%s=%d ", s.Place, s.Account.Handle, s.Value)
	}
	return out
}

func TestLeaderboardsAgreeWhicheverWayTheyAreRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.apply(post.Batch{Items: []post.Item{
			item(101, "一", "2026-11-18", "2026-11-19", 50), item(102, "二", "2026-11-18", "2026-11-19", 70), item(103, "三", "2026-11-19", "2026-11-20", 70),
			item(104, "四", "2026-09-02", "2026-09-20", 900),
		}})
		week := insight.Period{From: 20261115, To: 20261121}
		const want = "1:kos_102=70 1:kos_103=70 3:kos_101=50 "
		if got := b.standings(insight.BoardQuery{Window: insight.Day7}); got != want {
			t.Error("never closed: ", got)
		}
		if err := b.insight.Close(context.Background(), brand); err != nil {
			t.Fatal(err)
		}
		if got := b.standings(insight.BoardQuery{Window: insight.Day7}); got != want+"4:kos_104=0 " {
			t.Error("kept: ", got)
		}
		if got := b.standings(insight.BoardQuery{Window: insight.Day7, Unit: "20"}); got != want {
			t.Error("kept, small unit: ", got)
		}
		if got := b.standings(insight.BoardQuery{Window: insight.Day7, League: "xiaohongshu", Platform: "xiaohongshu"}); got != "1:kos_103=70 2:kos_101=50 3:kos_104=0 " {
			t.Error("league: ", got)
		}
		if got := b.standings(insight.BoardQuery{Period: week, Unit: "20"}); got != want {
			t.Error("range: ", got)
		}
		if got := b.standings(insight.BoardQuery{Period: insight.Period{From: 20260815, To: 20261122}}); got != "1:kos_104=900 2:kos_102=70 2:kos_103=70 4:kos_101=50 " {
			t.Error("range over months: ", got)
		}
	})
}

type texts struct{}

func (texts) Text(_ i18n.Lang, slug string, _ map[string]any) string { return slug }

func TestRoutes(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	b := newBench(t, d)
	b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-11-18", "2026-11-19", 50), item(104, "二", "2026-11-18", "2026-11-19", 70)}})
	b.insight.Plug(b.world)
	m := insight.Module(b.insight, texts{})
	srv := webtest.New(t, webtest.Room{Permissions: m.Permissions, Routes: m.Routes, Clock: b.clock, Messages: []i18n.Source{{Room: "insight", FS: m.Messages}}})
	hq, kos := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.KOS)
	kos.MemberID = 5
	const api, week = "/api/v1/insight/", "from=2026-11-16&to=2026-11-22"
	srv.Run(t, []webtest.Scenario{
		{
			Name: "overview", Actor: &hq, URL: api + "overview?" + week, Status: http.StatusOK,
			JSON: map[string]any{"figures.views.value": 120, "figures.posts.value": 2, "figures.accounts.value": 2, "figures.views.origins.file": 120},
		},
		{Name: "a part", Actor: &hq, URL: api + "overview?unit=21&" + week, Status: http.StatusOK, JSON: map[string]any{"figures.views.value": 70}},
		{Name: "no day", Actor: &hq, URL: api + "overview?from=yesterday", Status: http.StatusUnprocessableEntity},
		{Name: "backwards", Actor: &hq, URL: api + "overview?from=2026-11-16&to=2026-11-02", Status: http.StatusUnprocessableEntity},
		{Name: "rows", Actor: &hq, URL: api + "rows?metric=views&limit=1&" + week, Status: http.StatusOK, JSON: map[string]any{"items.0.value": 70, "total": 120, "items.0.previous": 0}},
		{Name: "rows of a count", Actor: &hq, URL: api + "rows?metric=active", Status: http.StatusOK, JSON: map[string]any{"items.#": 2, "total": 2}},
		{Name: "leaderboard", Actor: &hq, URL: api + "leaderboard?metric=views&window=7d&limit=5", Status: http.StatusOK, JSON: map[string]any{"items.0.value": 70}},
		{Name: "leagues", Actor: &hq, URL: api + "leagues", Status: http.StatusOK, JSON: map[string]any{"items.0.accounts": 2}},
		{Name: "series", Actor: &hq, URL: api + "series?" + week, Status: http.StatusOK},
		{Name: "sheet of rows", Actor: &hq, URL: api + "rows.xlsx?metric=views&" + week, Status: http.StatusOK},
		{Name: "sheet of the overview", Actor: &hq, URL: api + "overview.xlsx?" + week, Status: http.StatusOK},
		{Name: "sheet of the leaderboard", Actor: &hq, URL: api + "leaderboard.xlsx?window=7d", Status: http.StatusOK},
		{Name: "a salesperson sees no overview", Actor: &kos, URL: api + "overview", Status: http.StatusForbidden},
		{Name: "own accounts", Actor: &kos, URL: api + "me", Status: http.StatusOK, JSON: map[string]any{"figures.views.value": 50, "accounts.#": 1}},
	})
}
