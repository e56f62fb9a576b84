package org

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// bumpCounts adds changes to the counts of the units named, in the order of ids.
func bumpCounts(ctx context.Context, tx *db.Tx, brand id.ID, delta map[id.ID]counts3) error {
	rows := make([][]any, 0, len(delta))
	for u, c := range delta {
		if c != (counts3{}) {
			rows = append(rows, []any{brand, u, c.ownMembers, c.members, c.ownAccounts, c.accounts, c.units})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { return int(sign(a[1].(id.ID) - b[1].(id.ID))) })
	_, err := db.Insert(ctx, tx, "org_count", countCols(), rows, `ON CONFLICT (brand_id, unit_id) DO UPDATE SET
		members = org_count.members + excluded.members, all_members = org_count.all_members + excluded.all_members,
		accounts = org_count.accounts + excluded.accounts, all_accounts = org_count.all_accounts + excluded.all_accounts,
		all_units = org_count.all_units + excluded.all_units`)
	return err
}

func sign(n id.ID) int64 {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	default:
		return 0
	}
}

// spread turns changes of single units into changes of them and all their ancestors of today.
func spread(ctx context.Context, q db.Querier, brand id.ID, own map[id.ID]counts3) (map[id.ID]counts3, error) {
	units := make([]id.ID, 0, len(own))
	for u := range own {
		units = append(units, u)
	}
	slices.Sort(units)
	up, err := ancestorsOf(ctx, q, brand, units, clock.Forever)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]counts3{}
	for u, c := range own {
		for _, a := range up[u] {
			x := counts3{members: c.members, accounts: c.accounts, units: c.units}
			if a == u {
				x.ownMembers, x.ownAccounts = c.members, c.accounts
			}
			out[a] = out[a].plus(x)
		}
	}
	return out, nil
}

// addMembers changes the number of active members of units and of everything above them.
func addMembers(ctx context.Context, tx *db.Tx, brand id.ID, delta map[id.ID]int64) error {
	own := make(map[id.ID]counts3, len(delta))
	for u, n := range delta {
		own[u] = counts3{members: n}
	}
	return addCounts(ctx, tx, brand, own)
}

func addCounts(ctx context.Context, tx *db.Tx, brand id.ID, own map[id.ID]counts3) error {
	all, err := spread(ctx, tx, brand, own)
	if err != nil {
		return err
	}
	return bumpCounts(ctx, tx, brand, all)
}
