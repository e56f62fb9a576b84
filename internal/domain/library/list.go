package library

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Sort orders a list of items.
type Sort string

// The sorts: newest change first, by title, most used first, by planned day.
const (
	ByUpdated Sort = "-updated"
	ByTitle   Sort = "title"
	ByUses    Sort = "-uses"
	ByPlan    Sort = "plan"
)

// Filter cuts a list of items; zero fields do not.
type Filter struct {
	Unit      string // id or path: what the units below it own
	Kind      Kind
	State     State
	FolderID  id.ID
	Tag       string
	ProductID id.ID
	PillarID  id.ID
	Usable    bool      // only what can be handed out today
	Mine      bool      // only what the actor made
	From, To  clock.Day // planned days, inclusive
	Query     string
}

// At is where a list goes on: the key of the last row.
type At struct {
	Number int64
	Text   string
	ID     id.ID
}

// condition writes the filter on library_item i.
func (f Filter) condition(a *db.Args, actor authz.Actor, r reach) string {
	w := []string{r.where(a)}
	add := func(text string) { w = append(w, text) }
	if f.Kind != "" {
		add("i.kind = " + a.Add(string(f.Kind)))
	}
	if f.State != "" {
		add("i.state = " + a.Add(string(f.State)))
	}
	if f.FolderID != 0 {
		add("i.folder_id = " + a.Add(f.FolderID))
	}
	if f.ProductID != 0 {
		add("i.product_id = " + a.Add(f.ProductID))
	}
	if f.PillarID != 0 {
		add("i.pillar_id = " + a.Add(f.PillarID))
	}
	if f.Tag != "" {
		add("i.tags LIKE " + a.Add("%"+likeText(encodeTags([]string{f.Tag}))+"%") + ` ESCAPE '!'`)
	}
	if f.Usable && !r.onlyUsable {
		add(usableNow + " AND i.expires_day >= " + a.Add(int64(r.today)))
	}
	if f.Mine {
		add("i.owner_id = " + a.Add(int64(actor.UserID)))
	}
	if f.From != 0 {
		add("i.plan_day >= " + a.Add(int64(f.From)))
	}
	if f.To != 0 {
		add("i.plan_day BETWEEN 1 AND " + a.Add(int64(f.To)))
	}
	return strings.Join(w, " AND ")
}

// likeText is the JSON text of one tag without the brackets, safe within LIKE.
func likeText(array string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.Trim(array, "[]"))
}

// List gives items in an order, behind a place. Those who may not read drafts see live titles of what can be handed out.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter, sort Sort, after *At, limit int) ([]Item, *At, error) {
	r, err := s.reach(ctx, s.DB, actor, f.Unit)
	if err != nil {
		return nil, nil, err
	}
	a := &db.Args{}
	w := "i.brand_id = " + a.Add(actor.BrandID) + " AND " + f.condition(a, actor, r)
	column, desc := "i.updated_ms", true
	switch sort {
	case ByTitle:
		column, desc = "i.title_key", false
	case ByUses:
		column = "i.uses"
	case ByPlan:
		column, desc = "i.plan_day", false
		w += " AND i.plan_day <> 0"
	case ByUpdated:
	}
	dir, sign := " DESC", " < "
	if !desc {
		dir, sign = "", " > "
	}
	if after != nil {
		key := any(after.Number)
		if sort == ByTitle {
			key = after.Text
		}
		w += " AND (" + column + ", i.id)" + sign + "(" + a.Add(key) + ", " + a.Add(after.ID) + ")"
	}
	rows, err := db.All[itemRow](ctx, s.DB, "SELECT "+itemColumns+" FROM library_item i WHERE "+w+" ORDER BY "+column+dir+", i.id"+dir+" LIMIT "+a.Add(limit+1), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	var next *At
	if len(rows) > limit {
		rows = rows[:limit]
		next = placeOf(sort, &rows[limit-1])
	}
	items, err := s.shown(ctx, actor, r, rows)
	return items, next, err
}

func placeOf(sort Sort, r *itemRow) *At {
	p := &At{ID: r.ID}
	switch sort {
	case ByTitle:
		p.Text = search.Key(r.Title)
	case ByUses:
		p.Number = r.Uses
	case ByPlan:
		p.Number = int64(r.PlanDay)
	case ByUpdated:
		p.Number = int64(r.UpdatedAt)
	}
	return p
}

