package notify_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/notify"
	"kosmos/internal/event"
)

func TestSend(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := context.Background()
		b.send(brand, "shop.moved", notify.Notice{UserID: 2, Key: "a"}, notify.Notice{UserID: 1, Key: "a"}, notify.Notice{UserID: 0, Key: "nobody"})
		b.send(brand, "shop.moved", notify.Notice{UserID: 1, Key: "a"})
		b.send(8, "shop.moved", notify.Notice{UserID: 1, Key: "a"})
		if b.unread(1) != 1 || b.unread(2) != 1 {
			b.Fatal("the same notice came twice or to another brand", b.unread(1), b.unread(2))
		}
		b.c.Advance(time.Minute)
		b.send(brand, "shop.moved", notify.Notice{UserID: 1, Key: "b"})
		b.send(brand, "shop.moved", notify.Notice{UserID: 1, Key: "c"}, notify.Notice{UserID: 1, Key: "d"})
		rows, err := b.s.List(ctx, person(1), false, 0, 0, 10)
		if err != nil || len(rows) != 2 || rows[0].Folded != 2 {
			b.Fatalf("above the cap notices fold into the newest: %+v %v", rows, err)
		}
		b.c.Advance(25 * time.Hour)
		b.send(brand, "shop.moved", notify.Notice{UserID: 1, Key: "e"})
		if n := b.unread(1); n != 3 {
			b.Fatal("the cap did not end after a day", n)
		}
		later := clock.MsOf(b.c.Now().Add(time.Hour))
		b.send(brand, "shop.fire", notify.Notice{UserID: 2, Key: "soon", Due: later})
		if n := b.unread(2); n != 1 {
			b.Fatal("a notice showed before it was due", n)
		}
		b.c.Advance(time.Hour)
		if n := b.unread(2); n != 2 {
			b.Fatal("a notice did not show when it was due", n)
		}
		err = b.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return b.s.Send(ctx, tx, brand, "shop.odd", nil) })
		if err == nil {
			b.Fatal("an undeclared kind was sent")
		}
	})
}

func TestMuteReadAndSweep(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := context.Background()
		if err := b.s.Choose(ctx, person(1), "shop.fire", notify.InApp, notify.Off); !errs.Is(err, "notify.kind_loud") {
			b.Fatal(err)
		}
		if err := b.s.Choose(ctx, person(1), "shop.odd", notify.InApp, notify.Off); !errs.Is(err, "notify.kind_unknown") {
			b.Fatal(err)
		}
		for range 2 {
			if err := b.s.Choose(ctx, person(1), "shop.moved", notify.InApp, notify.Off); err != nil {
				b.Fatal(err)
			}
		}
		b.send(brand, "shop.moved", notify.Notice{UserID: 1}, notify.Notice{UserID: 2})
		b.send(brand, "shop.fire", notify.Notice{UserID: 1}, notify.Notice{UserID: 1})
		if b.unread(1) != 2 || b.unread(2) != 1 {
			b.Fatal(b.unread(1), b.unread(2))
		}
		rows, err := b.s.List(ctx, person(1), true, 0, 0, 10)
		if err != nil {
			b.Fatal(err)
		}
		if err := b.s.Read(ctx, person(2), []id.ID{rows[0].ID}); err != nil || b.unread(1) != 2 {
			b.Fatal("somebody else read it", err)
		}
		if err := b.s.Read(ctx, person(1), []id.ID{rows[0].ID}); err != nil || b.unread(1) != 1 {
			b.Fatal(err)
		}
		if err := b.s.Read(ctx, person(1), nil); err != nil || b.unread(1) != 0 {
			b.Fatal(err)
		}
		b.c.Advance(100 * 24 * time.Hour)
		if err := b.s.Sweep(ctx); err != nil {
			b.Fatal(err)
		}
		rows, err = b.s.List(ctx, person(1), false, 0, 0, 10)
		if err != nil || len(rows) != 0 || b.unread(2) != 1 {
			b.Fatal("read notices go after 90 days, unread ones stay", rows, err)
		}
	})
}

