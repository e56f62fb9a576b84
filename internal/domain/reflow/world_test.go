package reflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

const brand = id.ID(77)

// world is the room with the real post room, and stand-ins for the registry and the day figures.
type world struct {
	t       *testing.T
	d       *db.DB
	ctx     context.Context
	clock   *clock.Fake
	rec     *jobstest.Recorder
	s       *Service
	figures *sums
	reg     *registry
	roster  *rosterFake
	found   *strangers
	admin   authz.Actor
	dir     string
}

// strangers is the register of unofficial accounts.
type strangers struct {
	words    account.Words
	proposed map[id.ID][]account.Sighting // by import
}

func (r *strangers) BrandWords(context.Context, db.Querier, id.ID) (account.Words, error) {
	return r.words, nil
}

func (r *strangers) Propose(_ context.Context, _ authz.Actor, from account.Finding, list []account.Sighting) (account.Sighted, error) {
	r.proposed[from.ImportID] = list
	return account.Sighted{Added: len(list)}, nil
}

func (r *strangers) DropProposals(_ context.Context, _ *db.Tx, _ authz.Actor, imp id.ID) error {
	delete(r.proposed, imp)
	return nil
}

// registry knows accounts by platform and handle or id.
type registry struct {
	byRef   map[string]account.Found
	outside map[id.ID]bool
}

func (r *registry) add(n int, p account.Platform, handle, external string) id.ID {
	f := account.Found{ID: id.ID(1000 + n), UnitID: 5, Platform: p, Handle: handle}
	r.byRef[string(p)+"|"+handle] = f
	if external != "" {
		r.byRef[string(p)+"|"+external] = f
	}
	return f.ID
}

func (r *registry) Resolve(_ context.Context, _ db.Querier, _ id.ID, refs []account.Ref) (map[account.Ref]account.Found, error) {
	out := map[account.Ref]account.Found{}
	for _, ref := range refs {
		for _, name := range []string{ref.ExternalID, ref.Handle} {
			if f, ok := r.byRef[string(ref.Platform)+"|"+name]; ok {
				out[ref] = f
				break
			}
		}
	}
	return out, nil
}

func (r *registry) InScope(_ context.Context, _ db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error) {
	if _, all := actor.Roots(permission); all {
		return ids, nil
	}
	var in []id.ID
	for _, x := range ids {
		if !r.outside[x] {
			in = append(in, x)
		}
	}
	return in, nil
}

// PostRefs implements post.Accounts.
func (r *registry) PostRefs(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]post.AccountRef, error) {
	out := map[id.ID]post.AccountRef{}
	for _, f := range r.byRef {
		out[f.ID] = post.AccountRef{ID: f.ID, UnitID: f.UnitID, Platform: string(f.Platform)}
	}
	for k := range out {
		keep := false
		for _, x := range ids {
			keep = keep || x == k
		}
		if !keep {
			delete(out, k)
		}
	}
	return out, nil
}

// sums adds deltas up as insight does, in a table so that a rolled-back transaction takes them back.
type sums struct {
	calls int
	stop  func(call int) error
}

const sumsSQL = `CREATE TABLE reflow_testsum (brand_id BIGINT NOT NULL, day INTEGER NOT NULL, basis INTEGER NOT NULL, metric INTEGER NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (brand_id, day, basis, metric))`

