package recall

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// itemRow is a row of recall_item.
type itemRow struct {
	RecallID    id.ID     `db:"recall_id"`
	ObjectID    id.ID     `db:"object_id"`
	Kind        string    `db:"kind"`
	AccountID   id.ID     `db:"account_id"`
	UnitID      id.ID     `db:"unit_id"`
	MemberID    id.ID     `db:"member_id"`
	Content     string    `db:"content"`
	Spans       string    `db:"spans"`
	URL         string    `db:"url"`
	FoundAt     clock.Ms  `db:"found_at"`
	State       ItemState `db:"state"`
	Proof       Proof     `db:"proof"`
	ProofID     id.ID     `db:"proof_id"`
	Note        string    `db:"note"`
	ProvedAt    clock.Ms  `db:"proved_at"`
	ProvedBy    string    `db:"proved_by_name"`
	DecidedAt   clock.Ms  `db:"decided_at"`
	DecidedBy   string    `db:"decided_by_name"`
	DecidedNote string    `db:"decision_note"`
}

const itemColumns = `recall_id, object_id, kind, account_id, unit_id, member_id, content, spans, url, found_at, state, proof, proof_id, note,
	proved_at, proved_by_name, decided_at, decided_by_name, decision_note`

func insertItems(ctx context.Context, q db.Querier, brand, recall id.ID, found []find, at clock.Ms) error {
	if len(found) == 0 {
		return nil
	}
	rows := make([][]any, len(found))
	for i, f := range found {
		spans, err := json.Marshal(f.spans)
		if err != nil {
			return err
		}
		t := f.text
		rows[i] = []any{
			brand, recall, t.ObjectID, t.Kind, t.AccountID, int64(t.UnitID), f.member, t.Content, string(spans), t.URL, at,
			string(Waiting), "", "", "", "", "",
		}
	}
	_, err := db.Insert(ctx, q, "recall_item", []string{
		"brand_id", "recall_id", "object_id", "kind", "account_id", "unit_id", "member_id", "content", "spans", "url", "found_at",
		"state", "proof", "note", "proved_by_name", "decided_by_name", "decision_note",
	}, rows, "")
	return err
}

// reopenItems puts items that were done back to waiting, with the text as it stands now.
func reopenItems(ctx context.Context, q db.Querier, brand, recall id.ID, found []find, at clock.Ms) error {
	for _, f := range found {
		spans, err := json.Marshal(f.spans)
		if err != nil {
			return err
		}
		_, err = q.Exec(ctx, `UPDATE recall_item SET state = 'waiting', content = $1, spans = $2, found_at = $3, proof = '', proof_id = NULL, note = '',
			proved_at = NULL, proved_by_name = '', decided_at = NULL, decided_by_name = '', decision_note = ''
			WHERE brand_id = $4 AND recall_id = $5 AND object_id = $6`, f.text.Content, string(spans), at, brand, recall, f.text.ObjectID)
		if err != nil {
			return err
		}
	}
	return nil
}

// itemStates gives the states of the objects that are items already.
func itemStates(ctx context.Context, q db.Querier, brand, recall id.ID, objects []id.ID) (map[id.ID]ItemState, error) {
	a := &db.Args{}
	type state struct {
		ObjectID id.ID     `db:"object_id"`
		State    ItemState `db:"state"`
	}
	rows, err := db.All[state](ctx, q, `SELECT object_id, state FROM recall_item WHERE brand_id = `+a.Add(brand)+` AND recall_id = `+a.Add(recall)+
		` AND object_id IN (`+in(a, objects)+`)`, a.Values...)
	out := make(map[id.ID]ItemState, len(rows))
	for _, r := range rows {
		out[r.ObjectID] = r.State
	}
	return out, err
}

func in(a *db.Args, ids []id.ID) string {
	text := ""
	for i, x := range ids {
		if i > 0 {
			text += ","
		}
		text += a.Add(x)
	}
	return text
}

