package account

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Filter cuts the list of accounts; zero fields do not. Values of one field are alternatives.
type Filter struct {
	Unit       string      `json:"unit,omitempty"`
	Platforms  []Platform  `json:"platforms,omitempty"`
	Kinds      []Kind      `json:"kinds,omitempty"`
	Statuses   []Status    `json:"statuses,omitempty"`
	Abnormal   bool        `json:"abnormal,omitempty"`
	Ownership  Ownership   `json:"ownership,omitempty"`
	CertStates []CertState `json:"cert_states,omitempty"` // "none" is CertNone
	Verified   *bool       `json:"verified,omitempty"`
	League     string      `json:"league,omitempty"` // a prefix, e.g. "douyin|t1"
	Tag        string      `json:"tag,omitempty"`
	Level      Level       `json:"level,omitempty"`
	Unrated    bool        `json:"unrated,omitempty"` // no level yet
	Side       Side        `json:"side,omitempty"`
	City       int         `json:"city,omitempty"`
	Member     id.ID       `json:"member,omitempty"`
	Unpaired   bool        `json:"unpaired,omitempty"` // public accounts that nobody receives
	Handover   bool        `json:"handover,omitempty"` // waiting for the next owner
	Ended      bool        `json:"ended,omitempty"`    // also those handed over or closed
	Text       string      `json:"text,omitempty"`
}

// Sort is a declared order of the list.
type Sort string

// The declared sorts; a leading minus turns them round.
const (
	SortName     Sort = "name"
	SortFollower Sort = "followers"
	SortCreated  Sort = "created"
	SortLastPost Sort = "last_post"
)

// column gives the sort's column and direction. Error: account.sort_unknown.
func (s Sort) column() (col string, down bool, err error) {
	name, down := strings.CutPrefix(string(s), "-")
	switch Sort(name) {
	case SortName, "":
		return "name_key", down, nil
	case SortFollower:
		return "followers", down, nil
	case SortCreated:
		return "created_day", down, nil
	case SortLastPost:
		return "last_post_day", down, nil
	}
	return "", false, errs.New(errs.Invalid, "account.sort_unknown", "value", string(s))
}

// Place is where a page of the list ended.
type Place struct {
	Text string
	Num  int64
	ID   id.ID
}

func (a *Account) place(col string) Place {
	p := Place{ID: a.ID}
	switch col {
	case "name_key":
		p.Text = a.NameKey
	case "followers":
		p.Num = a.Followers
	case "created_day":
		p.Num = int64(a.CreatedDay)
	case "last_post_day":
		p.Num = int64(a.LastPostDay)
	}
	return p
}

// Query asks for one page.
type Query struct {
	Filter Filter
	Sort   Sort
	After  *Place
	Limit  int
}

// Item is an account with the names around it.
type Item struct {
	Account
	Unit   Unit
	Member Member
	Tags   []string
	Paired *Account
}

// List reads a page of accounts within the actor's scope and the place after it, nil at the end.
// Errors: account.sort_unknown and those of the unit parameter.
func (s *Service) List(ctx context.Context, actor authz.Actor, q Query) ([]Item, *Place, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, q.Filter.Unit)
	if err != nil {
		return nil, nil, err
	}
	rows, err := selectPage(ctx, s.DB, scope, q)
	if err != nil {
		return nil, nil, err
	}
	var next *Place
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		col, _, _ := q.Sort.column()
		p := rows[len(rows)-1].place(col)
		next = &p
	}
	items, err := s.dress(ctx, s.DB, actor.BrandID, rows)
	return items, next, err
}

