package notify_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/egress"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/connect/hook"
	"kosmos/internal/connect/mail"
	"kosmos/internal/connect/robot"
	"kosmos/internal/domain/notify"
	fakerobot "kosmos/internal/fake/robot"
	"kosmos/internal/fake/smtp"
)

const brand = id.ID(7)

// The invented tree: 1 is the brand, 2 and 3 its regions, 21 a store of the first.
const (
	top, east, west, shop = id.ID(1), id.ID(2), id.ID(3), id.ID(21)
)

// bench is the room over one store with what it asks of others.
type bench struct {
	*testing.T
	d      *db.DB
	c      *clock.Fake
	s      *notify.Service
	people *people
	robots *fakerobot.Server
	smtp   *smtp.Server
}

func sets() []migrate.Set { return []migrate.Set{notify.Migrations()} }

func each(t *testing.T, fn func(b bench)) {
	t.Helper()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) { fn(newBench(t, d)) })
}

// people stands for identity and org: user n is 人n in unit 21 and has mail and phone unless told otherwise.
type people struct {
	gone, noMail map[id.ID]bool
	unit         map[id.ID]id.ID
	english      map[id.ID]bool
}

func (p *people) Reach(_ context.Context, _ db.Querier, _ id.ID, users []id.ID) (map[id.ID]notify.Reach, error) {
	out := map[id.ID]notify.Reach{}
	for _, u := range users {
		if !p.gone[u] {
			out[u] = notify.Reach{Mail: !p.noMail[u], Phone: true, UnitID: p.at(u)}
		}
	}
	return out, nil
}

func (p *people) at(u id.ID) id.ID {
	if unit, ok := p.unit[u]; ok {
		return unit
	}
	return shop
}

func (p *people) Contacts(_ context.Context, _ db.Querier, _ id.ID, users []id.ID) (map[id.ID]notify.Contact, error) {
	out := map[id.ID]notify.Contact{}
	for _, u := range users {
		if p.gone[u] {
			continue
		}
		c := notify.Contact{Name: fmt.Sprintf("人%d", u), Lang: "zh", Mail: fmt.Sprintf("user%d@shop.example", u), Phone: fmt.Sprintf("+86138001380%02d", u)}
		if p.noMail[u] {
			c.Mail = ""
		}
		if p.english[u] {
			c.Lang = "en"
		}
		out[u] = c
	}
	return out, nil
}

func (p *people) Names(_ context.Context, _ db.Querier, _ id.ID, users []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, u := range users {
		out[u] = fmt.Sprintf("人%d", u)
	}
	return out, nil
}

// tree stands for org.
type tree struct{}

func (tree) up(u id.ID) []id.ID {
	switch u {
	case shop:
		return []id.ID{shop, east, top}
	case east, west:
		return []id.ID{u, top}
	case top:
		return []id.ID{top}
	}
	return nil
}

func (t tree) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if unit != "" {
		u, err := id.Parse(unit)
		if err != nil || len(t.up(u)) == 0 || !all && !slices.ContainsFunc(t.up(u), func(a id.ID) bool { return slices.Contains(roots, a) }) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		roots, all = []id.ID{u}, u == top
	}
	if all {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	sc := authz.Scope{BrandID: actor.BrandID, Roots: roots, Units: []id.ID{}}
	for _, u := range []id.ID{east, west, shop} {
		if sc.Allows(t.up(u)) {
			sc.Units = append(sc.Units, u)
		}
	}
	return sc, nil
}

func (t tree) Ancestors(_ context.Context, _ db.Querier, _ id.ID, units []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		if up := t.up(u); up != nil {
			out[u] = up
		}
	}
	return out, nil
}

type brands struct{}

func (brands) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai()), authz.SystemActor(8, clock.Shanghai())}, nil
}

var texts = fstest.MapFS{
	"i18n/zh.json": {Data: []byte(`{"shop.notice_moved": "{name} 搬了", "shop.notice_moved_body": "从 {from} 搬来", "shop.notice_moved_name": "搬家",
		"shop.notice_fire": "着火", "shop.notice_fire_body": "快跑", "shop.notice_fire_name": "火警",
		"shop.notice_nudge": "请完成 {name}", "shop.notice_nudge_body": "今天截止", "shop.notice_nudge_name": "催办"}`)},
	"i18n/en.json": {Data: []byte(`{"shop.notice_moved": "{name} moved", "shop.notice_moved_body": "from {from}", "shop.notice_moved_name": "Moves",
		"shop.notice_fire": "Fire", "shop.notice_fire_body": "Run", "shop.notice_fire_name": "Fires",
		"shop.notice_nudge": "Please finish {name}", "shop.notice_nudge_body": "Due today", "shop.notice_nudge_name": "Reminders"}`)},
}

