package app

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/product"
	"kosmos/internal/domain/todo"
)

// newProduct makes the room of products and prices over the tree, the registry, the posts and people's lists.
func newProduct(b base, s services) *product.Service {
	s.Todo.Lock(todoProduct)
	p := product.New(product.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Jobs: b.Jobs, Audit: b.Audit, Brands: s.Identity,
		Posts: productPosts{s.Post}, Templates: productTemplates{s.Library}, Accounts: productAccounts{s.Account}, Todos: productTodos{s.Todo}, Units: productUnits{s.Org},
	})
	s.Library.Products = libraryProducts{p}
	return p
}

// productTemplates gives product the texts of the library.
type productTemplates struct{ *library.Service }

// WalkTexts implements product.Templates.
func (t productTemplates) WalkTexts(ctx context.Context, q db.Querier, brand, of, after id.ID, limit int) ([]product.TemplateText, error) {
	list, err := t.Service.WalkTexts(ctx, q, brand, of, after, limit)
	out := make([]product.TemplateText, len(list))
	for i, x := range list {
		out[i] = product.TemplateText(x)
	}
	return out, err
}

// libraryProducts is what the library asks of product.
type libraryProducts struct{ *product.Service }

// PriceOf implements library.Products.
func (p libraryProducts) PriceOf(ctx context.Context, q db.Querier, brand, of id.ID, units []id.ID, channel string, day clock.Day) (map[id.ID]library.Price, error) {
	told, err := p.Service.PriceOf(ctx, q, brand, of, units, channel, day)
	out := make(map[id.ID]library.Price, len(told))
	for u, t := range told {
		out[u] = library.Price(t)
	}
	return out, err
}

// productPosts gives product the words of live posts.
type productPosts struct{ *post.Service }

// Walk implements product.Posts.
func (p productPosts) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]product.Post, error) {
	words, err := p.WalkWords(ctx, q, brand, after, limit)
	out := make([]product.Post, len(words))
	for i := range words {
		out[i] = productPost(&words[i])
	}
	return out, err
}

// Present implements product.Posts.
func (p productPosts) Present(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]product.Post, error) {
	words, err := p.WordsByID(ctx, q, brand, ids)
	out := make(map[id.ID]product.Post, len(words))
	for i := range words {
		out[words[i].ID] = productPost(&words[i])
	}
	return out, err
}

// Count implements product.Posts.
func (p productPosts) Count(ctx context.Context, q db.Querier, brand id.ID) (int64, error) {
	return p.CountWords(ctx, q, brand)
}

func productPost(w *post.Words) product.Post {
	return product.Post{ID: w.ID, AccountID: w.AccountID, UnitID: w.UnitID, Text: w.Title, URL: w.URL, AsOf: w.AsOf}
}

// productAccounts names accounts for product.
type productAccounts struct{ s *account.Service }

// Labels implements product.Accounts.
func (a productAccounts) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]product.Label, error) {
	labels, err := a.s.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]product.Label, len(labels))
	for x, l := range labels {
		out[x] = product.Label{Handle: l.Handle, Name: l.Name, Platform: string(l.Platform), Unit: l.UnitPath, Member: l.Member, MemberID: l.MemberID}
	}
	return out, err
}

// todoProduct is the kind of the to-dos about old prices.
const todoProduct = "product.stale"

// productTodos puts old prices on people's lists: the owner's, or the unit's managers' where nobody owns the account.
type productTodos struct{ s *todo.Service }

// Create implements product.Todos.
func (t productTodos) Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []product.Todo) error {
	drafts := make([]todo.Draft, len(todos))
	for i, x := range todos {
		drafts[i] = todo.Draft{
			Kind: todoProduct, Key: x.Key, Object: x.Check, UnitID: x.UnitID, MemberID: x.MemberID, UserID: x.UserID, Audience: todo.Owner,
			Slug: x.Slug, Params: x.Params, Link: x.Link, DueDay: x.DueDay,
		}
		if x.MemberID == 0 && x.UserID == 0 {
			drafts[i].Audience = todo.Manager
			if x.UnitID == 0 {
				drafts[i].Audience = todo.HQ
			}
		}
	}
	_, err := t.s.Create(ctx, tx, brand, drafts)
	return err
}

// Settle implements product.Todos.
func (t productTodos) Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error {
	return t.s.SettleKeys(ctx, tx, brand, todoProduct, keys)
}

// productUnits is what product asks of the organisation.
type productUnits struct{ *org.Service }

func productUnit(u org.Unit) product.Unit {
	return product.Unit{ID: u.ID, Name: u.Name, Path: u.Path, Store: u.Kind == org.KindStore}
}

// Find implements product.Units.
func (p productUnits) Find(ctx context.Context, q db.Querier, brand id.ID, unit string) (product.Unit, error) {
	u, err := p.ResolvePath(ctx, q, brand, unit)
	return productUnit(u), err
}

// Describe implements product.Units.
func (p productUnits) Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]product.Unit, error) {
	units, err := p.UnitsByID(ctx, q, brand, ids)
	out := make(map[id.ID]product.Unit, len(units))
	for k, u := range units {
		out[k] = productUnit(u)
	}
	return out, err
}

// Tree implements product.Units.
func (p productUnits) Tree(ctx context.Context, q db.Querier, brand id.ID) ([]product.Store, error) {
	all, err := p.Service.Tree(ctx, q, brand)
	out := make([]product.Store, len(all))
	for i, u := range all {
		out[i] = product.Store{Unit: productUnit(u), Code: u.Code}
	}
	return out, err
}

// MemberUnit implements product.Units.
func (p productUnits) MemberUnit(ctx context.Context, q db.Querier, brand, member id.ID) (id.ID, error) {
	found, err := p.MembersByID(ctx, q, brand, []id.ID{member})
	return found[member].UnitID, err
}
