package account

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// RosterOutcome counts accounts; the errors are those of rows that only the store could find.
type RosterOutcome struct {
	Inserted  int
	Updated   int
	Unchanged int
	Errors    []RowFault
}

func (o *RosterOutcome) add(p RosterOutcome) {
	o.Inserted += p.Inserted
	o.Updated += p.Updated
	o.Unchanged += p.Unchanged
	o.Errors = append(o.Errors, p.Errors...)
}

// RosterBatch is how many rows of a roster are prepared, and how many accounts are undone, at once.
const RosterBatch = 1000

// RosterCall is how many rows a call of RosterApply takes. What rows do to each other depends on where a call ends, so the
// dry run and every writer end it at the same rows. PostgreSQL answers few large statements better than many small ones.
func RosterCall(d db.Dialect) int {
	if d == db.Postgres {
		return 2 * RosterBatch
	}
	return RosterBatch
}

// asError is errors.As for *errs.Error.
func asError(err error, into **errs.Error) bool { return errors.As(err, into) }

// RosterApply writes checked rows (RosterCheck), at most RosterCall a call, within the caller's transaction. A row
// that cannot be written is an error of that row, the others are written. Applying the same rows again changes
// nothing. The caller holds account.import in some scope; rows outside it are errors.
func (s *Service) RosterApply(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []RosterRow) (RosterOutcome, error) {
	var out RosterOutcome
	sounds := make([]sound, 0, len(rows))
	for _, r := range rows {
		if r.read != nil {
			v := *r.read
			v.ready = r.ready
			sounds = append(sounds, v)
			continue
		}
		v, faults := readRow(r)
		if len(faults) > 0 {
			out.Errors = append(out.Errors, faults...)
			continue
		}
		sounds = append(sounds, v)
	}
	// The gate comes before the tree's own locks, here as everywhere else in this room.
	if err := gate(ctx, tx, actor.BrandID); err != nil {
		return out, err
	}
	placed, err := s.placeRows(ctx, tx, actor, importID, sounds, &out)
	if err != nil {
		return out, err
	}
	if placed, err = s.nameRows(ctx, tx, actor, importID, placed, &out); err != nil {
		return out, err
	}
	edits, err := s.decideRows(ctx, tx, actor, importID, placed, &out)
	if err != nil {
		return out, err
	}
	if _, err := s.write(ctx, tx, actor, edits); err != nil {
		return out, err
	}
	for _, e := range edits {
		switch {
		case e.Before == nil:
			out.Inserted++
		case onlyRank(e.What):
			out.Unchanged++
		default:
			out.Updated++
		}
	}
	return out, saveFormer(ctx, tx, actor.BrandID, importID, edits)
}

// onlyRank tells that nothing the sheet says was different: at most the league moved on with time.
func onlyRank(what []What) bool {
	return len(what) == 0 || len(what) == 1 && what[0] == Ranked
}

// row is a sound row with its unit and member.
type row struct {
	sound
	unit       Unit
	memberID   id.ID
	memberName string
}

func (s *Service) placeRows(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []sound, out *RosterOutcome) ([]row, error) {
	var want []PathWant
	seen := map[string]int{}
	for _, r := range rows {
		i, ok := seen[r.path]
		if !ok {
			seen[r.path] = len(want)
			want = append(want, PathWant{Path: r.path, Kind: cell(r.UnitKind)})
		} else if want[i].Kind == "" {
			want[i].Kind = cell(r.UnitKind)
		}
	}
	found, err := s.Units.EnsurePaths(ctx, tx, actor, importID, want)
	if err != nil {
		return nil, err
	}
	placed := make([]row, 0, len(rows))
	for _, r := range rows {
		if f, bad := found.Faults[r.path]; bad {
			out.Errors = append(out.Errors, RowFault{Row: r.Row, Column: f.Column, Slug: f.Slug, Params: f.Params})
			continue
		}
		placed = append(placed, row{sound: r, unit: found.Units[r.path]})
	}
	return placed, nil
}

func (s *Service) nameRows(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []row, out *RosterOutcome) ([]row, error) {
	var want []MemberWant
	var at []int
	for i, r := range rows {
		if r.Member != "" {
			want = append(want, MemberWant{Row: r.Row, UnitID: r.unit.ID, NewUnit: r.unit.Made, Name: r.Member, Phone: r.Phone, Role: r.Role, Ready: r.ready})
			at = append(at, i)
		}
	}
	if len(want) == 0 {
		return rows, nil
	}
	found, err := s.People.UpsertMembers(ctx, tx, actor, importID, want)
	if err != nil {
		return nil, err
	}
	bad := map[int]bool{}
	for k, f := range found {
		i := at[k]
		if f.Fault != nil {
			out.Errors = append(out.Errors, RowFault{Row: rows[i].Row, Column: f.Fault.Column, Slug: f.Fault.Slug, Params: f.Fault.Params})
			bad[i] = true
			continue
		}
		rows[i].memberID, rows[i].memberName = f.ID, f.Name
	}
	named := rows[:0]
	for i, r := range rows {
		if !bad[i] && r.hasAccount {
			named = append(named, r)
		}
	}
	return named, nil
}

