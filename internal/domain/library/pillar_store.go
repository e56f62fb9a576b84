package library

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/pillar"
)

// pillarRules are the rules of a pillar as they are kept.
type pillarRules struct {
	Words    []string `json:"words"`
	Hashtags []string `json:"hashtags"`
	Products []id.ID  `json:"products"`
}

func pillarsOf(ctx context.Context, q db.Querier, brand id.ID) ([]Pillar, error) {
	type row struct {
		ID     id.ID  `db:"id"`
		Name   string `db:"name"`
		Color  string `db:"color"`
		Active bool   `db:"active"`
		Rules  string `db:"rules"`
	}
	rows, err := db.All[row](ctx, q, `SELECT id, name, color, active, rules FROM library_pillar WHERE brand_id = $1 ORDER BY place, id`, brand)
	out := make([]Pillar, len(rows))
	for i, r := range rows {
		var rules pillarRules
		if err := json.Unmarshal([]byte(r.Rules), &rules); err != nil {
			return nil, fmt.Errorf("library: rules of pillar %s: %w", r.ID, err)
		}
		out[i] = Pillar{ID: r.ID, Name: r.Name, Color: r.Color, Active: r.Active, Words: rules.Words, Hashtags: rules.Hashtags, Products: rules.Products}
	}
	return out, err
}

// putPillars writes the whole list in its order. Names are unique: they step aside first, so that two may swap theirs.
func putPillars(ctx context.Context, tx *db.Tx, brand id.ID, list []Pillar, now clock.Ms) error {
	if _, err := tx.Exec(ctx, `UPDATE library_pillar SET name = '~' || CAST(id AS TEXT) WHERE brand_id = $1`, brand); err != nil {
		return err
	}
	values := make([][]any, len(list))
	for i, p := range list {
		raw, err := json.Marshal(pillarRules{orEmpty(p.Words), orEmpty(p.Hashtags), orEmpty(p.Products)})
		if err != nil {
			return err
		}
		values[i] = []any{brand, p.ID, p.Name, p.Color, i, p.Active, string(raw), int64(now)}
	}
	slices.SortFunc(values, func(a, b []any) int { return compareIDs(a[1], b[1]) })
	_, err := db.Insert(ctx, tx, "library_pillar", []string{"brand_id", "id", "name", "color", "place", "active", "rules", "updated_ms"}, values,
		`ON CONFLICT (brand_id, id) DO UPDATE SET name = excluded.name, color = excluded.color, place = excluded.place, active = excluded.active, rules = excluded.rules, updated_ms = excluded.updated_ms`)
	return err
}

