package app

import (
	"context"
	"maps"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/recall"
	"kosmos/internal/domain/todo"
)

// newRecall makes the room that takes claims back over the posts, the registry, people's lists and the chain of evidence.
func newRecall(b base, s services) *recall.Service {
	s.Todo.Lock(todoRecall)
	return recall.New(recall.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Blobs: b.Blobs, Jobs: b.Jobs, Audit: b.Audit, Scopes: s.Org, Brands: s.Identity,
		Texts: recallTexts{s.Post, s.Account}, Accounts: recallAccounts{s.Account}, Todos: recallTodos{s.Todo}, Evidence: recallEvidence{s.Evidence},
	})
}

var _ recall.Scopes = (*org.Service)(nil)

// recallTexts gives recall the titles of live posts and the names of open accounts.
type recallTexts struct {
	posts    *post.Service
	accounts *account.Service
}

// Walk implements recall.Texts.
func (t recallTexts) Walk(ctx context.Context, q db.Querier, brand id.ID, kind string, after id.ID, limit int) ([]recall.Text, error) {
	if kind == recall.Post {
		words, err := t.posts.WalkWords(ctx, q, brand, after, limit)
		out := make([]recall.Text, len(words))
		for i := range words {
			out[i] = postText(&words[i])
		}
		return out, err
	}
	facts, err := t.accounts.WalkFacts(ctx, q, brand, after, limit)
	if err != nil || len(facts) == 0 {
		return nil, err
	}
	ids := make([]id.ID, len(facts))
	for i, f := range facts {
		ids[i] = f.ID
	}
	names, err := t.profiles(ctx, q, brand, ids)
	out := make([]recall.Text, 0, len(facts))
	for _, x := range ids {
		out = append(out, names[x])
	}
	return out, err
}

// Present implements recall.Texts.
func (t recallTexts) Present(ctx context.Context, q db.Querier, brand id.ID, kind string, objects []id.ID) (map[id.ID]recall.Text, error) {
	if kind != recall.Post {
		facts, err := t.accounts.Facts(ctx, q, brand, objects)
		if err != nil {
			return nil, err
		}
		maps.DeleteFunc(facts, func(_ id.ID, f account.Fact) bool {
			return f.Status == account.Closed || f.Status == account.HandedOver
		})
		open := make([]id.ID, 0, len(facts))
		for x := range facts {
			open = append(open, x)
		}
		return t.profiles(ctx, q, brand, open)
	}
	words, err := t.posts.WordsByID(ctx, q, brand, objects)
	out := make(map[id.ID]recall.Text, len(words))
	for i := range words {
		out[words[i].ID] = postText(&words[i])
	}
	return out, err
}

func (t recallTexts) profiles(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]recall.Text, error) {
	out := make(map[id.ID]recall.Text, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	labels, err := t.accounts.Labels(ctx, q, brand, ids)
	for x, l := range labels {
		out[x] = recall.Text{Kind: recall.Profile, ObjectID: x, AccountID: x, UnitID: l.UnitID, Content: l.Name}
	}
	return out, err
}

func postText(w *post.Words) recall.Text {
	return recall.Text{Kind: recall.Post, ObjectID: w.ID, AccountID: w.AccountID, UnitID: w.UnitID, Content: w.Title, URL: w.URL, AsOf: w.AsOf}
}

// recallAccounts names accounts for recall.
type recallAccounts struct{ s *account.Service }

// Labels implements recall.Accounts.
func (a recallAccounts) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]recall.Label, error) {
	labels, err := a.s.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]recall.Label, len(labels))
	for x, l := range labels {
		out[x] = recall.Label{Handle: l.Handle, Name: l.Name, Platform: string(l.Platform), Unit: l.UnitPath, Member: l.Member, MemberID: l.MemberID}
	}
	return out, err
}

// todoRecall is the kind of recall's to-dos.
const todoRecall = "recall.item"

// recallTodos puts recall's items on people's lists: the owner's, or the unit's managers' where nobody owns the account.
type recallTodos struct{ s *todo.Service }

// Create implements recall.Todos.
func (t recallTodos) Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []recall.Todo) error {
	drafts := make([]todo.Draft, len(todos))
	for i, x := range todos {
		drafts[i] = todo.Draft{
			Kind: todoRecall, Key: x.Key, Object: x.Object, UnitID: x.UnitID, MemberID: x.MemberID, Audience: todo.Owner,
			Slug: x.Slug, Params: x.Params, Link: x.Link, DueDay: x.DueDay,
		}
		if x.MemberID == 0 {
			drafts[i].Audience = todo.Manager
		}
	}
	_, err := t.s.Create(ctx, tx, brand, drafts)
	return err
}

// Settle implements recall.Todos.
func (t recallTodos) Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error {
	return t.s.SettleKeys(ctx, tx, brand, todoRecall, keys)
}

// recallEvidence appends recall's steps to the brand's chain.
type recallEvidence struct{ s *evidence.Service }

// Append implements recall.Evidence.
func (e recallEvidence) Append(ctx context.Context, tx *db.Tx, actor authz.Actor, step recall.Step) error {
	return e.s.Append(ctx, tx, evidence.Step{
		BrandID: actor.BrandID, UnitID: step.UnitID, Kind: step.Kind, Object: "recall", ObjectID: step.Object, Actor: actor, Body: step.Body, Texts: step.Texts,
	})
}
