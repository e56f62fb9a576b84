package hit

import (
	"context"
	"math"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/hit/pattern"
	"kosmos/internal/domain/post"
)

// Draft is a template to be made: texts in the library's notation, {variable} and {{group: A | B}}.
type Draft struct {
	Name, Title, Body string
	Tags, Platforms   []string
	Note, SourceURL   string
	SourcePost        id.ID
}

// Use is a post that was made of a template.
type Use struct {
	PostID, AccountID id.ID
}

// Outcome is what became of a template, as its own room counts it. Figures are nil while nobody told any.
type Outcome struct {
	State                      string // of the item
	Uses, Posts                int64
	Views, Interactions, Leads *int64
	Made                       []Use // the latest posts made of it, at most a thousand
}

// Templates makes templates and tells what became of them; the library provides it.
type Templates interface {
	// Make writes a template as a draft of the actor's and calls within in the same transaction; its error undoes both.
	Make(ctx context.Context, actor authz.Actor, d Draft, within func(ctx context.Context, tx *db.Tx, item id.ID) error) (id.ID, error)
	// Outcomes tells what became of items; those that are gone are missing.
	Outcomes(ctx context.Context, q db.Querier, brand id.ID, items []id.ID) (map[id.ID]Outcome, error)
	// Usable tells which items can be handed out today.
	Usable(ctx context.Context, q db.Querier, brand id.ID, items []id.ID) (map[id.ID]bool, error)
}

// Made tells which template a hit has.
type Made struct {
	ItemID id.ID
	Fresh  bool // made by this call
}

// errMade ends the transaction of a second maker.
func errMade() error { return errs.New(errs.Precondition, "hit.template_made") }

// MakeTemplate turns a hit into a template of the library, once: who asks again, or at the same time, gets the one that was
// made. Errors: hit.gone, those of the library.
func (s *Service) MakeTemplate(ctx context.Context, actor authz.Actor, hit id.ID) (Made, error) {
	row, err := s.visible(ctx, s.DB, actor, permWrite, hit)
	if err != nil {
		return Made{}, err
	}
	if row.TemplateID != 0 {
		return Made{ItemID: row.TemplateID}, nil
	}
	t, err := getTeardown(ctx, s.DB, actor.BrandID, hit)
	if err != nil {
		return Made{}, err
	}
	f, err := t.fields()
	if err != nil {
		return Made{}, err
	}
	item, err := s.Templates.Make(ctx, actor, draftOf(&row, f), func(ctx context.Context, tx *db.Tx, item id.ID) error {
		n, err := tx.Exec(ctx, `UPDATE hit_hit SET template_id = $1, template_ms = $2, template_name = $3, updated_ms = $2 WHERE brand_id = $4 AND id = $5 AND template_id = 0`,
			item, s.now(), actor.Name, actor.BrandID, hit)
		if err != nil {
			return err
		}
		if n == 0 {
			return errMade()
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "hit.template", UnitID: row.UnitID, Kind: "hit", Object: hit, Name: clip(row.Title, 60)})
	})
	if errs.Is(err, "hit.template_made") {
		row, err = getHit(ctx, s.DB, actor.BrandID, hit)
		return Made{ItemID: row.TemplateID}, err
	}
	return Made{ItemID: item, Fresh: true}, err
}

const (
	maxShown = 60
	maxPart  = 1000
)

// draftOf words a template: what made the hit stays, the places where each account speaks with its own voice become
// variables and alternatives, so that no two people say the same. Its phrases are Chinese, as the posts are.
func draftOf(r *hitRow, f Fields) Draft {
	t := pattern.Read(r.Title, nil)
	opening := escape(clip(first(f["opening"], t.Opening, t.Plain), maxPart))
	title := escape(clip(t.Plain, maxShown))
	parts := []string{group("开头", opening, "我是{门店}的{顾问}。"+opening, opening+"，在{门店}上班的{顾问}来说说")}
	if middle := escape(clip(first(f["middle"], t.Rest), maxPart)); middle != "" {
		parts = append(parts, group("中段", middle, middle+"，这是我在{门店}常遇到的"))
	}
	ends := []string{"想看实物的来{门店}找我", "你怎么看？评论区聊聊", "{城市}的朋友有问题可以留言"}
	if e := f["ending"]; e != "" {
		ends = append([]string{escape(clip(e, maxPart))}, ends...)
	}
	last := group("结尾", ends...)
	for _, x := range t.Tags {
		last += " #" + escape(x)
	}
	return Draft{
		Name: "爆款模板：" + clip(t.Plain, 40), Title: group("标题", title, title+"，{门店}", "{城市}："+title), Body: strings.Join(append(parts, last), "\n"),
		Tags: []string{"爆款"}, Platforms: []string{r.Platform}, Note: note(r, f), SourceURL: r.URL, SourcePost: r.PostID,
	}
}

// note says where a template comes from and what made the hit.
func note(r *hitRow, f Fields) string {
	out := []string{"由爆款「" + clip(r.Title, 60) + "」做成"}
	for _, k := range []struct{ field, name string }{{"creative", "创意点"}, {"emotion", "情绪"}, {"usefulness", "用处"}} {
		if f[k.field] != "" {
			out = append(out, k.name+"："+f[k.field])
		}
	}
	return clip(strings.Join(out, " · "), 480)
}

