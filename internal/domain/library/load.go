package library

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
)

// Load makes approved items of the brand's own unit in one transaction: for benchmarks and invented brands, ≤ 500 at a time.
// The pieces are checked as in Create; what the rules refuse is not approved. Files and folders are not looked at.
func (s *Service) Load(ctx context.Context, actor authz.Actor, pieces []Piece) error {
	root, err := s.Scopes.Root(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	now := s.now()
	rows, versions, checks := make([]itemRow, len(pieces)), make([]versionRow, len(pieces)), make([]checkRow, len(pieces))
	var words []entry
	for i := range pieces {
		p := &pieces[i]
		if err := p.check(); err != nil {
			return err
		}
		v, err := s.examine(ctx, actor.BrandID, p.Kind, &p.Content)
		if err != nil {
			return err
		}
		r := itemRow{
			ID: s.IDs.New(), Kind: p.Kind, UnitID: root, Title: p.Title, Summary: p.Content.summary(), Tags: encodeTags(p.Tags), ProductID: p.ProductID, State: Draft, Version: 1,
			Rev: 1, Verdict: v.Grade, RiskVersion: v.Version, Expires: clock.Forever, PlanDay: p.PlanDay, OwnerName: actor.Name, MadeAt: now, UpdatedAt: now,
		}
		if allowed(v.Grade, "") {
			r.State, r.Live, r.Accepted = Approved, 1, v.Grade
		}
		rows[i] = r
		versions[i] = versionRow{ItemID: r.ID, Version: 1, Title: p.Title, Content: p.Content.json(), MadeName: actor.Name, MadeAt: now}
		checks[i] = checkOf(r.ID, 1, v, now)
		for w, g := range wordsOf(p.Title, p.Tags, p.Content.said()) {
			words = append(words, entry{w, g, r.ID})
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertItems(ctx, tx, actor.BrandID, rows); err != nil {
			return err
		}
		if err := insertVersions(ctx, tx, actor.BrandID, versions); err != nil {
			return err
		}
		if err := upsertChecks(ctx, tx, actor.BrandID, checks); err != nil {
			return err
		}
		if err := addWords(ctx, tx, actor.BrandID, words); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.loaded", Kind: "item", Counts: map[string]int64{"items": int64(len(pieces))}})
	})
}
