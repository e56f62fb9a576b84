package evidence

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// lockHead makes room for n steps: it locks the brand's head until the transaction ends and gives it as it was, with
// Seq already moved on by n. A brand's first head has the genesis hash.
func lockHead(ctx context.Context, tx *db.Tx, brand id.ID, n int) (Head, error) {
	return db.One[Head](ctx, tx, `INSERT INTO evidence_head (brand_id, seq, hash, at_ms) VALUES ($1, $2, $3, 0)
		ON CONFLICT (brand_id) DO UPDATE SET seq = evidence_head.seq + excluded.seq RETURNING seq, hash, at_ms`,
		brand, n, genesis(brandMark(brand)))
}

func moveHead(ctx context.Context, tx *db.Tx, brand id.ID, hash string, at clock.Ms) error {
	_, err := tx.Exec(ctx, `UPDATE evidence_head SET hash = $1, at_ms = $2 WHERE brand_id = $3`, hash, int64(at), brand)
	return err
}

func selectHead(ctx context.Context, q db.Querier, brand id.ID) (Head, error) {
	h, err := db.One[Head](ctx, q, `SELECT seq, hash, at_ms FROM evidence_head WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return Head{Hash: genesis(brandMark(brand))}, nil
	}
	return h, err
}

func insertSteps(ctx context.Context, tx *db.Tx, steps, texts [][]any) error {
	_, err := db.Insert(ctx, tx, "evidence_step", []string{
		"brand_id", "seq", "at_ms", "kind", "object", "object_id", "unit_id", "row_json", "prev", "hash",
	}, steps, "")
	if err != nil || len(texts) == 0 {
		return err
	}
	_, err = db.Insert(ctx, tx, "evidence_text", []string{"brand_id", "seq", "name", "sealed"}, texts, "")
	return err
}

const stepColumns = `seq, at_ms, kind, object, object_id, unit_id, row_json, prev, hash`

func selectSteps(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, days [2]clock.Ms) ([]Entry, error) {
	var a db.Args
	text := `SELECT ` + stepColumns + ` FROM evidence_step WHERE brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("evidence_step.unit_id", &a)
	if f.Object != "" {
		text += ` AND object = ` + a.Add(f.Object)
	}
	if f.ObjectID != 0 {
		text += ` AND object_id = ` + a.Add(f.ObjectID)
	}
	switch n := len(f.Kind); {
	case n > 0 && f.Kind[n-1] == '.':
		text += ` AND kind >= ` + a.Add(f.Kind) + ` AND kind < ` + a.Add(f.Kind[:n-1]+"/") // '/' follows '.'
	case n > 0:
		text += ` AND kind = ` + a.Add(f.Kind)
	}
	if days[0] != 0 {
		text += ` AND at_ms >= ` + a.Add(int64(days[0]))
	}
	if days[1] != 0 {
		text += ` AND at_ms < ` + a.Add(int64(days[1]))
	}
	if f.Below != 0 {
		text += ` AND seq < ` + a.Add(f.Below)
	}
	return db.All[Entry](ctx, q, text+` ORDER BY seq DESC LIMIT `+a.Add(f.Limit), a.Values...)
}

// selectRun reads the chain forwards.
func selectRun(ctx context.Context, q db.Querier, brand id.ID, above, last int64, limit int) ([]Entry, error) {
	return db.All[Entry](ctx, q, `SELECT `+stepColumns+` FROM evidence_step WHERE brand_id = $1 AND seq > $2 AND seq <= $3
		ORDER BY seq LIMIT $4`, brand, above, last, limit)
}

// edge gives the last step written before a moment and the first one written since; zeros where there is none.
func edge(ctx context.Context, q db.Querier, brand id.ID, moment clock.Ms) (before, since int64, err error) {
	err = q.QueryRow(ctx, `SELECT
		CAST(COALESCE((SELECT MAX(seq) FROM evidence_step WHERE brand_id = $1 AND at_ms < $2), 0) AS BIGINT) AS before_seq,
		CAST(COALESCE((SELECT MIN(seq) FROM evidence_step WHERE brand_id = $3 AND at_ms >= $4), 0) AS BIGINT) AS since_seq`,
		brand, int64(moment), brand, int64(moment)).Scan(&before, &since)
	return before, since, err
}

type textRow struct {
	Seq    int64  `db:"seq"`
	Name   string `db:"name"`
	Sealed []byte `db:"sealed"`
}

func selectTexts(ctx context.Context, q db.Querier, brand id.ID, seqs []int64) ([]textRow, error) {
	var a db.Args
	return db.All[textRow](ctx, q, `SELECT seq, name, sealed FROM evidence_text WHERE brand_id = `+a.Add(brand)+
		` AND seq IN `+db.In(&a, seqs)+` ORDER BY seq, name`, a.Values...)
}

// eraseTexts deletes the texts of an object's steps.
func eraseTexts(ctx context.Context, tx *db.Tx, brand id.ID, object string, objectID id.ID) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM evidence_text WHERE brand_id = $1 AND seq IN (SELECT seq FROM evidence_step
		WHERE brand_id = $2 AND object = $3 AND object_id = $4)`, brand, brand, object, objectID)
}

func selectAnchors(ctx context.Context, q db.Querier, brand id.ID, from, to clock.Day, limit int) ([]Anchor, error) {
	return db.All[Anchor](ctx, q, `SELECT day, seq, hash, made_ms, key, signature FROM evidence_anchor WHERE brand_id = $1
		AND day >= $2 AND day <= $3 ORDER BY day DESC LIMIT $4`, brand, int64(from), int64(to), limit)
}

func insertAnchors(ctx context.Context, tx *db.Tx, brand id.ID, list []Anchor) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{brand, a.Day, a.Seq, a.Hash, int64(a.Made), a.Key, a.Signature}
	}
	_, err := db.Insert(ctx, tx, "evidence_anchor", []string{"brand_id", "day", "seq", "hash", "made_ms", "key", "signature"}, rows, "ON CONFLICT DO NOTHING")
	return err
}

// firstAt gives when the first step was written; 0 when there is none.
func firstAt(ctx context.Context, q db.Querier, brand id.ID) (clock.Ms, error) {
	at, err := db.One[clock.Ms](ctx, q, `SELECT at_ms FROM evidence_step WHERE brand_id = $1 ORDER BY seq LIMIT 1`, brand)
	if db.NoRows(err) {
		return 0, nil
	}
	return at, err
}

// lastBefore gives the newest step written before a moment.
func lastBefore(ctx context.Context, q db.Querier, brand id.ID, before clock.Ms) (Head, error) {
	return db.One[Head](ctx, q, `SELECT seq, hash, at_ms FROM evidence_step WHERE brand_id = $1 AND at_ms < $2
		ORDER BY at_ms DESC, seq DESC LIMIT 1`, brand, int64(before))
}
