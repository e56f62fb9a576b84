package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Entry is what a use case tells about itself.
type Entry struct {
	Action string           // "<room>.<verb>", mandatory
	UnitID id.ID            // the top of the scope it worked in; 0 for the whole brand
	Kind   string           // kind of the object: "account", "unit", "import"; "" for a bulk call
	Object id.ID            // the object; 0 for a bulk call
	Name   string           // the object's name as the reader knows it
	Counts map[string]int64 // e.g. {"moved": 12}
	Before any              // the edited fields as they were; nil when nothing was edited by hand
	After  any              // the edited fields as they are
}

// Log writes and reads the trail.
type Log struct {
	d     *db.DB
	ids   *id.Source
	clock clock.Clock
}

// New makes a Log.
func New(d *db.DB, ids *id.Source, c clock.Clock) *Log { return &Log{d: d, ids: ids, clock: c} }

// Write adds one row within the transaction of the use case.
func (l *Log) Write(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entry) error {
	counts := "{}"
	if len(e.Counts) > 0 {
		raw, err := json.Marshal(e.Counts)
		if err != nil {
			return fmt.Errorf("audit: counts of %s: %w", e.Action, err)
		}
		counts = string(raw)
	}
	before, err := document(e.Before)
	if err != nil {
		return fmt.Errorf("audit: before of %s: %w", e.Action, err)
	}
	after, err := document(e.After)
	if err != nil {
		return fmt.Errorf("audit: after of %s: %w", e.Action, err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO base_audit (brand_id, id, at_ms, actor_kind, actor_id, actor_name, action, unit_id,
		object_kind, object_id, object_name, counts, before_json, after_json)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		actor.BrandID, l.ids.New(), clock.MsOf(l.clock.Now()), actor.Kind, actor.UserID, actor.Name, e.Action, e.UnitID,
		e.Kind, e.Object, e.Name, counts, before, after)
	if err != nil {
		return fmt.Errorf("audit: %s: %w", e.Action, err)
	}
	return nil
}

// Hash stands for a sealed or personal value in Before and After: equal values of one brand give equal hashes, and the
// value cannot be read back from the trail.
func Hash(brand id.ID, value string) string {
	if value == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(brand.String() + "|" + value))
	return "#" + hex.EncodeToString(sum[:8])
}

func document(v any) (any, error) {
	if v == nil {
		return nil, nil //nolint:nilnil // NULL: nothing was edited
	}
	raw, err := json.Marshal(v)
	return string(raw), err
}

// Row is one entry as it is read.
type Row struct {
	ID         id.ID      `db:"id"`
	At         clock.Ms   `db:"at_ms"`
	ActorKind  authz.Kind `db:"actor_kind"`
	ActorID    id.ID      `db:"actor_id"`
	ActorName  string     `db:"actor_name"`
	Action     string     `db:"action"`
	UnitID     id.ID      `db:"unit_id"`
	ObjectKind string     `db:"object_kind"`
	ObjectID   id.ID      `db:"object_id"`
	ObjectName string     `db:"object_name"`
	Counts     string     `db:"counts"`
	Before     *string    `db:"before_json"`
	After      *string    `db:"after_json"`
}

// Filter cuts the trail; zero fields do not.
type Filter struct {
	Action  string   // exact, or a room's prefix "account."
	ActorID id.ID    // who
	Object  id.ID    // what
	From    clock.Ms // at or after
	To      clock.Ms // before
	Before  id.ID    // older than this entry: the place to go on from
	Limit   int
}

// List reads a brand's entries, newest first. The caller holds audit.read, or may read the one object it asks for.
func (l *Log) List(ctx context.Context, actor authz.Actor, f Filter) ([]Row, error) {
	var a db.Args
	q := `SELECT id, at_ms, actor_kind, actor_id, actor_name, action, unit_id, object_kind, object_id, object_name,
		counts, before_json, after_json FROM base_audit WHERE brand_id = ` + a.Add(actor.BrandID)
	switch n := len(f.Action); {
	case n > 0 && f.Action[n-1] == '.':
		q += " AND action >= " + a.Add(f.Action) + " AND action < " + a.Add(f.Action[:n-1]+"/") // '/' follows '.'
	case n > 0:
		q += " AND action = " + a.Add(f.Action)
	}
	if f.ActorID != 0 {
		q += " AND actor_id = " + a.Add(f.ActorID)
	}
	if f.Object != 0 {
		q += " AND object_id = " + a.Add(f.Object)
	}
	if f.From != 0 {
		q += " AND at_ms >= " + a.Add(f.From)
	}
	if f.To != 0 {
		q += " AND at_ms < " + a.Add(f.To)
	}
	if f.Before != 0 {
		q += " AND id < " + a.Add(f.Before)
	}
	return db.All[Row](ctx, l.d, q+" ORDER BY id DESC LIMIT "+a.Add(f.Limit), a.Values...)
}