func compareIDs(a, b any) int {
	x, _ := a.(id.ID)
	y, _ := b.(id.ID)
	return int(min(max(x-y, -1), 1))
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// pillarState is where the sorting and counting of a brand stands; see the table.
type pillarState struct {
	Version        int64  `db:"version"`
	Targets        int64  `db:"targets"`
	Days           int    `db:"days"`
	Least          int    `db:"least"`
	WalkedVersion  int64  `db:"walked_version"`
	WalkedPost     id.ID  `db:"walked_post"`
	CountedMark    string `db:"counted_mark"`
	CountedAccount id.ID  `db:"counted_account"`
}

// mark is the state of everything that the counts of accounts come from, beside the posts themselves.
func (st *pillarState) mark(today clock.Day) string {
	return fmt.Sprintf("%s/%d/%d", today, st.Version, st.Targets)
}

// done tells whether every post and account is up to date.
func (st *pillarState) done(today clock.Day) bool {
	return st.WalkedVersion == st.Version && st.CountedMark == st.mark(today)
}

// pillarState reads the state; a brand that never had pillars has version 0.
func (s *Service) pillarState(ctx context.Context, q db.Querier, brand id.ID) (pillarState, error) {
	st, err := db.One[pillarState](ctx, q, `SELECT version, targets, days, least, walked_version, walked_post, counted_mark, counted_account FROM library_pillar_state WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return pillarState{Days: defaultDays, Least: defaultLeast}, nil
	}
	return st, err
}

func putPillarState(ctx context.Context, tx *db.Tx, brand id.ID, st pillarState, now clock.Ms) error {
	_, err := tx.Exec(ctx, `INSERT INTO library_pillar_state (brand_id, version, targets, days, least, walked_version, walked_post, counted_mark, counted_account, updated_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (brand_id) DO UPDATE SET version = excluded.version, targets = excluded.targets, days = excluded.days,
		least = excluded.least, walked_version = excluded.walked_version, walked_post = excluded.walked_post, counted_mark = excluded.counted_mark,
		counted_account = excluded.counted_account, updated_ms = excluded.updated_ms`,
		brand, st.Version, st.Targets, st.Days, st.Least, st.WalkedVersion, int64(st.WalkedPost), st.CountedMark, int64(st.CountedAccount), int64(now))
	return err
}

// sortedRow is a row of library_pillar_post.
type sortedRow struct {
	PostID    id.ID     `db:"post_id"`
	AccountID id.ID     `db:"account_id"`
	UnitID    id.ID     `db:"unit_id"`
	PillarID  id.ID     `db:"pillar_id"`
	How       string    `db:"how"`
	Live      bool      `db:"live"`
	Day       clock.Day `db:"day"`
}

const sortedColumns = `p.post_id, p.account_id, p.unit_id, p.pillar_id, p.how, p.live, p.day`

func sortedOf(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) (map[id.ID]sortedRow, error) {
	out := make(map[id.ID]sortedRow, len(posts))
	if len(posts) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := db.All[sortedRow](ctx, q, `SELECT `+sortedColumns+` FROM library_pillar_post p WHERE p.brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "p.post_id", posts), a.Values...)
	for _, r := range rows {
		out[r.PostID] = r
	}
	return out, err
}

func upsertSorted(ctx context.Context, q db.Querier, brand id.ID, rows []sortedRow) error {
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b sortedRow) int { return compareIDs(a.PostID, b.PostID) })
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{brand, r.PostID, r.AccountID, r.UnitID, int64(r.PillarID), r.How, r.Live, int64(r.Day)}
	}
	_, err := db.Insert(ctx, q, "library_pillar_post", []string{"brand_id", "post_id", "account_id", "unit_id", "pillar_id", "how", "live", "day"}, values,
		`ON CONFLICT (brand_id, post_id) DO UPDATE SET account_id = excluded.account_id, unit_id = excluded.unit_id, pillar_id = excluded.pillar_id, how = excluded.how, live = excluded.live, day = excluded.day`)
	return err
}

// madeOf gives the pillars of the items that posts were made of.
func madeOf(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) (map[id.ID]id.ID, error) {
	type row struct {
		PostID   id.ID `db:"post_id"`
		PillarID id.ID `db:"pillar_id"`
	}
	var a db.Args
	rows, err := db.All[row](ctx, q, `SELECT u.post_id, i.pillar_id FROM library_use u JOIN library_item i ON i.brand_id = u.brand_id AND i.id = u.item_id
		WHERE u.brand_id = `+a.Add(brand)+` AND u.post_id <> 0 AND `+db.Among(q, &a, "u.post_id", posts)+` AND i.pillar_id <> 0 ORDER BY u.post_id, u.made_ms, u.item_id`, a.Values...)
	out := make(map[id.ID]id.ID, len(rows))
	for _, r := range rows {
		out[r.PostID] = r.PillarID
	}
	return out, err
}

// Mix is a target mix from a day on.
type Mix struct {
	UnitID id.ID // 0: the whole brand
	Kind   string
	From   clock.Day
	Shares []pillar.Share
	By     string
	MadeAt clock.Ms
}

func mixesOf(ctx context.Context, q db.Querier, brand id.ID) ([]Mix, error) {
	type row struct {
		UnitID id.ID     `db:"unit_id"`
		Kind   string    `db:"account_kind"`
		From   clock.Day `db:"from_day"`
		Shares string    `db:"shares"`
		By     string    `db:"by_name"`
		MadeAt clock.Ms  `db:"made_ms"`
	}
	rows, err := db.All[row](ctx, q, `SELECT unit_id, account_kind, from_day, shares, by_name, made_ms FROM library_mix WHERE brand_id = $1 ORDER BY unit_id, account_kind, from_day DESC`, brand)
	out := make([]Mix, len(rows))
	for i, r := range rows {
		out[i] = Mix{UnitID: r.UnitID, Kind: r.Kind, From: r.From, By: r.By, MadeAt: r.MadeAt}
		if err := json.Unmarshal([]byte(r.Shares), &out[i].Shares); err != nil {
			return nil, fmt.Errorf("library: target mix: %w", err)
		}
	}
	return out, err
}
