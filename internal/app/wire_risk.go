package app

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/risk"
)

// newRisk makes the room of rules over the posts and the registry.
func newRisk(b base, s services) *risk.Service {
	return risk.New(risk.Deps{
		DB: b.DB, Clock: b.Clock, IDs: b.IDs, Audit: b.Audit, Jobs: b.Jobs, Scopes: s.Org, Brands: s.Identity,
		Posts: riskPosts{s.Post}, Profiles: riskProfiles{s.Account}, Labels: riskLabels{s.Account, s.Org}, Evidence: riskEvidence{s.Evidence},
	})
}

// plugRisk gives the room what exists only after all rooms were gathered: the texts.
func (r *rooms) plugRisk() { r.Risk.Texts = &r.late }

// riskPosts gives the titles of live posts.
type riskPosts struct{ s *post.Service }

func knownPosts(list []post.Words, err error) ([]risk.Known, error) {
	out := make([]risk.Known, len(list))
	for i, w := range list {
		out[i] = risk.Known{ID: w.ID, AccountID: w.AccountID, UnitID: w.UnitID, Platform: w.Platform, Text: w.Title, Published: w.PublishedAt}
	}
	return out, err
}

// Walk implements risk.Source.
func (p riskPosts) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]risk.Known, error) {
	return knownPosts(p.s.WalkWords(ctx, q, brand, after, limit))
}

// ByID implements risk.Source.
func (p riskPosts) ByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]risk.Known, error) {
	return knownPosts(p.s.WordsByID(ctx, q, brand, ids))
}

// Count implements risk.Source.
func (p riskPosts) Count(ctx context.Context, q db.Querier, brand id.ID) (int64, error) {
	return p.s.CountWords(ctx, q, brand)
}

// Since implements risk.Posts.
func (p riskPosts) Since(ctx context.Context, q db.Querier, brand id.ID, x risk.Span) ([]risk.Known, error) {
	return knownPosts(p.s.WordsSince(ctx, q, brand, post.WordsSpan(x)))
}

// riskProfiles gives the names of accounts that have not ended.
type riskProfiles struct{ s *account.Service }

// Walk implements risk.Source.
func (p riskProfiles) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]risk.Known, error) {
	facts, err := p.s.WalkFacts(ctx, q, brand, after, limit)
	if err != nil {
		return nil, err
	}
	return p.named(ctx, q, brand, facts)
}

// ByID implements risk.Source.
func (p riskProfiles) ByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]risk.Known, error) {
	found, err := p.s.Facts(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	var facts []account.Fact
	for _, i := range ids {
		if f, ok := found[i]; ok && !f.Status.Ended() {
			facts = append(facts, f)
		}
	}
	return p.named(ctx, q, brand, facts)
}

// named puts the shown names beside facts.
func (p riskProfiles) named(ctx context.Context, q db.Querier, brand id.ID, facts []account.Fact) ([]risk.Known, error) {
	ids := make([]id.ID, len(facts))
	for i := range facts {
		ids[i] = facts[i].ID
	}
	names, err := p.s.Names(ctx, q, brand, ids)
	out := make([]risk.Known, len(facts))
	for i, f := range facts {
		out[i] = risk.Known{ID: f.ID, AccountID: f.ID, UnitID: f.UnitID, Platform: string(f.Platform), Text: names[f.ID]}
	}
	return out, err
}

// Count implements risk.Source.
func (p riskProfiles) Count(ctx context.Context, q db.Querier, brand id.ID) (int64, error) {
	return p.s.CountOpen(ctx, q, brand)
}

// riskLabels names accounts and units.
type riskLabels struct {
	accounts *account.Service
	org      *org.Service
}

// Accounts implements risk.Labels.
func (l riskLabels) Accounts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]risk.Label, error) {
	labels, err := l.accounts.Labels(ctx, q, brand, ids)
	out := make(map[id.ID]risk.Label, len(labels))
	for k, x := range labels {
		out[k] = risk.Label{Handle: x.Handle, Name: x.Name, Platform: string(x.Platform), UnitID: x.UnitID, UnitName: x.UnitName, UnitPath: x.UnitPath, Member: x.Member}
	}
	return out, err
}

// Units implements risk.Labels: the paths of units.
func (l riskLabels) Units(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error) {
	units, err := l.org.UnitsByID(ctx, q, brand, ids)
	out := make(map[id.ID]string, len(units))
	for k, u := range units {
		out[k] = u.Path
	}
	return out, err
}

// riskEvidence chains the room's decisive steps.
type riskEvidence struct{ s *evidence.Service }

// Append implements risk.Evidence.
func (e riskEvidence) Append(ctx context.Context, tx *db.Tx, brand id.ID, steps []risk.Step) error {
	list := make([]evidence.Step, len(steps))
	for i, x := range steps {
		list[i] = evidence.Step{
			BrandID: brand, UnitID: x.UnitID, Kind: x.Kind, Object: x.Object, ObjectID: x.ObjectID, Actor: x.Actor, At: x.At, Body: x.Body, Texts: x.Texts,
		}
	}
	return e.s.Append(ctx, tx, list...)
}