func hasItems(ctx context.Context, q db.Querier, scope authz.Scope, recall id.ID) (bool, error) {
	a := &db.Args{}
	n, err := db.All[int64](ctx, q, `SELECT 1 FROM recall_item WHERE brand_id = `+a.Add(scope.BrandID)+` AND recall_id = `+a.Add(recall)+
		` AND `+scope.Where("unit_id", a)+` LIMIT 1`, a.Values...)
	return len(n) > 0, err
}

// countItems counts the items of recalls by state, within a scope.
func countItems(ctx context.Context, q db.Querier, scope authz.Scope, rows []recallRow) (map[id.ID]map[ItemState]int64, error) {
	out := make(map[id.ID]map[ItemState]int64, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
		out[r.ID] = map[ItemState]int64{}
	}
	a := &db.Args{}
	type count struct {
		RecallID id.ID     `db:"recall_id"`
		State    ItemState `db:"state"`
		N        int64     `db:"n"`
	}
	got, err := db.All[count](ctx, q, `SELECT recall_id, state, COUNT(*) AS n FROM recall_item WHERE brand_id = `+a.Add(scope.BrandID)+
		` AND recall_id IN (`+in(a, ids)+`) AND `+scope.Where("unit_id", a)+` GROUP BY recall_id, state`, a.Values...)
	for _, c := range got {
		out[c.RecallID][c.State] = c.N
	}
	return out, err
}

// openKeys gives the keys of the to-dos of a recall's unfinished items.
func openKeys(ctx context.Context, q db.Querier, brand, recall id.ID) ([]string, error) {
	ids, err := db.All[id.ID](ctx, q, `SELECT object_id FROM recall_item WHERE brand_id = $1 AND recall_id = $2 AND state = 'waiting' ORDER BY object_id`, brand, recall)
	keys := make([]string, len(ids))
	for i, x := range ids {
		keys[i] = todoKey(recall, x)
	}
	return keys, err
}

// claimed gives the objects of a kind that a person called done, in order, after one, with when that was.
func claimed(ctx context.Context, q db.Querier, brand, recall id.ID, kind string, after id.ID, limit int) ([]itemRow, error) {
	return db.All[itemRow](ctx, q, `SELECT `+itemColumns+` FROM recall_item WHERE brand_id = $1 AND recall_id = $2 AND state = 'done' AND proof <> 'reimport'
		AND kind = $3 AND object_id > $4 ORDER BY object_id LIMIT $5`, brand, recall, kind, int64(after), limit)
}

// finishItems marks unfinished items as done by import and gives those that were.
func finishItems(ctx context.Context, q db.Querier, brand, recall id.ID, objects []id.ID, at clock.Ms) ([]id.ID, error) {
	a := &db.Args{}
	return db.All[id.ID](ctx, q, `UPDATE recall_item SET state = 'done', proof = 'reimport', decided_at = `+a.Add(at)+`, decided_by_name = ''
		WHERE brand_id = `+a.Add(brand)+` AND recall_id = `+a.Add(recall)+` AND state IN ('waiting', 'proved')
		AND object_id IN (`+in(a, objects)+`) RETURNING object_id`, a.Values...)
}

// itemFilter cuts a list of items.
type itemFilter struct {
	Recall id.ID // 0: of every recall that is not closed
	Member id.ID // of one member's accounts
	State  ItemState
	Object id.ID
	After  itemPlace
	Limit  int
}

// itemPlace is where a page of items ends.
type itemPlace struct{ Recall, Object id.ID }

func listItems(ctx context.Context, q db.Querier, scope authz.Scope, f itemFilter) ([]itemRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("unit_id", a)
	if f.Recall != 0 {
		w += ` AND recall_id = ` + a.Add(f.Recall)
	} else {
		w += ` AND EXISTS (SELECT 1 FROM recall_recall r WHERE r.brand_id = recall_item.brand_id AND r.id = recall_item.recall_id AND r.state <> 'closed')`
	}
	if f.Member != 0 {
		w += ` AND member_id = ` + a.Add(f.Member)
	}
	if f.State != "" {
		w += ` AND state = ` + a.Add(string(f.State))
	}
	if f.Object != 0 {
		w += ` AND object_id = ` + a.Add(f.Object)
	}
	if f.After.Object != 0 {
		w += ` AND (recall_id, object_id) > (` + a.Add(f.After.Recall) + `, ` + a.Add(f.After.Object) + `)`
	}
	return db.All[itemRow](ctx, q, `SELECT `+itemColumns+` FROM recall_item WHERE `+w+` ORDER BY recall_id, object_id LIMIT `+a.Add(f.Limit), a.Values...)
}

