package todo

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const itemColumns = `id, kind, object_id, unit_id, member_id, user_id, audience, slug, params, link, due_day, state, outcome,
	note, created_ms, created_by, closed_ms, closed_by`

func insertItems(ctx context.Context, tx *db.Tx, rows [][]any) (int64, error) {
	return db.Insert(ctx, tx, "todo_item", []string{
		"brand_id", "kind", "dedup", "id", "object_id", "unit_id", "member_id",
		"user_id", "audience", "slug", "params", "link", "due_day", "expire_day", "state", "outcome", "note", "escalated",
		"created_ms", "created_by", "closed_ms", "closed_by",
	}, rows, "ON CONFLICT DO NOTHING")
}

// reach is what a caller may see in a list: the OR of its parts.
type reach struct {
	member, user id.ID
	audiences    []audienceScope
	units        *authz.Scope // all to-dos of these units
}

type audienceScope struct {
	audience Audience
	scope    authz.Scope
}

// where writes the reach as a condition.
func (r reach) where(a *db.Args) string {
	cond := "1=0"
	if r.member != 0 {
		cond += " OR member_id = " + a.Add(r.member)
	}
	if r.user != 0 {
		cond += " OR user_id = " + a.Add(r.user)
	}
	for _, s := range r.audiences {
		cond += " OR (audience = " + a.Add(string(s.audience)) + " AND member_id IS NULL AND user_id IS NULL AND " +
			s.scope.Where("todo_item.unit_id", a) + ")"
	}
	if r.units != nil {
		cond += " OR " + r.units.Where("todo_item.unit_id", a)
	}
	return "(" + cond + ")"
}

func selectItems(ctx context.Context, q db.Querier, brand id.ID, r reach, f Filter) ([]Item, error) {
	var a db.Args
	text := `SELECT ` + itemColumns + ` FROM todo_item WHERE brand_id = ` + a.Add(brand) + ` AND ` + r.where(&a)
	if f.Member != 0 {
		text += ` AND member_id = ` + a.Add(f.Member)
	}
	if f.Room != "" {
		text += ` AND kind >= ` + a.Add(f.Room+".") + ` AND kind < ` + a.Add(f.Room+"/")
	}
	if f.Due != 0 {
		text += ` AND due_day <= ` + a.Add(f.Due)
	}
	order := ` ORDER BY due_day, id`
	if f.Closed {
		text += ` AND closed_ms > 0`
		order = ` ORDER BY closed_ms DESC, id DESC`
		if f.After.ID != 0 {
			text += ` AND (closed_ms, id) < (` + a.Add(f.After.Key) + `, ` + a.Add(f.After.ID) + `)`
		}
	} else {
		text += ` AND state = 'open'`
		if f.After.ID != 0 {
			text += ` AND (due_day, id) > (` + a.Add(f.After.Key) + `, ` + a.Add(f.After.ID) + `)`
		}
	}
	return db.All[Item](ctx, q, text+order+` LIMIT `+a.Add(f.Limit), a.Values...)
}

func selectSummary(ctx context.Context, q db.Querier, brand id.ID, r reach, today clock.Day) (Summary, error) {
	var a db.Args
	return db.One[Summary](ctx, q, `SELECT COUNT(*) AS open, COUNT(*) FILTER (WHERE due_day = `+a.Add(today)+`) AS today,
		COUNT(*) FILTER (WHERE due_day < `+a.Add(today)+`) AS overdue FROM todo_item WHERE brand_id = `+a.Add(brand)+
		` AND state = 'open' AND `+r.where(&a), a.Values...)
}

// selectReached gives those of the ids that lie within the reach.
func selectReached(ctx context.Context, q db.Querier, brand id.ID, r reach, ids []id.ID) ([]Item, error) {
	var a db.Args
	return db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM todo_item WHERE brand_id = `+a.Add(brand)+
		` AND id IN `+db.In(&a, ids)+` AND `+r.where(&a)+` ORDER BY id`, a.Values...)
}

// closing is how items are closed or opened again.
type closing struct {
	state         State
	outcome, note string
	by            string
	at            clock.Ms // 0 when opened again
}

func updateState(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID, c closing) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE todo_item SET state = `+a.Add(string(c.state))+`, outcome = `+a.Add(c.outcome)+`, note = `+a.Add(c.note)+
		`, closed_by = `+a.Add(c.by)+`, closed_ms = `+a.Add(int64(c.at))+` WHERE brand_id = `+a.Add(brand)+` AND id IN `+db.In(&a, ids), a.Values...)
	return err
}

// settle closes the open to-dos of a kind about objects.
func settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, objects []id.ID, c closing) (int64, error) {
	var a db.Args
	return tx.Exec(ctx, `UPDATE todo_item SET state = `+a.Add(string(c.state))+`, outcome = `+a.Add(c.outcome)+
		`, closed_by = `+a.Add(c.by)+`, closed_ms = `+a.Add(int64(c.at))+` WHERE brand_id = `+a.Add(brand)+` AND kind = `+a.Add(kind)+
		` AND state = 'open' AND object_id IN `+db.In(&a, objects), a.Values...)
}

// settleKey closes the open to-dos of a kind by key: the key itself or what begins with it and a colon (';' follows ':').
func settleKey(ctx context.Context, tx *db.Tx, brand id.ID, kind, key string, c closing) error {
	_, err := tx.Exec(ctx, `UPDATE todo_item SET state = $1, outcome = $2, closed_by = $3, closed_ms = $4 WHERE brand_id = $5
		AND kind = $6 AND state = 'open' AND (dedup = $7 OR (dedup >= $8 AND dedup < $9))`,
		string(c.state), c.outcome, c.by, int64(c.at), brand, kind, key, key+":", key+";")
	return err
}

// selectExpired gives open to-dos whose last day is over.
func selectExpired(ctx context.Context, q db.Querier, brand id.ID, today clock.Day, limit int) ([]Item, error) {
	return db.All[Item](ctx, q, `SELECT `+itemColumns+` FROM todo_item WHERE brand_id = $1 AND state = 'open' AND expire_day < $2
		ORDER BY id LIMIT $3`, brand, today, limit)
}

type overdue struct {
	UnitID id.ID `db:"unit_id"`
	N      int64 `db:"n"`
}

// countOverdue counts the overdue to-dos that nobody was told of, by unit.
func countOverdue(ctx context.Context, q db.Querier, brand id.ID, today clock.Day) ([]overdue, error) {
	return db.All[overdue](ctx, q, `SELECT unit_id, COUNT(*) AS n FROM todo_item WHERE brand_id = $1 AND state = 'open'
		AND due_day < $2 AND escalated = 0 GROUP BY unit_id ORDER BY unit_id`, brand, today)
}

// markEscalated notes that the managers were told, in batches.
func markEscalated(ctx context.Context, tx *db.Tx, brand id.ID, today clock.Day, limit int) (int64, error) {
	return tx.Exec(ctx, `UPDATE todo_item SET escalated = 1 WHERE brand_id = $1 AND id IN (SELECT id FROM todo_item
		WHERE brand_id = $2 AND state = 'open' AND due_day < $3 AND escalated = 0 ORDER BY due_day, id LIMIT $4)`,
		brand, brand, today, limit)
}
