package risk

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// draftRow is the head of a brand's draft. rev 0 = nobody edited it yet.
type draftRow struct {
	Config    Config
	Rev       int
	NextCode  int
	UpdatedAt clock.Ms
	UpdatedBy string
}

func getDraft(ctx context.Context, q db.Querier, brand id.ID) (draftRow, error) {
	d := draftRow{NextCode: 1}
	var raw string
	err := q.QueryRow(ctx, `SELECT config, rev, next_code, updated_at, updated_by FROM risk_draft WHERE brand_id = $1`, brand).
		Scan(&raw, &d.Rev, &d.NextCode, &d.UpdatedAt, &d.UpdatedBy)
	if db.NoRows(err) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(raw), &d.Config)
}

func putDraft(ctx context.Context, tx *db.Tx, brand id.ID, d draftRow) error {
	raw, err := json.Marshal(d.Config)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO risk_draft (brand_id, config, rev, next_code, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (brand_id) DO UPDATE SET config = excluded.config, rev = excluded.rev, next_code = excluded.next_code, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
		brand, string(raw), d.Rev, d.NextCode, d.UpdatedAt, d.UpdatedBy)
	return err
}

// lockDraft is the class of the lock under which drafts are edited and published.
const lockDraft = 0x7269736b // "risk"

// openDraft takes the brand's draft for an edit: one edit at a time.
func openDraft(ctx context.Context, tx *db.Tx, brand id.ID) (draftRow, error) {
	if err := db.LockKeys(ctx, tx, lockDraft, []int32{int32(int64(brand) % (1 << 30))}); err != nil {
		return draftRow{}, err
	}
	return getDraft(ctx, tx, brand)
}

type entryRow struct {
	Code      string   `db:"code"`
	Body      *string  `db:"body"`
	Off       bool     `db:"is_off"`
	Note      string   `db:"note"`
	UpdatedAt clock.Ms `db:"updated_at"`
	UpdatedBy string   `db:"updated_by"`
}

func (r *entryRow) entry() (Entry, error) {
	e := Entry{Code: r.Code, Off: r.Off, Note: r.Note, UpdatedAt: r.UpdatedAt, UpdatedBy: r.UpdatedBy}
	if r.Body == nil {
		return e, nil
	}
	e.Rule = &Rule{}
	return e, json.Unmarshal([]byte(*r.Body), e.Rule)
}

func listEntries(ctx context.Context, q db.Querier, brand id.ID) ([]Entry, error) {
	rows, err := db.All[entryRow](ctx, q, `SELECT code, body, is_off, note, updated_at, updated_by FROM risk_entry WHERE brand_id = $1 ORDER BY code`, brand)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(rows))
	for i := range rows {
		if out[i], err = rows[i].entry(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func putEntries(ctx context.Context, tx *db.Tx, brand id.ID, list []Entry) error {
	rows := make([][]any, len(list))
	for i := range list {
		e := &list[i]
		var body any
		if e.Rule != nil {
			raw, err := json.Marshal(e.Rule)
			if err != nil {
				return err
			}
			body = string(raw)
		}
		rows[i] = []any{int64(brand), e.Code, body, e.Off, e.Note, int64(e.UpdatedAt), e.UpdatedBy}
	}
	_, err := db.Insert(ctx, tx, "risk_entry", []string{"brand_id", "code", "body", "is_off", "note", "updated_at", "updated_by"}, rows,
		`ON CONFLICT (brand_id, code) DO UPDATE SET body = excluded.body, is_off = excluded.is_off, note = excluded.note, updated_at = excluded.updated_at, updated_by = excluded.updated_by`)
	return err
}

func dropEntry(ctx context.Context, tx *db.Tx, brand id.ID, code string) error {
	_, err := tx.Exec(ctx, `DELETE FROM risk_entry WHERE brand_id = $1 AND code = $2`, brand, code)
	return err
}

// Version is a published version without its rules.
type Version struct {
	Number      int      `db:"number"`
	PublishedAt clock.Ms `db:"published_at"`
	Publisher   string   `db:"publisher"`
	Why         string   `db:"why"`
	Rules       int      `db:"rules"`
	Added       int      `db:"added"`
	Changed     int      `db:"changed"`
	Removed     int      `db:"removed"`
	Shipped     string   `db:"shipped"`
}

const versionCols = "number, published_at, publisher, why, rules, added, changed, removed, shipped"

// headVersion gives the newest version's number, 0 when there is none.
func headVersion(ctx context.Context, q db.Querier, brand id.ID) (int, error) {
	return db.One[int](ctx, q, `SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM risk_version WHERE brand_id = $1`, brand)
}

func insertVersion(ctx context.Context, tx *db.Tx, brand, by id.ID, v Version, body []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO risk_version (brand_id, number, published_at, published_by, publisher, why, rules, added, changed, removed, shipped, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		brand, v.Number, v.PublishedAt, by, v.Publisher, v.Why, v.Rules, v.Added, v.Changed, v.Removed, v.Shipped, body)
	return err
}

func insertShipped(ctx context.Context, tx *db.Tx, brand id.ID, fingerprint string, body []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO risk_shipped (brand_id, fingerprint, body) VALUES ($1, $2, $3) ON CONFLICT (brand_id, fingerprint) DO NOTHING`, brand, fingerprint, body)
	return err
}

// edition gives the rules of a version; 0 is what ships, DraftVersion the draft. Error: risk.version_gone.
func (s *Service) edition(ctx context.Context, q db.Querier, brand id.ID, number int) (*Edition, error) {
	packs, fingerprint, err := s.shippedNow()
	if err != nil {
		return nil, err
	}
	e := &Edition{shipped: packs}
	switch number {
	case 0:
		return e, nil
	case DraftVersion:
		d, err := getDraft(ctx, q, brand)
		if err != nil {
			return nil, err
		}
		e.Config = d.Config
		e.Entries, err = listEntries(ctx, q, brand)
		return e, err
	}
	var over string
	var body []byte
	err = q.QueryRow(ctx, `SELECT shipped, body FROM risk_version WHERE brand_id = $1 AND number = $2`, brand, number).Scan(&over, &body)
	if db.NoRows(err) {
		return nil, errs.New(errs.NotFound, "risk.version_gone", "number", number)
	}
	if err != nil {
		return nil, err
	}
	if err := unpack(body, e); err != nil {
		return nil, err
	}
	if over == fingerprint {
		return e, nil
	}
	if err := q.QueryRow(ctx, `SELECT body FROM risk_shipped WHERE brand_id = $1 AND fingerprint = $2`, brand, over).Scan(&body); err != nil {
		return nil, err
	}
	e.shipped = nil
	return e, unpack(body, &e.shipped)
}
