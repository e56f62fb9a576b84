package app

import (
	"context"
	"fmt"
	"os"
	"strings"

	"kosmos/internal/domain/risk"
	"kosmos/internal/scan/rank"
)

// trainedBrand is what training a brand's own ranker answers.
type trainedBrand struct {
	Brand   string `json:"brand"`
	Number  int    `json:"number"`
	Weights string `json:"weights"`
	InUse   bool   `json:"in_use"`
	risk.Measured
}

// brand trains the own ranker of a brand from its reviewers' verdicts, and puts it into use when asked to.
func (c *riskTrainCmd) brand(ctx context.Context, s *shell, a *App) error {
	b, err := a.Identity.BrandBySlug(ctx, c.Brand)
	if err != nil {
		return err
	}
	actor, err := a.Identity.System(ctx, b.ID)
	if err != nil {
		return err
	}
	r, err := a.Risk.Train(ctx, actor)
	if err != nil {
		return err
	}
	if c.Out != "" {
		file, err := a.Risk.RankerFile(ctx, actor, r.Number)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, file, 0o644); err != nil {
			return err
		}
	}
	if c.Use {
		if err := a.Risk.UseRanker(ctx, actor, r.Number); err != nil {
			return err
		}
	}
	return s.print(trainedBrand{c.Brand, r.Number, r.Weights, c.Use, r.Measured}, measuredText(c.Brand, r, c.Use))
}

// measuredText says what a ranker reached on rows held out.
func measuredText(brand string, r risk.Ranker, used bool) string {
	m := r.Measured
	use := "not in use"
	if used {
		use = "in use"
	}
	lines := []string{
		fmt.Sprintf("%s: ranker %d (%s), %s", brand, r.Number, r.Weights, use),
		fmt.Sprintf("verdicts   %d turned down, %d approved; findings %d right, %d false alarms", m.Verdicts.Refused, m.Verdicts.Approved, m.Verdicts.Right, m.Verdicts.FalseAlarms),
	}
	if o := m.Order; o != nil {
		lines = append(lines,
			fmt.Sprintf("order      %d texts held out: precision %s, recall %s", o.Rows, shown(o.Precision), shown(o.Recall)),
			fmt.Sprintf("           area under the curve %s, shipped %s, gain %s", shown(o.Own), shown(o.Shipped), shown(o.Gain)))
	}
	if f := m.Alarms; f != nil {
		lines = append(lines, fmt.Sprintf("noisy      %d findings held out: %s of the false alarms lowered, %s of the right ones", f.Rows, shown(f.Lowered), shown(f.Lost)))
	}
	return strings.Join(lines, "\n")
}

func shown(i rank.Interval) string { return fmt.Sprintf("%.3f (%.3f to %.3f)", i.Value, i.Low, i.High) }
