package risk

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

type rankerRow struct {
	Number    int      `db:"number"`
	TrainedAt clock.Ms `db:"trained_at"`
	Trainer   string   `db:"trainer"`
	Weights   string   `db:"weights"`
	Measured  string   `db:"measured"`
}

func (r rankerRow) ranker() (Ranker, error) {
	out := Ranker{Number: r.Number, TrainedAt: r.TrainedAt, Trainer: r.Trainer, Weights: r.Weights}
	return out, json.Unmarshal([]byte(r.Measured), &out.Measured)
}

const rankerCols = "number, trained_at, trainer, weights, measured"

// listRankers gives the newest hundred.
func listRankers(ctx context.Context, q db.Querier, brand id.ID) ([]Ranker, error) {
	rows, err := db.All[rankerRow](ctx, q, "SELECT "+rankerCols+" FROM risk_ranker WHERE brand_id = $1 ORDER BY number DESC LIMIT 100", brand)
	if err != nil {
		return nil, err
	}
	out := make([]Ranker, len(rows))
	for i, r := range rows {
		if out[i], err = r.ranker(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// getRanker reads one. Error: risk.ranker_gone.
func getRanker(ctx context.Context, q db.Querier, brand id.ID, number int) (Ranker, error) {
	r, err := db.One[rankerRow](ctx, q, "SELECT "+rankerCols+" FROM risk_ranker WHERE brand_id = $1 AND number = $2", brand, number)
	if err != nil {
		return Ranker{}, gone(err, number)
	}
	return r.ranker()
}

// modelOf reads the file of a ranker. Error: risk.ranker_gone.
func modelOf(ctx context.Context, q db.Querier, brand id.ID, number int) (raw []byte, err error) {
	err = q.QueryRow(ctx, "SELECT model FROM risk_ranker WHERE brand_id = $1 AND number = $2", brand, number).Scan(&raw)
	return raw, gone(err, number)
}

func gone(err error, number int) error {
	if db.NoRows(err) {
		return errs.New(errs.NotFound, "risk.ranker_gone", "number", number)
	}
	return err
}

// insertRanker keeps a ranker under the next number. The caller holds the brand's draft.
func insertRanker(ctx context.Context, tx *db.Tx, brand, by id.ID, r Ranker, model []byte) (int, error) {
	number, err := db.One[int](ctx, tx, "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) + 1 FROM risk_ranker WHERE brand_id = $1", brand)
	if err != nil {
		return 0, err
	}
	measured, err := json.Marshal(r.Measured)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO risk_ranker (brand_id, number, trained_at, trained_by, trainer, weights, measured, model) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		brand, number, r.TrainedAt, by, r.Trainer, r.Weights, string(measured), model)
	return number, err
}

// usedRanker tells which ranker is in use.
func usedRanker(ctx context.Context, q db.Querier, brand id.ID) (Use, error) {
	u, err := db.One[Use](ctx, q, "SELECT rev, number, used_at, user_name FROM risk_ranker_use WHERE brand_id = $1 ORDER BY rev DESC LIMIT 1", brand)
	if db.NoRows(err) {
		return Use{}, nil
	}
	return u, err
}

func insertUse(ctx context.Context, tx *db.Tx, brand, by id.ID, u Use) error {
	_, err := tx.Exec(ctx, `INSERT INTO risk_ranker_use (brand_id, rev, number, used_at, used_by, user_name) VALUES ($1, $2, $3, $4, $5, $6)`,
		brand, u.Rev, u.Number, u.At, by, u.By)
	return err
}

// Training is one training of a ranker: running, then done or failed.
type Training struct {
	ID         id.ID    `db:"id"`
	State      string   `db:"state"`
	Done       int      `db:"done"`
	Total      int      `db:"total"`
	Fault      string   `db:"fault"`
	Number     int      `db:"number"` // the ranker that came of it; 0: none yet
	StartedAt  clock.Ms `db:"started_at"`
	StartedID  id.ID    `db:"started_id"`
	StartedBy  string   `db:"started_by"`
	MovedAt    clock.Ms `db:"moved_at"`
	FinishedAt clock.Ms `db:"finished_at"`
}

const trainingCols = "id, state, done, total, fault, number, started_at, started_id, started_by, moved_at, finished_at"

// lastTraining gives the newest training; nil when there was none.
func lastTraining(ctx context.Context, q db.Querier, brand id.ID) (*Training, error) {
	t, err := db.One[Training](ctx, q, "SELECT "+trainingCols+" FROM risk_training WHERE brand_id = $1 ORDER BY id DESC LIMIT 1", brand)
	if db.NoRows(err) {
		return nil, nil //nolint:nilnil // none is an answer
	}
	return &t, err
}

func getTraining(ctx context.Context, q db.Querier, brand, training id.ID) (Training, error) {
	return db.One[Training](ctx, q, "SELECT "+trainingCols+" FROM risk_training WHERE brand_id = $1 AND id = $2", brand, training)
}

func insertTraining(ctx context.Context, tx *db.Tx, brand id.ID, t Training) error {
	_, err := tx.Exec(ctx, `INSERT INTO risk_training (brand_id, id, state, done, total, fault, number, started_at, started_id, started_by, moved_at) VALUES ($1, $2, $3, 0, 0, '', 0, $4, $5, $6, $7)`,
		brand, t.ID, t.State, t.StartedAt, t.StartedID, t.StartedBy, t.MovedAt)
	return err
}

// moveTraining notes how far a training is; false when it is over.
func moveTraining(ctx context.Context, q db.Querier, brand id.ID, t Training) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE risk_training SET done = $1, total = $2, moved_at = $3 WHERE brand_id = $4 AND id = $5 AND state = 'running'`,
		t.Done, t.Total, t.MovedAt, brand, t.ID)
	return n == 1, err
}

// endTraining ends a training; false when it was over already.
func endTraining(ctx context.Context, q db.Querier, brand id.ID, t Training) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE risk_training SET state = $1, fault = $2, number = $3, moved_at = $4, finished_at = $5 WHERE brand_id = $6 AND id = $7 AND state = 'running'`,
		t.State, t.Fault, t.Number, t.FinishedAt, t.FinishedAt, brand, t.ID)
	return n == 1, err
}
