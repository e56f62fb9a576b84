package main

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// reading is what a person found in fifty notes; counts and paraphrase, no texts.
//
//go:embed reading.md
var reading string

// bench gathers what a report needs.
type bench struct {
	source
	packs   []pack.Pack
	shipped *pack.Checker // what the binary does
	half    *pack.Checker // the same with a ranker trained on the train half of the rows that may ship
	reviews *pack.Checker // with a ranker trained on the train half of the shared reviews, not shipped
	model   *rank.Model
}

func (s source) bench() (*bench, error) {
	b := &bench{source: s}
	var err error
	if b.packs, err = pack.Shipped(); err != nil {
		return nil, err
	}
	if b.model, err = pack.ShippedModel(); err != nil {
		return nil, err
	}
	if b.shipped, err = pack.NewChecker(b.packs, b.model); err != nil {
		return nil, err
	}
	rows, err := s.shippable(train)
	if err != nil {
		return nil, err
	}
	if b.half, err = b.with(rows); err != nil {
		return nil, err
	}
	if rows, err = s.labelled("taobao_review_spam.csv", "is_spam", "abuse", train); err != nil {
		return nil, err
	}
	b.reviews, err = b.with(rows)
	return b, err
}

func (b *bench) with(rows []rank.Example) (*pack.Checker, error) {
	m, err := rank.Train(rows, rank.Options{Seed: 1}, trained, nil)
	if err != nil {
		return nil, err
	}
	return pack.NewChecker(b.packs, m)
}

// page writes markdown and keeps the first fault.
type page struct {
	w   io.Writer
	err error
}

func (p *page) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func report(s source, w io.Writer) error {
	b, err := s.bench()
	if err != nil {
		return err
	}
	p := &page{w: w}
	b.head(p)
	for _, part := range []func(*page) error{b.goals, b.disguises, b.missed, b.speech, b.ownRanker, b.real} {
		if err := part(p); err != nil {
			return err
		}
	}
	p.say("%s", reading)
	return p.err
}

func (b *bench) head(p *page) {
	rules, terms := 0, 0
	for _, k := range b.packs {
		rules += len(k.Rules)
		for _, r := range k.Rules {
			terms += len(r.Terms)
		}
	}
	p.say("# Quality of the risk rules\nWritten by `make risk-report` from texts nobody here wrote (`../shared/data`); `make risk-model` trains the shipped ranker.\n\n")
	p.say("%d packs, %d rules, %d words; rules and weights `%s`, weights alone `%s`.\n\n", len(b.packs), rules, terms, b.shipped.Version(), b.model.Version())
	p.say("Labelled rows are split by the SHA-1 of their text: the even half may be learned from and looked at, the odd half is only scored. " +
		"Every ranker scored here learned from the even half alone; the shipped one then learned from all rows that may ship. " +
		"The diversion set is too small to split, so its rules were written from the platforms' rules and its figures are read with care.\n\n")
}

// mark tells whether a goal is reached.
func mark(reached bool) string {
	if reached {
		return "yes"
	}
	return "**no**"
}

