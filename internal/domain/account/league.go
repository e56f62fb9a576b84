package account

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// League says how accounts are sorted into groups that may be compared: platform × city tier × follower band × tenure.
// Bounds are lower limits; the first band begins at 0. Definitions are dated data.
type League struct {
	// Tiers maps a city tier (0 unknown, 1 一线 … 6 五线) to a group; tiers of one group compete together.
	Tiers [7]int `json:"tiers"`
	// Followers are the lower bounds of the follower bands.
	Followers []int64 `json:"followers"`
	// TenureDays are the lower bounds of the tenure bands, in days since the account was registered here.
	TenureDays []int `json:"tenure_days"`
}

// DefaultLeague holds until a brand defines its own.
func DefaultLeague() League {
	return League{Tiers: [7]int{0, 1, 2, 3, 4, 5, 5}, Followers: []int64{0, 1000, 10000, 100000}, TenureDays: []int{0, 90, 365}}
}

// Key gives an account's league, e.g. "douyin|t1|f2|n1". An unknown follower count is in the lowest band.
func (l League) Key(a *Account, today clock.Day) string {
	tier := 0
	if a.CityTier > 0 && a.CityTier < len(l.Tiers) {
		tier = l.Tiers[a.CityTier]
	}
	f, n := 0, 0
	for i, from := range l.Followers {
		if a.Followers >= from {
			f = i
		}
	}
	if a.CreatedDay != 0 {
		days := today.Sub(a.CreatedDay)
		for i, from := range l.TenureDays {
			if days >= from {
				n = i
			}
		}
	}
	return string(a.Platform) + "|t" + strconv.Itoa(tier) + "|f" + strconv.Itoa(f) + "|n" + strconv.Itoa(n)
}

// valid refuses definitions that could not be computed. Error: account.league_bounds.
func (l League) valid() error {
	bad := errs.Bad()
	if len(l.Followers) == 0 || len(l.Followers) > 9 || l.Followers[0] != 0 || !slices.IsSorted(l.Followers) {
		_ = bad.Field("followers", "account.league_bounds")
	}
	if len(l.TenureDays) == 0 || len(l.TenureDays) > 9 || l.TenureDays[0] != 0 || !slices.IsSorted(l.TenureDays) {
		_ = bad.Field("tenure_days", "account.league_bounds")
	}
	for _, t := range l.Tiers {
		if t < 0 || t > 9 {
			_ = bad.Field("tiers", "account.league_bounds")
			break
		}
	}
	return bad.OrNil()
}

// LeagueVersion is a definition with the day from which it holds.
type LeagueVersion struct {
	From  clock.Day `db:"valid_from_day" json:"from"`
	Raw   string    `db:"definition" json:"-"`
	Note  string    `db:"note" json:"note"`
	Actor string    `db:"actor" json:"actor"`
	At    clock.Ms  `db:"at_ms" json:"at"`
	Def   League    `db:"-" json:"definition"`
}

// leagueAt gives the definition that holds on a day.
func (s *Service) leagueAt(ctx context.Context, q db.Querier, brand id.ID, day clock.Day) (League, error) {
	var raw string
	err := q.QueryRow(ctx, `SELECT definition FROM account_league WHERE brand_id = $1 AND valid_from_day <= $2
		ORDER BY valid_from_day DESC LIMIT 1`, brand, day).Scan(&raw)
	if db.NoRows(err) {
		return DefaultLeague(), nil
	}
	if err != nil {
		return League{}, err
	}
	var l League
	return l, json.Unmarshal([]byte(raw), &l)
}

// Leagues lists the brand's definitions, newest first; the default closes the list.
func (s *Service) Leagues(ctx context.Context, actor authz.Actor) ([]LeagueVersion, error) {
	rows, err := db.All[LeagueVersion](ctx, s.DB, `SELECT valid_from_day, definition, note, actor, at_ms FROM account_league
		WHERE brand_id = $1 ORDER BY valid_from_day DESC`, actor.BrandID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Raw), &rows[i].Def); err != nil {
			return nil, err
		}
	}
	return append(rows, LeagueVersion{From: Since, Def: DefaultLeague()}), nil
}

// DefineLeague makes a definition hold from a day on, today or later. Errors: account.league_bounds,
// account.league_past.
func (s *Service) DefineLeague(ctx context.Context, actor authz.Actor, from clock.Day, def League, note string) error {
	if err := def.valid(); err != nil {
		return err
	}
	if from < s.today(actor) {
		return errs.New(errs.Invalid, "account.league_past")
	}
	raw, err := json.Marshal(def)
	if err != nil {
		return err
	}
	err = s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO account_league (brand_id, valid_from_day, definition, note, actor, at_ms)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (brand_id, valid_from_day)
			DO UPDATE SET definition = excluded.definition, note = excluded.note, actor = excluded.actor, at_ms = excluded.at_ms`,
			actor.BrandID, from, string(raw), strings.TrimSpace(note), actor.Name, s.now()); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.league", After: def})
	})
	if err != nil || from != s.today(actor) {
		return err
	}
	_, err = s.RefreshLeagues(ctx, actor)
	return err
}

// RefreshLeagues recomputes city, tier and league of every account of the brand where time, the tree or the
// definition moved them. Idempotent; the daily job and tree events call it. It returns how many changed.
func (s *Service) RefreshLeagues(ctx context.Context, actor authz.Actor) (int, error) {
	def, err := s.leagueAt(ctx, s.DB, actor.BrandID, s.today(actor))
	if err != nil {
		return 0, err
	}
	tree, err := s.Units.Tree(ctx, s.DB, authz.Scope{BrandID: actor.BrandID, All: true})
	if err != nil {
		return 0, err
	}
	city := make(map[id.ID]int, len(tree))
	for _, u := range tree {
		city[u.ID] = s.cityOf(u)
	}
	total := 0
	for last := id.ID(0); ; {
		rows, err := db.All[Account](ctx, s.DB, "SELECT "+selectCols+" FROM account_account a WHERE a.brand_id = $1 AND a.id > $2 ORDER BY a.id LIMIT 1000", actor.BrandID, int64(last))
		if err != nil || len(rows) == 0 {
			return total, err
		}
		last = rows[len(rows)-1].ID
		n, err := s.rerank(ctx, actor, def, city, rows)
		total += n
		if err != nil {
			return total, err
		}
	}
}

// rerank writes the accounts of one page whose league, as read before the transaction, is stale.
func (s *Service) rerank(ctx context.Context, actor authz.Actor, def League, city map[id.ID]int, rows []Account) (int, error) {
	today := s.today(actor)
	var stale []id.ID
	for _, a := range rows {
		if c, ok := city[a.UnitID]; ok && c != a.City {
			stale = append(stale, a.ID)
			continue
		}
		if a.CityTier != s.tierOf(a.City) || a.League != def.Key(&a, today) {
			stale = append(stale, a.ID)
		}
	}
	if len(stale) == 0 {
		return 0, nil
	}
	n := 0
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := byIDs(ctx, tx, actor.BrandID, stale)
		if err != nil {
			return err
		}
		edits := make([]*edit, len(fresh))
		for i, a := range fresh {
			edits[i] = begin(a)
			if c, ok := city[a.UnitID]; ok {
				edits[i].After.City = c
			}
		}
		n, err = s.write(ctx, tx, actor, edits)
		return err
	})
	return n, err
}
