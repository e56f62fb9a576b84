package org

import (
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Answers are what a brand says about itself on the start page.
type Answers struct {
	Conditions []string `json:"conditions" doc:"keys of the six conditions that hold"`
	Goal       string   `json:"goal"`
	Industry   string   `json:"industry"`
	Gender     string   `json:"gender" enum:"women,men,balanced"`
	Ages       []string `json:"ages" doc:"young, middle, senior"`
	Tiers      []string `json:"tiers" doc:"tier1, new_tier1, tier4"`
	Spending   string   `json:"spending" enum:"low,mid,high"`
	Outlets    int      `json:"outlets" minimum:"0" maximum:"1000000"`
	Lines      []string `json:"lines" doc:"names of the business lines"`
	Regions    []string `json:"regions" doc:"names of the regions"`
	Famous     bool     `json:"famous" doc:"the brand account draws traffic of its own"`
	Uneven     bool     `json:"uneven" doc:"the outlets differ a lot in what they can do"`
	Private    bool     `json:"private" doc:"customers are mostly served in private chats"`
}

// Verdict is what the self-test says.
type Verdict string

// The verdicts: five or six conditions hold, three or four, fewer.
const (
	Ready    Verdict = "ready"
	Partly   Verdict = "partly"
	NotReady Verdict = "not_ready"
)

// Reason is why something is proposed: a key of the page's texts, and whether it speaks for or against.
type Reason struct {
	Key string `json:"key"`
	For bool   `json:"for"`
}

// Rank is a platform with its score of 100 and the reasons.
type Rank struct {
	Platform string   `json:"platform"`
	Score    int      `json:"score"`
	Reasons  []Reason `json:"reasons"`
}

// Choice is a proposed layout or structure with the reasons.
type Choice struct {
	Key     string   `json:"key"`
	Reasons []Reason `json:"reasons"`
}

// Position is a unit that the structure creates and the role of whoever leads it.
type Position struct {
	Path string     `json:"path"`
	Kind Kind       `json:"kind"`
	Role authz.Role `json:"role"`
}

// Result is what the page proposes.
type Result struct {
	Verdict   Verdict  `json:"verdict" enum:"ready,partly,not_ready"`
	Missing   []string `json:"missing" doc:"conditions that do not hold; each has advice in the pack"`
	Platforms []Rank   `json:"platforms"`
	Layout    Choice   `json:"layout"`
	Structure Choice   `json:"structure"`
	// Units are those of each structure, so that another one than proposed can be chosen.
	Units map[string][]Position `json:"units"`
}

// Fit is a result on record.
type Fit struct {
	ID        id.ID     `json:"id"`
	Answers   Answers   `json:"answers"`
	Result    Result    `json:"result"`
	Goal      string    `json:"goal"`
	PackDay   clock.Day `json:"pack_day"`
	At        clock.Ms  `json:"at"`
	By        string    `json:"by"`
	Layout    string    `json:"layout" doc:"the layout proposed, or chosen when put in place"`
	Structure string    `json:"structure" doc:"the structure proposed, or chosen when put in place"`
	AppliedAt clock.Ms  `json:"applied_at"`
}

// weights of the traits of a platform; together with the ground of 10 they make 100.
const (
	weightIndustry = 30
	weightGoal     = 15
	weightGender   = 15
	weightAges     = 10
	weightTiers    = 10
	weightSpending = 10
	ground         = 10
)

// judge turns answers into a result by the pack; pure, so that every result can be explained and replayed.
func judge(p *Pack, a Answers) Result {
	r := Result{Missing: []string{}, Platforms: rankPlatforms(p, a), Layout: chooseLayout(a), Structure: chooseStructure(a)}
	held := 0
	for _, c := range p.Conditions {
		if slices.Contains(a.Conditions, c.Key) {
			held++
		} else {
			r.Missing = append(r.Missing, c.Key)
		}
	}
	switch {
	case held >= 5:
		r.Verdict = Ready
	case held >= 3:
		r.Verdict = Partly
	default:
		r.Verdict = NotReady
	}
	r.Units = map[string][]Position{}
	for _, s := range p.Structures {
		r.Units[s.Key] = s.positions(a)
	}
	return r
}

func rankPlatforms(p *Pack, a Answers) []Rank {
	ranks := make([]Rank, 0, len(p.Platforms))
	for _, pl := range p.Platforms {
		r := Rank{Platform: pl.Slug, Score: ground}
		add := func(key string, weight int, fits bool) {
			if fits {
				r.Score += weight
			}
			r.Reasons = append(r.Reasons, Reason{key, fits})
		}
		add("industry", weightIndustry, slices.Contains(pl.Industries, a.Industry))
		add("goal", weightGoal, slices.Contains(pl.Goals, a.Goal))
		add("gender", weightGender, pl.Gender == "balanced" || a.Gender == "balanced" || pl.Gender == a.Gender)
		add("ages", weightAges, overlap(pl.Ages, a.Ages))
		add("tiers", weightTiers, overlap(pl.Tiers, a.Tiers))
		add("spending", weightSpending, slices.Contains(pl.Spending, a.Spending))
		ranks = append(ranks, r)
	}
	slices.SortStableFunc(ranks, func(x, y Rank) int { return y.Score - x.Score })
	return ranks
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// manyOutlets is from how many outlets on a net counts as large.
const manyOutlets = 100

func chooseLayout(a Answers) Choice {
	switch {
	case a.Private && a.Goal == "service":
		return Choice{"private", []Reason{{"goal_service", true}, {"private", true}}}
	case a.Uneven && a.Outlets >= manyOutlets:
		return Choice{"benchmark", []Reason{{"many_outlets", true}, {"uneven", true}}}
	case a.Famous && len(a.Lines) > 1:
		return Choice{"official_kos", []Reason{{"famous", true}, {"several_lines", true}}}
	case !a.Famous && len(a.Regions) <= 1 && a.Outlets < manyOutlets:
		return Choice{"persona", []Reason{{"not_famous", true}, {"few_outlets", true}}}
	default:
		return Choice{"pyramid", []Reason{{"regions", len(a.Regions) > 1}, {"many_outlets", a.Outlets >= manyOutlets}}}
	}
}

func chooseStructure(a Answers) Choice {
	switch {
	case len(a.Regions) > 1:
		return Choice{"by_region", []Reason{{"regions", true}, {"many_outlets", a.Outlets >= manyOutlets}}}
	case len(a.Lines) > 1:
		return Choice{"by_line", []Reason{{"several_lines", true}, {"no_regions", true}}}
	default:
		return Choice{"by_ability", []Reason{{"one_line", true}, {"no_regions", true}}}
	}
}

// positions fills the structure's units with the names given.
func (s Structure) positions(a Answers) []Position {
	out := []Position{}
	for _, u := range s.Units {
		for _, path := range u.paths(a) {
			out = append(out, Position{path, u.Kind, u.Role})
		}
	}
	return out
}

// checkAnswers tells every fault at once.
func checkAnswers(p *Pack, a Answers) (Answers, error) {
	bad := errs.Bad()
	known := func(path, value string, ok bool) {
		if value == "" {
			bad.Field(path, "org.fit_answer_missing")
		} else if !ok {
			bad.Field(path, "org.fit_answer_unknown", "value", value)
		}
	}
	for _, c := range a.Conditions {
		known("conditions", c, slices.ContainsFunc(p.Conditions, func(x Condition) bool { return x.Key == c }))
	}
	known("goal", a.Goal, slices.ContainsFunc(p.Goals, func(x Goal) bool { return x.Key == a.Goal }))
	known("industry", a.Industry, slices.ContainsFunc(p.Industries, func(x Word) bool { return x.Key == a.Industry }))
	known("gender", a.Gender, slices.Contains([]string{"women", "men", "balanced"}, a.Gender))
	known("spending", a.Spending, slices.Contains([]string{"low", "mid", "high"}, a.Spending))
	for _, names := range []struct {
		path string
		list *[]string
	}{{"lines", &a.Lines}, {"regions", &a.Regions}} {
		for i, n := range *names.list {
			name, ok := cleanName(n)
			if !ok {
				bad.Field(names.path, "org.name_invalid", "max", maxName)
			}
			(*names.list)[i] = name
		}
	}
	return a, bad.OrNil()
}
