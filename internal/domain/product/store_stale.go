package product

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

type checkRow struct {
	ID         id.ID     `db:"id"`
	Title      string    `db:"title"`
	State      string    `db:"state"`
	AtProduct  id.ID     `db:"at_product"`
	AtTemplate id.ID     `db:"at_template"`
	AtPost     id.ID     `db:"at_post"`
	Looked     int64     `db:"looked"`
	Total      int64     `db:"total"`
	Found      int64     `db:"found"`
	Day        clock.Day `db:"day"`
	StartedAt  clock.Ms  `db:"started_at"`
	StartedBy  string    `db:"started_by_name"`
	FinishedAt clock.Ms  `db:"finished_at"`
}

// States of a check.
const (
	searching = "searching"
	searched  = "done"
)

const checkColumns = `id, title, state, at_product, at_template, at_post, looked, total, found, day, started_at, started_by_name, finished_at`

func insertCheck(ctx context.Context, tx *db.Tx, actor authz.Actor, r checkRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO product_check (brand_id, id, title, state, at_product, at_template, at_post, looked, total, found, day, started_at, started_by_name)
		VALUES ($1, $2, $3, 'searching', 0, 0, 0, 0, 0, 0, $4, $5, $6) ON CONFLICT (brand_id, id) DO NOTHING`, actor.BrandID, r.ID, r.Title, r.Day, r.StartedAt, actor.Name)
	return err
}

func getCheck(ctx context.Context, q db.Querier, brand, check id.ID) (checkRow, error) {
	return db.One[checkRow](ctx, q, `SELECT `+checkColumns+` FROM product_check WHERE brand_id = $1 AND id = $2`, brand, check)
}

func listChecks(ctx context.Context, q db.Querier, brand, before id.ID, limit int) ([]checkRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand)
	if before != 0 {
		w += ` AND id < ` + a.Add(before)
	}
	return db.All[checkRow](ctx, q, `SELECT `+checkColumns+` FROM product_check WHERE `+w+` ORDER BY id DESC LIMIT `+a.Add(limit), a.Values...)
}

// moveCheck writes how far a check came; the row is locked by it until the transaction ends.
func moveCheck(ctx context.Context, tx *db.Tx, brand id.ID, r checkRow) error {
	_, err := tx.Exec(ctx, `UPDATE product_check SET at_product = $1, at_template = $2, at_post = $3, looked = $4, total = $5, found = $6 WHERE brand_id = $7 AND id = $8`,
		int64(r.AtProduct), int64(r.AtTemplate), int64(r.AtPost), r.Looked, r.Total, r.Found, brand, r.ID)
	return err
}

func finishCheck(ctx context.Context, tx *db.Tx, brand, check id.ID, at clock.Ms) error {
	_, err := tx.Exec(ctx, `UPDATE product_check SET state = 'done', finished_at = $1 WHERE brand_id = $2 AND id = $3 AND state = 'searching'`, at, brand, check)
	return err
}

type changeRow struct {
	ID        id.ID     `db:"id"`
	CheckID   id.ID     `db:"check_id"`
	ProductID id.ID     `db:"product_id"`
	SKUID     id.ID     `db:"sku_id"`
	UnitID    id.ID     `db:"unit_id"`
	Channel   string    `db:"channel"`
	Day       clock.Day `db:"day"`
	Old       string    `db:"old"`
	New       *int64    `db:"new_fen"`
	Currency  string    `db:"currency"`
}

const changeColumns = `id, check_id, product_id, sku_id, unit_id, channel, day, old, new_fen, currency`

func insertChanges(ctx context.Context, tx *db.Tx, brand, check id.ID, list []change) error {
	rows := make([][]any, len(list))
	for i, c := range list {
		rows[i] = []any{brand, c.ID, check, c.product, int64(c.sku), int64(c.unit), c.channel, c.Day, jsonText(c.Old), c.New, c.Currency}
	}
	_, err := db.Insert(ctx, tx, "product_change", []string{
		"brand_id", "id", "check_id", "product_id", "sku_id", "unit_id", "channel", "day", "old", "new_fen", "currency",
	}, rows, "")
	return err
}

func changes(ctx context.Context, q db.Querier, text string, args ...any) ([]change, error) {
	rows, err := db.All[changeRow](ctx, q, text, args...)
	out := make([]change, len(rows))
	for i, r := range rows {
		out[i] = change{ID: r.ID, CheckID: r.CheckID, spot: spot{r.ProductID, r.SKUID, r.UnitID, r.Channel}, Day: r.Day, New: r.New, Currency: r.Currency}
		if err := json.Unmarshal([]byte(r.Old), &out[i].Old); err != nil {
			return nil, fmt.Errorf("product: change %s: %w", r.ID, err)
		}
	}
	return out, err
}

func changesOf(ctx context.Context, q db.Querier, brand id.ID, checks []id.ID) ([]change, error) {
	a := &db.Args{}
	return changes(ctx, q, `SELECT `+changeColumns+` FROM product_change WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "check_id", checks)+` ORDER BY id`, a.Values...)
}