func server(b bench) *webtest.Server {
	sources := []i18n.Source{{Room: "shop", FS: texts}}
	m := notify.Module(b.s, nil)
	all, err := i18n.Load(append(sources, i18n.Source{Room: "notify", FS: m.Messages})...)
	if err != nil {
		b.Fatal(err)
	}
	m = notify.Module(b.s, all)
	return webtest.New(b, webtest.Room{
		Permissions: m.Permissions, Routes: m.Routes, Clock: b.c,
		Messages: append(sources, i18n.Source{Room: "notify", FS: m.Messages}),
	})
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, sets()))
	srv := server(b)
	anna, ben := webtest.Actor(brand, authz.KOS), webtest.Actor(brand, authz.HQOps)
	anna.UserID, ben.UserID, ben.Lang = 1, 2, "en"
	b.send(brand, "shop.moved", notify.Notice{UserID: 1, Params: map[string]any{"name": "静安店", "from": "华东"}, Link: "/org"},
		notify.Notice{UserID: 2, Params: map[string]any{"name": "静安店", "from": "华东"}})
	b.c.Advance(time.Second)
	b.send(brand, "shop.fire", notify.Notice{UserID: 1})
	var next string
	srv.Run(t, []webtest.Scenario{
		{Name: "nobody", URL: "/api/v1/notify/unread", Status: 401},
		{Name: "unread", URL: "/api/v1/notify/unread", Actor: &anna, JSON: map[string]any{"unread": 2}},
		{
			Name: "first page", URL: "/api/v1/notify/notices?limit=1", Actor: &anna, JSON: map[string]any{"items.0.title": "着火", "items.0.read": false},
			After: func(t *testing.T, res *webtest.Result) {
				var page struct{ Next string }
				res.Decode(t, &page)
				next = page.Next
			},
		},
		{Name: "in English", URL: "/api/v1/notify/notices", Actor: &ben, JSON: map[string]any{"items.0.title": "静安店 moved", "items.0.body": "from 华东"}},
		{Name: "preferences", URL: "/api/v1/notify/preferences", Actor: &anna, JSON: map[string]any{"items.#": 5, "items.0.name": "导入完成", "items.3.name": "搬家", "items.3.in_app": "instant", "items.3.mail": "daily", "items.2.mail": "instant", "items.3.sms": "off"}},
		{Name: "mute", Method: "PUT", URL: "/api/v1/notify/preferences", Actor: &anna, Body: map[string]any{"kind": "shop.moved", "channel": "in_app", "mode": "off"}, Status: 204},
		{Name: "muted", URL: "/api/v1/notify/preferences", Actor: &anna, JSON: map[string]any{"items.3.in_app": "off"}},
		{Name: "mute a loud one", Method: "PUT", URL: "/api/v1/notify/preferences", Actor: &anna, Body: map[string]any{"kind": "shop.fire", "channel": "in_app", "mode": "off"}, Status: 412},
	})
	srv.Run(t, []webtest.Scenario{
		{Name: "second page", URL: "/api/v1/notify/notices?limit=1&cursor=" + next, Actor: &anna, JSON: map[string]any{"items.0.title": "静安店 搬了", "items.0.body": "从 华东 搬来", "items.0.link": "/org"}},
		{Name: "another person's cursor", URL: "/api/v1/notify/notices?limit=1&cursor=" + next, Actor: &ben, Status: 422},
		{Name: "read all", Method: "POST", URL: "/api/v1/notify/read", Actor: &anna, Body: map[string]any{}, Status: 204},
		{Name: "none unread", URL: "/api/v1/notify/unread", Actor: &anna, JSON: map[string]any{"unread": 0}},
	})
}

func TestStreamTellsOfNotices(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, sets()))
	srv := server(b)
	anna := srv.As(webtest.Actor(brand, authz.KOS))
	anna.UserID = 1
	router := web.New(web.Options{
		Perms: srv.Perms, Clock: b.c, Cursors: webtest.Cursors(), Messages: nil,
		Authenticate: func(context.Context, *http.Request) (authz.Actor, error) { return anna, nil },
	})
	notify.Module(b.s, nil).Routes(router)
	hs := httptest.NewServer(router)
	defer hs.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, hs.URL+"/api/v1/notify/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	read := func(prefix string) string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return strings.TrimPrefix(lines.Text(), prefix)
			}
		}
		t.Fatal("the stream ended:", lines.Err())
		return ""
	}
	read(":") // it is open
	b.send(brand, "shop.moved", notify.Notice{UserID: 1})
	if e, data := read("event: "), read("data: "); e != "notice" || data != `{"unread":1}` {
		t.Fatal(e, data)
	}
	b.s.Hub().SignalBrand(brand, notify.TopicTodo)
	if e := read("event: "); e != "todo" {
		t.Fatal(e)
	}
	// A notice of another process is found by looking: here, one that becomes due.
	b.send(brand, "shop.moved", notify.Notice{UserID: 1, Key: "later", Due: clock.MsOf(b.c.Now().Add(time.Second))})
	read("event: ") // the send itself signals
	b.c.Advance(2 * time.Second)
	if e, data := read("event: "), read("data: "); e != "notice" || data != `{"unread":2}` {
		t.Fatal(e, data)
	}
}

func TestImportsAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		rec, client := jobstest.New(b)
		notify.Module(b.s, nil).Jobs(client.Registry())
		for _, e := range []event.ImportFinished{
			{BrandID: brand, ImportID: 1, UserID: 1, State: "done", FileName: "a.xlsx", Inserted: 3},
			{BrandID: brand, ImportID: 2, UserID: 1, State: "failed", FileName: "b.xlsx"},
			{BrandID: brand, ImportID: 1, UserID: 1, State: "undone", FileName: "a.xlsx"},
			{BrandID: brand, ImportID: 3, State: "done", FileName: "by command.xlsx"},
		} {
			err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return client.Publish(ctx, tx, e) })
			if err != nil {
				b.Fatal(err)
			}
		}
		rec.Run(context.Background())
		rows, err := b.s.List(context.Background(), person(1), false, 0, 0, 10)
		if err != nil || len(rows) != 2 {
			b.Fatalf("%+v %v", rows, err)
		}
	})
}
