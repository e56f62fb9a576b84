package risk

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// LabAsk asks what a rule would have found in the posts of the last days.
type LabAsk struct {
	Rule   Rule // with a code: a changed form of that rule
	Days   int
	Unit   string
	Sample int
}

// LabReport is the answer. Scanned posts are the newest; Cut tells that there were more.
type LabReport struct {
	Scanned   int
	Cut       bool
	Posts     int // posts with a hit
	Hits      int
	Sample    []Shown
	Precision Precision
	Overlaps  []Overlap
	Alone     int // posts that no rule in force finds
}

// Overlap tells how many of a rule's posts another rule in force finds too, at the same place.
type Overlap struct {
	Code  string
	Says  string
	Posts int
}

// Bounds of a trial.
const (
	labPosts   = 200_000
	labPage    = 5_000
	labSample  = 100
	labOverlap = 20
	labHits    = 20_000 // posts kept for overlap and precision
)

// TryRule runs a rule over past posts before it goes live. Errors: those of the rule's fields, risk.days.
func (s *Service) TryRule(ctx context.Context, actor authz.Actor, q LabAsk) (LabReport, error) {
	if err := s.fit(&q.Rule); err != nil {
		return LabReport{}, err
	}
	if q.Days < 1 || q.Days > 730 {
		return LabReport{}, errs.Bad().Field("days", "risk.days")
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, q.Unit)
	if err != nil {
		return LabReport{}, err
	}
	if q.Rule.Code == "" {
		q.Rule.Code = "draft"
	}
	q.Rule.Pack = cmp.Or(q.Rule.Pack, OwnPack)
	m, err := matcher(&q.Rule)
	if err != nil {
		return LabReport{}, errs.Wrap(errs.Invalid, "risk.rules_faulty", err, "what", err.Error())
	}
	day := s.today(actor)
	// The trial asks what the rule finds, not when: its own days are left out.
	trial := &checker{pack: m, industry: first(q.Rule.Industries)}
	lab := lab{s: s, brand: actor.BrandID, day: trialDay(&q.Rule, day), trial: trial}
	if err := lab.scan(ctx, scope, clock.MsOf(day.Add(-q.Days).In(clock.Shanghai()))); err != nil {
		return LabReport{}, err
	}
	return lab.report(ctx, q)
}

func first(list []string) string {
	if len(list) > 0 {
		return list[0]
	}
	return ""
}

// trialDay gives a day on which the rule is in force, today when it is.
func trialDay(r *Rule, today clock.Day) clock.Day {
	switch {
	case r.From > today:
		return r.From
	case r.Until != 0 && r.Until < today:
		return r.Until
	default:
		return today
	}
}

// lab is one trial under way.
type lab struct {
	s     *Service
	brand id.ID
	day   clock.Day
	trial *checker
	out   LabReport
	known []Known
	found []Verdict
}

// scan walks the posts, newest first.
func (l *lab) scan(ctx context.Context, scope authz.Scope, from clock.Ms) error {
	span := Span{From: from, Limit: labPage}
	for l.out.Scanned < labPosts {
		list, err := l.s.Posts.Since(ctx, l.s.DB, l.brand, span)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return nil
		}
		last := list[len(list)-1]
		span.BeforeAt, span.BeforeID = last.Published, last.ID
		full := len(list) == labPage
		if list, err = l.inScope(ctx, scope, list); err != nil {
			return err
		}
		l.out.Scanned += len(list)
		for i, v := range judge(l.trial, Post, list, l.day) {
			if len(v.Findings) == 0 {
				continue
			}
			l.out.Posts++
			l.out.Hits += len(v.Findings)
			if len(l.known) < labHits {
				l.known, l.found = append(l.known, list[i]), append(l.found, v)
			}
		}
		if !full {
			return nil
		}
	}
	l.out.Cut = true
	return nil
}

// inScope keeps the posts of the units the actor may see.
func (l *lab) inScope(ctx context.Context, scope authz.Scope, list []Known) ([]Known, error) {
	if scope.All {
		return list, nil
	}
	seen, err := unitsWithin(ctx, l.s.DB, scope, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(k Known) bool { return !seen[k.UnitID] }), nil
}

// unitsWithin tells which units of the texts lie within the scope.
func unitsWithin(ctx context.Context, q db.Querier, scope authz.Scope, list []Known) (map[id.ID]bool, error) {
	var units []id.ID
	for i := range list {
		units = append(units, list[i].UnitID)
	}
	slices.Sort(units)
	var a db.Args
	rows, err := db.All[id.ID](ctx, q, "SELECT DISTINCT unit_id FROM risk_verdict WHERE brand_id = "+a.Add(scope.BrandID)+" AND unit_id IN "+
		db.IDList(q, &a, slices.Compact(units))+" AND "+scope.Where("unit_id", &a), a.Values...)
	out := make(map[id.ID]bool, len(rows))
	for _, u := range rows {
		out[u] = true
	}
	return out, err
}

func (l *lab) report(ctx context.Context, q LabAsk) (LabReport, error) {
	if err := l.overlap(ctx, q.Rule.Code); err != nil {
		return l.out, err
	}
	said, err := opinionsOn(ctx, l.s.DB, l.brand, q.Rule.Code, Post)
	if err != nil {
		return l.out, err
	}
	for i := range l.known {
		for _, f := range l.found[i].Findings {
			if right, judged := said[place{l.known[i].ID, f.Start}]; judged {
				l.out.Precision.add(right)
			}
		}
	}
	l.out.Precision.settle()
	n := min(len(l.known), q.Sample, labSample)
	for i := range n { // spread over the whole time, newest first
		at := i * len(l.known) / n
		k := &l.known[at]
		l.out.Sample = append(l.out.Sample, Shown{
			Kind: Post, ObjectID: k.ID, AccountID: k.AccountID, Platform: k.Platform, Text: k.Text, Grade: l.found[at].Grade, Findings: l.found[at].Findings, Published: k.Published,
		})
	}
	return l.out, l.s.dress(ctx, l.brand, l.out.Sample)
}

// overlap counts which rules in force find the same places.
func (l *lab) overlap(ctx context.Context, code string) error {
	now, err := l.s.checker(ctx, l.brand, exact)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for i, v := range judge(now, Post, l.known, l.day) {
		hit := map[string]bool{}
		for _, f := range v.Findings {
			if f.Rule != code && meets(l.found[i].Findings, f) {
				hit[f.Rule] = true
			}
		}
		for other := range hit {
			count[other]++
		}
		if len(hit) == 0 {
			l.out.Alone++
		}
	}
	e, err := l.s.edition(ctx, l.s.DB, l.brand, now.version)
	if err != nil {
		return err
	}
	rules := e.rules()
	for other, n := range count {
		r := rules[other]
		l.out.Overlaps = append(l.out.Overlaps, Overlap{other, r.Says(), n})
	}
	slices.SortFunc(l.out.Overlaps, func(a, b Overlap) int { return cmp.Or(cmp.Compare(b.Posts, a.Posts), cmp.Compare(a.Code, b.Code)) })
	l.out.Overlaps = l.out.Overlaps[:min(len(l.out.Overlaps), labOverlap)]
	return nil
}

// meets tells whether a finding shares a character with one of the list.
func meets(list []Finding, f Finding) bool {
	return slices.ContainsFunc(list, func(o Finding) bool { return o.Field == f.Field && o.Start < f.End && f.Start < o.End })
}