// quietBench makes a Service alone, for measuring.
func quietBench(t testing.TB, d *db.DB) *notify.Service {
	t.Helper()
	c := clock.NewFake(webtest.Time())
	s := notify.New(notify.Deps{DB: d, IDs: id.NewSource(1, c.Now), Clock: c, People: &people{}, Units: tree{}, Brands: brands{}})
	s.Declare(notify.Kind{Key: "shop.nudge", Reminder: true})
	return s
}

func newBench(t *testing.T, d *db.DB) bench {
	t.Helper()
	c := clock.NewFake(webtest.Time())
	b := bench{T: t, d: d, c: c, people: &people{gone: map[id.ID]bool{}, noMail: map[id.ID]bool{}, unit: map[id.ID]id.ID{}, english: map[id.ID]bool{}}}
	b.robots = fakerobot.New(c.Now)
	t.Cleanup(b.robots.Close)
	var err error
	if b.smtp, err = smtp.New(smtp.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.smtp.Close)
	b.s = b.another(1)
	return b
}

// another makes a second process over the same store.
func (b bench) another(node int) *notify.Service {
	b.Helper()
	box, err := seal.New([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		b.Fatal(err)
	}
	guard, err := egress.New([]string{"127.0.0.0/8", "::1"})
	if err != nil {
		b.Fatal(err)
	}
	ids := id.NewSource(node, b.c.Now)
	s := notify.New(notify.Deps{
		DB: b.d, IDs: ids, Clock: b.c, Box: box, Audit: audit.New(b.d, ids, b.c), People: b.people, Units: tree{}, Brands: brands{}, Guard: guard,
	})
	s.Declare(notify.Kind{Key: "shop.moved", Cap: 2}, notify.Kind{Key: "shop.fire", Loud: true}, notify.Kind{Key: "shop.nudge", Reminder: true})
	m := notify.Module(s, nil)
	all, err := i18n.Load(i18n.Source{Room: "shop", FS: texts}, i18n.Source{Room: "notify", FS: m.Messages})
	if err != nil {
		b.Fatal(err)
	}
	notify.Module(s, all)
	return s
}

func (b bench) send(brand id.ID, kind string, list ...notify.Notice) {
	b.Helper()
	err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return b.s.Send(ctx, tx, brand, kind, list) })
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) bulk(v notify.Bulk) notify.Reached {
	b.Helper()
	var r notify.Reached
	err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		var err error
		r, err = b.s.SendBulk(ctx, tx, brand, v)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func person(u id.ID) authz.Actor { return authz.Actor{Kind: authz.User, BrandID: brand, UserID: u} }

// root may do everything.
func root() authz.Actor { return authz.SystemActor(brand, clock.Shanghai()) }

func (b bench) unread(u id.ID) int {
	b.Helper()
	n, err := b.s.Unread(context.Background(), person(u))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// mailOn lets the brand send mail to the server of the bench.
func (b bench) mailOn() {
	b.Helper()
	b.must(b.s.SetGeneral(b.Context(), root(), notify.General{
		Address: "https://k.example/", Quiet: notify.Quiet{From: 22 * 60, To: 8 * 60}, DigestAt: 9 * 60, DigestDay: 1, Reminders: 2,
	}))
	b.must(b.s.SetMail(b.Context(), root(), true, mail.Server{Host: "127.0.0.1", Port: b.smtp.Port(), Security: mail.None, From: "noreply@brand.example", FromName: "星河"}))
}

func (b bench) smsOn(url string) {
	b.Helper()
	b.must(b.s.SetSMS(b.Context(), root(), true, hook.Target{URL: url, Secret: "sixteen-characters"}))
}

// robot opens a group at a unit for some kinds.
func (b bench) robot(key string, unit id.ID, kinds ...string) id.ID {
	b.Helper()
	b.robots.Open(key, "", "")
	r, err := b.s.AddRobot(b.Context(), root(), notify.RobotDraft{
		Name: "店长群", URL: b.robots.URL() + "/wecom?key=" + key, Vendor: robot.WeCom, Unit: unit.String(), Lang: "zh", Quiet: true, Kinds: kinds, On: true,
	})
	b.must(err)
	return r
}

func (b bench) deliver() {
	b.Helper()
	b.must(b.s.Deliver(context.Background()))
}

// log reads the delivery log, newest first.
func (b bench) log(f notify.LogFilter) []notify.Delivered {
	b.Helper()
	f.Limit = 200
	rows, err := b.s.Log(b.Context(), root(), f)
	b.must(err)
	return rows
}

// wait moves the clock.
func (b bench) wait(d time.Duration) { b.c.Advance(d) }
