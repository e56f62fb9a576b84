package post

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// write stores what the plan holds: posts, snapshots, and which accounts the import touched.
func (p *plan) write(ctx context.Context, tx *db.Tx, ids *id.Source) error {
	if err := writePosts(ctx, tx, p.batch.BrandID, p.touched); err != nil {
		return err
	}
	if err := p.writeSnaps(ctx, tx); err != nil {
		return err
	}
	if err := p.writeAccountSnaps(ctx, tx); err != nil {
		return err
	}
	if p.batch.ImportID == 0 || len(p.snaps)+len(p.accountSnaps) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO post_import (brand_id, import_id, id, accounts) VALUES ($1, $2, $3, $4)`,
		p.batch.BrandID, p.batch.ImportID, ids.New(), idsJSON(p.accounts))
	return err
}

// idsJSON writes ids as encoding/json does: a list of strings.
func idsJSON(ids []id.ID) string {
	b := make([]byte, 0, len(ids)*22+2)
	b = append(b, '[')
	for i, x := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = strconv.AppendInt(b, int64(x), 10)
		b = append(b, '"')
	}
	return string(append(b, ']'))
}

func writePosts(ctx context.Context, tx *db.Tx, brand id.ID, records []*record) error {
	slices.SortFunc(records, func(a, b *record) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ID, b.ID))
	})
	var fresh, known [][]any
	for _, r := range records {
		if r.fresh {
			fresh = append(fresh, r.row(brand))
		} else {
			known = append(known, r.row(brand))
		}
	}
	cols := postColumns()
	if err := db.Copy(ctx, tx, "post_post", cols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, tx, "post_post", cols, known, replaceAll("brand_id, account_id, id", cols, 3))
	return err
}

func (p *plan) writeSnaps(ctx context.Context, tx *db.Tx) error {
	sortUnless(p.snaps, func(a, b snapRow) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.post, b.post), cmp.Compare(a.asOf, b.asOf))
	})
	var w snapWriter
	for i := range p.snaps {
		w.sees(p.snaps[i].counters, p.snaps[i].extra)
	}
	w.begin(p.batch, len(p.snaps), "brand_id", "account_id", "post_id", "as_of", "learned_at")
	for i := range p.snaps {
		s := &p.snaps[i]
		w.add(s.counters, s.extra, int64(s.account), int64(s.post), int64(s.asOf), int64(s.learnedAt))
	}
	return db.Copy(ctx, tx, "post_snapshot", w.cols, w.rows)
}

func (p *plan) writeAccountSnaps(ctx context.Context, tx *db.Tx) error {
	sortUnless(p.accountSnaps, func(a, b accountSnapRow) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.asOf, b.asOf))
	})
	var w snapWriter
	for i := range p.accountSnaps {
		w.sees(p.accountSnaps[i].counters, p.accountSnaps[i].extra)
	}
	w.begin(p.batch, len(p.accountSnaps), "brand_id", "account_id", "as_of", "daily", "learned_at")
	var asOf, learnedAt any = int64(0), int64(0) // mostly the same in every row
	for i := range p.accountSnaps {
		s := &p.accountSnaps[i]
		if asOf != int64(s.asOf) {
			asOf = int64(s.asOf)
		}
		if learnedAt != int64(s.learnedAt) {
			learnedAt = int64(s.learnedAt)
		}
		w.add(s.counters, s.extra, int64(s.account), asOf, s.daily, learnedAt)
	}
	return db.Copy(ctx, tx, "post_account_snapshot", w.cols, w.rows)
}

// snapWriter lays out rows of snapshots of either kind. Counters that no row tells are left out: most sources tell few,
// and a column costs the same whether it says something or not.
type snapWriter struct {
	told  uint16
	extra bool
	cols  []string
	rows  [][]any
	buf   []any
	brand any
	tail  [3]any // origin, import_id, dead
}

func (w *snapWriter) sees(c Counters, extra string) {
	w.told, w.extra = w.told|c.has, w.extra || extra != ""
}

// begin names the columns; key are those that add is given, after the brand.
func (w *snapWriter) begin(b Batch, rows int, key ...string) {
	w.brand, w.tail = int64(b.BrandID), [3]any{string(b.Origin), nil, false}
	if b.ImportID != 0 {
		w.tail[1] = int64(b.ImportID)
	}
	w.cols = append(key, "origin", "import_id", "dead")
	for c, name := range counterColumns() {
		if w.told&(1<<c) != 0 {
			w.cols = append(w.cols, name)
		}
	}
	if w.extra {
		w.cols = append(w.cols, "extra")
	}
	w.rows, w.buf = make([][]any, 0, rows), make([]any, 0, rows*len(w.cols))
}

func (w *snapWriter) add(c Counters, extra string, key ...any) {
	from := len(w.buf)
	w.buf = append(append(append(w.buf, w.brand), key...), w.tail[:]...)
	for k := range NumCounters {
		if w.told&(1<<k) != 0 {
			w.buf = append(w.buf, nullable(c, k))
		}
	}
	if w.extra {
		w.buf = append(w.buf, text(extra))
	}
	w.rows = append(w.rows, w.buf[from:])
}

// counterColumns names the columns in the order of Counter.
func counterColumns() []string {
	return []string{"impressions", "views", "likes", "comments", "saves", "shares", "followers_gained", "followers", "posts", "lives", "interactions", "leads", "inquiries", "replies"}
}
