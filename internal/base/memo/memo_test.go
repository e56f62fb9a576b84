package memo_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
	"kosmos/internal/base/migrate"
)

func sets() []migrate.Set {
	return []migrate.Set{{Room: "shop", FS: fstest.MapFS{"0001_memo.sql": {Data: []byte("-- +goose Up\nCREATE TABLE shop_memo (brand_id BIGINT NOT NULL, shard INTEGER NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (brand_id, shard));")}}}}
}

const brand = id.ID(7)

// rows lie in different shards and in the same one.
func rows() []id.ID { return []id.ID{1, 2, 5 << 40, 6 << 40} }

type world struct {
	t *testing.T
	d *db.DB
}

// tx runs fn holding the rows in a memo; fail rolls back.
func (w world) tx(m *memo.Memo[int], ids []id.ID, fail bool, fn func(h *memo.Hold[int])) {
	w.t.Helper()
	stop := errors.New("stop")
	err := w.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		h, err := m.Lock(ctx, tx, brand, ids)
		if err != nil {
			return err
		}
		fn(h)
		if fail {
			return stop
		}
		return nil
	})
	if err != nil && (!fail || !errors.Is(err, stop)) {
		w.t.Fatal(err)
	}
}

// set keeps a value for some rows, all of them locked.
func (w world) set(m *memo.Memo[int], v int, ids ...id.ID) {
	w.t.Helper()
	w.tx(m, ids, false, func(h *memo.Hold[int]) {
		for i := range ids {
			h.Keep(i, v)
		}
	})
}

// seen gives what is known of the rows (0 nothing) and keeps it.
func (w world) seen(m *memo.Memo[int]) []int {
	w.t.Helper()
	out := make([]int, len(rows()))
	w.tx(m, rows(), false, func(h *memo.Hold[int]) {
		for i := range out {
			if v := h.Known(i); v != nil {
				out[i] = *v
			}
		}
		h.KeepAll()
	})
	return out
}

func (w world) wants(what string, got []int, want ...int) {
	w.t.Helper()
	for i := range want {
		if got[i] != want[i] {
			w.t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

func TestWhatIsRememberedIsWhatStands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w := world{t, d}
		one, other := memo.New[int]("shop_memo", 1, 100), memo.New[int]("shop_memo", 1, 100)
		w.wants("empty", w.seen(one), 0, 0, 0, 0)
		w.set(one, 5, rows()...)
		w.wants("kept", w.seen(one), 5, 5, 5, 5)
		w.set(one, 6, rows()[0])
		w.wants("one changed", w.seen(one), 6, 5, 5, 5)
		w.tx(one, rows()[1:2], false, func(*memo.Hold[int]) {})
		w.wants("one not kept", w.seen(one), 6, 0, 5, 5)
		w.tx(one, rows(), true, func(h *memo.Hold[int]) { h.Keep(0, 9) })
		w.wants("rolled back", w.seen(one), 6, 0, 5, 5)
		w.set(other, 8, rows()[0])
		w.wants("another process changed a shard", w.seen(one), 0, 0, 5, 5)
		w.wants("and the other knows nothing of the rest", w.seen(other), 0, 0, 0, 0)
		w.wants("nor trusts what it knew", w.seen(one), 0, 0, 0, 0)
	})
}

func TestLockAllForgetsTheBrand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w := world{t, d}
		m := memo.New[int]("shop_memo", 1, 3)
		w.set(m, 5, rows()...)
		w.wants("no more than the limit", w.seen(m), 5, 5, 5, 0)
		var before, after int64
		w.tx(m, rows(), false, func(h *memo.Hold[int]) { before = h.Common() })
		w.set(m, 5, rows()[:2]...)
		if err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return m.LockAll(ctx, tx, brand) }); err != nil {
			t.Fatal(err)
		}
		w.wants("all forgotten", w.seen(m), 0, 0, 0, 0)
		w.tx(m, rows(), false, func(h *memo.Hold[int]) { after = h.Common() })
		if before == after {
			t.Error("the common version stayed")
		}
	})
}

// A transaction that held the rows first may be told of its commit after the next one was.
func TestCommitsToldOutOfOrderAreNotMixed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w := world{t, d}
		m := memo.New[int]("shop_memo", 1, 100)
		w.set(m, 1, rows()...)
		err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { w.set(m, 3, rows()[0]) }) // runs before the memo hears of this transaction
			h, err := m.Lock(ctx, tx, brand, rows())
			if err == nil {
				for i := range rows() {
					h.Keep(i, 2)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.seen(m); got[0] == 2 || got[0] == 1 || got[1] == 1 {
			t.Errorf("%v is not what stands", got)
		}
	})
}
