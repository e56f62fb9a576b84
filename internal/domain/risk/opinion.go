package risk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/scan/rank"
)

// Opinion is what a reviewer says about one finding. Kind and ObjectID say what the text belongs to: a post, a profile,
// a submission of the desk.
type Opinion struct {
	Rule     string
	Kind     Kind
	ObjectID id.ID
	Start    int // code point of the finding within its field
	Excerpt  string
	Right    bool
}

// Judge takes reviewers' words on findings; the newest word on a finding counts. Errors: risk.opinion_incomplete.
func (s *Service) Judge(ctx context.Context, actor authz.Actor, list []Opinion) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.JudgeIn(ctx, tx, actor, list) })
}

// JudgeIn is Judge within the caller's transaction, for the desk.
func (s *Service) JudgeIn(ctx context.Context, tx *db.Tx, actor authz.Actor, list []Opinion) error {
	bad := errs.Bad()
	for i, o := range list {
		if o.Rule == "" || o.ObjectID == 0 || o.Kind == "" || o.Start < 0 || len([]rune(o.Excerpt)) > maxText {
			bad.Field(fmt.Sprintf("items[%d]", i), "risk.opinion_incomplete")
		}
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, compareOpinions)
	list = slices.CompactFunc(list, func(a, b Opinion) bool { return compareOpinions(a, b) == 0 })
	now := s.now()
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{int64(actor.BrandID), o.Rule, string(o.Kind), int64(o.ObjectID), o.Start, o.Right, o.Excerpt, actor.UserID, actor.Name, int64(now)}
	}
	_, err := db.Insert(ctx, tx, "risk_opinion", []string{"brand_id", "rule", "kind", "object_id", "start_at", "is_right", "excerpt", "said_by", "said_name", "said_at"}, rows,
		`ON CONFLICT (brand_id, rule, kind, object_id, start_at) DO UPDATE SET is_right = excluded.is_right, excerpt = excluded.excerpt, said_by = excluded.said_by, said_name = excluded.said_name, said_at = excluded.said_at`)
	return err
}

func compareOpinions(a, b Opinion) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ObjectID, b.ObjectID), cmp.Compare(a.Start, b.Start))
}

// Precision is how often a rule was right, as far as reviewers said: Low to High is the 95 % Wilson interval.
type Precision struct {
	Right, False int
	Low, High    float64
}

func (p *Precision) add(right bool) {
	if right {
		p.Right++
	} else {
		p.False++
	}
}

// settle works the interval out; nothing judged leaves 0 to 1.
func (p *Precision) settle() {
	share := rank.Share(p.Right, p.Right+p.False)
	p.Low, p.High = share.Low, share.High
}

// place is where a finding begins.
type place struct {
	object id.ID
	start  int
}

// opinionsOn reads what was said about a rule's findings of one kind.
func opinionsOn(ctx context.Context, q db.Querier, brand id.ID, rule string, kind Kind) (map[place]bool, error) {
	type row struct {
		Object id.ID `db:"object_id"`
		Start  int   `db:"start_at"`
		Right  bool  `db:"is_right"`
	}
	rows, err := db.All[row](ctx, q, `SELECT object_id, start_at, is_right FROM risk_opinion WHERE brand_id = $1 AND rule = $2 AND kind = $3`, brand, rule, string(kind))
	out := make(map[place]bool, len(rows))
	for _, r := range rows {
		out[place{r.Object, r.Start}] = r.Right
	}
	return out, err
}

// Judged is a rule with what reviewers said about it.
type Judged struct {
	Code string
	Rule *Rule // nil: the rule is no more
	Precision
	Noisy bool
	State string
}

// A rule is noisy when enough was said about it and even the upper end of its interval is low: seven false alarms of ten
// are chance, thirty of forty are not.
const (
	noisyJudged = 10
	noisyHigh   = 0.70
)

func (p *Precision) noisy() bool { return p.Right+p.False >= noisyJudged && p.High < noisyHigh }

// JudgedRules lists the rules about which reviewers said something, the noisiest first; noisy keeps the noisy ones alone.
func (s *Service) JudgedRules(ctx context.Context, actor authz.Actor, noisy bool) ([]Judged, error) {
	type row struct {
		Rule  string `db:"rule"`
		Right int    `db:"n_right"`
		All   int    `db:"n"`
	}
	rows, err := db.All[row](ctx, s.DB, `SELECT rule, COUNT(*) FILTER (WHERE is_right) AS n_right, COUNT(*) AS n FROM risk_opinion WHERE brand_id = $1 GROUP BY rule`, actor.BrandID)
	if err != nil {
		return nil, err
	}
	e, err := s.edition(ctx, s.DB, actor.BrandID, DraftVersion)
	if err != nil {
		return nil, err
	}
	by := map[string]Ruled{}
	for _, r := range e.list() {
		by[r.Code] = r
	}
	var out []Judged
	for _, x := range rows {
		j := Judged{Code: x.Rule, Precision: Precision{Right: x.Right, False: x.All - x.Right}}
		j.settle()
		j.Noisy = j.noisy()
		if r, ok := by[x.Rule]; ok {
			j.Rule, j.State = &r.Rule, r.State
		}
		if !noisy || j.Noisy {
			out = append(out, j)
		}
	}
	slices.SortFunc(out, func(a, b Judged) int { return cmp.Or(cmp.Compare(a.High, b.High), cmp.Compare(a.Code, b.Code)) })
	return out, nil
}
