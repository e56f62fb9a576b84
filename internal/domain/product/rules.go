package product

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
	"kosmos/internal/scan"
)

const (
	maxName    = 60
	maxCode    = 60
	maxAliases = 20
	maxPoints  = 20
	maxSKUs    = 200
	maxCopy    = 1000
	maxNote    = 300
	maxFen     = 100_000_000 * yuan
	yuanCNY    = "CNY"
)

// tidy trims words and drops empty and doubled ones.
func tidy(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func length(s string) int { return utf8.RuneCountInString(s) }

// searchable tells whether texts can be searched for a word: a single character would be found everywhere.
func searchable(word string) bool {
	if length(scan.Fold(word)) < 2 {
		return false
	}
	_, err := scan.Compile([]scan.Rule{{ID: "x", Kind: scan.Literal, Terms: []string{word}}})
	return err == nil
}

func checkAliases(bad *errs.Error, path string, words []string) {
	if len(words) > maxAliases {
		bad.Field(path, "product.aliases_many", "max", maxAliases)
	}
	for _, w := range words {
		if length(w) > maxName || !searchable(w) {
			bad.Field(path, "product.alias", "alias", w, "max", maxName)
		}
	}
}

// check makes a product fit to be kept, or says by field what is wrong with it.
func (p *Product) check() error {
	bad := errs.Bad()
	p.Code, p.Name, p.CopyText, p.Aliases = strings.TrimSpace(p.Code), strings.TrimSpace(p.Name), strings.TrimSpace(p.CopyText), tidy(p.Aliases)
	if n := length(p.Code); n < 1 || n > maxCode {
		bad.Field("code", "product.code", "max", maxCode)
	}
	if length(p.Name) > maxName || !searchable(p.Name) {
		bad.Field("name", "product.name", "max", maxName)
	}
	checkAliases(bad, "aliases", p.Aliases)
	if !slices.Contains([]State{Draft, Live, Ended}, p.State) {
		bad.Field("state", "product.state")
	}
	if length(p.CopyText) > maxCopy {
		bad.Field("copy_text", "product.long", "max", maxCopy)
	}
	p.Points = checkPoints(bad, p.Points)
	p.Scenes = checkScenes(bad, p.Scenes)
	p.checkSKUs(bad)
	return bad.OrNil()
}

func checkPoints(bad *errs.Error, list []Point) []Point {
	out := make([]Point, 0, len(list))
	for i, x := range list {
		x.Title, x.Text = strings.TrimSpace(x.Title), strings.TrimSpace(x.Text)
		if x.Title == "" && x.Text == "" {
			continue
		}
		if n := length(x.Title); n < 1 || n > 40 {
			bad.Field(fmt.Sprintf("points[%d].title", i), "product.title", "max", 40)
		}
		if length(x.Text) > maxNote {
			bad.Field(fmt.Sprintf("points[%d].text", i), "product.long", "max", maxNote)
		}
		out = append(out, x)
	}
	if len(out) > maxPoints {
		bad.Field("points", "product.many", "max", maxPoints)
	}
	return out
}

func checkScenes(bad *errs.Error, list []Scene) []Scene {
	points := make([]Point, len(list))
	for i, x := range list {
		points[i] = Point(x)
	}
	inner := errs.Bad()
	points = checkPoints(inner, points)
	for _, f := range inner.Fields {
		f.Path = strings.Replace(f.Path, "points", "scenes", 1)
		bad.Fields = append(bad.Fields, f)
	}
	out := make([]Scene, len(points))
	for i, x := range points {
		out[i] = Scene(x)
	}
	return out
}

func (p *Product) checkSKUs(bad *errs.Error) {
	if len(p.SKUs) == 0 {
		bad.Field("skus", "product.skus_missing")
	}
	if len(p.SKUs) > maxSKUs {
		bad.Field("skus", "product.many", "max", maxSKUs)
	}
	seen := map[string]bool{}
	for i := range p.SKUs {
		k := &p.SKUs[i]
		k.Code, k.Name, k.Spec, k.Aliases = strings.TrimSpace(k.Code), strings.TrimSpace(k.Name), strings.TrimSpace(k.Spec), tidy(k.Aliases)
		at := func(field string) string { return fmt.Sprintf("skus[%d].%s", i, field) }
		if n := length(k.Code); n < 1 || n > maxCode {
			bad.Field(at("code"), "product.code", "max", maxCode)
		} else if seen[k.Code] {
			bad.Field(at("code"), "product.code_twice", "code", k.Code)
		}
		seen[k.Code] = true
		if n := length(k.Name); n < 1 || n > maxName {
			bad.Field(at("name"), "product.title", "max", maxName)
		}
		if length(k.Spec) > 200 {
			bad.Field(at("spec"), "product.long", "max", 200)
		}
		checkAliases(bad, at("aliases"), k.Aliases)
		if k.State != Live && k.State != Ended {
			bad.Field(at("state"), "product.state")
		}
	}
}

// found is what a search for the product looks through.
func (p *Product) found() string {
	words := append([]string{p.Name, p.Code, p.Line}, p.Aliases...)
	for _, k := range p.SKUs {
		words = append(append(words, k.Name, k.Code), k.Aliases...)
	}
	full, initials := search.Pinyin(p.Name)
	return search.Normal(strings.Join(words, " ")) + " " + full + " " + initials
}

var channelKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

// check judges settings. A channel that policies may point to is never taken away, only closed.
func (s *Settings) check(before Settings) error {
	bad := errs.Bad()
	seen := map[string]bool{}
	for i := range s.Channels {
		c := &s.Channels[i]
		c.Key, c.Name = strings.TrimSpace(c.Key), strings.TrimSpace(c.Name)
		at := fmt.Sprintf("channels[%d].", i)
		if !channelKey.MatchString(c.Key) {
			bad.Field(at+"key", "product.channel_key")
		}
		if c.Name == "" {
			bad.Field(at+"name", "product.title", "max", 30)
		}
		if seen[c.Key] || seen["\x00"+c.Name] {
			bad.Field(at+"name", "product.channel_twice", "channel", c.Name)
		}
		seen[c.Key], seen["\x00"+c.Name] = true, true
	}
	for _, c := range before.Channels {
		if !seen[c.Key] {
			bad.Field("channels", "product.channel_kept", "channel", c.Name)
		}
	}
	return bad.OrNil()
}

func (s *Settings) channel(key string) (Channel, bool) {
	i := slices.IndexFunc(s.Channels, func(c Channel) bool { return c.Key == key })
	if i < 0 {
		return Channel{}, false
	}
	return s.Channels[i], true
}

// check says by field what is wrong with a policy. Days in the past are allowed: a price list may be late.
func (p *Policy) check(set Settings, today clock.Day) error {
	bad := errs.Bad()
	p.Title, p.Note = strings.TrimSpace(p.Title), strings.TrimSpace(p.Note)
	if p.Currency == "" {
		p.Currency = yuanCNY
	}
	if c, ok := set.channel(p.Channel); p.Channel != "" && (!ok || c.Closed) {
		bad.Field("channel", "product.channel_unknown", "channel", p.Channel)
	}
	if p.To == 0 {
		p.To = clock.Forever
	}
	if p.From == 0 {
		p.From = today
	}
	if p.To < p.From {
		bad.Field("to", "product.days_order")
	}
	if p.From < today.Add(-366) || p.From > today.Add(3*366) {
		bad.Field("from", "product.day_far")
	}
	if p.Fen != nil && (*p.Fen < 1 || *p.Fen > maxFen) {
		bad.Field("money", "product.amount", "max", maxFen/yuan)
	}
	if p.Currency != yuanCNY && !regexp.MustCompile(`^[A-Z]{3}$`).MatchString(p.Currency) {
		bad.Field("money", "product.currency")
	}
	if length(p.Title) > maxName {
		bad.Field("title", "product.long", "max", maxName)
	}
	if length(p.Note) > maxNote {
		bad.Field("note", "product.long", "max", maxNote)
	}
	p.checkKind(bad)
	return bad.OrNil()
}

func (p *Policy) checkKind(bad *errs.Error) {
	switch p.Kind {
	case Price:
		if p.Fen == nil {
			bad.Field("money", "product.amount", "max", maxFen/yuan)
		}
		if p.Rate != nil {
			bad.Field("rate", "product.rate_needless")
		}
		if p.SKUID == 0 {
			bad.Field("sku_id", "product.sku_needed")
		}
	case Discount:
		if (p.Fen == nil) == (p.Rate == nil) {
			bad.Field("rate", "product.discount_one")
		}
		if p.Rate != nil && (*p.Rate < 1 || *p.Rate > 999) {
			bad.Field("rate", "product.rate")
		}
	case Promotion:
		if p.Title == "" {
			bad.Field("title", "product.promotion_title")
		}
	default:
		bad.Field("kind", "product.kind")
	}
}

// idsOf gives the distinct ids of a list, sorted, without none.
func idsOf[T any](list []T, of func(T) id.ID) []id.ID {
	out := make([]id.ID, 0, len(list))
	for _, x := range list {
		if i := of(x); i != 0 {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