// mostWatched bounds the changes that new posts are compared with.
const mostWatched = 5000

// changesSince gives the newest changes from a day on, with those of some checks, in order.
func changesSince(ctx context.Context, q db.Querier, brand id.ID, day clock.Day, checks []id.ID) ([]change, error) {
	a := &db.Args{}
	list, err := changes(ctx, q, `SELECT `+changeColumns+` FROM product_change WHERE brand_id = `+a.Add(brand)+` AND day >= `+a.Add(day)+` ORDER BY day DESC, id DESC LIMIT `+a.Add(mostWatched), a.Values...)
	if err != nil {
		return nil, err
	}
	if len(checks) > 0 {
		more, err := changesOf(ctx, q, brand, checks)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	slices.SortFunc(list, func(a, b change) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	return slices.CompactFunc(list, func(a, b change) bool { return a.ID == b.ID }), nil
}

// staleRow is a row of product_stale.
type staleRow struct {
	ProductID id.ID      `db:"product_id"`
	ObjectID  id.ID      `db:"object_id"`
	Kind      string     `db:"kind"`
	CheckID   id.ID      `db:"check_id"`
	AccountID id.ID      `db:"account_id"`
	UnitID    id.ID      `db:"unit_id"`
	MemberID  id.ID      `db:"member_id"`
	UserID    id.ID      `db:"user_id"`
	Content   string     `db:"content"`
	URL       string     `db:"url"`
	Start     int        `db:"span_start"`
	End       int        `db:"span_end"`
	Old       int64      `db:"old_fen"`
	New       *int64     `db:"new_fen"`
	Currency  string     `db:"currency"`
	State     StaleState `db:"state"`
	How       string     `db:"how"`
	Note      string     `db:"note"`
	TodoKey   string     `db:"todo_key"`
	FoundAt   clock.Ms   `db:"found_at"`
	DecidedAt clock.Ms   `db:"decided_at"`
	DecidedBy string     `db:"decided_by_name"`
}

const staleColumns = `product_id, object_id, kind, check_id, account_id, unit_id, member_id, user_id, content, url, span_start, span_end, old_fen, new_fen,
	currency, state, how, note, todo_key, found_at, decided_at, decided_by_name`

// putStale opens rows anew or refreshes open ones; keys are in order.
func putStale(ctx context.Context, tx *db.Tx, brand id.ID, list []staleRow) error {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{
			brand, r.ProductID, r.ObjectID, r.Kind, r.CheckID, int64(r.AccountID), int64(r.UnitID), int64(r.MemberID), int64(r.UserID), r.Content, r.URL, r.Start, r.End,
			r.Old, r.New, r.Currency, string(Open), "", "", r.TodoKey, r.FoundAt, nil, "",
		}
	}
	_, err := db.Insert(ctx, tx, "product_stale", []string{
		"brand_id", "product_id", "object_id", "kind", "check_id", "account_id", "unit_id", "member_id", "user_id", "content", "url", "span_start", "span_end",
		"old_fen", "new_fen", "currency", "state", "how", "note", "todo_key", "found_at", "decided_at", "decided_by_name",
	}, rows, `ON CONFLICT (brand_id, product_id, object_id) DO UPDATE SET check_id = excluded.check_id, account_id = excluded.account_id, unit_id = excluded.unit_id,
		member_id = excluded.member_id, user_id = excluded.user_id, content = excluded.content, url = excluded.url, span_start = excluded.span_start,
		span_end = excluded.span_end, old_fen = excluded.old_fen, new_fen = excluded.new_fen, currency = excluded.currency, state = excluded.state,
		how = excluded.how, note = excluded.note, todo_key = excluded.todo_key, found_at = excluded.found_at, decided_at = excluded.decided_at,
		decided_by_name = excluded.decided_by_name`)
	return err
}

func staleOf(ctx context.Context, q db.Querier, brand id.ID, objects []id.ID) ([]staleRow, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	return db.All[staleRow](ctx, q, `SELECT `+staleColumns+` FROM product_stale WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "object_id", objects), a.Values...)
}

// claimedFixed gives texts that a person called mended, in order of object, after one.
func claimedFixed(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]staleRow, error) {
	return db.All[staleRow](ctx, q, `SELECT `+staleColumns+` FROM product_stale WHERE brand_id = $1 AND state = 'fixed' AND object_id > $2 AND kind = 'post' AND how = 'person'
		ORDER BY object_id, product_id LIMIT $3`, brand, int64(after), limit)
}

// staleKey names a row of product_stale.
type staleKey struct {
	Product id.ID `json:"product_id"`
	Object  id.ID `json:"object_id"`
}

// verdict is what became of a stale text.
type verdict struct {
	To   StaleState
	How  string // text_changed, gone, person
	Note string
	At   clock.Ms
	By   string
}

// decideStale moves one row from a state, within a scope; false when it was moved before or is out of reach.
func decideStale(ctx context.Context, tx *db.Tx, scope authz.Scope, k staleKey, from StaleState, member id.ID, v verdict) (bool, error) {
	a := &db.Args{}
	decided := any(v.At)
	if v.To == Open {
		decided = nil
	}
	text := `UPDATE product_stale SET state = ` + a.Add(string(v.To)) + `, how = ` + a.Add(v.How) + `, note = ` + a.Add(v.Note) + `, decided_at = ` + a.Add(decided) +
		`, decided_by_name = ` + a.Add(v.By) + ` WHERE brand_id = ` + a.Add(scope.BrandID) + ` AND product_id = ` + a.Add(k.Product) + ` AND object_id = ` + a.Add(k.Object) +
		` AND state = ` + a.Add(string(from)) + ` AND ` + scope.Where("unit_id", a)
	if member != 0 {
		text += ` AND member_id = ` + a.Add(member)
	}
	n, err := tx.Exec(ctx, text, a.Values...)
	return n == 1, err
}

// openKeys tells which of the to-do keys still have open texts.
func openKeys(ctx context.Context, q db.Querier, brand id.ID, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(keys) == 0 {
		return out, nil
	}
	a := &db.Args{}
	got, err := db.All[string](ctx, q, `SELECT DISTINCT todo_key FROM product_stale WHERE brand_id = `+a.Add(brand)+` AND state = 'open' AND `+db.AmongTexts(q, a, "todo_key", keys), a.Values...)
	for _, k := range got {
		out[k] = true
	}
	return out, err
}

// staleFilter cuts a list of stale texts.
type staleFilter struct {
	State   StaleState
	Kind    string
	Check   id.ID
	Product id.ID
	Member  id.ID
	After   staleKey // in the order object, product
	Limit   int
}

func listStale(ctx context.Context, q db.Querier, scope authz.Scope, f staleFilter) ([]staleRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("unit_id", a)
	if f.State != "" {
		w += ` AND state = ` + a.Add(string(f.State))
	}
	if f.Kind != "" {
		w += ` AND kind = ` + a.Add(f.Kind)
	}
	if f.Check != 0 {
		w += ` AND check_id = ` + a.Add(f.Check)
	}
	if f.Product != 0 {
		w += ` AND product_id = ` + a.Add(f.Product)
	}
	if f.Member != 0 {
		w += ` AND member_id = ` + a.Add(f.Member)
	}
	if f.After.Object != 0 {
		w += ` AND (object_id, product_id) < (` + a.Add(f.After.Object) + `, ` + a.Add(f.After.Product) + `)`
	}
	return db.All[staleRow](ctx, q, `SELECT `+staleColumns+` FROM product_stale WHERE `+w+` ORDER BY object_id DESC, product_id DESC LIMIT `+a.Add(f.Limit), a.Values...)
}

// UnitCount is how many texts of a unit are in a state.
type UnitCount struct {
	UnitID id.ID      `db:"unit_id"`
	State  StaleState `db:"state"`
	N      int64      `db:"n"`
}

func countStaleUnits(ctx context.Context, q db.Querier, scope authz.Scope) ([]UnitCount, error) {
	a := &db.Args{}
	return db.All[UnitCount](ctx, q, `SELECT unit_id, state, COUNT(*) AS n FROM product_stale WHERE brand_id = `+a.Add(scope.BrandID)+` AND `+scope.Where("unit_id", a)+
		` GROUP BY unit_id, state ORDER BY unit_id, state`, a.Values...)
}

func countStale(ctx context.Context, q db.Querier, scope authz.Scope, products []id.ID) (map[id.ID]int64, error) {
	a := &db.Args{}
	type row struct {
		ProductID id.ID `db:"product_id"`
		N         int64 `db:"n"`
	}
	rows, err := db.All[row](ctx, q, `SELECT product_id, COUNT(*) AS n FROM product_stale WHERE brand_id = `+a.Add(scope.BrandID)+` AND state = 'open' AND `+
		db.Among(q, a, "product_id", products)+` AND `+scope.Where("unit_id", a)+` GROUP BY product_id`, a.Values...)
	out := make(map[id.ID]int64, len(rows))
	for _, r := range rows {
		out[r.ProductID] = r.N
	}
	return out, err
}
