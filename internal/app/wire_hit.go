package app

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/notify"
)

// newHit makes the room of hits over posts, the registry, the library and the notices.
func newHit(b base, s services) *hit.Service {
	s.Notify.Declare(notify.Kind{Key: hit.NoticeFound, Cap: 50})
	return hit.New(hit.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Jobs: b.Jobs, Audit: b.Audit, Posts: s.Post, Imports: s.Reflow, Accounts: s.Account, Templates: hitTemplates{s.Library},
		Scopes: libraryScopes{s.Org}, Outbox: hitOutbox{s.Notify, s.Identity}, Brands: s.Identity,
	})
}

// hitTemplates makes templates of hits in the library.
type hitTemplates struct{ s *library.Service }

// Make implements hit.Templates.
func (t hitTemplates) Make(ctx context.Context, actor authz.Actor, d hit.Draft, within func(ctx context.Context, tx *db.Tx, item id.ID) error) (id.ID, error) {
	return t.s.CreateWith(ctx, actor, library.Piece{
		Kind: library.Template, Title: d.Name, Tags: d.Tags, Note: d.Note,
		Content: library.Content{Title: d.Title, Body: d.Body, Platforms: d.Platforms, PostURL: d.SourceURL, PostID: d.SourcePost},
	}, within)
}

// Outcomes implements hit.Templates.
func (t hitTemplates) Outcomes(ctx context.Context, q db.Querier, brand id.ID, items []id.ID) (map[id.ID]hit.Outcome, error) {
	out := make(map[id.ID]hit.Outcome, len(items))
	for _, x := range items {
		o, err := t.s.Outcome(ctx, q, brand, x)
		if errs.CodeOf(err) == errs.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		made := make([]hit.Use, len(o.Made))
		for i, u := range o.Made {
			made[i] = hit.Use{PostID: u.PostID, AccountID: u.AccountID}
		}
		out[x] = hit.Outcome{State: string(o.State), Uses: o.Uses, Posts: o.Posts, Views: o.Views, Interactions: o.Interactions, Leads: o.Leads, Made: made}
	}
	return out, nil
}

// Usable implements hit.Templates.
func (t hitTemplates) Usable(ctx context.Context, q db.Querier, brand id.ID, items []id.ID) (map[id.ID]bool, error) {
	got, err := t.s.Describe(ctx, q, brand, items)
	out := make(map[id.ID]bool, len(got))
	for k, m := range got {
		out[k] = m.Usable
	}
	return out, err
}

// hitOutbox reaches those who run the brand's operations.
type hitOutbox struct {
	notices *notify.Service
	people  *identity.Service
}

// TellHeadquarters implements hit.Outbox.
func (o hitOutbox) TellHeadquarters(ctx context.Context, tx *db.Tx, brand id.ID, n hit.Notice) error {
	users, err := o.people.HoldersOf(ctx, tx, brand, []authz.Role{authz.HQOps, authz.BrandAdmin}, []id.ID{0})
	if err != nil {
		return err
	}
	_, err = o.notices.SendBulk(ctx, tx, brand, notify.Bulk{Kind: hit.NoticeFound, Key: n.Key, Params: n.Params, Link: n.Link, Users: users[0]})
	return err
}
