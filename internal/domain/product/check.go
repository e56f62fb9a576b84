package product

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const walkBatch = 1000

// seenText is a text that shows an old price, with whose it is.
type seenText struct {
	find
	kind    string
	object  id.ID
	account id.ID
	unit    id.ID
	user    id.ID
	text    string
	url     string
	asOf    clock.Ms
}

// check walks the templates of the changed products and then every live post, and keeps what shows an old price. It goes
// on from its last place: a job that died costs one batch.
func (s *Service) check(ctx context.Context, actor authz.Actor, check id.ID) error {
	r, err := getCheck(ctx, s.DB, actor.BrandID, check)
	if db.NoRows(err) || r.State == searched {
		return nil
	}
	if err != nil {
		return err
	}
	list, err := changesOf(ctx, s.DB, actor.BrandID, []id.ID{check})
	if err != nil {
		return err
	}
	f, err := s.newFinder(ctx, s.DB, actor.BrandID, list, s.today(actor))
	if err != nil {
		return err
	}
	if r.Total == 0 {
		if r.Total, err = s.Posts.Count(ctx, s.DB, actor.BrandID); err != nil {
			return err
		}
	}
	if err := s.checkTemplates(ctx, actor, f, &r); err != nil {
		return err
	}
	for {
		posts, err := s.Posts.Walk(ctx, s.DB, actor.BrandID, r.AtPost, walkBatch)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return finishCheck(ctx, tx, actor.BrandID, check, s.now()) })
		}
		found, err := s.look(ctx, actor.BrandID, f, posts)
		if err != nil {
			return err
		}
		r.AtPost, r.Looked = posts[len(posts)-1].ID, r.Looked+int64(len(posts))
		if err := s.keep(ctx, actor, &r, found); err != nil {
			return err
		}
	}
}

// checkTemplates walks the templates of each changed product.
func (s *Service) checkTemplates(ctx context.Context, actor authz.Actor, f *finder, r *checkRow) error {
	if s.Templates == nil || r.AtPost != 0 {
		return nil
	}
	ids := make([]id.ID, 0, len(f.products))
	for p := range f.products {
		ids = append(ids, p)
	}
	slices.Sort(ids)
	for _, p := range ids {
		if p < r.AtProduct {
			continue
		}
		if p > r.AtProduct {
			r.AtProduct, r.AtTemplate = p, 0
		}
		for {
			texts, err := s.Templates.WalkTexts(ctx, s.DB, actor.BrandID, p, r.AtTemplate, walkBatch)
			if err != nil {
				return err
			}
			if len(texts) == 0 {
				break
			}
			r.AtTemplate, r.Looked, r.Total = texts[len(texts)-1].ID, r.Looked+int64(len(texts)), r.Total+int64(len(texts))
			if err := s.keep(ctx, actor, r, lookTemplates(f, p, texts)); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookTemplates judges templates of one product. They point to it, so they need not name it.
func lookTemplates(f *finder, product id.ID, texts []TemplateText) []seenText {
	var out []seenText
	for _, t := range texts {
		text := t.Title + "\n" + t.Text
		c, _ := f.candidate(text)
		if c.skus == nil {
			c.skus = map[id.ID][]id.ID{}
		}
		if _, named := c.skus[product]; !named {
			c.skus[product] = nil
		}
		c.amounts = amountsIn(text)
		for _, x := range f.judge(c, nil, true) {
			if x.product == product {
				out = append(out, seenText{find: x, kind: KindTemplate, object: t.ID, user: t.OwnerUser, text: text})
			}
		}
	}
	return out
}

// look judges posts.
func (s *Service) look(ctx context.Context, brand id.ID, f *finder, posts []Post) ([]seenText, error) {
	type maybe struct {
		Post
		candidate
	}
	var list []maybe
	for _, p := range posts {
		if c, ok := f.candidate(p.Text); ok {
			list = append(list, maybe{p, c})
		}
	}
	up, err := s.ups(ctx, s.DB, brand, idsOf(list, func(m maybe) id.ID { return m.UnitID }))
	if err != nil {
		return nil, err
	}
	var out []seenText
	for _, m := range list {
		for _, x := range f.judge(m.candidate, up[m.UnitID], false) {
			out = append(out, seenText{find: x, kind: KindPost, object: m.ID, account: m.AccountID, unit: m.UnitID, text: m.Text, url: m.URL, asOf: m.AsOf})
		}
	}
	return out, nil
}

// keep writes what one step found with the place behind it, in one transaction.
func (s *Service) keep(ctx context.Context, actor authz.Actor, r *checkRow, found []seenText) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockStale(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		n, err := s.open(ctx, tx, actor, found)
		if err != nil {
			return err
		}
		r.Found += int64(n)
		return moveCheck(ctx, tx, actor.BrandID, *r)
	})
}

// open keeps texts with old prices and asks their owners; it tells how many are newly open. A text that somebody called
// fine or mended stays so while it shows the same price and was not seen again since.
func (s *Service) open(ctx context.Context, tx *db.Tx, actor authz.Actor, found []seenText) (int, error) {
	if len(found) == 0 {
		return 0, nil
	}
	slices.SortFunc(found, func(a, b seenText) int {
		if a.product != b.product {
			return int(min(max(a.product-b.product, -1), 1))
		}
		return int(min(max(a.object-b.object, -1), 1))
	})
	have, err := staleOf(ctx, tx, actor.BrandID, idsOf(found, func(x seenText) id.ID { return x.object }))
	if err != nil {
		return 0, err
	}
	known := make(map[staleKey]staleRow, len(have))
	for _, r := range have {
		known[staleKey{r.ProductID, r.ObjectID}] = r
	}
	labels, err := s.labels(ctx, tx, actor.BrandID, idsOf(found, func(x seenText) id.ID { return x.account }))
	if err != nil {
		return 0, err
	}
	var rows, fresh []staleRow
	for _, x := range found {
		before, there := known[staleKey{x.product, x.object}]
		if there && !x.reopens(before) {
			continue
		}
		r := x.row(labels[x.account].MemberID, s.now())
		if there && before.State == Open {
			r.TodoKey, r.FoundAt = before.TodoKey, before.FoundAt
		} else {
			fresh = append(fresh, r)
		}
		rows = append(rows, r)
	}
	if err := putStale(ctx, tx, actor.BrandID, rows); err != nil {
		return 0, err
	}
	return len(fresh), s.ask(ctx, tx, actor, fresh)
}

// labels reads the labels of accounts, a thousand at a time.
func (s *Service) labels(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]Label, error) {
	out := map[id.ID]Label{}
	for part := range slices.Chunk(accounts, walkBatch) {
		some, err := s.Accounts.Labels(ctx, q, brand, part)
		if err != nil {
			return nil, err
		}
		for k, v := range some {
			out[k] = v
		}
	}
	return out, nil
}

