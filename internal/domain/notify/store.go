package notify

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const rowColumns = `id, user_id, kind, params, link, due_ms, read_ms, folded`

// selectMuted gives those who do not want a kind in the program.
func selectMuted(ctx context.Context, q db.Querier, brand id.ID, kind string, users []id.ID) ([]id.ID, error) {
	var a db.Args
	return db.All[id.ID](ctx, q, `SELECT user_id FROM notify_choice WHERE brand_id = `+a.Add(brand)+
		` AND kind = `+a.Add(kind)+` AND channel = 'in_app' AND mode = 'off' AND `+db.Among(q, &a, "user_id", users), a.Values...)
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
		` AND kind = `+a.Add(kind)+` AND due_ms >= `+a.Add(since)+` AND `+db.Among(q, &a, "user_id", users)+` GROUP BY user_id`, a.Values...)
}

// countReminders counts what people got of the reminding kinds since a time.
func countReminders(ctx context.Context, q db.Querier, brand id.ID, kinds []string, since clock.Ms, users []id.ID) (map[id.ID]int64, error) {
	var a db.Args
	rows, err := db.All[load](ctx, q, `SELECT user_id, COUNT(*) AS n, MAX(id) AS newest FROM notify_notice WHERE brand_id = `+a.Add(brand)+
		` AND kind IN `+db.In(&a, kinds)+` AND due_ms >= `+a.Add(since)+` AND `+db.Among(q, &a, "user_id", users)+` GROUP BY user_id`, a.Values...)
	out := make(map[id.ID]int64, len(rows))
	for _, r := range rows {
		out[r.UserID] = r.N
	}
	return out, err
}

type userKey struct {
	UserID id.ID  `db:"user_id"`
	Key    string `db:"dedup"`
}

// selectHad tells which of the notices are there already.
func selectHad(ctx context.Context, q db.Querier, brand id.ID, kind string, list []Notice) (map[userKey]bool, error) {
	out := map[userKey]bool{}
	keys := make([]string, 0, len(list))
	for _, n := range list {
		if n.Key != "" {
			keys = append(keys, n.Key)
		}
	}
	if len(keys) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := db.All[userKey](ctx, q, `SELECT user_id, dedup FROM notify_notice WHERE brand_id = `+a.Add(brand)+` AND kind = `+a.Add(kind)+
		` AND `+db.AmongTexts(q, &a, "dedup", keys)+` AND `+db.Among(q, &a, "user_id", people(list)), a.Values...)
	for _, r := range rows {
		out[r] = true
	}
	return out, err
}

// selectHadKey tells who has a notice already.
func selectHadKey(ctx context.Context, q db.Querier, brand id.ID, kind, key string, users []id.ID) (map[id.ID]bool, error) {
	var a db.Args
	rows, err := db.All[id.ID](ctx, q, `SELECT user_id FROM notify_notice WHERE brand_id = `+a.Add(brand)+` AND kind = `+a.Add(kind)+
		` AND dedup = `+a.Add(key)+` AND `+db.Among(q, &a, "user_id", users), a.Values...)
	out := make(map[id.ID]bool, len(rows))
	for _, u := range rows {
		out[u] = true
	}
	return out, err
}

func insertNotices(ctx context.Context, tx *db.Tx, rows [][]any) (int64, error) {
	return db.Insert(ctx, tx, "notify_notice",
		[]string{"brand_id", "user_id", "kind", "dedup", "id", "params", "link", "due_ms", "folded", "planned"}, rows, "ON CONFLICT DO NOTHING")
}

type bulkRow struct {
	brand                   id.ID
	kind, key, params, link string
	due                     clock.Ms
	planned                 int
}

// insertBulk writes one notice for pairs of a user and the notice's id, in order of the users.
func insertBulk(ctx context.Context, tx *db.Tx, r bulkRow, pairs [][2]id.ID) (int64, error) {
	var a db.Args
	text := `INSERT INTO notify_notice (brand_id, user_id, kind, dedup, id, params, link, due_ms, folded, planned)
		SELECT CAST(` + a.Add(r.brand) + ` AS BIGINT), k.a, CAST(` + a.Add(r.kind) + ` AS TEXT), CAST(` + a.Add(r.key) + ` AS TEXT), k.b, CAST(` +
		a.Add(r.params) + ` AS TEXT), CAST(` + a.Add(r.link) + ` AS TEXT), CAST(` + a.Add(r.due) + ` AS BIGINT), 0, CAST(` + a.Add(r.planned) +
		` AS BIGINT) FROM ` + db.PairList(tx, &a, pairs) + ` k WHERE 1=1 ON CONFLICT DO NOTHING`
	return tx.Exec(ctx, text, a.Values...)
}

// fold adds one to notices and shows them as new.
func fold(ctx context.Context, tx *db.Tx, brand id.ID, notices []id.ID) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE notify_notice SET folded = folded + 1, read_ms = NULL WHERE brand_id = `+a.Add(brand)+
		` AND `+db.Among(tx, &a, "id", notices), a.Values...)
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

// selectByID reads notices for their deliveries; deleted ones are absent.
func selectByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Row, error) {
	var a db.Args
	rows, err := db.All[Row](ctx, q, `SELECT `+rowColumns+` FROM notify_notice WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "id", ids), a.Values...)
	out := make(map[id.ID]Row, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, err
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

func selectBrands(ctx context.Context, q db.Querier, after id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, `SELECT DISTINCT brand_id FROM notify_notice WHERE brand_id > $1 ORDER BY brand_id LIMIT 1000`, int64(after))
}

func deleteOld(ctx context.Context, tx *db.Tx, brand id.ID, readBefore, dueBefore clock.Ms) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM notify_notice WHERE brand_id = $1 AND id IN (SELECT id FROM notify_notice WHERE brand_id = $2
		AND (due_ms < $3 OR (read_ms IS NOT NULL AND due_ms < $4)) ORDER BY due_ms LIMIT 2000)`, brand, brand, dueBefore, readBefore)
}
