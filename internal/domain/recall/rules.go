package recall

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/scan"
)

const (
	maxTerms   = 50
	maxTermLen = 60
	maxTitle   = 60
	maxNote    = 500
	maxDays    = 365 // until the due day
)

// tidy trims the terms and drops empty and doubled ones.
func tidy(terms []string) []string {
	out := make([]string, 0, len(terms))
	for _, t := range terms {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// check makes a claim fit to be searched for, or says what is wrong with it by field.
func (c *Claim) check(bad *errs.Error) {
	before := len(bad.Fields)
	defer func() {
		if len(bad.Fields) == before { // what only the engine can tell: an exception that leaves nothing of a term
			if _, err := c.matcher(); err != nil {
				bad.Field("except", "recall.except_whole")
			}
		}
	}()
	c.Terms, c.Except = tidy(c.Terms), tidy(c.Except)
	if len(c.Terms) == 0 {
		bad.Field("terms", "recall.terms_missing")
	}
	if len(c.Terms) > maxTerms || len(c.Except) > maxTerms {
		bad.Field("terms", "recall.terms_many", "max", maxTerms)
	}
	for _, t := range append(slices.Clone(c.Terms), c.Except...) {
		n := utf8.RuneCountInString(scan.Fold(t))
		if n > maxTermLen {
			bad.Field("terms", "recall.term_long", "term", t, "max", maxTermLen)
		}
		if n < 2 && slices.Contains(c.Terms, t) {
			bad.Field("terms", "recall.term_short", "term", t)
		}
	}
}

// matcher compiles a claim with every folding: a recall would rather look at one text too many than miss one.
func (c Claim) matcher() (*scan.Matcher, error) {
	m, err := scan.Compile([]scan.Rule{{
		ID: "claim", Kind: scan.Set, Terms: c.Terms, Except: c.Except,
		Fold: scan.Lookalike | scan.Soundalike | scan.Pinyin,
	}})
	if err != nil {
		return nil, fmt.Errorf("recall: claim %q: %w", c.Terms, err)
	}
	return m, nil
}

// spansOf gives where a text holds the claim; none when it does not. Overlapping finds are one span.
func spansOf(m *scan.Matcher, text string, hits []scan.Hit) ([]Span, []scan.Hit) {
	hits = m.Scan(text, scan.Context{}, hits[:0])
	var spans []Span
	for _, h := range hits {
		a, b := int(h.RuneStart), int(h.RuneEnd)
		if n := len(spans); n > 0 && a <= spans[n-1].End {
			spans[n-1].End = max(spans[n-1].End, b)
			continue
		}
		spans = append(spans, Span{a, b})
	}
	return spans, hits
}

// next tells where an item goes from a state by a verb; "" when it cannot.
func next(from ItemState, verb Verb) ItemState {
	switch {
	case verb == Prove && (from == Waiting || from == Proved):
		return Proved
	case verb == Accept && from == Proved:
		return Done
	case verb == Return && (from == Proved || from == Done):
		return Waiting
	case verb == Dismiss && (from == Waiting || from == Proved):
		return Harmless
	case verb == Restore && from == Harmless:
		return Waiting
	}
	return ""
}

// Verb is what is done to an item.
type Verb string

// The verbs. Prove belongs to the owner, the others to the compliance officer.
const (
	Prove   Verb = "prove"
	Accept  Verb = "accept"
	Return  Verb = "return"
	Dismiss Verb = "dismiss"
	Restore Verb = "restore"
)

// needsReason tells whether a verb must say why.
func (v Verb) needsReason() bool { return v == Return || v == Dismiss || v == Restore }

// from gives the states a verb starts from.
func (v Verb) from() []ItemState {
	var out []ItemState
	for _, s := range ItemStates() {
		if next(s, v) != "" {
			out = append(out, s)
		}
	}
	return out
}

func todoKey(recall, object id.ID) string { return recall.String() + "/" + object.String() }

// itemLink is the page of an item; console and phone have it under the same path.
func itemLink(recall, object id.ID) string {
	return "/recall/" + recall.String() + "/items/" + object.String()
}

// checkDue says what is wrong with a due day.
func checkDue(due, today clock.Day, bad *errs.Error) {
	if due < today || due > today.Add(maxDays) {
		bad.Field("due", "recall.due", "max", maxDays)
	}
}

// picture tells the media type of a picture by its first bytes, "" for anything else.
func picture(data []byte) string {
	switch {
	case len(data) > 8 && string(data[:8]) == "\x89PNG\r\n\x1a\n":
		return "image/png"
	case len(data) > 3 && string(data[:3]) == "\xff\xd8\xff":
		return "image/jpeg"
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}

func blobKey(k string) blob.Key { return blob.Key(k) }
