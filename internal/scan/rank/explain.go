package rank

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// sightKind says what a feature is of.
type sightKind uint8

const (
	gram    sightKind = iota // characters that stand there
	opening                  // the text begins with them
	closing                  // it ends with them
	shaped                   // something of the whole text, with a name
)

// sight is a feature where it was seen: in the characters from up to to of the view.
type sight struct {
	bucket   uint32
	from, to int
	kind     sightKind
	name     string // of a shape
}

// trace tells what the features of a text are of.
type trace struct {
	view []rune
	seen []sight
}

// longest is how many characters of a span people read.
const longest = 12

// A feature weaker than this share of the strongest one neither makes nor stretches a span: of one text, and of many,
// where what stands beside by chance would make the same part many.
const (
	leastOfOne  = 0.15
	leastOfMany = 0.4
	leastShown  = 0.02 // of the strongest part
)

// span is a stretch of the view that features pull at, as they meet.
type span struct {
	from, to int
	opens    bool
	closes   bool
}

func (s span) overlaps(from, to int) bool { return s.from < to && from < s.to }

// spans merges what overlaps of the strongest features (加微, 微信, 加微信 are one piece of text), the strongest first.
// No two spans share a character: what would make one too long is left out.
func (t *trace) spans(pull func(bucket uint32) float64, most int, least float64) []span {
	var strong []sight
	for _, s := range t.seen {
		if s.kind != shaped && pull(s.bucket) > 0 {
			strong = append(strong, s)
		}
	}
	slices.SortStableFunc(strong, func(a, b sight) int { return cmp.Compare(pull(b.bucket), pull(a.bucket)) })
	var out []span
	for _, s := range strong {
		if pull(s.bucket) < least*pull(strong[0].bucket) {
			break
		}
		out = taken(out, s, most)
	}
	return out
}

// taken adds a feature to the spans: to those it overlaps, which become one, or as a span of its own while there are fewer
// than most.
func taken(list []span, s sight, most int) []span {
	all := span{from: s.from, to: s.to}
	var rest []span
	for _, x := range list {
		if !x.overlaps(s.from, s.to) {
			rest = append(rest, x)
			continue
		}
		all = span{from: min(all.from, x.from), to: max(all.to, x.to), opens: all.opens || x.opens, closes: all.closes || x.closes}
	}
	if len(rest) == len(list) && len(list) >= most || all.to-all.from > longest {
		return list
	}
	all.opens = all.opens || s.kind == opening
	all.closes = all.closes || s.kind == closing
	return append(rest, all)
}

// shown is the text of a span; an edge that counts is named.
func (t *trace) shown(s span) string {
	text := string(t.view[s.from:s.to])
	switch {
	case s.opens && !s.closes:
		return "‹begins " + text + "›"
	case s.closes && !s.opens:
		return "‹ends " + text + "›"
	}
	return text
}

// bare is the text of a part without the word on where it stands.
func bare(part string) string {
	for _, edge := range []string{"‹begins ", "‹ends "} {
		if rest, ok := strings.CutPrefix(part, edge); ok {
			return strings.TrimSuffix(rest, "›")
		}
	}
	return part
}

// weight adds up what the features within a span pull, each once.
func (t *trace) weight(s span, pull func(bucket uint32) float64) (sum float64) {
	counted := map[uint32]bool{}
	for _, x := range t.seen {
		if x.kind != shaped && x.from >= s.from && x.to <= s.to && !counted[x.bucket] {
			counted[x.bucket] = true
			sum += pull(x.bucket)
		}
	}
	return sum
}

// Explain lists the n parts of a text that pull hardest towards the label, strongest first. Overlapping features are one
// part, whose weight is what all that lie within it pull together.
func (m *Model) Explain(label, text string, n int) []Feature {
	i := slices.Index(m.Labels(), label)
	if i < 0 || n <= 0 {
		return nil
	}
	t := &trace{}
	unit := float64(m.heads[i].scale) / norm(len(m.facts.Options.features(text, t)))
	pull := func(b uint32) float64 { return float64(m.heads[i].weights[b]) * unit }
	var all []Feature
	add := func(text string, w float64) {
		if w = round3(w); w > 0 && !slices.ContainsFunc(all, func(f Feature) bool { return f.Text == text }) {
			all = append(all, Feature{Text: text, Weight: w})
		}
	}
	for _, s := range t.spans(pull, 2*n, leastOfOne) {
		add(t.shown(s), t.weight(s, pull))
	}
	for _, s := range t.seen {
		if s.kind == shaped {
			add(s.name, pull(s.bucket))
		}
	}
	slices.SortFunc(all, heavier)
	return all[:min(n, len(all))]
}

