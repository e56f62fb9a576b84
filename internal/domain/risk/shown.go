package risk

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Shown is a judged text as people see it.
type Shown struct {
	RowID     id.ID // of a list's row; 0 when the list is one of texts
	Kind      Kind
	ObjectID  id.ID
	AccountID id.ID
	Platform  string
	Account   Label
	Text      string
	Grade     Grade
	Before    Grade // of a run's change
	Score     float64
	Version   int
	Findings  []Finding
	CheckedAt clock.Ms
	Published clock.Ms
}

// dress puts texts and the names of accounts beside the verdicts.
func (s *Service) dress(ctx context.Context, brand id.ID, list []Shown) error {
	var accounts []id.ID
	want := map[Kind][]id.ID{}
	for i := range list {
		accounts = append(accounts, list[i].AccountID)
		if list[i].Text == "" {
			want[list[i].Kind] = append(want[list[i].Kind], list[i].ObjectID)
		}
	}
	slices.Sort(accounts)
	labels, err := s.Labels.Accounts(ctx, s.DB, brand, slices.Compact(accounts))
	if err != nil {
		return err
	}
	type key struct {
		kind Kind
		id   id.ID
	}
	texts := map[key]Known{}
	for kind, ids := range want {
		found, err := s.source(kind).ByID(ctx, s.DB, brand, ids)
		if err != nil {
			return err
		}
		for _, k := range found {
			texts[key{kind, k.ID}] = k
		}
	}
	for i := range list {
		x := &list[i]
		x.Account = labels[x.AccountID]
		if k, ok := texts[key{x.Kind, x.ObjectID}]; ok {
			x.Text, x.Published = k.Text, k.Published
		}
		if x.Findings == nil {
			x.Findings = []Finding{}
		}
	}
	return nil
}

// VerdictQuery asks for a page of standing verdicts; zero fields do not cut.
type VerdictQuery struct {
	Unit, Verdict, Platform, Rule string
	Kind                          Kind
	AfterGrade                    int
	After                         id.ID
	Limit                         int
}

// Verdicts lists what stands and does not pass, within the actor's scope, the worst and newest first.
func (s *Service) Verdicts(ctx context.Context, actor authz.Actor, q VerdictQuery) ([]Shown, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, q.Unit)
	if err != nil {
		return nil, err
	}
	f := verdictFilter{Scope: scope, Grade: GradeOf(q.Verdict), Kind: q.Kind, Platform: q.Platform, Rule: q.Rule}
	rows, err := listStandings(ctx, s.DB, actor.BrandID, f, verdictPlace{q.AfterGrade, q.After}, q.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]Shown, len(rows))
	for i := range rows {
		out[i] = rows[i].shown()
	}
	return out, s.dress(ctx, actor.BrandID, out)
}

func (r *standing) shown() Shown {
	return Shown{
		Kind: r.Kind, ObjectID: r.ObjectID, AccountID: r.AccountID, Platform: r.Platform, Grade: r.Grade, Score: float64(r.Score) / 1000, Version: r.Version,
		Findings: readFindings(r.Findings), CheckedAt: r.CheckedAt,
	}
}

// Board counts the standing verdicts of the actor's scope by kind and grade.
type Board struct {
	Version int
	Counts  map[Kind][4]int64
	Last    *Run // the newest re-scan; nil when there was none
}

// Board gives the counts of what stands. Errors: those of Scope.
func (s *Service) Board(ctx context.Context, actor authz.Actor, unit string) (Board, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return Board{}, err
	}
	rows, err := countStandings(ctx, s.DB, scope)
	if err != nil {
		return Board{}, err
	}
	b := Board{Counts: map[Kind][4]int64{Post: {}, Profile: {}}}
	for _, r := range rows {
		c := b.Counts[r.Kind]
		c[r.Grade] = r.Count
		b.Counts[r.Kind] = c
	}
	if b.Version, err = headVersion(ctx, s.DB, actor.BrandID); err != nil {
		return b, err
	}
	runs, err := s.Runs(ctx, actor, 20)
	if i := slices.IndexFunc(runs, func(r Run) bool { return r.Kind == Rescan }); i >= 0 {
		b.Last = &runs[i]
	}
	return b, err
}

// Standing tells the standing verdicts of ids, whoever asks; those without one are left out.
func (s *Service) Standing(ctx context.Context, brand id.ID, kind Kind, ids []id.ID) (map[id.ID]Verdict, error) {
	rows, err := standingsOf(ctx, s.DB, brand, kind, ids)
	out := make(map[id.ID]Verdict, len(rows))
	for k, r := range rows {
		out[k] = Verdict{r.Grade, float64(r.Score) / 1000, r.Version, readFindings(r.Findings)}
	}
	return out, err
}

// GetVerdict reads one standing verdict within the actor's scope. Error: risk.verdict_gone.
func (s *Service) GetVerdict(ctx context.Context, actor authz.Actor, kind Kind, object id.ID) (Shown, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return Shown{}, err
	}
	rows, err := standingsOf(ctx, s.DB, actor.BrandID, kind, []id.ID{object})
	if err != nil {
		return Shown{}, err
	}
	r, ok := rows[object]
	if ok && !scope.All {
		seen, err := unitsWithin(ctx, s.DB, scope, []Known{{UnitID: r.UnitID}})
		if err != nil {
			return Shown{}, err
		}
		ok = seen[r.UnitID]
	}
	if !ok {
		return Shown{}, errs.New(errs.NotFound, "risk.verdict_gone")
	}
	one := []Shown{r.shown()}
	err = s.dress(ctx, actor.BrandID, one)
	return one[0], err
}
