package library

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// itemRow is a row of library_item. Zero ids are "none" in columns that are NOT NULL here, because lists filter by them.
type itemRow struct {
	ID          id.ID     `db:"id"`
	Kind        Kind      `db:"kind"`
	UnitID      id.ID     `db:"unit_id"`
	FolderID    id.ID     `db:"folder_id"`
	Title       string    `db:"title"`
	Summary     string    `db:"summary"`
	Tags        string    `db:"tags"`
	ProductID   id.ID     `db:"product_id"`
	PillarID    id.ID     `db:"pillar_id"`
	State       State     `db:"state"`
	Version     int       `db:"version"`
	Live        int       `db:"live"`
	Rev         int       `db:"rev"`
	Verdict     Grade     `db:"verdict"`
	RiskVersion int       `db:"risk_version"`
	Accepted    Grade     `db:"accepted"`
	Expires     clock.Day `db:"expires_day"`
	PlanDay     clock.Day `db:"plan_day"`
	CoverID     id.ID     `db:"cover_id"`
	Reason      string    `db:"reason"`
	OwnerID     id.ID     `db:"owner_id"`
	OwnerName   string    `db:"owner_name"`
	Uses        int64     `db:"uses"`
	Views       *int64    `db:"views"`
	Interact    *int64    `db:"interactions"`
	BestMember  id.ID     `db:"best_member"`
	MeasuredAt  clock.Ms  `db:"measured_ms"`
	MadeAt      clock.Ms  `db:"made_ms"`
	UpdatedAt   clock.Ms  `db:"updated_ms"`
}

func (r *itemRow) tags() []string {
	out := []string{}
	_ = json.Unmarshal([]byte(r.Tags), &out) // written by encodeTags
	return out
}

func encodeTags(tags []string) string {
	if tags == nil {
		tags = []string{}
	}
	raw, err := json.Marshal(tags)
	if err != nil {
		panic("library: tags: " + err.Error()) // strings always encode
	}
	return string(raw)
}

const itemColumns = `i.id, i.kind, i.unit_id, i.folder_id, i.title, i.summary, i.tags, i.product_id, i.state, i.version, i.live, i.rev, i.verdict,
	i.risk_version, i.accepted, i.expires_day, i.plan_day, i.cover_id, i.reason, i.owner_id, i.owner_name, i.uses, i.views, i.interactions,
	i.best_member, i.measured_ms, i.made_ms, i.updated_ms, i.pillar_id`

func insertItems(ctx context.Context, q db.Querier, brand id.ID, rows []itemRow) error {
	values := make([][]any, len(rows))
	for i := range rows {
		r := &rows[i]
		values[i] = []any{
			brand, r.ID, string(r.Kind), r.UnitID, int64(r.FolderID), r.Title, search.Key(r.Title), r.Summary, r.Tags, int64(r.ProductID), string(r.State),
			r.Version, r.Live, r.Rev, string(r.Verdict), r.RiskVersion, string(r.Accepted), int64(r.Expires), int64(r.PlanDay), int64(r.CoverID), r.Reason,
			int64(r.OwnerID), r.OwnerName, int64(0), nil, nil, int64(0), nil, int64(r.MadeAt), int64(r.UpdatedAt), int64(r.PillarID),
		}
	}
	_, err := db.Insert(ctx, q, "library_item", []string{
		"brand_id", "id", "kind", "unit_id", "folder_id", "title", "title_key", "summary", "tags", "product_id", "state", "version", "live", "rev", "verdict",
		"risk_version", "accepted", "expires_day", "plan_day", "cover_id", "reason", "owner_id", "owner_name", "uses", "views", "interactions", "best_member",
		"measured_ms", "made_ms", "updated_ms", "pillar_id",
	}, values, "")
	return err
}

// updateItem writes everything an edit or a turn may change.
func updateItem(ctx context.Context, q db.Querier, brand id.ID, r *itemRow) error {
	_, err := q.Exec(ctx, `UPDATE library_item SET folder_id = $1, title = $2, title_key = $3, summary = $4, tags = $5, product_id = $6, state = $7,
		version = $8, live = $9, rev = $10, verdict = $11, risk_version = $12, accepted = $13, expires_day = $14, plan_day = $15, cover_id = $16,
		reason = $17, updated_ms = $18, pillar_id = $19 WHERE brand_id = $20 AND id = $21`,
		int64(r.FolderID), r.Title, search.Key(r.Title), r.Summary, r.Tags, int64(r.ProductID), string(r.State), r.Version, r.Live, r.Rev, string(r.Verdict),
		r.RiskVersion, string(r.Accepted), int64(r.Expires), int64(r.PlanDay), int64(r.CoverID), r.Reason, r.UpdatedAt, int64(r.PillarID), brand, r.ID)
	return err
}

// lockItem reads an item and holds it until the transaction ends: a write that changes nothing locks on both engines.
func lockItem(ctx context.Context, q db.Querier, brand, item id.ID) (itemRow, error) {
	if _, err := q.Exec(ctx, `UPDATE library_item SET rev = rev WHERE brand_id = $1 AND id = $2`, brand, item); err != nil {
		return itemRow{}, err
	}
	return getItem(ctx, q, brand, item)
}

func getItem(ctx context.Context, q db.Querier, brand, item id.ID) (itemRow, error) {
	return db.One[itemRow](ctx, q, `SELECT `+itemColumns+` FROM library_item i WHERE i.brand_id = $1 AND i.id = $2`, brand, item)
}

func itemsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]itemRow, error) {
	out := make(map[id.ID]itemRow, len(ids))
	for part := range slices.Chunk(ids, 1000) {
		var a db.Args
		rows, err := db.All[itemRow](ctx, q, `SELECT `+itemColumns+` FROM library_item i WHERE i.brand_id = `+a.Add(brand)+` AND i.id IN `+db.IDList(q, &a, part), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = r
		}
	}
	return out, nil
}

// versionRow is a row of library_version.
type versionRow struct {
	ItemID   id.ID    `db:"item_id"`
	Version  int      `db:"version"`
	Title    string   `db:"title"`
	Content  string   `db:"content"`
	Note     string   `db:"note"`
	MadeBy   id.ID    `db:"made_by"`
	MadeName string   `db:"made_name"`
	MadeAt   clock.Ms `db:"made_ms"`
}

const versionColumns = `item_id, version, title, content, note, made_by, made_name, made_ms`

func insertVersions(ctx context.Context, q db.Querier, brand id.ID, rows []versionRow) error {
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{brand, r.ItemID, r.Version, r.Title, r.Content, r.Note, int64(r.MadeBy), r.MadeName, int64(r.MadeAt)}
	}
	_, err := db.Insert(ctx, q, "library_version", []string{"brand_id", "item_id", "version", "title", "content", "note", "made_by", "made_name", "made_ms"}, values, "")
	return err
}

func getVersion(ctx context.Context, q db.Querier, brand, item id.ID, version int) (versionRow, error) {
	return db.One[versionRow](ctx, q, `SELECT `+versionColumns+` FROM library_version WHERE brand_id = $1 AND item_id = $2 AND version = $3`, brand, item, version)
}

func versionsOf(ctx context.Context, q db.Querier, brand, item id.ID) ([]versionRow, error) {
	return db.All[versionRow](ctx, q, `SELECT `+versionColumns+` FROM library_version WHERE brand_id = $1 AND item_id = $2 ORDER BY version DESC LIMIT 200`, brand, item)
}

// checkRow is what the rules said of a version.
type checkRow struct {
	ItemID      id.ID    `db:"item_id"`
	Version     int      `db:"version"`
	Verdict     Grade    `db:"verdict"`
	RiskVersion int      `db:"risk_version"`
	Findings    string   `db:"findings"`
	CheckedAt   clock.Ms `db:"checked_ms"`
}

func checkOf(item id.ID, version int, v Verdict, at clock.Ms) checkRow {
	if v.Findings == nil {
		v.Findings = []Finding{}
	}
	raw, err := json.Marshal(v.Findings)
	if err != nil {
		panic("library: findings: " + err.Error()) // plain values always encode
	}
	return checkRow{item, version, v.Grade, v.Version, string(raw), at}
}

func (r checkRow) findings() ([]Finding, error) {
	out := []Finding{}
	if err := json.Unmarshal([]byte(r.Findings), &out); err != nil {
		return nil, fmt.Errorf("library: findings of %s: %w", r.ItemID, err)
	}
	return out, nil
}

func upsertChecks(ctx context.Context, q db.Querier, brand id.ID, rows []checkRow) error {
	slices.SortFunc(rows, func(a, b checkRow) int { return int(min(max(a.ItemID-b.ItemID, -1), 1)) })
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{brand, r.ItemID, r.Version, string(r.Verdict), r.RiskVersion, r.Findings, int64(r.CheckedAt)}
	}
	_, err := db.Insert(ctx, q, "library_check", []string{"brand_id", "item_id", "version", "verdict", "risk_version", "findings", "checked_ms"}, values,
		`ON CONFLICT (brand_id, item_id, version) DO UPDATE SET verdict = excluded.verdict, risk_version = excluded.risk_version, findings = excluded.findings, checked_ms = excluded.checked_ms`)
	return err
}

func checksOf(ctx context.Context, q db.Querier, brand, item id.ID) (map[int]checkRow, error) {
	rows, err := db.All[checkRow](ctx, q, `SELECT item_id, version, verdict, risk_version, findings, checked_ms FROM library_check WHERE brand_id = $1 AND item_id = $2`, brand, item)
	out := make(map[int]checkRow, len(rows))
	for _, r := range rows {
		out[r.Version] = r
	}
	return out, err
}

// setLinks writes which assets an item shows.
func setLinks(ctx context.Context, q db.Querier, brand, item id.ID, assets []id.ID) error {
	if _, err := q.Exec(ctx, `DELETE FROM library_link WHERE brand_id = $1 AND item_id = $2`, brand, item); err != nil {
		return err
	}
	list := slices.Clone(assets)
	slices.Sort(list)
	list = slices.Compact(list)
	values := make([][]any, len(list))
	for i, x := range list {
		values[i] = []any{brand, x, item}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := db.Insert(ctx, q, "library_link", []string{"brand_id", "asset_id", "item_id"}, values, "ON CONFLICT DO NOTHING")
	return err
}

// shownIn lists the items that show an asset.
func shownIn(ctx context.Context, q db.Querier, brand, asset id.ID, r reach) ([]itemRow, error) {
	a := &db.Args{}
	return db.All[itemRow](ctx, q, `SELECT `+itemColumns+` FROM library_link l JOIN library_item i ON i.brand_id = l.brand_id AND i.id = l.item_id
		WHERE l.brand_id = `+a.Add(brand)+` AND l.asset_id = `+a.Add(asset)+` AND `+r.where(a)+` ORDER BY i.id DESC LIMIT 100`, a.Values...)
}