func first(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

func group(name string, alternatives ...string) string {
	return "{{" + name + ": " + strings.Join(slices.Compact(alternatives), " | ") + "}}"
}

// escape takes the meaning from the signs of the library's notation.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "{", `\{`, "}", `\}`, "|", `\|`, "\n", " ").Replace(s)
}

// Compared holds the posts made of a template against the usual of the accounts that published them.
type Compared struct {
	Posts int     // that can be compared
	Times float64 // the middle one's times of its account's usual; 0 with none
	Above int     // how many are above their account's usual
}

// Result is what a hit's template brought.
type Result struct {
	Outcome
	Views, Interactions Compared
}

// Results tells what became of a hit's template. Errors: hit.gone, hit.no_template.
func (s *Service) Results(ctx context.Context, actor authz.Actor, hit id.ID) (Result, error) {
	row, err := s.visible(ctx, s.DB, actor, permRead, hit)
	if err != nil {
		return Result{}, err
	}
	if row.TemplateID == 0 {
		return Result{}, errs.New(errs.NotFound, "hit.no_template")
	}
	all, err := s.Templates.Outcomes(ctx, s.DB, actor.BrandID, []id.ID{row.TemplateID})
	if err != nil {
		return Result{}, err
	}
	out := Result{Outcome: all[row.TemplateID]}
	out.Views, out.Interactions, err = s.compare(ctx, actor.BrandID, out.Made)
	return out, err
}

// compare reads the figures of the uses' accounts and holds each post at the oldest mark that it has against the usual of its
// account's other posts there.
func (s *Service) compare(ctx context.Context, brand id.ID, made []Use) (views, actions Compared, err error) {
	set, err := s.settings(ctx, s.DB, brand)
	if err != nil {
		return views, actions, err
	}
	accounts, used := []id.ID{}, map[id.ID]bool{}
	for _, u := range made {
		used[u.PostID] = true
		if !slices.Contains(accounts, u.AccountID) {
			accounts = append(accounts, u.AccountID)
		}
	}
	var times [2][]float64
	for part := range slices.Chunk(accounts, lookBatch) {
		rows, err := figuresOfAccounts(ctx, s.DB, brand, part, s.today().Add(-set.WindowDays))
		if err != nil {
			return views, actions, err
		}
		for from := 0; from < len(rows); {
			to := from + 1
			for to < len(rows) && rows[to].AccountID == rows[from].AccountID {
				to++
			}
			timesOf(rows[from:to], used, set.OwnPosts, &times)
			from = to
		}
	}
	return compared(times[0]), compared(times[1]), nil
}

// timesOf adds how many times the usual the used posts of one account brought, in views and in interactions.
func timesOf(rows []figureRow, used map[id.ID]bool, least int, times *[2][]float64) {
	list := make([]figures, len(rows))
	for i := range rows {
		list[i] = rows[i].figures
	}
	pools := poolsOf(list)
	for i := range rows {
		if !used[rows[i].PostID] {
			continue
		}
		for k := range times {
			for m := numMarks - 1; m >= 0; m-- {
				v := list[i][m][k]
				if v == post.Unknown {
					continue
				}
				if own := pools[m][k].without(i); own.N >= least {
					times[k] = append(times[k], own.times(v))
				}
				break
			}
		}
	}
}

func compared(times []float64) Compared {
	if len(times) == 0 {
		return Compared{}
	}
	slices.Sort(times)
	c := Compared{Posts: len(times), Times: math.Round(10*middle(times)) / 10}
	for _, t := range times {
		if t > 1 {
			c.Above++
		}
	}
	return c
}

// Day is a day of the calendar with the hits published on it, the strongest first.
type Day struct {
	Day  clock.Day
	N    int
	Hits []Hit // at most five
}

// dayHits is how many hits a day of the calendar names.
const dayHits = 5

// Calendar lists the days of [from, to] that hits of the actor's scope were published on; without an end it is today, without
// a beginning 30 days before the end. Errors: hit.span, those of Scope.
func (s *Service) Calendar(ctx context.Context, actor authz.Actor, f Filter) ([]Day, error) {
	if f.To == 0 {
		f.To = s.today()
	}
	if f.From == 0 {
		f.From = f.To.Add(-30)
	}
	if f.To < f.From || f.To.Sub(f.From) > 62 {
		return nil, errs.Bad().Field("to", "hit.span", "max", 62)
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	rows, err := db.All[hitRow](ctx, s.DB, `SELECT `+hitColumns+` FROM hit_hit h WHERE `+f.where(scope, a)+` ORDER BY h.published_day, h.strength DESC, h.views DESC, h.id LIMIT 5000`, a.Values...)
	if err != nil {
		return nil, err
	}
	var out []Day
	var shown []hitRow
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Day != r.PublishedDay {
			out = append(out, Day{Day: r.PublishedDay})
		}
		d := &out[len(out)-1]
		if d.N++; d.N <= dayHits {
			shown = append(shown, r)
		}
	}
	hits, err := s.dress(ctx, actor.BrandID, shown)
	at := 0
	for i := range out {
		k := min(out[i].N, dayHits)
		out[i].Hits, at = hits[at:at+k], at+k
	}
	return out, err
}
