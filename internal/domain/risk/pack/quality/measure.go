package main

import (
	"slices"
	"sort"
	"strings"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// today is the day the rules are asked for.
const today = trained

// ratio is a count of a whole.
type ratio struct{ n, of int }

func (r *ratio) add(yes bool) {
	r.of++
	if yes {
		r.n++
	}
}

func (r ratio) share() float64 {
	if r.of == 0 {
		return 0
	}
	return float64(r.n) / float64(r.of)
}

func context(platform, kind string) scan.Context {
	return scan.Context{Platform: platform, Kind: kind, Day: today}
}

// has tells whether a result holds a finding of the categories, at least of a severity.
func has(r pack.Result, severe bool, categories ...string) bool {
	return slices.ContainsFunc(r.Findings, func(f pack.Finding) bool {
		return slices.Contains(categories, f.Category) && (!severe || f.Severity != pack.Low)
	})
}

func byRule(r pack.Result, categories ...string) bool {
	return slices.ContainsFunc(r.Findings, func(f pack.Finding) bool {
		return slices.Contains(categories, f.Category) && !strings.HasPrefix(f.Rule, "rank/")
	})
}

// diversion measures contacts in context: 0 harmless, 1 soft, 2 hard.
type diversion struct{ hard, hardBlock, soft, harmless, harmlessReview ratio }

func (s source) diversion(c *pack.Checker) (out diversion, err error) {
	rows, err := records(s.dir + "/labelled_text/diversion_mentions.csv")
	for _, r := range rows {
		res := c.Check(r["context"], context("", "comment"))
		switch r["diversion"] {
		case "2":
			out.hard.add(has(res, true, "diversion"))
			out.hardBlock.add(res.Verdict == pack.Block)
		case "1":
			out.soft.add(has(res, false, "diversion"))
		default:
			out.harmless.add(has(res, false, "diversion"))
			out.harmlessReview.add(has(res, true, "diversion"))
		}
	}
	return out, err
}

// ads measures group advertising with a ranker of the train half.
type ads struct {
	rules, rulesAlarm, verdict, verdictAlarm ratio
	at2                                      float64
	bad, good                                int
}

func (s source) ads(c *pack.Checker) (out ads, err error) {
	rows, err := s.labelled("qq_group_ads.csv", "is_ad", "ad", test)
	var bad, good []float64
	for _, e := range rows {
		res := c.Check(e.Text, context("", "comment"))
		rules, any := byRule(res, "diversion", "bait", "illegal"), has(res, true, "diversion", "bait", "illegal")
		p := score(res, c, e.Text, "ad")
		if e.Label != "" {
			out.rules.add(rules)
			out.verdict.add(any)
			bad = append(bad, p)
		} else {
			out.rulesAlarm.add(rules)
			out.verdictAlarm.add(any)
			good = append(good, p)
		}
	}
	out.bad, out.good = len(bad), len(good)
	out.at2 = recall(bad, rank.Threshold(good, 0.02))
	return out, err
}

// adsFolded scores every row by a ranker that saw the other four fifths, as the shipped one sees all.
func (b *bench) adsFolded() (recallAt2 float64, n int, err error) {
	rows, err := b.labelled("qq_group_ads.csv", "is_ad", "ad", all)
	if err != nil {
		return 0, 0, err
	}
	own, err := b.own()
	if err != nil {
		return 0, 0, err
	}
	var bad, good []float64
	const folds = 5
	for f := range folds {
		learn := slices.Clone(own)
		for _, e := range rows {
			if fold(e.Text, folds) != f {
				learn = append(learn, e)
			}
		}
		c, err := b.with(learn)
		if err != nil {
			return 0, 0, err
		}
		for _, e := range rows {
			if fold(e.Text, folds) != f {
				continue
			}
			p := score(c.Check(e.Text, context("", "comment")), c, e.Text, "ad")
			if e.Label != "" {
				bad = append(bad, p)
			} else {
				good = append(good, p)
			}
		}
	}
	return recall(bad, rank.Threshold(good, 0.02)), len(bad), nil
}

// score orders texts for one question.
func score(res pack.Result, c *pack.Checker, text, label string) float64 {
	categories := []string{"diversion", "bait", "illegal"}
	if label == "abuse" {
		categories = []string{"abuse"}
	}
	return res.Part(c.Likely(label, text), categories...)
}

func recall(bad []float64, threshold float64) float64 {
	var r ratio
	for _, p := range bad {
		r.add(p >= threshold)
	}
	return r.share()
}

// abuse measures reviews: at 2 % false alarms, rules with a ranker, and the ranker alone.
type abuse struct {
	both, alone, auc float64
	rules, alarms    ratio
	bad, good        int
}

func (s source) abuse(c *pack.Checker) (out abuse, err error) {
	rows, err := s.labelled("taobao_review_spam.csv", "is_spam", "abuse", test)
	var bad, good, badAlone, goodAlone []float64
	for _, e := range rows {
		res := c.Check(e.Text, context("", "comment"))
		p, alone := score(res, c, e.Text, "abuse"), c.Likely("abuse", e.Text)
		if e.Label != "" {
			bad, badAlone = append(bad, p), append(badAlone, alone)
			out.rules.add(byRule(res, "abuse"))
		} else {
			good, goodAlone = append(good, p), append(goodAlone, alone)
			out.alarms.add(byRule(res, "abuse"))
		}
	}
	out.bad, out.good = len(bad), len(good)
	out.both, out.alone = recall(bad, rank.Threshold(good, 0.02)), recall(badAlone, rank.Threshold(goodAlone, 0.02))
	out.auc = auc(badAlone, goodAlone)
	return out, err
}

func auc(bad, good []float64) float64 {
	sort.Float64s(good)
	sum := 0.0
	for _, b := range bad {
		sum += float64(sort.SearchFloat64s(good, b))
	}
	return sum / float64(max(len(bad)*len(good), 1))
}

// carriers are neutral sentences that hold a term.
func carriers() []string {
	return []string{"今天说说{}这个词", "我们店里写着{}，大家看看"}
}

// seen counts terms a check speaks up about, and lists those it does not.
func seen(c *pack.Checker, terms []string, platform string, disguise func(string) (string, bool)) (r ratio, missed []string) {
	for _, t := range terms {
		said := t
		if disguise != nil {
			var ok bool
			if said, ok = disguise(t); !ok || said == t {
				continue
			}
		}
		for _, frame := range carriers() {
			found := c.Check(strings.ReplaceAll(frame, "{}", said), context(platform, "post")).Verdict != pack.Pass
			r.add(found)
			if !found && !slices.Contains(missed, t) {
				missed = append(missed, t)
			}
		}
	}
	return r, missed
}

// verdicts counts what a check says about texts.
func verdicts(c *pack.Checker, texts []string, ctx scan.Context) map[string]int {
	out := map[string]int{}
	for _, t := range texts {
		out[c.Check(t, ctx).Verdict]++
	}
	return out
}