// strongest is how many features Strongest merges for each it lists.
const strongest = 6

// Strongest lists the n parts that pull hardest towards a label among those in at least two of the texts. Overlapping
// features are one part, as in Explain; of parts that hold each other only the strongest is listed.
func (m *Model) Strongest(label string, texts []string, n int) []Feature {
	if m == nil || !slices.Contains(m.Labels(), label) {
		return nil
	}
	h := &m.heads[slices.Index(m.Labels(), label)]
	times := map[uint32]int{}
	for _, text := range texts {
		for _, f := range m.facts.Options.features(text, nil) {
			times[f]++
		}
	}
	top := h.heaviest(times, strongest*n)
	pull := func(b uint32) float64 {
		if !top[b] {
			return 0
		}
		return float64(h.weights[b]) * float64(h.scale)
	}
	// What stands in many texts leads, or a part would begin with what stood before it by chance.
	lead := func(b uint32) float64 { return pull(b) * math.Sqrt(float64(times[b])) }
	seen, weight := map[string]int{}, map[string]float64{}
	for _, text := range texts {
		t := trace{}
		m.facts.Options.features(text, &t)
		for part, w := range t.parts(lead, pull) {
			seen[part]++
			weight[part] = w
		}
	}
	var all []Feature
	for text, w := range weight {
		if seen[text] > 1 {
			all = append(all, Feature{Text: text, Weight: round3(w)})
		}
	}
	slices.SortFunc(all, heavier)
	return spread(slices.DeleteFunc(all, func(f Feature) bool { return f.Weight < leastShown*all[0].Weight }), n)
}

// heaviest gives the n features in more than one text that pull hardest.
func (h *head) heaviest(times map[uint32]int, n int) map[uint32]bool {
	var all []uint32
	for f, k := range times {
		if k > 1 && h.weights[f] > 0 {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(h.weights[b], h.weights[a]), cmp.Compare(a, b)) })
	out := map[uint32]bool{}
	for _, f := range all[:min(n, len(all))] {
		out[f] = true
	}
	return out
}

// maxParts bounds what one text adds to Strongest.
const maxParts = 50

// parts gives what a text holds of the features that pull, merged where lead is strong, and their weights.
func (t *trace) parts(lead, pull func(bucket uint32) float64) map[string]float64 {
	out := map[string]float64{}
	for _, s := range t.spans(lead, maxParts, leastOfMany) {
		out[t.shown(s)] = t.weight(s, pull)
	}
	for _, s := range t.seen {
		if w := pull(s.bucket); s.kind == shaped && w > 0 {
			out[s.name] = w
		}
	}
	return out
}

// heavier orders features, the strongest first.
func heavier(a, b Feature) int {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Text, b.Text))
}

// spread keeps the first n features that are not nearly one kept before: half of the shorter one stands in the other.
func spread(all []Feature, n int) []Feature {
	out := []Feature{}
	for _, f := range all {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(out, func(k Feature) bool { return alike(k.Text, f.Text) }) {
			out = append(out, f)
		}
	}
	return out
}

func alike(a, b string) bool {
	if strings.HasPrefix(bare(a), "‹") || strings.HasPrefix(bare(b), "‹") {
		return a == b
	}
	x, y := []rune(bare(a)), []rune(bare(b))
	return 2*common(x, y) >= min(len(x), len(y))
}

// common is the length of the longest stretch that stands in both.
func common(x, y []rune) (most int) {
	for i := range x {
		for j := range y {
			n := 0
			for i+n < len(x) && j+n < len(y) && x[i+n] == y[j+n] {
				n++
			}
			most = max(most, n)
		}
	}
	return most
}

func round3(w float64) float64 { return math.Round(w*1000) / 1000 }
