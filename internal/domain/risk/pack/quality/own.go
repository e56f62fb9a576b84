package main

import (
	"bytes"
	"cmp"
	"crypto/sha1" //nolint:gosec // an order that stays the same, no secret
	"slices"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan/rank"
)

// verdictCounts are the numbers of verdicts on either side a brand may have when it trains a ranker of its own; the first
// is the least that is taken.
func verdictCounts() []int { return []int{30, 100, 500, 2000} }

// ownRanker tells what a brand's own ranker is worth by how many verdicts it has, on reviews as a stand-in for a desk:
// learned as the program learns it, from rows of the even half, scored on the odd one.
func (b *bench) ownRanker(p *page) error {
	learn, err := b.labelled("taobao_review_spam.csv", "is_spam", pack.Refused, train)
	if err != nil {
		return err
	}
	scored, err := b.labelled("taobao_review_spam.csv", "is_spam", pack.Refused, test)
	if err != nil {
		return err
	}
	p.say("## A brand's own ranker\nA brand trains one from what its reviewers said (docs/guide/risk.md): it orders the queue and lowers findings of rules marked noisy, blocks nothing, " +
		"and is measured on held-out verdicts before it is used. What brands' desks decide is not in the shared data; the shared reviews stand in for it here, " +
		"abuse as \"turned down\". Learned from so many verdicts of the even half with the program's options, scored on the odd half, the ranker alone:\n\n")
	p.say("| turned down / approved | found at 5 %% false alarms | AUC |\n|---|---|---|\n")
	for _, n := range verdictCounts() {
		m, err := rank.Train(drawn(learn, n), pack.OwnOptions(), trained, nil)
		if err != nil {
			return err
		}
		var bad, good []float64
		for _, e := range scored {
			for _, s := range m.Score(e.Text) {
				if e.Label != "" {
					bad = append(bad, s.P)
				} else {
					good = append(good, s.P)
				}
			}
		}
		p.say("| %d / %d | %s | %.3f |\n", n, n, pc(recall(bad, rank.Threshold(good, 0.05))), auc(bad, good))
	}
	p.say("\nReviews are short and of one kind; posts are longer and differ from brand to brand, so a brand's own figures are those its training shows. " +
		"Models of an older edition of the features keep judging as they were trained.\n\n")
	return nil
}

// drawn takes n rows of either side, in the order of their SHA-1.
func drawn(rows []rank.Example, n int) []rank.Example {
	rows = slices.Clone(rows)
	key := func(e rank.Example) []byte {
		sum := sha1.Sum([]byte(e.Text))
		return sum[1:]
	}
	slices.SortFunc(rows, func(a, b rank.Example) int { return cmp.Or(bytes.Compare(key(a), key(b)), cmp.Compare(a.Text, b.Text)) })
	var out []rank.Example
	with, without := 0, 0
	for _, e := range rows {
		side := &without
		if e.Label != "" {
			side = &with
		}
		if *side < n {
			*side++
			out = append(out, e)
		}
	}
	return out
}
