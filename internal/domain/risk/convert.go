package risk

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

// pack says a rule to the checker.
func (r *Rule) pack() pack.Rule {
	out := pack.Rule{
		ID: r.Code, Terms: r.Terms, Pattern: r.Pattern, Except: r.Except, Fold: r.Fold, Gap: r.Gap, Whole: r.Whole,
		Platforms: r.Platforms, Industries: r.Industries, Kinds: r.Kinds, Fields: r.Fields, From: int32(r.From), Until: int32(r.Until),
		Category: r.Category, Severity: r.Severity, Reason: pack.Text{Zh: r.Reason, En: r.ReasonEN}, Article: r.Article, Source: r.Source,
		Rewrite: r.Rewrite, Replace: r.Replace, Note: r.Note, Noisy: r.Noisy,
	}
	if r.Kind == "near" {
		out.Near = &pack.Near{A: r.A, B: r.B, Within: r.Within}
	}
	return out
}

// ruleOf takes a shipped rule over.
func ruleOf(p *pack.Rule, packName string) Rule {
	r := Rule{
		Code: p.ID, Pack: packName, Terms: p.Terms, Pattern: p.Pattern, Except: p.Except, Fold: p.Fold, Gap: p.Gap, Whole: p.Whole,
		Platforms: p.Platforms, Industries: p.Industries, Kinds: p.Kinds, Fields: p.Fields, From: clock.Day(p.From), Until: clock.Day(p.Until),
		Category: p.Category, Severity: p.Severity, Reason: p.Reason.Zh, ReasonEN: p.Reason.En, Article: p.Article, Source: p.Source,
		Rewrite: p.Rewrite, Replace: p.Replace, Note: p.Note, Noisy: p.Noisy,
	}
	switch {
	case p.Near != nil:
		r.Kind, r.A, r.B, r.Within = "near", p.Near.A, p.Near.B, p.Near.Within
	case p.Pattern != "":
		r.Kind = "pattern"
	case len(p.Terms) == 1:
		r.Kind = "literal"
	default:
		r.Kind = "set"
	}
	return r
}

func shippedOf(p *pack.Pack) Shipped {
	out := Shipped{Name: p.Name, TitleZH: p.Title.In("zh"), TitleEN: p.Title.In("en"), Version: p.Version, Source: p.Source, Rules: make([]Rule, len(p.Rules))}
	for i := range p.Rules {
		out.Rules[i] = ruleOf(&p.Rules[i], p.Name)
	}
	return out
}

// tryRule compiles one rule alone. Error: risk.rules_faulty.
func tryRule(r *Rule) error {
	x := r.pack()
	x.ID = cmp.Or(x.ID, OwnPack) // a new rule has no code yet
	if _, err := newPackChecker([]pack.Pack{{Name: OwnPack, Rules: []pack.Rule{x}}}); err != nil {
		return errs.Wrap(errs.Invalid, "risk.rules_faulty", err, "what", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}

// newPackChecker compiles packs as they are, without a ranker.
func newPackChecker(packs []pack.Pack) (*pack.Checker, error) {
	return pack.NewChecker(packs, nil)
}

// matcher compiles one rule for the lab.
func matcher(r *Rule) (*pack.Checker, error) {
	return newPackChecker([]pack.Pack{{Name: r.Pack, Rules: []pack.Rule{r.pack()}}})
}

// scanContext is where a text stands.
func scanContext(k *Known, kind Kind, day clock.Day) scan.Context {
	return scan.Context{Platform: k.Platform, Kind: string(kind), Day: int32(day)}
}

// hashOf stands for bytes in the evidence chain.
func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// slugOr gives an error's slug, or a general one.
func slugOr(err error, general string) string {
	if slug := errs.SlugOf(err); slug != "" {
		return slug
	}
	return general
}