func pc(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

func (r ratio) String() string { return fmt.Sprintf("%s (%d of %d)", pc(r.share()), r.n, r.of) }

func (b *bench) goals(p *page) error {
	d, err := b.diversion(b.shipped)
	if err != nil {
		return err
	}
	a, err := b.ads(b.half)
	if err != nil {
		return err
	}
	folded, allAds, err := b.adsFolded()
	if err != nil {
		return err
	}
	own, err := b.abuse(b.reviews)
	if err != nil {
		return err
	}
	shipped, err := b.abuse(b.shipped)
	if err != nil {
		return err
	}
	law, industry, err := b.terms()
	if err != nil {
		return err
	}
	lawSeen, _ := seen(b.shipped, law, "", nil)
	industrySeen, _ := seen(b.shipped, industry, "", nil)
	both := ratio{lawSeen.n + industrySeen.n, lawSeen.of + industrySeen.of}
	p.say("## Goals\n| what | goal | measured | reached |\n|---|---|---|---|\n")
	p.say("| diversion, hard cases found (medium or high) | ≥ 85 %% | %s | %s |\n", d.hard, mark(d.hard.share() >= 0.85))
	p.say("| diversion, harmless mentions sent to review or blocked | ≤ 2 %% | %s; with mere warnings %s | %s |\n", d.harmlessReview, d.harmless, mark(d.harmlessReview.share() <= 0.02))
	p.say("| group ads (diversion + bait + ranker) at 2 %% false alarms | ≥ 85 %% | %s of %d ads; as shipped by verdict %s at %s false alarms; rules alone %s at %s; five-fold over all %d ads %s | %s |\n",
		pc(a.at2), a.bad, pc(a.verdict.share()), pc(a.verdictAlarm.share()), pc(a.rules.share()), pc(a.rulesAlarm.share()), allAds, pc(folded), mark(a.at2 >= 0.85))
	p.say("| abuse in reviews at 2 %% false alarms, ranker of the shared reviews (not shipped) | ≥ 80 %% | %s of %d (ranker alone %s, AUC %.3f) | %s |\n", pc(own.both), own.bad, pc(own.alone), own.auc, mark(own.both >= 0.80))
	p.say("| the same with the weights that ship | said plainly | %s (ranker alone %s, AUC %.3f; rules alone %s at %s false alarms) | — |\n", pc(shipped.both), pc(shipped.alone), shipped.auc, pc(shipped.rules.share()), pc(shipped.alarms.share()))
	p.say("| advertising-law words in neutral sentences | ≥ 95 %% | %s | %s |\n| industry words in neutral sentences | ≥ 95 %% | %s | %s |\n| both | ≥ 95 %% | %s | %s |\n\n",
		lawSeen, mark(lawSeen.share() >= 0.95), industrySeen, mark(industrySeen.share() >= 0.95), both, mark(both.share() >= 0.95))
	p.say("Soft diversion (\"message me\", \"a QQ group would be nice\") is not asked for; %s of it is noticed. What the shipped weights miss in reviews is mostly "+
		"swearing in a tone the training rows (offensive speech about region, race and sex) do not have: a brand that trains on its own reviewers' verdicts "+
		"gets the figure above it.\n\n", d.soft)
	return nil
}

func (b *bench) disguises(p *page) error {
	law, industry, err := b.terms()
	if err != nil {
		return err
	}
	kinds, err := b.evasions()
	if err != nil {
		return err
	}
	terms := unique(slices.Concat(law, industry))
	p.say("## The same words in disguise\nGoal ≥ 90 %% each, of terms that the disguise changes, in two neutral sentences.\n\n| disguise | found | reached |\n|---|---|---|\n")
	for _, k := range kinds {
		r, _ := seen(b.shipped, terms, "", k.do)
		p.say("| %s | %s | %s |\n", k.name, r, mark(r.share() >= 0.90))
	}
	p.say("\nHomophones and look-alikes are drawn from the shared lists, obscure characters included; a draw that makes another ordinary word (搞笑 for 高效) is let through on purpose.\n\n")
	return nil
}

func (b *bench) missed(p *page) error {
	law, industry, err := b.terms()
	if err != nil {
		return err
	}
	_, a := seen(b.shipped, law, "", nil)
	_, i := seen(b.shipped, industry, "", nil)
	p.say("## Words of the shared lists that pass on purpose\n%s.\n\nThey are everyday words of every trade; bare, they say nothing. In a bad company they are found by the rules of nearness (微信 beside 加, 指定 beside 国家机关).\n\n", strings.Join(unique(append(a, i...)), ", "))
	platforms, err := b.platformTerms()
	if err != nil {
		return err
	}
	p.say("Of the words in the shared platform rules:")
	for _, name := range slices.Sorted(maps.Keys(platforms)) {
		r, m := seen(b.shipped, platforms[name], name, nil)
		p.say(" %s %s (passing: %s).", name, r, strings.Join(m, ", "))
	}
	p.say("\n\n")
	return nil
}

// speech measures everyday selling language in every kind of text.
func (b *bench) speech(p *page) error {
	texts, err := b.everyday()
	if err != nil {
		return err
	}
	p.say("## Everyday selling language\n%d sentences of beauty, car, insurance, mother-and-baby and property staff, written before any tuning and never learned from. Goal: ≤ 2 %% blocked, ≤ 5 %% warned or more.\n\n", len(texts))
	p.say("| kind of text | blocked | to review | warned | any of them | reached |\n|---|---|---|---|---|---|\n")
	for _, kind := range []string{"post", "profile", "reply", "comment", ""} {
		v := verdicts(b.shipped, texts, context("", kind))
		any := len(texts) - v[pack.Pass]
		name := kind
		if name == "" {
			name = "not said"
		}
		p.say("| %s | %s | %s | %s | %s | %s |\n", name, ratio{v[pack.Block], len(texts)}, ratio{v[pack.Review], len(texts)}, ratio{v[pack.Warn], len(texts)}, ratio{any, len(texts)},
			mark(v[pack.Block]*50 <= len(texts) && any*20 <= len(texts)))
	}
	p.say("\n")
	return nil
}

// real measures real 小红书 notes and says which rules object most.
func (b *bench) real(p *page) error {
	notes, err := b.notes()
	if err != nil {
		return err
	}
	p.say("## Real 小红书 notes\nNotes of private people and shops, checked as posts on xiaohongshu. Most are no advertising in law, so this is what a brand would see if its staff wrote like this.\n\n")
	p.say("| notes | number | blocked | to review | warned | pass |\n|---|---|---|---|---|---|\n")
	byFile := map[string][]string{}
	rules := map[string]int{}
	for _, n := range notes {
		byFile[n.file] = append(byFile[n.file], n.text)
		tellRules(b.shipped.Check(n.text, scan.Context{Platform: "xiaohongshu", Kind: "post", Day: today}), rules)
	}
	total := map[string]int{}
	line := func(name string, v map[string]int, of int) {
		p.say("| %s | %d | %s | %s | %s | %s |\n", name, of, pc(ratio{v[pack.Block], of}.share()), pc(ratio{v[pack.Review], of}.share()), pc(ratio{v[pack.Warn], of}.share()), pc(ratio{v[pack.Pass], of}.share()))
	}
	for _, f := range slices.Sorted(maps.Keys(byFile)) {
		v := verdicts(b.shipped, byFile[f], scan.Context{Platform: "xiaohongshu", Kind: "post", Day: today})
		for k, n := range v {
			total[k] += n
		}
		line(f, v, len(byFile[f]))
	}
	line("all", total, len(notes))
	names := slices.Collect(maps.Keys(rules))
	slices.SortFunc(names, func(x, y string) int {
		if rules[x] != rules[y] {
			return rules[y] - rules[x]
		}
		return strings.Compare(x, y)
	})
	p.say("\nRules of medium and high severity that object to most notes:")
	for _, n := range names[:min(15, len(names))] {
		p.say(" `%s` %d,", n, rules[n])
	}
	p.say(" …\n\n")
	return nil
}

// tellRules counts the rules of medium and high severity, once per text.
func tellRules(r pack.Result, rules map[string]int) {
	told := map[string]bool{}
	for _, f := range r.Findings {
		if f.Severity != pack.Low && !told[f.Rule] {
			told[f.Rule] = true
			rules[f.Rule]++
		}
	}
}
