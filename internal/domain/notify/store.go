package notify

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const rowColumns = `id, user_id, kind, params, link, due_ms, read_ms, folded`

func selectMuted(ctx context.Context, q db.Querier, brand id.ID, kind string, users []id.ID) ([]id.ID, error) {
	var a db.Args
	return db.All[id.ID](ctx, q, `SELECT user_id FROM notify_preference WHERE brand_id = `+a.Add(brand)+
		` AND kind = `+a.Add(kind)+` AND muted = 1 AND user_id IN `+db.In(&a, users), a.Values...)
}

type load struct {
	UserID id.ID `db:"user_id"`
	N      int64 `db:"n"`
	Newest id.ID `db:"newest"`
}

// selectLoad counts what people got of a kind since a time.
func selectLoad(ctx context.Context, q db.Querier, brand id.ID, kind string, since clock.Ms, users []id.ID) ([]load, error) {
	var a db.Args
	return db.All[load](ctx, q, `SELECT user_id, COUNT(*) AS n, MAX(id) AS newest FROM notify_notice WHERE brand_id = `+a.Add(brand)+
		` AND kind = `+a.Add(kind)+` AND due_ms >= `+a.Add(since)+` AND user_id IN `+db.In(&a, users)+` GROUP BY user_id`, a.Values...)
}

func insertNotices(ctx context.Context, tx *db.Tx, rows [][]any) (int64, error) {
	return db.Insert(ctx, tx, "notify_notice",
		[]string{"brand_id", "user_id", "kind", "dedup", "id", "params", "link", "due_ms", "folded"}, rows, "ON CONFLICT DO NOTHING")
}

// fold adds one to the newest notice and shows it as new.
func fold(ctx context.Context, tx *db.Tx, brand, notice id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE notify_notice SET folded = folded + 1, read_ms = NULL WHERE brand_id = $1 AND id = $2`, brand, notice)
	return err
}

func countUnread(ctx context.Context, q db.Querier, brand, user id.ID, now clock.Ms) (int, error) {
	return db.One[int](ctx, q, `SELECT COUNT(*) FROM (SELECT id FROM notify_notice WHERE brand_id = $1 AND user_id = $2
		AND read_ms IS NULL AND due_ms <= $3 LIMIT $4) u`, brand, user, now, unreadShown)
}

type place struct {
	due clock.Ms
	id  id.ID
}

func selectNotices(ctx context.Context, q db.Querier, brand, user id.ID, unread bool, from place, limit int) ([]Row, error) {
	var a db.Args
	text := `SELECT ` + rowColumns + ` FROM notify_notice WHERE brand_id = ` + a.Add(brand) + ` AND user_id = ` + a.Add(user) +
		` AND (due_ms, id) < (` + a.Add(from.due) + `, ` + a.Add(int64(from.id)) + `)`
	if unread {
		text += ` AND read_ms IS NULL`
	}
	return db.All[Row](ctx, q, text+` ORDER BY due_ms DESC, id DESC LIMIT `+a.Add(limit), a.Values...)
}

// markRead marks some notices, or with none named all that are due.
func markRead(ctx context.Context, tx *db.Tx, brand, user id.ID, ids []id.ID, now clock.Ms) (int64, error) {
	var a db.Args
	text := `UPDATE notify_notice SET read_ms = ` + a.Add(now) + ` WHERE brand_id = ` + a.Add(brand) + ` AND user_id = ` + a.Add(user) +
		` AND read_ms IS NULL AND due_ms <= ` + a.Add(now)
	if len(ids) > 0 {
		text += ` AND id IN ` + db.In(&a, ids)
	}
	return tx.Exec(ctx, text, a.Values...)
}

type fresh struct {
	UserID id.ID    `db:"user_id"`
	Due    clock.Ms `db:"due_ms"`
}

// selectFresh tells who has notices that became due within (since, now].
func selectFresh(ctx context.Context, q db.Querier, brand id.ID, since, now clock.Ms) ([]fresh, error) {
	return db.All[fresh](ctx, q, `SELECT user_id, MAX(due_ms) AS due_ms FROM notify_notice WHERE brand_id = $1 AND due_ms > $2
		AND due_ms <= $3 GROUP BY user_id`, brand, since, now)
}

func selectPreferences(ctx context.Context, q db.Querier, brand, user id.ID) ([]string, error) {
	return db.All[string](ctx, q, `SELECT kind FROM notify_preference WHERE brand_id = $1 AND user_id = $2 AND muted = 1`, brand, user)
}

func upsertPreference(ctx context.Context, tx *db.Tx, brand, user id.ID, kind string, muted bool) error {
	n := 0
	if muted {
		n = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO notify_preference (brand_id, user_id, kind, muted) VALUES ($1, $2, $3, $4)
		ON CONFLICT (brand_id, user_id, kind) DO UPDATE SET muted = excluded.muted`, brand, user, kind, n)
	return err
}

func selectBrands(ctx context.Context, q db.Querier, after id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, `SELECT DISTINCT brand_id FROM notify_notice WHERE brand_id > $1 ORDER BY brand_id LIMIT 1000`, int64(after))
}

func deleteOld(ctx context.Context, tx *db.Tx, brand id.ID, readBefore, dueBefore clock.Ms) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM notify_notice WHERE brand_id = $1 AND id IN (SELECT id FROM notify_notice WHERE brand_id = $2
		AND (due_ms < $3 OR (read_ms IS NOT NULL AND due_ms < $4)) ORDER BY due_ms LIMIT 2000)`, brand, brand, dueBefore, readBefore)
}
