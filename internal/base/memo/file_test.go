package memo_test

import (
	"os"
	"path/filepath"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/memo"
)

func codec(form string) memo.Codec[int] {
	return memo.Codec[int]{Form: form, Put: func(b []byte, v int) []byte { return memo.PutText(memo.PutInt(b, int64(v)), "x") }, Get: func(r *memo.Reader) int {
		v := int(r.Int())
		r.Text()
		return v
	}}
}

func TestTheNextProcessKnowsWhatStillHolds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w := world{t, d}
		path := filepath.Join(t.TempDir(), "memory", "shop")
		made := func(form string) *memo.Memo[int] {
			m := memo.New[int]("shop_memo", 1, 100)
			m.KeepIn(path, codec(form))
			return m
		}
		first := made("1")
		w.set(first, 41, rows()...)
		if err := first.Save(); err != nil {
			t.Fatal(err)
		}
		w.set(memo.New[int]("shop_memo", 1, 100), 1, rows()[2]) // another process, after the file was written
		if got := w.seen(made("1")); got[0] != 41 || got[1] != 41 || got[2] != 0 || got[3] != 41 {
			t.Errorf("%v", got)
		}
	})
}

func TestAFileThatIsNotWholeIsOfNoUse(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	w := world{t, d}
	path := filepath.Join(t.TempDir(), "shop")
	first := memo.New[int]("shop_memo", 1, 100)
	first.KeepIn(path, codec("1"))
	w.set(first, 41, rows()...)
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		data []byte
		form string
	}{"another form": {whole, "2"}, "cut off": {whole[:len(whole)-7], "1"}, "another byte": {append(append([]byte{}, whole[:9]...), append([]byte{whole[9] ^ 1}, whole[10:]...)...), "1"}, "empty": {nil, "1"}} {
		if err := os.WriteFile(path, x.data, 0o600); err != nil {
			t.Fatal(err)
		}
		m := memo.New[int]("shop_memo", 1, 100)
		m.KeepIn(path, codec(x.form))
		known := false
		w.tx(m, rows(), true, func(h *memo.Hold[int]) {
			for i := range rows() {
				known = known || h.Known(i) != nil
			}
		})
		if known {
			t.Errorf("%s: something is known", name)
		}
	}
}
