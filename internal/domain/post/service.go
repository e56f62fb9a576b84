package post

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
)

// Accounts answers for the accounts that figures are about; plugged by account.
type Accounts interface {
	// PostRefs gives the accounts of ids that exist in the brand, whatever their status.
	PostRefs(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]AccountRef, error)
}

// Service takes figures in, undoes imports and answers for posts.
type Service struct {
	db       *db.DB
	ids      *id.Source
	clock    clock.Clock
	accounts Accounts
	scoper   Scoper
	newest   *memo.Memo[tail]
	events   Events
}

// New makes the service.
func New(d *db.DB, ids *id.Source, c clock.Clock, accounts Accounts, scoper Scoper) *Service {
	return &Service{db: d, ids: ids, clock: c, accounts: accounts, scoper: scoper, newest: memo.New[tail]("post_memo", lockClass, remembered)}
}

// lockClass is the class of the locks on accounts' figures; remembered bounds the accounts whose newest figures are kept
// in memory (150 bytes each).
const (
	lockClass  = 0x706f7374 // "post"
	remembered = 150_000
)

// Apply takes a batch of figures in: it finds or makes the posts, keeps the snapshots and tells what changed per account
// and day, for insight.Add in the same transaction. The same batch again changes nothing; batches may come in any order.
// The transaction must be the only user of these accounts' figures, which Apply sees to by locking.
//
// Errors: "post.unknown_account", "post.no_identity" (an item with neither id nor publish time), "post.bad_batch".
func (s *Service) Apply(ctx context.Context, tx *db.Tx, b Batch) (Result, []Delta, error) {
	if err := checkBatch(b); err != nil {
		return Result{}, nil, err
	}
	accounts := accountsOf(b)
	hold, err := s.newest.Lock(ctx, tx, b.BrandID, accounts)
	if err != nil {
		return Result{}, nil, err
	}
	p, err := s.plan(ctx, tx, b, accounts, hold)
	if err != nil {
		return Result{}, nil, err
	}
	if err := p.write(ctx, tx, s.ids); err != nil {
		return Result{}, nil, err
	}
	p.remember()
	if err := s.tell(ctx, tx, b.BrandID, p.touched); err != nil {
		return Result{}, nil, err
	}
	return p.result, p.deltas.list(), nil
}

// Preview tells what Apply would do, without doing it.
func (s *Service) Preview(ctx context.Context, q db.Querier, b Batch) (Result, error) {
	if err := checkBatch(b); err != nil {
		return Result{}, err
	}
	p, err := s.plan(ctx, q, b, accountsOf(b), nil)
	if err != nil {
		return Result{}, err
	}
	return p.result, nil
}

// plan works out what a batch does. Hold is nil when nothing is to be written.
func (s *Service) plan(ctx context.Context, q db.Querier, b Batch, accounts []id.ID, hold *memo.Hold[tail]) (*plan, error) {
	p := &plan{batch: b, accounts: accounts, deltas: newLedger(b.BrandID), newID: s.ids.New, hold: hold, cal: newCalendar(b.Zone)}
	if len(b.Items) > 0 {
		refs, err := s.refs(ctx, q, b.BrandID, accounts)
		if err != nil {
			return nil, err
		}
		p.refs = refs
	}
	if err := p.planPosts(ctx, q); err != nil {
		return nil, err
	}
	if err := p.planAccounts(ctx, q); err != nil {
		return nil, err
	}
	if len(b.Items) > 0 || len(p.strangers) == 0 {
		return p, nil
	}
	// An account that has figures is in the registry: account asks AccountsUsed before it lets one go.
	_, err := s.refs(ctx, q, b.BrandID, p.strangers)
	return p, err
}

// refs reads the accounts, all of which must be in the registry.
func (s *Service) refs(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]AccountRef, error) {
	refs, err := s.accounts.PostRefs(ctx, q, brand, accounts)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		if _, ok := refs[a]; !ok {
			return nil, errs.New(errs.Invalid, "post.unknown_account", "account", a.String())
		}
	}
	return refs, nil
}

func checkBatch(b Batch) error {
	if b.BrandID == 0 || b.Zone == nil || b.LearnedAt == 0 || !b.Origin.Valid() {
		return errs.New(errs.Invalid, "post.bad_batch")
	}
	for i := range b.Items {
		it := &b.Items[i]
		if it.ExternalID == "" && it.PublishedAt == 0 {
			return errs.New(errs.Invalid, "post.no_identity", "title", it.Title)
		}
		if it.AsOf == 0 || it.AccountID == 0 {
			return errs.New(errs.Invalid, "post.bad_batch")
		}
	}
	for i := range b.Accounts {
		if b.Accounts[i].AsOf == 0 || b.Accounts[i].AccountID == 0 {
			return errs.New(errs.Invalid, "post.bad_batch")
		}
	}
	return nil
}

// accountsOf lists the accounts of a batch in order.
func accountsOf(b Batch) []id.ID {
	out := make([]id.ID, 0, len(b.Accounts)+16)
	add := func(a id.ID) {
		if n := len(out); n == 0 || out[n-1] != a {
			out = append(out, a)
		}
	}
	for i := range b.Items {
		add(b.Items[i].AccountID)
	}
	for i := range b.Accounts {
		add(b.Accounts[i].AccountID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
