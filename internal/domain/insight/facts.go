package insight

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// valueCols names the metric columns in the order of post.Metric.
func valueCols() []string { return post.MetricSlugs() }

// valueList writes "p.posts, p.lives, …" with a prefix such as "p.".
func valueList(prefix string) string {
	return prefix + strings.Join(valueCols(), ", "+prefix)
}

// sumList writes the sums of all metric columns as BIGINT.
func sumList() string {
	var b strings.Builder
	for i, c := range valueCols() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("CAST(COALESCE(SUM(" + c + "), 0) AS BIGINT) AS " + c)
	}
	return b.String()
}

// countedCase writes what a fact of insight_account_day counts for a metric: an account row as it is, a posts row unless
// the account's own figure overrides it.
func countedCase(m post.Metric) string {
	return "CASE WHEN source >= 10 OR (mask / " + itoa(int64(1)<<m) + ") % 2 = 0 THEN " + valueCols()[m] + " ELSE 0 END"
}

func countedSumAs(m post.Metric, name string) string {
	return "CAST(COALESCE(SUM(" + countedCase(m) + "), 0) AS BIGINT) AS " + name
}

func countedSums() string {
	out := make([]string, 0, post.NumMetrics)
	for m := range post.NumMetrics {
		out = append(out, countedSumAs(m, valueCols()[m]))
	}
	return strings.Join(out, ", ")
}

func dests(v *post.Values) []any {
	out := make([]any, len(v))
	for i := range v {
		out[i] = &v[i]
	}
	return out
}

// loadFacts reads the facts of the deltas' accounts between the deltas' first and last day.
func loadFacts(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, deltas []post.Delta) (map[factKey]*factDay, error) {
	lo, hi := clock.Forever, clock.Day(0)
	for i := range deltas {
		lo, hi = min(lo, deltas[i].Day), max(hi, deltas[i].Day)
	}
	out := make(map[factKey]*factDay, len(deltas))
	err := eachFact(ctx, q, factRange{brand, accounts, Period{lo, hi}}, func(k factKey, source int64, _ unitID, f *fact) {
		day := out[k]
		if day == nil {
			day = &factDay{}
			out[k] = day
		}
		day.rows[source/10][source%10] = f
	})
	return out, err
}

type factRange struct {
	brand    id.ID
	accounts []id.ID
	period   Period
}

func eachFact(ctx context.Context, q db.Querier, r factRange, fn func(k factKey, source int64, unit unitID, f *fact)) error {
	var a db.Args
	rows, err := q.Query(ctx, "SELECT account_id, day, source, mask, unit_id, "+valueList("")+" FROM insight_account_day WHERE brand_id = "+a.Add(r.brand)+
		" AND "+db.Among(q, &a, "account_id", r.accounts)+" AND day BETWEEN "+a.Add(int64(r.period.From))+" AND "+a.Add(int64(r.period.To)), a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var account, day, source, mask, unit int64
	var v post.Values
	dest := append([]any{&account, &day, &source, &mask, &unit}, dests(&v)...)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		fn(factKey{id.ID(account), clock.Day(day)}, source, unitID(unit), &fact{mask: uint16(mask), values: v})
	}
	return rows.Err()
}

// writeFacts stores the facts that changed: new ones as they are, known ones whole.
func (w *work) writeFacts(ctx context.Context, facts map[factKey]*factDay) error {
	const width = 6 + int(post.NumMetrics)
	var fresh, known [][]any
	for key, day := range facts {
		if st := w.states[key.account]; w.unitOf(st, key.day) != unitID(st.UnitID) {
			w.past[pastKey{w.unitOf(st, key.day), key.account}] = struct{}{}
		}
		for basis := range day.rows {
			for class, f := range day.rows[basis] {
				if f == nil || !f.dirty {
					continue
				}
				row := make([]any, 0, width)
				row = append(row, int64(w.brand), int64(key.account), int64(key.day), int64(basis*10+class), int64(f.mask), int64(w.unitOf(w.states[key.account], key.day)))
				for _, v := range f.values {
					row = append(row, v)
				}
				if f.fresh {
					fresh = append(fresh, row)
				} else {
					known = append(known, row)
				}
			}
		}
	}
	byKey := func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[1].(int64), b[1].(int64)), cmp.Compare(a[2].(int64), b[2].(int64)), cmp.Compare(a[3].(int64), b[3].(int64)))
	}
	slices.SortFunc(fresh, byKey)
	slices.SortFunc(known, byKey)
	cols := append([]string{"brand_id", "account_id", "day", "source", "mask", "unit_id"}, valueCols()...)
	if err := db.Copy(ctx, w.tx, "insight_account_day", cols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, w.tx, "insight_account_day", cols, known, onConflict("brand_id, account_id, day, source", cols[4:], "", ""))
	return err
}

// pastKey says that an account has facts in a unit it is not in now.
type pastKey struct {
	unit    unitID
	account id.ID
}

func (w *work) writePast(ctx context.Context) error {
	rows := make([][]any, 0, len(w.past))
	for k := range w.past {
		rows = append(rows, []any{int64(w.brand), int64(k.unit), int64(k.account)})
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[1].(int64), b[1].(int64)), cmp.Compare(a[2].(int64), b[2].(int64)))
	})
	_, err := db.Insert(ctx, w.tx, "insight_account_past", []string{"brand_id", "unit_id", "account_id"}, rows, "ON CONFLICT (brand_id, unit_id, account_id) DO NOTHING")
	return err
}

// writeMonths adds to the closed months of accounts.
func (w *work) writeMonths(ctx context.Context) error {
	rows := make([][]any, 0, len(w.months))
	for k, v := range w.months {
		rows = append(rows, valueRow([]any{int64(w.brand), int64(k.account), int64(k.month)}, v))
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[1].(int64), b[1].(int64)), cmp.Compare(a[2].(int64), b[2].(int64)))
	})
	cols := append([]string{"brand_id", "account_id", "month"}, valueCols()...)
	_, err := db.Insert(ctx, w.tx, "insight_account_month", cols, rows, onConflict("brand_id, account_id, month", cols[3:], "insight_account_month", ""))
	return err
}

func valueRow(head []any, v *post.Values) []any {
	for _, x := range v {
		head = append(head, x)
	}
	return head
}

// onConflict writes the upsert clause: with a table name the columns are added to what is there, else they replace it.
// latest names one more column that keeps the greater value.
func onConflict(key string, cols []string, addTo, latest string) string {
	var b strings.Builder
	b.WriteString("ON CONFLICT (" + key + ") DO UPDATE SET ")
	for i, c := range cols {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c + " = ")
		if addTo != "" {
			b.WriteString(addTo + "." + c + " + ")
		}
		b.WriteString("excluded." + c)
	}
	if latest != "" {
		b.WriteString(", " + latest + " = CASE WHEN excluded." + latest + " > " + addTo + "." + latest + " THEN excluded." + latest + " ELSE " + addTo + "." + latest + " END")
	}
	return b.String()
}
