package main

import (
	"crypto/sha1" //nolint:gosec // a split that stays the same, no secret
	"fmt"
	"io"
	"math"
	"slices"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan/rank"
)

// Cross-validation within the even half of the group ads. It is the only figure that features, weights and rules may be
// chosen by: no row of the odd half is read for it.

const (
	crossFolds = 5
	crossDeals = 6 // so many other ways to deal the rows out
)

// cross is what cross-validation measured.
type cross struct {
	recall, spread float64 // recall at 2 % false alarms: mean and standard deviation of the deals
	auc            float64
	ads, others    int
}

// dealt gives the fold of a text in one of the deals.
func dealt(text string, deal int) int {
	sum := sha1.Sum([]byte(text))
	return int(sum[2+deal]) % crossFolds
}

// cross deals the even half out several times; each row is scored by rules and a ranker that saw the other folds and the
// project's own rows.
func (b *bench) cross() (out cross, err error) {
	rows, err := b.labelled("qq_group_ads.csv", "is_ad", "ad", train)
	if err != nil {
		return out, err
	}
	own, err := b.own()
	if err != nil {
		return out, err
	}
	var recalls []float64
	for deal := range crossDeals {
		var bad, good []float64
		for f := range crossFolds {
			learn := slices.Clone(own)
			for _, e := range rows {
				if dealt(e.Text, deal) != f {
					learn = append(learn, e)
				}
			}
			c, err := b.with(learn)
			if err != nil {
				return out, err
			}
			for _, e := range rows {
				if dealt(e.Text, deal) != f {
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
		out.ads, out.others = len(bad), len(good)
		out.auc += auc(bad, good) / crossDeals
		recalls = append(recalls, recall(bad, rank.Threshold(good, 0.02)))
	}
	out.recall, out.spread = spread(recalls)
	return out, nil
}

// spread gives mean and standard deviation.
func spread(xs []float64) (mean, deviation float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		deviation += (x - mean) * (x - mean) / float64(len(xs))
	}
	return mean, math.Sqrt(deviation)
}

// tellCross writes what cross-validation measured.
func tellCross(s source, w io.Writer) error {
	packs, err := pack.Shipped()
	if err != nil {
		return err
	}
	b := &bench{source: s, packs: packs}
	x, err := b.cross()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "group ads, even half: recall %.1f %% ± %.1f at 2 %% false alarms, AUC %.4f (%d ads, %d others, %d deals of %d folds)\n",
		100*x.recall, 100*x.spread, x.auc, x.ads, x.others, crossDeals, crossFolds)
	return err
}
