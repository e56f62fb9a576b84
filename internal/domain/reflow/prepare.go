package reflow

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/reflow/layout"
)

// settings are what is known of a file besides its content.
type settings struct {
	Account  account.Found // given by the user; zero when not
	Platform account.Platform
	AsOf     clock.Ms
	Zone     *time.Location
	Mapping  string
	Post     string // title of the note a single-note export is about
	Saved    []layout.Mapping
	Stream   bool // rows of a roster may be written while others are read
}

// prepared is a file turned into what post and account take, always in the same order for the same file and settings.
type prepared struct {
	kind       string
	platform   string
	rows       int
	understood Understood
	items      []post.Item
	accounts   []post.AccountItem
	roster     []account.RosterRow
	feed       *rosterFeed                       // roster grows while it is read
	sightings  []account.Sighting                // unknown accounts that carry the brand
	headers    map[string]string                 // of the roster, by field
	parts      map[dayKey]map[layout.Field]int64 // leads by channel, of account days
	zone       *time.Location
	faults     []Fault
	errors     int
	warnings   int
	need       *errs.Error // the answer that is missing before anything can be written
}

// waits tells whether an answer is missing.
func (p *prepared) waits() bool { return p.need != nil }

// total is how many things there are to write.
func (p *prepared) total() int { return len(p.items) + len(p.accounts) + len(p.roster) }

func (p *prepared) fault(f layout.Fault) {
	if f.Warn {
		p.warnings++
	} else {
		p.errors++
	}
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, Fault{Row: f.Row, Sheet: f.Sheet, Column: f.Column, Slug: f.Slug, Params: paramsJSON(f.Params), Warning: f.Warn})
	}
}

func paramsJSON(m map[string]any) string {
	if len(m) == 0 {
		return "{}"
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return "{}"
	}
	return string(raw)
}

// prepare reads the whole file. Its errors refuse the file; row faults are in the result.
func (s *Service) prepare(ctx context.Context, actor authz.Actor, book *sheet.Book, set settings) (*prepared, error) {
	hint := layout.Hint{Platform: string(set.Platform), Mappings: set.Saved, Use: set.Mapping}
	if set.Account.ID != 0 {
		hint.Platform = string(set.Account.Platform)
	}
	u, err := layout.Recognise(book, hint)
	if err != nil {
		return nil, err
	}
	p := &prepared{kind: u.Kind, platform: u.Plans[0].Kind.Platform, zone: set.Zone, parts: map[dayKey]map[layout.Field]int64{}}
	p.describe(u)
	if u.Kind == layout.KindRoster && set.Stream {
		p.headers = u.RosterHeaders()
		p.feed = &rosterFeed{read: func(yield func(*layout.Record) error) error {
			return u.Read(book, set.AsOf.Time().In(set.Zone), yield)
		}}
		return p, nil
	}
	var recs []*layout.Record
	err = u.Read(book, set.AsOf.Time().In(set.Zone), func(r *layout.Record) error {
		recs = append(recs, r)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	p.rows = len(recs)
	if u.Kind == layout.KindRoster {
		s.prepareRoster(p, u, recs)
		return p, nil
	}
	if u.Kind == layout.KindSeries && set.Post == "" {
		p.need = errs.New(errs.Invalid, "reflow.post_needed")
		return p, nil
	}
	refs, err := s.resolve(ctx, s.DB, actor, p, recs, set)
	if err != nil || p.need != nil {
		return p, err
	}
	p.collect(recs, refs, set)
	return p, nil
}

// describe keeps what the preview shows of the plans.
func (p *prepared) describe(u *layout.Understanding) {
	p.understood.Skipped = append([]string{}, u.Skipped...)
	p.understood.Accounts = []UnderstoodRef{}
	for _, plan := range u.Plans {
		sh := UnderstoodSheet{
			Name: plan.Name, Kind: plan.Kind.Slug, Mapping: plan.Mapping, HeaderRow: plan.HeaderRow,
			Ignored: append(append([]string{}, plan.Ignored...), plan.Twice...), Columns: []UnderstoodColumn{}, Sample: [][]string{},
		}
		for _, c := range plan.Columns {
			sh.Columns = append(sh.Columns, UnderstoodColumn{Header: c.Header, Field: string(c.Field), Index: c.Index})
		}
		slices.SortFunc(sh.Columns, func(a, b UnderstoodColumn) int { return a.Index - b.Index })
		for _, row := range plan.Sample[:min(len(plan.Sample), 5)] {
			cut := make([]string, 0, len(row))
			for _, c := range row[:min(len(row), 40)] {
				if r := []rune(c); len(r) > 40 {
					c = string(r[:40]) + "…"
				}
				cut = append(cut, c)
			}
			sh.Sample = append(sh.Sample, cut)
		}
		p.understood.Sheets = append(p.understood.Sheets, sh)
		for _, h := range plan.Doubled {
			p.fault(layout.Fault{Row: plan.HeaderRow, Sheet: plan.Name, Column: h, Slug: "reflow.column_twice", Params: map[string]any{"column": h}, Warn: true})
		}
	}
}

func (s *Service) prepareRoster(p *prepared, u *layout.Understanding, recs []*layout.Record) {
	p.headers = u.RosterHeaders()
	p.roster = p.checkRoster(s.Roster, account.RosterSeen{}, recs)
}

// checkRoster gives the sound rows of records and sets down the faults of the others.
func (p *prepared) checkRoster(roster Roster, seen account.RosterSeen, recs []*layout.Record) []account.RosterRow {
	rows := make([]account.RosterRow, 0, len(recs))
	for _, r := range recs {
		for _, f := range r.Faults {
			p.fault(f)
		}
		if r.Bad() {
			continue
		}
		c := &r.Roster
		rows = append(rows, account.RosterRow{
			Row: r.Row, UnitPath: c.UnitPath, UnitKind: c.UnitKind, Member: c.Member, Phone: c.Phone, Role: c.Role, Platform: c.Platform,
			Handle: c.Handle, ExternalID: c.ExternalID, AccountKind: c.AccountKind, Ownership: c.Ownership,
		})
	}
	checked := roster.RosterCheck(seen, rows)
	p.rosterFaults(checked.Errors, false)
	p.rosterFaults(checked.Warnings, true)
	return checked.Rows
}

func (p *prepared) rosterFaults(list []account.RowFault, warn bool) {
	for _, f := range list {
		p.fault(layout.Fault{Row: f.Row, Column: p.column(f.Column), Slug: f.Slug, Params: f.Params, Warn: warn})
	}
}

// column names a roster field as the file's header does.
func (p *prepared) column(field string) string {
	switch field { // the account room's words for what layout calls otherwise
	case "handle":
		field = string(layout.AccountHandle)
	case "external_id":
		field = string(layout.AccountID)
	}
	if h := p.headers[field]; h != "" {
		return h
	}
	return field
}

// itemKey is a post's identity within one file.
type itemKey struct {
	account id.ID
	id      string
	title   string
	minute  int64
	asOf    clock.Ms // of a series, which tells one post many times
}

type dayKey struct {
	account id.ID
	day     clock.Day
}

// collector turns records into items.
type collector struct {
	p    *prepared
	set  settings
	seen map[itemKey]seen
	days map[dayKey]*dayParts
}

type seen struct {
	row      int
	counters post.Counters
}

// collect books every sound record on its accounts.
func (p *prepared) collect(recs []*layout.Record, refs *resolved, set settings) {
	c := &collector{p: p, set: set, seen: make(map[itemKey]seen, len(recs)), days: map[dayKey]*dayParts{}}
	p.items = make([]post.Item, 0, len(recs))
	for _, r := range recs {
		accounts := refs.of(r, p)
		for _, f := range r.Faults {
			p.fault(f)
		}
		if r.Bad() {
			continue
		}
		for _, a := range accounts {
			if r.Grain == layout.AccountDay {
				c.day(r, a)
			} else {
				c.item(r, a)
			}
		}
	}
	p.accounts = c.accountItems()
	slices.SortStableFunc(p.items, func(a, b post.Item) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.PublishedAt, b.PublishedAt), cmp.Compare(a.AsOf, b.AsOf))
	})
}