// reopens tells whether a text that is known goes (back) to open.
func (x seenText) reopens(before staleRow) bool {
	switch {
	case before.State == Open || before.Old != x.old:
		return true
	case before.State == Fine:
		return false
	case before.How == byPerson:
		return x.asOf > before.DecidedAt
	}
	return true
}

const byPerson = "person"

func (x seenText) row(member id.ID, at clock.Ms) staleRow {
	r := staleRow{
		ProductID: x.product, ObjectID: x.object, Kind: x.kind, CheckID: x.check, AccountID: x.account, UnitID: x.unit, MemberID: member, UserID: x.user,
		Content: x.text, URL: x.url, Start: x.start, End: x.end, Old: x.old, New: x.new, Currency: x.currency, FoundAt: at,
	}
	owner := "u" + x.unit.String()
	switch {
	case member != 0:
		owner = "m" + member.String()
	case x.user != 0:
		owner = "w" + x.user.String()
	}
	r.TodoKey = x.check.String() + "/" + owner
	return r
}

// ask puts one to-do per owner and check on people's lists.
func (s *Service) ask(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []staleRow) error {
	if len(rows) == 0 {
		return nil
	}
	set, _, err := s.settings(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	products, err := namesOf(ctx, tx, actor.BrandID, idsOf(rows, func(r staleRow) id.ID { return r.ProductID }))
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	var todos []Todo
	for _, r := range rows {
		if seen[r.TodoKey] {
			continue
		}
		seen[r.TodoKey] = true
		todos = append(todos, Todo{
			Key: r.TodoKey, Check: r.CheckID, UnitID: r.UnitID, MemberID: r.MemberID, UserID: r.UserID, DueDay: s.today(actor).Add(set.StaleDays),
			Slug: "product.todo_" + r.Kind, Params: map[string]any{"product": products[r.ProductID], "text": clip(r.Content, 20)}, Link: "/products/stale",
		})
	}
	return s.Todos.Create(ctx, tx, actor.BrandID, todos)
}

// settle closes the to-dos none of whose texts is open any more.
func (s *Service) settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	left, err := openKeys(ctx, tx, brand, keys)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return left[k] })
	if len(keys) == 0 {
		return nil
	}
	return s.Todos.Settle(ctx, tx, brand, keys)
}