// selectPage reads limit+1 rows. A short scope reads its units' accounts and sorts them; a long one walks the sort's
// index and tests each row, see authz.Scope.
func selectPage(ctx context.Context, q db.Querier, scope authz.Scope, in Query) ([]Account, error) {
	col, down, err := in.Sort.column()
	if err != nil {
		return nil, err
	}
	var a db.Args
	cond := where(scope, in.Filter, &a)
	dir, cmp := "", ">"
	if down {
		dir, cmp = " DESC", "<"
	}
	order := "a." + col
	if len(scope.Units) > 0 && len(scope.Units) <= fewUnits {
		if order = "+" + order; col == "name_key" {
			order = "(a.name_key || '')" // an expression keeps planners from walking the brand's whole order
		}
	}
	if p := in.After; p != nil {
		var v any = p.Num
		if col == "name_key" {
			v = p.Text
		}
		cond += " AND (" + order + ", a.id) " + cmp + " (" + a.Add(v) + ", " + a.Add(p.ID) + ")"
	}
	return db.All[Account](ctx, q, "SELECT "+selectCols+" FROM account_account a WHERE "+cond+
		" ORDER BY "+order+dir+", a.id"+dir+" LIMIT "+a.Add(in.Limit+1), a.Values...)
}

// fewUnits is how many units' accounts are read and sorted rather than found along the brand's order.
const fewUnits = 64

// where writes the filter. Values of closed sets are written as literals where a partial index needs to be recognised.
func where(scope authz.Scope, f Filter, a *db.Args) string {
	c := []string{"a.brand_id = " + a.Add(scope.BrandID)}
	if !scope.All {
		c = append(c, scope.Where("a.unit_id", a))
	}
	if len(f.Platforms) > 0 {
		c = append(c, "a.platform IN "+db.In(a, f.Platforms))
	}
	if len(f.Kinds) > 0 {
		c = append(c, "a.kind IN "+literals(f.Kinds))
		if !slices.Contains(f.Kinds, KindEmployee) {
			c = append(c, "a.kind <> 'employee'")
		}
	}
	c = append(c, statusWhere(f)...)
	if f.Ownership != "" {
		c = append(c, "a.ownership = "+a.Add(f.Ownership))
	}
	if len(f.CertStates) > 0 {
		c = append(c, "a.cert_state IN "+literals(f.CertStates))
	}
	if f.Verified != nil {
		c = append(c, map[bool]string{true: "a.verified", false: "NOT a.verified"}[*f.Verified])
	}
	if f.League != "" {
		c = append(c, "a.league >= "+a.Add(f.League)+" AND a.league < "+a.Add(f.League+"~"))
	}
	if f.Level != "" {
		c = append(c, "a.level = "+a.Add(f.Level))
	}
	if f.Unrated {
		c = append(c, "a.level = ''")
	}
	switch f.Side {
	case PrivateSide:
		c = append(c, "("+privateSQL+")")
	case PublicSide:
		c = append(c, "NOT ("+privateSQL+")")
	}
	if f.City != 0 {
		c = append(c, "a.city = "+a.Add(f.City))
	}
	if f.Member != 0 {
		c = append(c, "a.member_id = "+a.Add(f.Member))
	}
	if f.Unpaired {
		c = append(c, "a.paired_id IS NULL AND NOT ("+privateSQL+")")
	}
	if f.Handover {
		c = append(c, "a.handover_due IS NOT NULL")
	}
	if f.Tag != "" {
		c = append(c, "EXISTS (SELECT 1 FROM account_tag t WHERE t.brand_id = a.brand_id AND t.account_id = a.id AND t.tag = "+a.Add(f.Tag)+")")
	}
	for word := range strings.FieldsSeq(search.Normal(f.Text)) {
		c = append(c, `a.search LIKE `+a.Add("%"+escapeLike(strings.TrimPrefix(word, "@"))+"%")+` ESCAPE '\'`)
	}
	return strings.Join(c, " AND ")
}

// privateSQL is SideOf in SQL.
const privateSQL = "a.platform IN ('wechat_oa', 'channels') OR a.kind = 'hq_service'"

func statusWhere(f Filter) []string {
	switch {
	case len(f.Statuses) > 0:
		c := []string{"a.status IN " + literals(f.Statuses)}
		if !slices.Contains(f.Statuses, StatusOK) {
			c = append(c, "a.status <> 'ok'")
		}
		return c
	case f.Abnormal:
		return []string{"a.status IN ('token_expired', 'authorisation_cancelled', 'banned', 'private')", "a.status <> 'ok'"}
	case !f.Ended:
		return []string{"a.status NOT IN ('handed_over', 'closed')"}
	}
	return nil
}

