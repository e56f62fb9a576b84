package account

import (
	"context"
	"errors"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// What the figure rooms (post, insight, health, reflow) ask of the registry.

// Ref names an account from outside: a handle, or the platform's own id.
type Ref struct {
	Platform   Platform
	Handle     string
	ExternalID string
}

// Found is the account a Ref names.
type Found struct {
	ID       id.ID    `db:"id"`
	UnitID   id.ID    `db:"unit_id"`
	Platform Platform `db:"platform"`
	Handle   string   `db:"handle"`
	Name     string   `db:"name"`
	Kind     Kind     `db:"kind"`
	norm     string
	external string
}

type foundRow struct {
	Found
	Norm     string `db:"handle_norm"`
	External string `db:"external_id"`
}

// Resolve finds accounts by external id first, then by handle; a Ref nobody answers to is missing from the map. Names
// are matched whole, never guessed.
func (s *Service) Resolve(ctx context.Context, q db.Querier, brand id.ID, refs []Ref) (map[Ref]Found, error) {
	handles, externals := map[Platform][]string{}, map[Platform][]string{}
	norms := make(map[Ref]string, len(refs))
	for _, r := range refs {
		if _, norm, err := ParseHandle(r.Handle); err == nil {
			norms[r] = norm
			handles[r.Platform] = append(handles[r.Platform], norm)
		}
		if r.ExternalID != "" {
			externals[r.Platform] = append(externals[r.Platform], r.ExternalID)
		}
	}
	byNorm, byExt := map[string]Found{}, map[string]Found{}
	for _, look := range []struct {
		col  string
		want map[Platform][]string
		into map[string]Found
	}{{"handle_norm", handles, byNorm}, {"external_id", externals, byExt}} {
		for p, values := range look.want {
			rows, err := lookUp(ctx, q, brand, p, look.col, values)
			if err != nil {
				return nil, err
			}
			for k, f := range rows {
				look.into[string(p)+"|"+k] = f
			}
		}
	}
	out := make(map[Ref]Found, len(refs))
	for _, r := range refs {
		if f, ok := byExt[string(r.Platform)+"|"+r.ExternalID]; ok && r.ExternalID != "" {
			out[r] = f
		} else if f, ok := byNorm[string(r.Platform)+"|"+norms[r]]; ok {
			out[r] = f
		}
	}
	return out, nil
}

func lookUp(ctx context.Context, q db.Querier, brand id.ID, p Platform, col string, values []string) (map[string]Found, error) {
	slices.Sort(values)
	out := make(map[string]Found, len(values))
	for part := range slices.Chunk(slices.Compact(values), idsPerStatement) {
		var a db.Args
		rows, err := db.All[foundRow](ctx, q, "SELECT id, unit_id, platform, handle, name, kind, handle_norm, external_id FROM account_account WHERE brand_id = "+
			a.Add(brand)+" AND platform = "+a.Add(p)+" AND "+col+" <> '' AND "+db.AmongTexts(q, &a, col, part), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			f := r.Found
			f.norm, f.external = r.Norm, r.External
			if col == "handle_norm" {
				out[r.Norm] = f
			} else {
				out[r.External] = f
			}
		}
	}
	return out, nil
}

// InScope keeps the ids of accounts that lie where the actor holds the permission.
func (s *Service) InScope(ctx context.Context, q db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error) {
	scope, err := s.Units.Scope(ctx, q, actor, permission, "")
	if err != nil {
		return nil, err
	}
	var out []id.ID
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		rows, err := db.All[id.ID](ctx, q, "SELECT a.id FROM account_account a WHERE a.brand_id = "+a.Add(actor.BrandID)+
			" AND a.id IN "+db.IDList(q, &a, part)+" AND "+scope.Where("a.unit_id", &a), a.Values...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// factCols read a Fact.
const factCols = "id, platform, kind, unit_id, member_id, status, status_since, league, city_tier, created_day"

// Facts reads what figures need to know about accounts as of today.
func (s *Service) Facts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Fact, error) {
	out := make(map[id.ID]Fact, len(ids))
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		rows, err := db.All[Fact](ctx, q, "SELECT "+factCols+" FROM account_account WHERE brand_id = "+
			a.Add(brand)+" AND id IN "+db.IDList(q, &a, part), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}

// Seat is where an account is today.
type Seat struct {
	UnitID   id.ID
	Platform Platform
}

// Seats reads the seats of accounts; it is Facts for the way of figures, which asks for every account of every batch.
func (s *Service) Seats(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Seat, error) {
	out := make(map[id.ID]Seat, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := q.Query(ctx, "SELECT id, unit_id, platform FROM account_account WHERE brand_id = "+a.Add(brand)+" AND "+db.Among(q, &a, "id", ids)+onRow, a.Values...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var account, unit int64
	var platform string
	for rows.Next() {
		if err := rows.Scan(&account, &unit, &platform); err != nil {
			return nil, err
		}
		out[id.ID(account)] = Seat{id.ID(unit), Platform(platform)}
	}
	return out, rows.Err()
}

// WalkFacts walks every account of the brand that has not ended in order of id, limit at a time.
func (s *Service) WalkFacts(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Fact, error) {
	return db.All[Fact](ctx, q, "SELECT "+factCols+` FROM account_account
		WHERE brand_id = $1 AND id > $2 AND status NOT IN ('handed_over', 'closed') ORDER BY id LIMIT $3`, brand, int64(after), limit)
}

// Label is how an account is named in other rooms' lists.
type Label struct {
	ID       id.ID
	Handle   string
	Name     string
	Platform Platform
	Kind     Kind
	UnitID   id.ID
	UnitName string
	UnitPath string
	MemberID id.ID
	Member   string
}

// Labels names accounts, whoever asks; ended ones too.
func (s *Service) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error) {
	rows, err := s.labels.rows(ctx, q, brand, unique(ids))
	if err != nil {
		return nil, err
	}
	units := make([]id.ID, 0, len(rows))
	for _, l := range rows {
		units = append(units, l.UnitID)
	}
	us := map[id.ID]Unit{}
	if len(units) > 0 {
		if us, err = s.Units.UnitsByID(ctx, q, brand, unique(units)); err != nil {
			return nil, err
		}
	}
	out := make(map[id.ID]Label, len(rows))
	for _, l := range rows {
		l.UnitName, l.UnitPath = us[l.UnitID].Name, us[l.UnitID].Path
		out[l.ID] = l
	}
	return out, nil
}

// labelRows reads what a label says, without the unit's names.
func labelRows(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Label, error) {
	out := make([]Label, 0, len(ids))
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		rows, err := q.Query(ctx, "SELECT id, handle, name, platform, kind, unit_id, member_id, member_name FROM account_account WHERE brand_id = "+a.Add(brand)+" AND "+db.Among(q, &a, "id", part), a.Values...)
		if err != nil {
			return nil, err
		}
		var l Label
		var account, unit int64 // plain types: this is read for every row of every list
		var member *int64
		var platform, kind string
		dest := []any{&account, &l.Handle, &l.Name, &platform, &kind, &unit, &member, &l.Member}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			l.ID, l.UnitID, l.MemberID, l.Platform, l.Kind = id.ID(account), id.ID(unit), 0, Platform(platform), Kind(kind)
			if member != nil {
				l.MemberID = id.ID(*member)
			}
			out = append(out, l)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Spans reads where and as what accounts counted, each account's spans in order.
func (s *Service) Spans(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID][]Span, error) {
	out := make(map[id.ID][]Span, len(ids))
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		rows, err := db.All[Span](ctx, q, "SELECT account_id, unit_id, kind, valid_from_day, valid_to_day FROM account_unit WHERE brand_id = "+
			a.Add(brand)+" AND account_id IN "+db.IDList(q, &a, part)+" ORDER BY account_id, valid_from_day", a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.AccountID] = append(out[r.AccountID], r)
		}
	}
	return out, nil
}

// LevelNow is what an account's figures stand at: the newest follower count with its time, and the day of the last post.
type LevelNow struct {
	Followers   int64 // -1 while nobody told
	AsOf        clock.Ms
	LastPostDay clock.Day // 0 while no post is known
}

// Levels tells where accounts stand; post and insight provide it.
type Levels interface {
	AccountLevels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]LevelNow, error)
}

