package app

import (
	"context"

	"kosmos/internal/base/id"
	"kosmos/internal/domain/evidence"
)

// newEvidence makes the room of the chains; its anchors also go to the log, which is kept apart from the store.
func newEvidence(b base, s services) *evidence.Service {
	return evidence.New(evidence.Deps{
		DB: b.DB, Clock: b.Clock, Box: b.Seal, Audit: b.Audit, Scopes: s.Org, Brands: s.Identity,
		Anchored: func(ctx context.Context, brand id.ID, a evidence.Anchor) {
			b.Log.InfoContext(ctx, "evidence anchor", "brand", brand, "day", a.Day, "steps", a.Seq, "hash", a.Hash)
		},
	})
}