// proofChange is what an owner says about an item.
type proofChange struct {
	Proof   Proof
	ProofID id.ID
	Note    string
	At      clock.Ms
	By      string
}

func proveItem(ctx context.Context, q db.Querier, brand id.ID, k itemPlace, c proofChange) error {
	_, err := q.Exec(ctx, `UPDATE recall_item SET state = 'proved', proof = $1, proof_id = $2, note = $3, proved_at = $4, proved_by_name = $5
		WHERE brand_id = $6 AND recall_id = $7 AND object_id = $8`, string(c.Proof), c.ProofID, c.Note, c.At, c.By, brand, k.Recall, k.Object)
	return err
}

// decision is what the compliance officer says about items.
type decision struct {
	Verb Verb
	To   ItemState
	Note string
	At   clock.Ms
	By   string
}

// decideItems moves the items that a verb may move and gives them.
func decideItems(ctx context.Context, q db.Querier, scope authz.Scope, recall id.ID, objects []id.ID, d decision) ([]id.ID, error) {
	a := &db.Args{}
	set := `state = ` + a.Add(string(d.To)) + `, decided_at = ` + a.Add(d.At) + `, decided_by_name = ` + a.Add(d.By) + `, decision_note = ` + a.Add(d.Note)
	from := ""
	for i, s := range d.Verb.from() {
		if i > 0 {
			from += ", "
		}
		from += a.Add(string(s))
	}
	return db.All[id.ID](ctx, q, `UPDATE recall_item SET `+set+` WHERE brand_id = `+a.Add(scope.BrandID)+` AND recall_id = `+a.Add(recall)+
		` AND state IN (`+from+`) AND object_id IN (`+in(a, objects)+`) AND `+scope.Where("unit_id", a)+` RETURNING object_id`, a.Values...)
}

// proofRow is a row of recall_proof.
type proofRow struct {
	ID       id.ID  `db:"id"`
	RecallID id.ID  `db:"recall_id"`
	ObjectID id.ID  `db:"object_id"`
	Key      string `db:"blob_key"`
	Media    string `db:"media"`
	Size     int64  `db:"size"`
	SHA256   string `db:"sha256"`
}

func insertProof(ctx context.Context, q db.Querier, brand id.ID, p proofRow, at clock.Ms, by string) error {
	_, err := q.Exec(ctx, `INSERT INTO recall_proof (brand_id, id, recall_id, object_id, blob_key, media, size, sha256, added_at, added_by_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, brand, p.ID, p.RecallID, p.ObjectID, p.Key, p.Media, p.Size, p.SHA256, at, by)
	return err
}

func getProof(ctx context.Context, q db.Querier, brand, proof id.ID) (proofRow, error) {
	return db.One[proofRow](ctx, q, `SELECT id, recall_id, object_id, blob_key, media, size, sha256 FROM recall_proof WHERE brand_id = $1 AND id = $2`, brand, proof)
}

// unitCount is how a unit stands in a recall.
type unitCount struct {
	UnitID id.ID     `db:"unit_id"`
	State  ItemState `db:"state"`
	N      int64     `db:"n"`
	First  clock.Ms  `db:"first_found"`
	Last   clock.Ms  `db:"last_decided"`
}

func countUnits(ctx context.Context, q db.Querier, scope authz.Scope, recall id.ID) ([]unitCount, error) {
	a := &db.Args{}
	return db.All[unitCount](ctx, q, `SELECT unit_id, state, COUNT(*) AS n, MIN(found_at) AS first_found, MAX(decided_at) AS last_decided FROM recall_item
		WHERE brand_id = `+a.Add(scope.BrandID)+` AND recall_id = `+a.Add(recall)+` AND `+scope.Where("unit_id", a)+
		` GROUP BY unit_id, state ORDER BY unit_id, state`, a.Values...)
}