// decideRows finds the account each row speaks of and says what it shall be.
func (s *Service) decideRows(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []row, out *RosterOutcome) ([]*edit, error) {
	known, err := s.knownAccounts(ctx, tx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	scope, err := s.Units.Scope(ctx, tx, actor, PermImport, "")
	if err != nil {
		return nil, err
	}
	mine, err := s.mine(ctx, tx, scope, known)
	if err != nil {
		return nil, err
	}
	var edits []*edit
	touched := map[id.ID]bool{}
	for _, r := range rows {
		if !r.hasAccount {
			continue
		}
		old, fault := known.find(r)
		if fault == nil && old != nil {
			switch {
			case !mine[old.ID]:
				fault = &RowFault{Column: "handle", Slug: "account.roster_outside", Params: map[string]any{"handle": r.handle}}
			case touched[old.ID]:
				fault = &RowFault{Column: "handle", Slug: "account.roster_same_account", Params: map[string]any{"handle": r.handle}}
			}
		}
		if fault != nil {
			fault.Row = r.Row
			out.Errors = append(out.Errors, *fault)
			continue
		}
		if old == nil {
			edits = append(edits, &edit{After: s.newFromRow(actor, importID, r)})
			continue
		}
		touched[old.ID] = true
		e := begin(*old)
		applyRow(&e.After, r)
		edits = append(edits, e)
	}
	return edits, nil
}

// mine tells which known accounts the actor may change; whole-brand actors may all.
func (s *Service) mine(ctx context.Context, tx *db.Tx, scope authz.Scope, known *knownSet) (map[id.ID]bool, error) {
	ids := known.ids()
	out := make(map[id.ID]bool, len(ids))
	if scope.All {
		for _, i := range ids {
			out[i] = true
		}
		return out, nil
	}
	list, err := accountsIn(ctx, tx, scope, ids)
	for _, a := range list {
		out[a.ID] = true
	}
	return out, err
}

func (s *Service) newFromRow(actor authz.Actor, importID id.ID, r row) Account {
	a := Account{
		BrandID: actor.BrandID, ID: s.IDs.New(), Platform: r.platform, UnitID: r.unit.ID, Status: StatusOK, ImportID: importID,
		Rev: 1, CreatedAt: s.now(), CreatedDay: s.today(actor), StatusSince: s.today(actor), Followers: unknownFollowers,
	}
	if r.CreatedDay != 0 {
		a.CreatedDay, a.StatusSince = r.CreatedDay, r.CreatedDay
	}
	a.rename(r.handle, r.norm)
	a.ExternalID = r.ExternalID
	if a.Kind = r.kind; a.Kind == "" {
		a.Kind = defaultKind(r.memberID != 0, r.unit.Kind)
	}
	if a.Ownership = r.ownership; a.Ownership == "" {
		a.Ownership = defaultOwnership(a.Kind)
	}
	a.MemberID, a.MemberName = r.memberID, r.memberName
	applyExtras(&a, r)
	return a
}

// applyExtras writes the optional columns.
func applyExtras(a *Account, r row) {
	if r.Name != "" {
		a.Name = r.Name
	}
	if r.verified != nil {
		a.Verified = *r.verified
	}
}

// applyRow writes a row over an account. Empty cells change nothing.
func applyRow(a *Account, r row) {
	if a.HandleNorm != r.norm {
		a.rename(r.handle, r.norm)
	}
	if r.ExternalID != "" {
		a.ExternalID = r.ExternalID
	}
	a.UnitID = r.unit.ID
	if r.memberID != 0 {
		a.MemberID, a.MemberName = r.memberID, r.memberName
	}
	if r.kind != "" {
		a.Kind = r.kind
	}
	if r.ownership != "" {
		a.Ownership = r.ownership
	}
	applyExtras(a, r)
}

// knownSet are the stored accounts that rows may speak of.
type knownSet struct {
	byNorm, byExternal map[string]*Account
}

func (k *knownSet) ids() []id.ID {
	var ids []id.ID
	for _, m := range []map[string]*Account{k.byNorm, k.byExternal} {
		for _, a := range m {
			ids = append(ids, a.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// find gives the account of a row: by the platform's id, else by handle. A handle that now belongs to another id is a
// fault, never a guess.
func (k *knownSet) find(r row) (*Account, *RowFault) {
	byExt := k.byExternal[string(r.platform)+"|"+r.ExternalID]
	if r.ExternalID == "" {
		byExt = nil
	}
	byNorm := k.byNorm[string(r.platform)+"|"+r.norm]
	switch {
	case byExt != nil && byNorm != nil && byExt.ID != byNorm.ID:
		return nil, &RowFault{Column: "external_id", Slug: "account.roster_two_accounts", Params: map[string]any{"handle": byNorm.Handle, "other": byExt.Handle}}
	case byExt != nil:
		return byExt, nil
	case byNorm != nil && r.ExternalID != "" && byNorm.ExternalID != "":
		return nil, &RowFault{Column: "external_id", Slug: "account.roster_other_id", Params: map[string]any{"handle": byNorm.Handle, "external_id": byNorm.ExternalID}}
	}
	return byNorm, nil
}

func (s *Service) knownAccounts(ctx context.Context, tx *db.Tx, brand id.ID, rows []row) (*knownSet, error) {
	norms, externals := map[Platform][]string{}, map[Platform][]string{}
	for _, r := range rows {
		if r.hasAccount {
			norms[r.platform] = append(norms[r.platform], r.norm)
			if r.ExternalID != "" {
				externals[r.platform] = append(externals[r.platform], r.ExternalID)
			}
		}
	}
	known := &knownSet{byNorm: map[string]*Account{}, byExternal: map[string]*Account{}}
	keep := func(list []Account) {
		for i := range list {
			known.byNorm[string(list[i].Platform)+"|"+list[i].HandleNorm] = &list[i]
			if list[i].ExternalID != "" {
				known.byExternal[string(list[i].Platform)+"|"+list[i].ExternalID] = &list[i]
			}
		}
	}
	if err := accountsNamed(ctx, tx, brand, "handle_norm", norms, keep); err != nil {
		return nil, err
	}
	return known, accountsNamed(ctx, tx, brand, "external_id", externals, keep)
}

// accountsNamed reads accounts by what a platform calls them, in col: on PostgreSQL all platforms with one statement.
func accountsNamed(ctx context.Context, tx *db.Tx, brand id.ID, col string, names map[Platform][]string, keep func([]Account)) error {
	var a db.Args
	head := "SELECT " + selectCols + " FROM account_account a WHERE a.brand_id = "
	var parts []string
	ask := func() error {
		if len(parts) == 0 {
			return nil
		}
		list, err := db.All[Account](ctx, tx, head+strings.Join(parts, " UNION ALL "+head), a.Values...)
		keep(list)
		a, parts = db.Args{}, nil
		return err
	}
	for _, p := range slices.Sorted(maps.Keys(names)) {
		slices.Sort(names[p])
		for some := range slices.Chunk(slices.Compact(names[p]), idsPerStatement) {
			// "<> ''" lets the planner take the index of external ids, which holds no empty ones.
			parts = append(parts, a.Add(brand)+" AND a.platform = "+a.Add(p)+" AND a."+col+" <> '' AND "+db.AmongTexts(tx, &a, "a."+col, some))
			if tx.Dialect() == db.Postgres {
				continue
			}
			if err := ask(); err != nil {
				return err
			}
		}
	}
	return ask()
}

// errPlanned rolls a dry run back.
var errPlanned = errors.New("account: planned")

// RosterPlan is the dry run: the very same writes in transactions that are rolled back. progress may be nil.
func (s *Service) RosterPlan(ctx context.Context, actor authz.Actor, rows []RosterRow, progress func(done int)) (RosterOutcome, error) {
	var out RosterOutcome
	done := 0
	for part := range slices.Chunk(rows, RosterCall(s.DB.Dialect())) {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			p, err := s.RosterApply(ctx, tx, actor, s.IDs.New(), part)
			if err != nil {
				return err
			}
			out.add(p)
			return errPlanned
		})
		if !errors.Is(err, errPlanned) {
			return out, err
		}
		if done += len(part); progress != nil {
			progress(done)
		}
	}
	return out, nil
}

// formerJSON keeps an account as it was.
func formerJSON(a *Account) (string, error) {
	raw, err := json.Marshal(a)
	return string(raw), err
}

func parseFormer(raw string) (Account, error) {
	var a Account
	return a, json.Unmarshal([]byte(raw), &a)
}