// TakeLevels writes where accounts stand into the registry's sort columns, exactly, so that an undo takes them back,
// too. It is called in the transaction that changes figures and does not take the gate: these columns have no other
// writer. League bands follow with the daily refresh.
func (s *Service) TakeLevels(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	if s.Levels == nil {
		return nil
	}
	for part := range slices.Chunk(unique(ids), idsPerStatement) {
		now, err := s.Levels.AccountLevels(ctx, tx, brand, part)
		if err != nil {
			return err
		}
		was, err := levelsKept(ctx, tx, brand, part)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, a := range part {
			l, ok := now[a]
			if !ok {
				l.Followers = unknownFollowers
			}
			if old, ok := was[a]; ok && old != l {
				rows = append(rows, []any{l.Followers, l.AsOf, int64(l.LastPostDay), brand, a})
			}
		}
		if err := db.Repeat(ctx, tx, `UPDATE account_account SET followers = $1, followers_as_of = $2, last_post_day = $3 WHERE brand_id = $4 AND id = $5`, rows); err != nil {
			return err
		}
	}
	return nil
}

// onRow asks for a column that no index holds and that every row satisfies. Without it SQLite answers a read by id from
// a list's wide index, walking the whole brand; with it, it goes by the key.
const onRow = " AND rev > 0"

// levelsKept reads the registry's own copy of the levels.
func levelsKept(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]LevelNow, error) {
	var a db.Args
	rows, err := q.Query(ctx, "SELECT id, followers, COALESCE(followers_as_of, 0), last_post_day FROM account_account WHERE brand_id = "+a.Add(brand)+" AND "+db.Among(q, &a, "id", ids)+onRow, a.Values...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := make(map[id.ID]LevelNow, len(ids))
	var account, followers, asOf, last int64
	for rows.Next() {
		if err := rows.Scan(&account, &followers, &asOf, &last); err != nil {
			return nil, err
		}
		out[id.ID(account)] = LevelNow{Followers: followers, AsOf: clock.Ms(asOf), LastPostDay: clock.Day(last)}
	}
	return out, rows.Err()
}

// TakeAllLevels does it for every account of the brand, a thousand at a time.
func (s *Service) TakeAllLevels(ctx context.Context, brand id.ID) error {
	for after := id.ID(0); ; {
		ids, err := db.All[id.ID](ctx, s.DB, "SELECT id FROM account_account WHERE brand_id = $1 AND id > $2 ORDER BY id LIMIT 1000", brand, int64(after))
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.TakeLevels(ctx, tx, brand, ids) }); err != nil {
			return err
		}
	}
}