// item books a post, a session or a moment of a series.
func (c *collector) item(r *layout.Record, a id.ID) {
	it := post.Item{AccountID: a, ExternalID: r.ID, URL: r.Link, Title: r.Title, Kind: r.Form, PublishedAt: clock.MsOf(r.Published), DayOnly: r.Precision == layout.ToDay, Deleted: r.Deleted, AsOf: c.set.AsOf}
	if r.Grain == layout.Series {
		it.Title, it.Kind = c.set.Post, ""
	}
	if !r.AsOf.IsZero() {
		it.AsOf = clock.MsOf(r.AsOf)
	}
	it.Counters, it.Extra = counters(r.Figures, r.Grain)
	key := itemKey{account: a, asOf: it.AsOf, id: it.ExternalID}
	if it.ExternalID == "" {
		key.title, key.minute = post.NormTitle(it.Title), int64(it.PublishedAt)/60_000
	}
	if first, twice := c.seen[key]; twice {
		slug := "reflow.row_double"
		if first.counters != it.Counters {
			slug = "reflow.row_double_differs"
		}
		c.p.fault(layout.Fault{Row: r.Row, Sheet: r.Sheet, Slug: slug, Params: map[string]any{"first": first.row}, Warn: true})
		return
	}
	c.seen[key] = seen{r.Row, it.Counters}
	c.p.items = append(c.p.items, it)
}

// counters splits figures into the counters every post has and the rest, kept as JSON. A session's viewers stand for
// its views where the file counts people only.
func counters(figures []layout.Figure, grain layout.Grain) (post.Counters, string) {
	var out post.Counters
	var viewers int64 = -1
	extra := make([]byte, 0, 16*len(figures))
	for _, f := range figures {
		if c, ok := counterOf(f.Field); ok && (c < post.NumPostCounters || grain == layout.AccountDay) {
			out.Set(c, f.Value)
			continue
		}
		if f.Field == layout.Viewers {
			viewers = f.Value
		}
		extra = append(extra, ',', '"')
		extra = append(extra, f.Field...)
		extra = append(extra, '"', ':')
		extra = strconv.AppendInt(extra, f.Value, 10)
	}
	if _, ok := out.Get(post.Views); !ok && grain == layout.Session && viewers >= 0 {
		out.Set(post.Views, viewers)
	}
	if len(extra) == 0 {
		return out, ""
	}
	extra[0] = '{'
	return out, string(append(extra, '}'))
}

// counterOf finds the product's counter of a field.
func counterOf(f layout.Field) (post.Counter, bool) {
	switch f {
	case layout.Impressions:
		return post.Impressions, true
	case layout.Views:
		return post.Views, true
	case layout.Likes:
		return post.Likes, true
	case layout.Comments:
		return post.Comments, true
	case layout.Saves:
		return post.Saves, true
	case layout.Shares:
		return post.Shares, true
	case layout.FollowersGained:
		return post.FollowersGained, true
	case layout.Followers:
		return post.Followers, true
	case layout.Posts:
		return post.Posts, true
	case layout.Lives:
		return post.Lives, true
	case layout.Leads:
		return post.Leads, true
	case layout.Inquiries:
		return post.Inquiries, true
	case layout.Replies:
		return post.Replies, true
	}
	return 0, false
}
