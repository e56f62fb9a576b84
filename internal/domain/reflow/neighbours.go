package reflow

import (
	"context"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

// Posts takes figures in and back; plugged by post.
type Posts interface {
	Apply(ctx context.Context, tx *db.Tx, b post.Batch) (post.Result, []post.Delta, error)
	Preview(ctx context.Context, q db.Querier, b post.Batch) (post.Result, error)
	Undo(ctx context.Context, tx *db.Tx, brand id.ID, imports []id.ID, zone *time.Location) ([]post.Delta, error)
}

// Figures keeps the day figures in step, in the transaction of the change; plugged by insight.
type Figures interface {
	Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error
}

// Accounts finds the accounts a file speaks of; plugged by account.
type Accounts interface {
	Resolve(ctx context.Context, q db.Querier, brand id.ID, refs []account.Ref) (map[account.Ref]account.Found, error)
	InScope(ctx context.Context, q db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error)
}

// Register keeps accounts that carry the brand and nobody registered; plugged by account.
type Register interface {
	BrandWords(ctx context.Context, q db.Querier, brand id.ID) (account.Words, error)
	Propose(ctx context.Context, actor authz.Actor, from account.Finding, list []account.Sighting) (account.Sighted, error)
	DropProposals(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) error
}

// Roster takes the organisation in from a sheet; plugged by account.
type Roster interface {
	RosterCheck(seen account.RosterSeen, rows []account.RosterRow) account.RosterChecked
	RosterReady(brand id.ID, rows []account.RosterRow) error
	RosterPlan(ctx context.Context, actor authz.Actor, rows []account.RosterRow, progress func(done int)) (account.RosterOutcome, error)
	RosterApply(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []account.RosterRow) (account.RosterOutcome, error)
	RosterUndo(ctx context.Context, tx *db.Tx, actor authz.Actor, importID, after id.ID) (account.RosterUndone, error)
}

// Brands lists a system actor for every brand (zone and language), for work that no user asked for; plugged by identity.
type Brands interface {
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}
