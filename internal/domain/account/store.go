package account

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// accountCols are the columns of account_account that use cases write, in the order of values.
var accountCols = []string{
	"brand_id", "id", "platform", "handle", "handle_norm", "external_id", "name", "name_key", "search",
	"kind", "unit_id", "member_id", "member_name", "ownership", "verified", "cert_kind", "cert_state", "cert_until", "poi",
	"status", "status_cause", "status_since", "paired_id", "level", "city", "city_tier", "league", "handover_due",
	"created_day", "import_id", "rev", "created_at", "updated_at",
}

// selectCols reads an Account whole; the last three columns are written by TakeLevels alone.
var selectCols = "a." + strings.Join(accountCols, ", a.") + ", a.followers, a.followers_as_of, a.last_post_day"

func (a *Account) values() []any {
	return []any{
		a.BrandID, a.ID, a.Platform, a.Handle, a.HandleNorm, a.ExternalID, a.Name, a.NameKey, a.Search,
		a.Kind, a.UnitID, a.MemberID, a.MemberName, a.Ownership, a.Verified, a.CertKind, a.CertState, a.CertUntil, a.POI,
		a.Status, a.StatusCause, a.StatusSince, a.PairedID, a.Level, a.City, a.CityTier, a.League, a.HandoverDue,
		a.CreatedDay, a.ImportID, a.Rev, a.CreatedAt, a.UpdatedAt,
	}
}

// updateSuffix overwrites every column that a use case may change.
var updateSuffix = func() string {
	var b strings.Builder
	b.WriteString("ON CONFLICT (brand_id, id) DO UPDATE SET ")
	first := true
	for _, c := range accountCols {
		if c == "brand_id" || c == "id" || c == "platform" || c == "created_day" || c == "created_at" || c == "import_id" {
			continue
		}
		if !first {
			b.WriteString(", ")
		}
		first = false
		b.WriteString(c + " = excluded." + c)
	}
	return b.String()
}()

// saveAccounts writes accounts sorted by id: new ones (rev 1) are inserted, others overwritten.
func saveAccounts(ctx context.Context, tx *db.Tx, list []Account) error {
	var fresh, old [][]any
	for i := range list {
		if list[i].Rev == 1 {
			fresh = append(fresh, list[i].values())
		} else {
			old = append(old, list[i].values())
		}
	}
	if err := db.Copy(ctx, tx, "account_account", accountCols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, tx, "account_account", accountCols, old, updateSuffix)
	return err
}

// removeAccounts deletes accounts and what hangs on them; only an undo of their creation does that.
func removeAccounts(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	for part := range slices.Chunk(ids, idsPerStatement) {
		for _, table := range []string{"account_unit", "account_tag", "account_custody", "account_consent"} {
			var a db.Args
			if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE brand_id = "+a.Add(brand)+" AND account_id IN "+db.IDList(tx, &a, part), a.Values...); err != nil {
				return err
			}
		}
		var a db.Args
		if _, err := tx.Exec(ctx, "UPDATE account_account SET paired_id = NULL WHERE brand_id = "+a.Add(brand)+" AND paired_id IN "+db.IDList(tx, &a, part), a.Values...); err != nil {
			return err
		}
		var b db.Args
		if _, err := tx.Exec(ctx, "DELETE FROM account_account WHERE brand_id = "+b.Add(brand)+" AND id IN "+db.IDList(tx, &b, part), b.Values...); err != nil {
			return err
		}
	}
	return nil
}

// idsPerStatement bounds the lists of one statement.
const idsPerStatement = 1000

// accountsIn reads the accounts among ids that lie in the scope, in the order of ids.
func accountsIn(ctx context.Context, q db.Querier, scope authz.Scope, ids []id.ID) ([]Account, error) {
	found := make(map[id.ID]Account, len(ids))
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		text := "SELECT " + selectCols + " FROM account_account a WHERE a.brand_id = " + a.Add(scope.BrandID) +
			" AND a.id IN " + db.IDList(q, &a, part) + " AND " + scope.Where("a.unit_id", &a)
		rows, err := db.All[Account](ctx, q, text, a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.ID] = r
		}
	}
	out := make([]Account, 0, len(found))
	for _, i := range ids {
		if r, ok := found[i]; ok {
			out = append(out, r)
			delete(found, i)
		}
	}
	return out, nil
}

// byIDs reads accounts whoever may see them, in no order.
func byIDs(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Account, error) {
	return accountsIn(ctx, q, authz.Scope{BrandID: brand, All: true}, ids)
}

// ofMembers reads the accounts that members answer for.
func ofMembers(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) ([]Account, error) {
	var out []Account
	for part := range slices.Chunk(members, idsPerStatement) {
		var a db.Args
		rows, err := db.All[Account](ctx, q, "SELECT "+selectCols+" FROM account_account a WHERE a.brand_id = "+a.Add(brand)+
			" AND a.member_id IN "+db.IDList(q, &a, part)+" ORDER BY a.id", a.Values...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func byHandle(ctx context.Context, q db.Querier, brand id.ID, p Platform, norm string) (id.ID, error) {
	return idOrNone(q.QueryRow(ctx, "SELECT id FROM account_account WHERE brand_id = $1 AND platform = $2 AND handle_norm = $3", brand, p, norm))
}

func byExternal(ctx context.Context, q db.Querier, brand id.ID, p Platform, external string) (id.ID, error) {
	return idOrNone(q.QueryRow(ctx, "SELECT id FROM account_account WHERE brand_id = $1 AND platform = $2 AND external_id = $3 AND external_id <> ''", brand, p, external))
}

func idOrNone(row db.Row) (id.ID, error) {
	var v id.ID
	err := row.Scan(&v)
	if db.NoRows(err) {
		return 0, nil
	}
	return v, err
}

type countKey struct {
	Unit     id.ID
	Platform Platform
	Kind     Kind
	Status   Status
}

func addCounts(ctx context.Context, tx *db.Tx, brand id.ID, delta map[countKey]int64) error {
	keys := make([]countKey, 0, len(delta))
	for k, n := range delta {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b countKey) int {
		if c := cmpID(a.Unit, b.Unit); c != 0 {
			return c
		}
		return strings.Compare(string(a.Platform)+"|"+string(a.Kind)+"|"+string(a.Status), string(b.Platform)+"|"+string(b.Kind)+"|"+string(b.Status))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{brand, k.Unit, k.Platform, k.Kind, k.Status, delta[k]}
	}
	_, err := db.Insert(ctx, tx, "account_count", []string{"brand_id", "unit_id", "platform", "kind", "status", "n"}, rows,
		"ON CONFLICT (brand_id, unit_id, platform, kind, status) DO UPDATE SET n = account_count.n + excluded.n")
	return err
}

// saveFormer keeps what accounts were before a batch changed them; the first value of a batch stays.
func saveFormer(ctx context.Context, tx *db.Tx, brand, batch id.ID, edits []*edit) error {
	var rows [][]any
	for _, e := range edits {
		if e.Before != nil && len(e.What) > 0 && !e.Removed {
			raw, err := formerJSON(e.Before)
			if err != nil {
				return err
			}
			rows = append(rows, []any{brand, batch, e.After.ID, e.After.Rev, raw})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { return cmpID(a[2].(id.ID), b[2].(id.ID)) })
	_, err := db.Insert(ctx, tx, "account_former", []string{"brand_id", "batch_id", "account_id", "rev", "before"}, rows,
		"ON CONFLICT (brand_id, batch_id, account_id) DO UPDATE SET rev = excluded.rev")
	return err
}
