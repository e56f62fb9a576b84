package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/post"
)

// RowsQuery asks for the accounts behind a figure.
type RowsQuery struct {
	Figure   string // a metric slug, or accounts, active, asleep, abnormal
	Period   Period
	Unit     string
	Platform string
	Kind     string
	Limit    int
	After    *Score
}

// Row is one account's share of a figure.
type Row struct {
	Account  AccountLabel `json:"account"`
	Value    int64        `json:"value"`
	Previous *int64       `json:"previous" doc:"the same account over the period before; null for counts"`
}

func figureBit(figure string) (uint8, bool) {
	bit, ok := map[string]uint8{"accounts": bitCounted, "active": bitActive30, "asleep": bitAsleep, "abnormal": bitAbnormal}[figure]
	return bit, ok
}

// Rows lists the accounts behind a figure, largest share first; their values add up to the figure. Figures of a period
// count an account's days where it was on the day; counts of a period that ended before today are those of its last day.
// Error: "insight.figure_unknown", "insight.rows_not_kept".
func (s *Service) Rows(ctx context.Context, actor authz.Actor, q RowsQuery) ([]Score, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", q.Unit)
	if err != nil {
		return nil, err
	}
	r := ranker{q: s.db, brand: actor.BrandID, scope: sc, ask: BoardQuery{Platform: q.Platform, Kind: q.Kind}}
	if bit, ok := figureBit(q.Figure); ok && q.Period.To < s.today() {
		if r.mark, err = readMark(ctx, s.db, actor.BrandID); err != nil {
			return nil, err
		}
		return r.countedThen(ctx, bit, q)
	} else if ok {
		return r.counted(ctx, bit, q)
	}
	m, ok := post.ParseMetric(q.Figure)
	if !ok {
		return nil, errs.New(errs.Invalid, "base.invalid_input").Field("figure", "insight.figure_unknown")
	}
	list, err := s.shares(ctx, &r, m, q)
	return page(list, q), err
}

func (r *ranker) counted(ctx context.Context, bit uint8, q RowsQuery) ([]Score, error) {
	var a db.Args
	where := "st.brand_id = " + a.Add(r.brand) + " AND " + r.scope.Where("st.unit_id", &a) + " AND (st.bits / " + itoa(int64(bit)) + ") % 2 = 1" + r.cut(&a)
	if q.After != nil {
		where += " AND st.account_id > " + a.Add(q.After.Account)
	}
	return db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, CAST(1 AS BIGINT) AS score FROM "+r.accounts()+" WHERE "+where+" ORDER BY st.account_id LIMIT "+a.Add(q.Limit), a.Values...)
}

func (r *ranker) cut(a *db.Args) (where string) {
	if r.ask.Platform != "" {
		where += " AND st.platform = " + a.Add(r.ask.Platform)
	}
	if r.ask.Kind != "" {
		where += " AND st.account_kind = " + a.Add(r.ask.Kind)
	}
	return where
}

// page cuts the rows after a place out of the whole list.
func page(list []Score, q RowsQuery) []Score {
	if q.After != nil {
		at, _ := slices.BinarySearchFunc(list, *q.After, byShare)
		if at < len(list) && list[at] == *q.After {
			at++
		}
		list = list[at:]
	}
	return list[:min(len(list), q.Limit)]
}

// byShare orders rows with the largest share first.
func byShare(a, b Score) int {
	return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Account, b.Account))
}