// literals writes values of a closed set into the statement; the edge has checked them.
func literals[T ~string](values []T) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = "'" + strings.ReplaceAll(string(v), "'", "") + "'"
	}
	return "(" + strings.Join(quoted, ",") + ")"
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// maxCounted is where counting the rows of a filter stops.
const maxCounted = 10000

// Count counts the accounts of a filter, stopping above 10,000 (more is true then).
func (s *Service) Count(ctx context.Context, actor authz.Actor, f Filter) (n int64, more bool, err error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, f.Unit)
	if err != nil {
		return 0, false, err
	}
	var a db.Args
	cond := where(scope, f, &a)
	err = s.DB.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM account_account a WHERE "+cond+" LIMIT "+a.Add(maxCounted+1)+") x", a.Values...).Scan(&n)
	return min(n, maxCounted), n > maxCounted, err
}

// dress adds the names of units, members, tags and pairs: one statement each.
func (s *Service) dress(ctx context.Context, q db.Querier, brand id.ID, rows []Account) ([]Item, error) {
	items := make([]Item, len(rows))
	var units, members, pairs, ids []id.ID
	for i, r := range rows {
		items[i].Account = r
		ids, units = append(ids, r.ID), append(units, r.UnitID)
		if r.MemberID != 0 {
			members = append(members, r.MemberID)
		}
		if r.PairedID != 0 {
			pairs = append(pairs, r.PairedID)
		}
	}
	us, err := s.Units.UnitsByID(ctx, q, brand, unique(units))
	if err != nil {
		return nil, err
	}
	ms := map[id.ID]Member{}
	if len(members) > 0 {
		if ms, err = s.People.MembersByID(ctx, q, brand, unique(members)); err != nil {
			return nil, err
		}
	}
	paired := map[id.ID]Account{}
	list, err := byIDs(ctx, q, brand, unique(pairs))
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		paired[p.ID] = p
	}
	tags, err := tagsOf(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	for i := range items {
		items[i].Unit, items[i].Member, items[i].Tags = us[items[i].UnitID], ms[items[i].MemberID], tags[items[i].ID]
		if p, ok := paired[items[i].PairedID]; ok {
			items[i].Paired = &p
		}
	}
	return items, nil
}

func unique(ids []id.ID) []id.ID {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

type tagRow struct {
	AccountID id.ID  `db:"account_id"`
	Tag       string `db:"tag"`
}

func tagsOf(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID][]string, error) {
	out := map[id.ID][]string{}
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		rows, err := db.All[tagRow](ctx, q, "SELECT account_id, tag FROM account_tag WHERE brand_id = "+a.Add(brand)+
			" AND account_id IN "+db.IDList(q, &a, part)+" ORDER BY account_id, tag", a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.AccountID] = append(out[r.AccountID], r.Tag)
		}
	}
	return out, nil
}

// Get reads one account with the names around it. Error: account.not_found, also for accounts outside the scope.
func (s *Service) Get(ctx context.Context, actor authz.Actor, account id.ID) (Item, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, "")
	if err != nil {
		return Item{}, err
	}
	rows, err := accountsIn(ctx, s.DB, scope, []id.ID{account})
	if err != nil {
		return Item{}, err
	}
	if len(rows) == 0 {
		return Item{}, errs.New(errs.NotFound, "account.not_found")
	}
	items, err := s.dress(ctx, s.DB, actor.BrandID, rows)
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}

// Timeline reads an account's custody history, newest first. Error: account.not_found.
func (s *Service) Timeline(ctx context.Context, actor authz.Actor, account id.ID) ([]CustodyEntry, error) {
	if _, err := s.Get(ctx, actor, account); err != nil {
		return nil, err
	}
	return custodyOf(ctx, s.DB, actor.BrandID, account, 200)
}