// shown makes items of rows: with the live title for those who see no drafts.
func (s *Service) shown(ctx context.Context, actor authz.Actor, r reach, rows []itemRow) ([]Item, error) {
	out := make([]Item, len(rows))
	var drafts []id.ID
	for i := range rows {
		out[i] = s.itemOf(&rows[i])
		if r.onlyUsable && rows[i].Live != rows[i].Version {
			drafts = append(drafts, rows[i].ID)
		}
	}
	if len(drafts) > 0 {
		a := &db.Args{}
		live, err := db.All[versionRow](ctx, s.DB, `SELECT v.item_id, v.version, v.title, v.content, v.note, v.made_by, v.made_name, v.made_ms FROM library_item i
			JOIN library_version v ON v.brand_id = i.brand_id AND v.item_id = i.id AND v.version = i.live WHERE i.brand_id = `+a.Add(actor.BrandID)+` AND i.id IN `+db.In(a, drafts), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, v := range live {
			c, err := contentOf(v.Content)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(out, func(x Item) bool { return x.ID == v.ItemID })
			out[i].Title, out[i].Summary, out[i].State, out[i].Version = v.Title, c.summary(), Approved, v.Version
		}
	}
	return out, s.dress(ctx, actor.BrandID, out)
}

// mostFound is how many items a search ranks; more precise words find the others.
const mostFound = 200

// askedWords bounds the words of one search.
const askedWords = 12

// candidate is an item that holds every word, with the place of the rarest one and of the others.
type candidate struct {
	itemRow
	Grade  int `db:"grade"`
	Others int `db:"others"`
}

// Search finds the items that hold every word of a text: pairs of Chinese characters, whole words of letters and digits. The
// best come first: those with the words in the title, then in the tags, then in the text; a title that holds the asked words
// as they stand is better still; among equals the newest is first. At most 200 are ranked; offset and limit cut them.
// Errors: library.search_empty.
func (s *Service) Search(ctx context.Context, actor authz.Actor, f Filter, offset, limit int) (items []Item, more bool, err error) {
	words := askWords(f.Query)
	if len(words) == 0 {
		return nil, false, errs.Bad().Field("q", "library.search_empty")
	}
	r, err := s.reach(ctx, s.DB, actor, f.Unit)
	if err != nil {
		return nil, false, err
	}
	words, err = s.rarestFirst(ctx, actor.BrandID, words)
	if err != nil || words == nil {
		return []Item{}, false, err
	}
	a := &db.Args{}
	brand := a.Add(actor.BrandID)
	others := "0"
	w := "w.brand_id = " + brand + " AND w.word = " + a.Add(words[0])
	for _, x := range words[1:] {
		sub := `(SELECT MAX(x.grade) FROM library_word x WHERE x.brand_id = ` + brand + ` AND x.word = ` + a.Add(x) + ` AND x.grade IN (1, 2, 3) AND x.item_id = w.item_id)`
		others += " + COALESCE(" + sub + ", -1000)"
		w += ` AND EXISTS (SELECT 1 FROM library_word y WHERE y.brand_id = ` + brand + ` AND y.word = ` + a.Add(x) + ` AND y.grade IN (1, 2, 3) AND y.item_id = w.item_id)`
	}
	found, err := db.All[candidate](ctx, s.DB, `SELECT `+itemColumns+`, w.grade AS grade, `+others+` AS others FROM library_word w
		JOIN library_item i ON i.brand_id = w.brand_id AND i.id = w.item_id
		WHERE `+w+` AND `+f.condition(a, actor, r)+` ORDER BY w.grade DESC, w.item_id DESC LIMIT `+a.Add(mostFound), a.Values...)
	if err != nil {
		return nil, false, err
	}
	rank(found, f.Query)
	found = found[min(offset, len(found)):]
	more = len(found) > limit
	found = found[:min(limit, len(found))]
	rows := make([]itemRow, len(found))
	for i := range found {
		rows[i] = found[i].itemRow
	}
	items, err = s.shown(ctx, actor, r, rows)
	return items, more, err
}

// rank orders candidates: best place of the words, the asked text within the title, newest.
func rank(found []candidate, query string) {
	asked := search.Normal(query)
	score := func(c *candidate) int {
		n := c.Grade + c.Others
		if strings.Contains(search.Normal(c.Title), asked) {
			n += 3
		}
		return n
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(score(&b), score(&a)), cmp.Compare(b.UpdatedAt, a.UpdatedAt), cmp.Compare(b.ID, a.ID))
	})
}

// askWords cuts what was asked into words of the index.
func askWords(query string) []string {
	words := search.Tokens(query)
	for i := range words {
		words[i] = cutWord(words[i])
	}
	slices.Sort(words)
	words = slices.Compact(words)
	// A single Chinese character stands in the index only where it stands alone: beside longer words it says nothing.
	if long := slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		rs := []rune(w)
		return len(rs) == 1 && unicode.Is(unicode.Han, rs[0])
	}); len(long) > 0 {
		words = long
	}
	return words[:min(len(words), askedWords)]
}

// rarestFirst puts the word with the fewest items first: the search walks its items and looks up the others. nil when a word
// is nowhere.
func (s *Service) rarestFirst(ctx context.Context, brand id.ID, words []string) ([]string, error) {
	const enough = 3000
	type counted struct {
		word string
		n    int64
	}
	list := make([]counted, len(words))
	for i, w := range words {
		n, err := db.One[int64](ctx, s.DB, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM library_word WHERE brand_id = $1 AND word = $2 LIMIT $3) t`, brand, w, enough)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, nil
		}
		list[i] = counted{w, n}
	}
	slices.SortStableFunc(list, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.word
	}
	return out, nil
}
