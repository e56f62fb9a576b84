package product

import (
	"context"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Classes of advisory locks of the room.
const (
	lockStaleClass  int32 = 0x70726431
	lockPolicyClass int32 = 0x70726432
)

// lockStale keeps other writers of a brand's stale texts out until the transaction ends: what is read then is what is
// written over.
func lockStale(ctx context.Context, tx *db.Tx, brand id.ID) error {
	return db.LockKeys(ctx, tx, lockStaleClass, []int32{fold32(brand)})
}

// lockPolicies keeps other writers of the products' policies out until the transaction ends: overlaps and changes are
// worked out against what stands.
func lockPolicies(ctx context.Context, tx *db.Tx, list []Policy) error {
	keys := make([]int32, 0, len(list))
	for _, p := range list {
		keys = append(keys, fold32(p.ProductID))
	}
	slices.Sort(keys)
	return db.LockKeys(ctx, tx, lockPolicyClass, slices.Compact(keys))
}

func fold32(x id.ID) int32 {
	return int32(uint32(x) ^ uint32(x>>32)) // a hash: any 32 bits will do
}