func (f *sums) Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error {
	f.calls++
	if f.stop != nil {
		if err := f.stop(f.calls); err != nil {
			return err
		}
	}
	for _, d := range deltas {
		for m, v := range d.Values {
			if v == 0 {
				continue
			}
			_, err := tx.Exec(ctx, `INSERT INTO reflow_testsum (brand_id, day, basis, metric, value) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (brand_id, day, basis, metric) DO UPDATE SET value = reflow_testsum.value + excluded.value`, d.BrandID, d.Day, int(d.Basis), m, v)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// rosterFake takes rows in and remembers them by handle.
type rosterFake struct {
	rows   map[string]string
	undone int
	fail   string
	stop   func() error // before rows are written
}

func (r *rosterFake) RosterCheck(_ account.RosterSeen, rows []account.RosterRow) account.RosterChecked {
	var out account.RosterChecked
	for _, row := range rows {
		if row.Handle == "" {
			out.Errors = append(out.Errors, account.RowFault{Row: row.Row, Column: "handle", Slug: "reflow.row_no_title"})
			continue
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (r *rosterFake) outcome(rows []account.RosterRow, write bool) (account.RosterOutcome, error) {
	var out account.RosterOutcome
	for _, row := range rows {
		if row.Handle == r.fail {
			return out, errors.New("the store is gone")
		}
		key := row.Platform + "|" + row.Handle
		val := fmt.Sprint(row.UnitPath, row.Member)
		switch old, ok := r.rows[key]; {
		case !ok:
			out.Inserted++
		case old != val:
			out.Updated++
		default:
			out.Unchanged++
		}
		if write {
			r.rows[key] = val
		}
	}
	return out, nil
}

func (r *rosterFake) RosterReady(id.ID, []account.RosterRow) error { return nil }

func (r *rosterFake) RosterPlan(_ context.Context, _ authz.Actor, rows []account.RosterRow, _ func(int)) (account.RosterOutcome, error) {
	return r.outcome(rows, false)
}

func (r *rosterFake) RosterApply(_ context.Context, _ *db.Tx, _ authz.Actor, _ id.ID, rows []account.RosterRow) (account.RosterOutcome, error) {
	if r.stop != nil {
		if err := r.stop(); err != nil {
			return account.RosterOutcome{}, err
		}
	}
	return r.outcome(rows, true)
}

func (r *rosterFake) RosterUndo(_ context.Context, _ *db.Tx, _ authz.Actor, _, _ id.ID) (account.RosterUndone, error) {
	r.undone++
	r.rows = map[string]string{}
	return account.RosterUndone{Removed: 1}, nil
}

type brands struct{ admin authz.Actor }

func (b brands) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{b.admin}, nil
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, []migrate.Set{post.Migrations(), Migrations()}, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, d: d, ctx: t.Context(), dir: t.TempDir(), figures: &sums{}, roster: &rosterFake{rows: map[string]string{}},
		clock: clock.NewFake(time.Date(2026, 11, 22, 10, 0, 0, 0, clock.Shanghai())), reg: &registry{byRef: map[string]account.Found{}, outside: map[id.ID]bool{}},
	}
	if _, err := d.Exec(w.ctx, sumsSQL); err != nil {
		t.Fatal(err)
	}
	store, err := blob.New(filepath.Join(w.dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load(web.Messages(), i18n.Source{Room: "reflow", FS: messageFS}, i18n.Source{Room: "sheet", FS: sheet.Messages()})
	if err != nil {
		t.Fatal(err)
	}
	rec, client := jobstest.New(t)
	w.rec = rec
	perms, err := authz.NewSet(append(Permissions(), authz.Permission{Key: "account.import", Roles: []authz.Role{authz.HQOps}})...)
	if err != nil {
		t.Fatal(err)
	}
	ids := id.NewSource(1, w.clock.Now)
	w.admin = authz.SystemActor(brand, clock.Shanghai())
	w.found = &strangers{words: account.NewWords("星河"), proposed: map[id.ID][]account.Sighting{}}
	w.s = New(Deps{
		DB: d, IDs: ids, Clock: w.clock, Blobs: blob.Sealed(store, box), Jobs: client, Audit: audit.New(d, ids, w.clock), Texts: texts,
		Posts: post.New(d, ids, w.clock, w.reg, nil), Figures: w.figures, Accounts: w.reg, Roster: w.roster, Unofficial: w.found, Brands: brands{w.admin},
		Bind: func(a authz.Actor) authz.Actor { return authz.NewActor(a, perms) },
	})
	w.s.Register(client.Registry())
	w.reg.add(1, account.Xiaohongshu, "kos_sh", "5f00aa")
	w.reg.add(2, account.Douyin, "kos_dy", "MS01")
	w.reg.add(3, account.Douyin, "D1", "")
	w.reg.add(4, account.Douyin, "D2", "")
	return w
}

// file writes rows as CSV into the test's folder.
func (w *world) file(name string, rows ...string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// imp runs the command's import of one file.
func (w *world) imp(path, acc, asOf string) (FileReport, bool) {
	w.t.Helper()
	f := Files{Paths: []string{path}, Lang: i18n.Zh, Said: Said{Account: acc, AsOf: at(w.t, asOf)}}
	r, err := w.s.ImportFiles(w.ctx, w.admin, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Files[0], r.Failed
}

func at(t *testing.T, s string) clock.Ms {
	t.Helper()
	if s == "" {
		return 0
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai())
	if err != nil {
		t.Fatal(err)
	}
	return clock.MsOf(v)
}

// sum adds a metric up over days.
func (w *world) sum(m post.Metric, from, to clock.Day) int64 {
	w.t.Helper()
	v, err := db.One[int64](w.ctx, w.d, `SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM reflow_testsum WHERE brand_id = $1 AND metric = $2 AND day BETWEEN $3 AND $4`, brand, int(m), from, to)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) all(m post.Metric) int64 { return w.sum(m, 20000101, 20991231) }

func (w *world) want(r FileReport, inserted, updated, unchanged, errs int) {
	w.t.Helper()
	if r.Refused != "" || r.Inserted != inserted || r.Updated != updated || r.Unchanged != unchanged || len(r.Errors) != errs {
		w.t.Errorf("inserted %d updated %d unchanged %d errors %v refused %q, want %d %d %d %d", r.Inserted, r.Updated, r.Unchanged, r.Errors, r.Refused, inserted, updated, unchanged, errs)
	}
}
