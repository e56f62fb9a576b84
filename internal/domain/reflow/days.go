package reflow

import (
	"cmp"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/reflow/layout"
)

// dayParts is one account's day as the sheets of one file tell it, field by field.
type dayParts struct {
	values map[layout.Field]told
	asOf   clock.Ms
}

type told struct {
	value int64
	row   int
	sheet string
	kind  string
}

// day merges a row into its account's day. The sheets of one workbook tell different figures of the same day; the same
// figure told twice must be the same.
func (c *collector) day(r *layout.Record, a id.ID) {
	key := dayKey{a, clock.DayOf(r.Day, c.set.Zone)}
	parts := c.days[key]
	if parts == nil {
		parts = &dayParts{values: map[layout.Field]told{}, asOf: dayEnd(r, c.set)}
		c.days[key] = parts
	}
	slug, first := "", 0
	for _, f := range r.Figures {
		old, twice := parts.values[f.Field]
		if !twice || old.kind != r.Kind && deduplicated(r.Kind) {
			parts.values[f.Field] = told{f.Value, r.Row, r.Sheet, r.Kind}
			continue
		}
		if old.kind != r.Kind {
			continue // another sheet of the workbook repeats the figure
		}
		if first = old.row; old.value != f.Value {
			slug = "reflow.row_double_differs"
		} else if slug == "" {
			slug = "reflow.row_double"
		}
	}
	if slug != "" {
		c.p.fault(layout.Fault{Row: r.Row, Sheet: r.Sheet, Slug: slug, Params: map[string]any{"first": first}, Warn: true})
	}
}

// deduplicated marks the sheet whose lead count is the cleaner one of two.
func deduplicated(kind string) bool { return kind == "dealer_leads" }

// dayEnd is the moment a day's figures are taken to be true: the end of the day, or the file's moment on its own day.
func dayEnd(r *layout.Record, set settings) clock.Ms {
	end := clock.MsOf(r.Day.AddDate(0, 0, 1)) - 1
	if set.AsOf < end {
		return max(set.AsOf, clock.MsOf(r.Day))
	}
	return end
}

// accountItems turns the merged days into what post takes.
func (c *collector) accountItems() []post.AccountItem {
	out := make([]post.AccountItem, 0, len(c.days))
	for key, parts := range c.days {
		if len(parts.values) == 0 {
			continue
		}
		if _, ok := parts.values[layout.Leads]; !ok {
			c.keepLeadParts(key, parts)
		}
		figures := make([]layout.Figure, 0, len(parts.values))
		for f, t := range parts.values {
			figures = append(figures, layout.Figure{Field: f, Value: t.value})
		}
		slices.SortFunc(figures, func(a, b layout.Figure) int { return cmp.Compare(a.Field, b.Field) })
		it := post.AccountItem{AccountID: key.account, Daily: true, AsOf: parts.asOf}
		it.Counters, it.Extra = counters(figures, layout.AccountDay)
		out = append(out, it)
	}
	slices.SortFunc(out, func(a, b post.AccountItem) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.AsOf, b.AsOf))
	})
	return out
}

// keepLeadParts notes leads told by channel, to be added up with what other files said of the day (leads.go).
func (c *collector) keepLeadParts(key dayKey, parts *dayParts) {
	for _, f := range leadParts() {
		if t, ok := parts.values[f]; ok {
			if c.p.parts[key] == nil {
				c.p.parts[key] = map[layout.Field]int64{}
			}
			c.p.parts[key][f] = t.value
		}
	}
}
