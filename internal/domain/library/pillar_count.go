package library

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/pillar"
)

// Seat is where an open account is and what it is.
type Seat struct {
	ID, UnitID, MemberID id.ID
	Platform, Kind       string
}

// SeatLabel is how an account is named in lists.
type SeatLabel struct {
	Platform, Handle, Name, Unit, Member string
}

// Seats knows the accounts of the matrix; the account room provides it.
type Seats interface {
	// SeatsOf reads the open ones of ≤ 1,000 accounts.
	SeatsOf(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) ([]Seat, error)
	// WalkSeats reads ≤ limit open accounts above an id, in order of id; none is the end.
	WalkSeats(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Seat, error)
	// SeatLabels names accounts, ended ones too.
	SeatLabels(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]SeatLabel, error)
}

// recount counts ≤ some thousand accounts anew within a transaction that holds the lock.
func (s *Service) recount(ctx context.Context, tx *db.Tx, actor authz.Actor, st pillarState, accounts []id.ID) error {
	for part := range slices.Chunk(accounts, countPage) {
		seats, err := s.Seats.SeatsOf(ctx, tx, actor.BrandID, part)
		if err != nil {
			return err
		}
		if err := s.count(ctx, tx, actor, st, part, seats); err != nil {
			return err
		}
	}
	return nil
}

// hearAccounts follows accounts that moved, changed their kind or ended.
func (s *Service) hearAccounts(ctx context.Context, actor authz.Actor, accounts []id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		st, err := s.pillarState(ctx, tx, actor.BrandID)
		if err != nil || st.Version == 0 {
			return err
		}
		seats, err := s.Seats.SeatsOf(ctx, tx, actor.BrandID, accounts)
		if err != nil {
			return err
		}
		moved := make([][]any, len(seats))
		for i, x := range seats {
			moved[i] = []any{x.UnitID, actor.BrandID, x.ID}
		}
		if err := db.Repeat(ctx, tx, `UPDATE library_pillar_post SET unit_id = $1 WHERE brand_id = $2 AND account_id = $3 AND live AND unit_id <> $1`, moved); err != nil {
			return err
		}
		return s.recount(ctx, tx, actor, st, accounts)
	})
}

// count replaces what is known of accounts: seats are those of them that are open, the others are forgotten.
func (s *Service) count(ctx context.Context, tx *db.Tx, actor authz.Actor, st pillarState, accounts []id.ID, seats []Seat) error {
	today := s.today()
	counts, err := countsOf(ctx, tx, actor.BrandID, accounts, today.Add(1-st.Days), today)
	if err != nil {
		return err
	}
	mixes, err := mixesOf(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	targets := make([]pillar.Target, len(mixes))
	for i, m := range mixes {
		targets[i] = pillar.Target{UnitID: m.UnitID, Kind: m.Kind, From: m.From, Shares: m.Shares}
	}
	units := make([]id.ID, len(seats))
	for i, x := range seats {
		units[i] = x.UnitID
	}
	slices.Sort(units)
	up, err := s.Scopes.Ancestors(ctx, tx, actor.BrandID, slices.Compact(units), clock.Forever)
	if err != nil {
		return err
	}
	var rows, parts [][]any
	for _, x := range seats {
		if len(counts[x.ID]) == 0 {
			continue
		}
		target := pillar.Choose(targets, up[x.UnitID], x.Kind, today)
		g := pillar.Of(counts[x.ID], target, st.Least)
		rows = append(rows, []any{actor.BrandID, x.ID, x.UnitID, int64(x.MemberID), x.Platform, x.Kind, g.Posts, target != nil, g.Judged, g.Short, int64(g.Worst)})
		for _, p := range g.Parts {
			var percent any
			if p.Target != nil {
				percent = int64(*p.Target)
			}
			parts = append(parts, []any{actor.BrandID, x.ID, int64(p.PillarID), x.UnitID, p.Posts, percent, p.Want, p.Short})
		}
	}
	return replaceCounts(ctx, tx, actor.BrandID, accounts, rows, parts)
}

// countsOf counts the posts of accounts by pillar in a window.
func countsOf(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, from, to clock.Day) (map[id.ID]map[id.ID]int64, error) {
	out := map[id.ID]map[id.ID]int64{}
	if len(accounts) == 0 {
		return out, nil
	}
	type row struct {
		AccountID id.ID `db:"account_id"`
		PillarID  id.ID `db:"pillar_id"`
		Posts     int64 `db:"posts"`
	}
	var a db.Args
	rows, err := db.All[row](ctx, q, `SELECT p.account_id, p.pillar_id, COUNT(*) AS posts FROM library_pillar_post p`+db.IndexedBy(q, "ix_library_pillar_post__account")+
		` WHERE p.brand_id = `+a.Add(brand)+` AND p.live AND `+db.Among(q, &a, "p.account_id", accounts)+` AND p.day BETWEEN `+a.Add(from)+` AND `+a.Add(to)+
		` GROUP BY p.account_id, p.pillar_id`, a.Values...)
	for _, r := range rows {
		if out[r.AccountID] == nil {
			out[r.AccountID] = map[id.ID]int64{}
		}
		out[r.AccountID][r.PillarID] = r.Posts
	}
	return out, err
}

func replaceCounts(ctx context.Context, tx *db.Tx, brand id.ID, accounts []id.ID, rows, parts [][]any) error {
	for _, table := range []string{"library_pillar_account", "library_pillar_count"} {
		var a db.Args
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(tx, &a, "account_id", accounts), a.Values...); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := db.Insert(ctx, tx, "library_pillar_account", []string{"brand_id", "account_id", "unit_id", "member_id", "platform", "kind", "posts", "targeted", "judged", "short", "worst_id"}, rows, "")
	if err != nil {
		return err
	}
	_, err = db.Insert(ctx, tx, "library_pillar_count", []string{"brand_id", "account_id", "pillar_id", "unit_id", "posts", "target", "want", "short"}, parts, "")
	return err
}
