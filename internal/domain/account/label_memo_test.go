package account_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
)

// TestLabelsFollowAChangeAtOnceHereAndSoonElsewhere asks two programs over one store.
func TestLabelsFollowAChangeAtOnceHereAndSoonElsewhere(t *testing.T) {
	each(t, func(w *world) {
		row := account.RosterRow{Row: 2, UnitPath: "华东", Platform: "douyin", Handle: "kos_1", ExternalID: "x1", Name: "旧名", AccountKind: "store", Ownership: "company"}
		w.apply(w.hq, row)
		facts, err := w.s.WalkFacts(w.ctx, w.d, brand, 0, 10)
		w.must(err)
		one := facts[0].ID
		other := account.New(w.s.Deps)
		name := func(s *account.Service, q db.Querier) string {
			labels, err := s.Labels(w.ctx, q, brand, []id.ID{one, 99})
			w.must(err)
			return fmt.Sprint(len(labels), labels[one].Name)
		}
		expect := func(got, want string) {
			w.Helper()
			if got != want {
				w.Fatalf("got %s, want %s", got, want)
			}
		}
		expect(name(w.s, w.d), "1旧名")
		expect(name(other, w.d), "1旧名")
		row.Name = "新名"
		w.must(w.d.Tx(w.ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := w.s.RosterApply(ctx, tx, w.hq, w.ids.New(), []account.RosterRow{row})
			labels, _ := w.s.Labels(ctx, tx, brand, []id.ID{one})
			expect(labels[one].Name, "新名") // the transaction sees its own
			return err
		}))
		expect(name(w.s, w.d), "1新名")
		expect(name(other, w.d), "1旧名")
		w.clock.Advance(2 * time.Second)
		expect(name(other, w.d), "1新名")
	})
}
