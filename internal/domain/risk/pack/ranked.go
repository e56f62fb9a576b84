package pack

import (
	"slices"
	"strings"

	"kosmos/internal/scan/rank"
)

// The ranker's part. It orders queues through the score in every kind of text. It lowers the findings of rules marked
// noisy by one step when it finds their text harmless. In what strangers and staff say to each other (comment, reply,
// live, or a kind unknown) it adds a finding of its own above its calibrated threshold, of medium severity: a reviewer
// looks, nothing is blocked by it alone. In posts and profiles it never speaks up: those are written to sell.

// rankShare is the most the ranker adds to a score.
const rankShare = 0.6

// labels maps what the ranker may know to the category of its finding and its words.
type label struct {
	category string
	reason   Text
	article  string
	rewrite  string
}

var labels = map[string]label{
	"ad": {
		category: "bait",
		reason:   Text{Zh: "整段文字与群发广告相似（机器排序，需人工判断）。", En: "Reads like mass advertising (ranked by machine, a person decides)."},
		article:  "平台规则：禁止垃圾营销信息", rewrite: "由审核人判断；确属推广请改用平台组件",
	},
	"abuse": {
		category: "abuse",
		reason:   Text{Zh: "整段文字与辱骂性评论相似（机器排序，需人工判断）。", En: "Reads like abuse (ranked by machine, a person decides)."},
		article:  "《网络暴力信息治理规定》", rewrite: "由审核人判断；回复只谈问题与解决办法",
	},
}

// labelOf is the ranker's label that knows about a category.
func labelOf(category string) string {
	switch category {
	case "diversion", "bait", "illegal":
		return "ad"
	case "abuse":
		return "abuse"
	}
	return ""
}

// harmless is the share of the threshold below which the ranker calls a text harmless.
const harmless = 0.5

// lowered takes one step off the severity of a noisy rule's hit in a text the ranker finds harmless; "" drops it.
func lowered(severity, category string, scores []rank.Score) string {
	name := labelOf(category)
	for _, s := range scores {
		if s.Label == name && relative(s) < harmless {
			return milder(severity)
		}
	}
	return severity
}

// milder is one step down; "" drops a finding.
func milder(severity string) string {
	switch severity {
	case High:
		return Medium
	case Medium:
		return Low
	}
	return ""
}

// relative puts a score on the scale where 0.5 is the threshold.
func relative(s rank.Score) float64 {
	if s.Threshold <= 0 || s.Threshold >= 1 {
		return s.P
	}
	if s.P < s.Threshold {
		return 0.5 * s.P / s.Threshold
	}
	return 0.5 + 0.5*(s.P-s.Threshold)/(1-s.Threshold)
}

// likely is the strongest of the ranker's labels, each as far as it could be trusted in training.
func likely(scores []rank.Score) float64 {
	top := 0.0
	for _, s := range scores {
		top = max(top, relative(s)*s.Trust)
	}
	return top
}

// ranked gives the ranker's own findings where it may speak up; they are of the whole text and come last.
func (c *Checker) ranked(text, kind string, scores []rank.Score) []Finding {
	if kind == "post" || kind == "profile" {
		return nil
	}
	var fs []Finding
	for _, s := range scores {
		l, known := labels[s.Label]
		if !s.Over || !known {
			continue
		}
		trimmed := strings.TrimSpace(text)
		start := runes(text[:strings.Index(text, trimmed)])
		fs = append(fs, Finding{
			Rule: "rank/" + s.Label, Category: l.category, Severity: Medium, Start: start, End: start + runes(trimmed), Text: trimmed,
			Reason: l.reason.Zh, ReasonEn: l.reason.En, Article: l.article, Rewrite: l.rewrite, Top: c.ranker.Explain(s.Label, text, 5), ranked: true,
		})
	}
	return fs
}

// Likely is how likely the ranker finds a label, 0.5 at its threshold, times how far it is trusted; 0 without a ranker
// that knows it.
func (c *Checker) Likely(label, text string) float64 {
	for _, s := range c.ranker.Score(text) {
		if s.Label == label {
			return relative(s) * s.Trust
		}
	}
	return 0
}

// Part is the score as far as it comes from findings of some categories and from how likely their label is; it orders
// texts for one question.
func (r Result) Part(likely float64, categories ...string) float64 {
	rest := 1 - rankShare*likely
	for _, f := range r.Findings {
		if !f.ranked && slices.Contains(categories, f.Category) {
			rest *= 1 - weight(f.Severity)
		}
	}
	return 1 - rest
}
