package insight

import (
	"cmp"
	"context"
	"iter"
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

type factKey struct {
	account id.ID
	day     clock.Day
}

// loadFacts reads the facts of the days, but of accounts whose newest facts are known to be older.
func (w *work) loadFacts(ctx context.Context, days []accountDay) error {
	var ask []id.ID
	span := Period{clock.Forever, 0}
	for part := range byAccount(days) {
		n, first, last := part[0].n, part[0].day, part[len(part)-1].day
		if w.newest[n] == 0 || first <= w.newest[n] {
			ask = append(ask, w.accounts[n])
			span.From, span.To = min(span.From, first), max(span.To, last)
		}
		if w.newest[n] != 0 {
			w.newest[n] = max(w.newest[n], last)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	facts := map[factKey]*factDay{}
	err := eachFact(ctx, w.tx, factRange{w.brand, ask, span}, func(k factKey, source int64, _ unitID, f *fact) {
		day := facts[k]
		if day == nil {
			day = &factDay{}
			facts[k] = day
		}
		day.rows[source/10][source%10] = f
	})
	for i := range days {
		if f := facts[factKey{days[i].st.AccountID, days[i].day}]; f != nil {
			days[i].facts = *f
		}
	}
	return err
}

// byAccount walks the days account by account.
func byAccount(days []accountDay) iter.Seq[[]accountDay] {
	return func(yield func([]accountDay) bool) {
		for lo := 0; lo < len(days); {
			hi := lo + 1
			for hi < len(days) && days[hi].n == days[lo].n {
				hi++
			}
			if !yield(days[lo:hi]) {
				return
			}
			lo = hi
		}
	}
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

// writeFacts stores the facts that changed, of days sorted by account and day: new ones as they are, known ones whole.
func (w *work) writeFacts(ctx context.Context, days []accountDay) error {
	const width = 6 + int(post.NumMetrics)
	fresh := make([][]any, 0, len(days))
	var rewritten [][]any
	room := make([]any, 0, len(days)*width)
	var brand, on any = int64(w.brand), int64(0) // made once: an int64 in an any is a piece of memory
	for i := range days {
		d := &days[i]
		unit := w.unitOf(d.st, d.day)
		if unit != unitID(d.st.UnitID) {
			w.past[pastKey{unit, d.st.AccountID}] = struct{}{}
		}
		for basis := range d.facts.rows {
			for class, f := range d.facts.rows[basis] {
				if f == nil || !f.dirty {
					continue
				}
				from := len(room)
				if on != int64(d.day) {
					on = int64(d.day)
				}
				room = append(room, brand, int64(d.st.AccountID), on, int64(basis*10+class), int64(f.mask), int64(unit))
				for _, v := range f.values {
					room = append(room, v)
				}
				if f.fresh {
					fresh = append(fresh, room[from:])
				} else {
					rewritten = append(rewritten, room[from:])
				}
			}
		}
	}
	cols := append([]string{"brand_id", "account_id", "day", "source", "mask", "unit_id"}, valueCols()...)
	if err := db.Copy(ctx, w.tx, "insight_account_day", cols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, w.tx, "insight_account_day", cols, rewritten, onConflict("brand_id, account_id, day, source", cols[4:], "", ""))
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
