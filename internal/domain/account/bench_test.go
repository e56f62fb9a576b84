package account_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/org"
)

// big is a brand of 100,000 accounts over the real organisation: 8 regions, 250 dealers, 4,000 stores.
type big struct {
	s   *account.Service
	d   *db.DB
	hq  authz.Actor
	top map[string]authz.Actor // by the name of the scope
}

const bigAccounts = 100_000

var engines = map[string]func(testing.TB, []migrate.Set) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}

func bigRows(n int) []account.RosterRow {
	platforms := account.Platforms()
	rows := make([]account.RosterRow, 0, n)
	for i := range n {
		store := i * 4000 / n // as rosters are written: store by store
		rows = append(rows, account.RosterRow{
			Row: i + 2, UnitPath: fmt.Sprintf("大区%d/经销商%d/门店%d", store/500, store/16, store), UnitKind: "store",
			Member: fmt.Sprintf("员工%d", i/2), Platform: string(platforms[i%7]), Handle: fmt.Sprintf("kos_%06d", i*7919%n), AccountKind: "employee", Ownership: "personal",
			CreatedDay: clock.Day(20260101).Add(i * 31 % 300),
		})
		if i%400 == 0 {
			rows[i].AccountKind, rows[i].Member = "store", ""
		}
	}
	return rows
}

// newBig registers the brand once per engine and process.
func newBig(b testing.TB, engine string) *big {
	b.Helper()
	sets := []migrate.Set{org.Migrations(), account.Migrations()}
	d := engines[engine](b, sets)
	c := clock.NewFake(webtest.Time())
	ids := id.NewSource(1, c.Now)
	_, client := jobstest.New(b)
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		b.Fatal(err)
	}
	log := audit.New(d, ids, c)
	o := org.New(org.Deps{DB: d, Clock: c, IDs: ids, Box: box, Audit: log, Events: client})
	side := account.OverOrg(o)
	s := account.New(account.Deps{DB: d, IDs: ids, Clock: c, Jobs: client, Audit: log, Units: side, People: side, Undoer: side})
	o.Plug(s)
	perms, err := authz.NewSet(slices.Concat(org.Permissions(), account.Permissions())...)
	if err != nil {
		b.Fatal(err)
	}
	w := &big{s: s, d: d, hq: authz.NewActor(webtest.Actor(brand, authz.HQOps), perms), top: map[string]authz.Actor{}}
	ctx := context.Background()
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := o.EnsureRoot(ctx, tx, brand, "测试品牌")
		return err
	}); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	w.load(b, bigRows(bigAccounts))
	b.Logf("%s: %d rows imported in %s", engine, bigAccounts, time.Since(start).Round(time.Millisecond))
	w.top["brand"] = w.hq
	for name, path := range map[string]string{"region": "大区3", "dealer": "大区3/经销商100", "store": "大区3/经销商100/门店1601"} {
		u, err := o.ResolvePath(ctx, d, brand, path)
		if err != nil {
			b.Fatal(path, err)
		}
		w.top[name] = authz.NewActor(webtest.Actor(brand, authz.RegionManager, u.ID), perms)
	}
	if err := w.figures(ctx); err != nil {
		b.Fatal(err)
	}
	return w
}

func (w *big) load(b testing.TB, rows []account.RosterRow) account.RosterOutcome {
	b.Helper()
	batch := id.ID(77)
	var out account.RosterOutcome
	for part := range slices.Chunk(rows, account.RosterBatch) {
		if err := w.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			o, err := w.s.RosterApply(ctx, tx, w.hq, batch, part)
			out.Inserted += o.Inserted
			out.Updated += o.Updated
			out.Unchanged += o.Unchanged
			out.Errors = append(out.Errors, o.Errors...)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	if len(out.Errors) > 0 {
		b.Fatal(out.Errors[0])
	}
	return out
}

// figures spreads followers and last posts, and lets the planner look.
func (w *big) figures(ctx context.Context) error {
	for _, q := range []string{"UPDATE account_account SET followers = (id % 4096 * 7919 + id / 4194304) % 90000, last_post_day = 20260101 + (id % 4096 * 31) % 300", "ANALYZE"} {
		if _, err := w.d.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkList walks the declared sorts and indexed filters over 100,000 accounts, first and deep pages, four scopes.
// The figure that counts is p95-ms: at most 15.
func BenchmarkList(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			w := newBig(b, engine)
			for _, scope := range []string{"brand", "region", "dealer", "store"} {
				for name, q := range map[string]account.Query{
					"name": {Sort: "name"}, "followers": {Sort: "-followers"}, "created": {Sort: "-created"}, "last_post": {Sort: "-last_post"},
					"platform": {Sort: "name", Filter: account.Filter{Platforms: []account.Platform{"bilibili"}}},
					"kind":     {Sort: "name", Filter: account.Filter{Kinds: []account.Kind{account.KindStore}}},
					"abnormal": {Sort: "name", Filter: account.Filter{Abnormal: true}},
				} {
					b.Run(scope+"/"+name, func(b *testing.B) { w.pages(b, w.top[scope], q) })
				}
			}
		})
	}
}

func (w *big) pages(b *testing.B, actor authz.Actor, q account.Query) {
	ctx := context.Background()
	q.Limit = 50
	var took []time.Duration
	var at *account.Place
	page := 0
	for b.Loop() {
		q.After = at
		start := time.Now()
		_, next, err := w.s.List(ctx, actor, q)
		took = append(took, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		if page++; page%20 == 0 {
			next = nil
		}
		at = next
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// BenchmarkSearch is not an indexed filter: at most 500 ms.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			w := newBig(b, engine)
			for _, text := range []string{"yg1234", "kos_099999", "不存在"} {
				b.Run(text, func(b *testing.B) { w.pages(b, w.hq, account.Query{Filter: account.Filter{Text: text}}) })
			}
			b.Run("coverage", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.s.Coverage(context.Background(), w.hq, account.ByRegion, ""); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("layout", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.s.Layout(context.Background(), w.hq, account.ShapePyramid, ""); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("again", func(b *testing.B) {
				for b.Loop() {
					if out := w.load(b, bigRows(bigAccounts)[:20000]); out.Unchanged != 20000 {
						b.Fatalf("%+v", out)
					}
				}
			})
		})
	}
}
