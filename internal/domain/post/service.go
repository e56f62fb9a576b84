package post

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
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
	events   Events
}

// New makes the service.
func New(d *db.DB, ids *id.Source, c clock.Clock, accounts Accounts, scoper Scoper) *Service {
	return &Service{db: d, ids: ids, clock: c, accounts: accounts, scoper: scoper}
}

// lockClass and lockShards cut the accounts of all brands into groups that take figures one transaction at a time.
const (
	lockClass  = 0x706f7374 // "post"
	lockShards = 64
)

func lockAccounts(ctx context.Context, tx *db.Tx, brand id.ID, accounts []id.ID) error {
	keys := make([]int32, 0, lockShards)
	var seen [lockShards]bool
	for _, a := range accounts {
		shard := int64(a) >> 3 % lockShards // neighbours share a shard
		if !seen[shard] {
			seen[shard] = true
			keys = append(keys, int32(int64(brand)%(1<<24)*lockShards+shard))
		}
	}
	return db.LockKeys(ctx, tx, lockClass, keys)
}

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
	if err := lockAccounts(ctx, tx, b.BrandID, accounts); err != nil {
		return Result{}, nil, err
	}
	p, err := s.plan(ctx, tx, b, accounts)
	if err != nil {
		return Result{}, nil, err
	}
	if err := p.write(ctx, tx, s.ids); err != nil {
		return Result{}, nil, err
	}
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
	p, err := s.plan(ctx, q, b, accountsOf(b))
	if err != nil {
		return Result{}, err
	}
	return p.result, nil
}

func (s *Service) plan(ctx context.Context, q db.Querier, b Batch, accounts []id.ID) (*plan, error) {
	refs, err := s.accounts.PostRefs(ctx, q, b.BrandID, accounts)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		if _, ok := refs[a]; !ok {
			return nil, errs.New(errs.Invalid, "post.unknown_account", "account", a.String())
		}
	}
	p := &plan{batch: b, accounts: accounts, refs: refs, deltas: newLedger(b.BrandID), newID: s.ids.New}
	if err := p.planPosts(ctx, q); err != nil {
		return nil, err
	}
	if err := p.planAccounts(ctx, q); err != nil {
		return nil, err
	}
	return p, nil
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

func accountsOf(b Batch) []id.ID {
	seen := make(map[id.ID]struct{}, len(b.Accounts)+16)
	out := make([]id.ID, 0, len(b.Accounts)+16)
	add := func(a id.ID) {
		if n := len(out); n > 0 && out[n-1] == a {
			return
		}
		if _, ok := seen[a]; !ok {
			seen[a] = struct{}{}
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
	return out
}
