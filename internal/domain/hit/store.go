package hit

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// hitRow is a row of hit_hit.
type hitRow struct {
	ID           id.ID     `db:"id"`
	Key          string    `db:"key"`
	Kind         Kind      `db:"kind"`
	Origin       Origin    `db:"origin"`
	PostID       id.ID     `db:"post_id"`
	AccountID    id.ID     `db:"account_id"`
	UnitID       id.ID     `db:"unit_id"`
	Platform     string    `db:"platform"`
	Media        string    `db:"media"`
	Title        string    `db:"title"`
	TitleNorm    string    `db:"title_norm"`
	URL          string    `db:"url"`
	Author       string    `db:"author"`
	Followers    int64     `db:"followers"` // -1 not known
	PublishedAt  clock.Ms  `db:"published_ms"`
	PublishedDay clock.Day `db:"published_day"`
	DayOnly      bool      `db:"day_only"`
	Strength     int64     `db:"strength"`
	Metric       Metric    `db:"metric"`
	Mark         int       `db:"mark"`
	Signals      string    `db:"signals"`
	Views        int64     `db:"views"`
	Interactions int64     `db:"interactions"`
	Figures      string    `db:"figures"`
	State        State     `db:"state"`
	Reason       string    `db:"reason"`
	Note         string    `db:"note"`
	StarAt       clock.Ms  `db:"star_ms"`
	StarBy       string    `db:"star_name"`
	TemplateID   id.ID     `db:"template_id"`
	TemplateAt   clock.Ms  `db:"template_ms"`
	TemplateBy   string    `db:"template_name"`
	LookID       id.ID     `db:"look_id"`
	FoundAt      clock.Ms  `db:"found_ms"`
	UpdatedAt    clock.Ms  `db:"updated_ms"`
	ToldAt       clock.Ms  `db:"told_ms"`
	By           string    `db:"by_name"`
}

const hitColumns = `id, key, kind, origin, post_id, account_id, unit_id, platform, media, title, title_norm, url, author, COALESCE(followers, -1) AS followers, published_ms, published_day, day_only,
	strength, metric, mark, signals, views, interactions, figures, state, reason, note, star_ms, star_name, template_id, template_ms, template_name, look_id, found_ms, updated_ms, told_ms, by_name`

// keyOf names a post of the matrix.
func keyOf(p id.ID) string { return "post:" + p.String() }

// show takes over what a post shows.
func (r *hitRow) show(x post.Seen, now clock.Ms) {
	r.UnitID, r.Platform, r.Title, r.URL, r.PublishedAt, r.DayOnly, r.UpdatedAt = x.UnitID, x.Platform, x.Title, x.URL, x.PublishedAt, x.DayOnly, now
	r.TitleNorm, r.Followers = post.NormTitle(x.Title), -1
	r.Views, r.Interactions = known(x.Views), known(x.Interactions)
}

// say takes over the signals, strongest first.
func (r *hitRow) say(signals []Signal) {
	raw, err := json.Marshal(signals)
	if err != nil {
		panic(err) // plain numbers
	}
	r.Signals, r.Strength, r.Metric, r.Mark = string(raw), signals[0].strength(), signals[0].Metric, signals[0].Mark
}

// signals reads the signals; what cannot be read is none.
func (r *hitRow) signals() []Signal {
	out := []Signal{}
	if json.Unmarshal([]byte(r.Signals), &out) != nil {
		return []Signal{}
	}
	return out
}

func known(n *int64) int64 {
	if n == nil {
		return post.Unknown
	}
	return *n
}

func told64(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// lockClass is the class of the lock on a brand's hits.
const lockClass = 0x68697400 // "hit"

// lockBrand lets one transaction at a time decide about a brand's hits.
func lockBrand(ctx context.Context, tx *db.Tx, brand id.ID) error {
	return db.LockKeys(ctx, tx, lockClass, []int32{int32(int64(brand) % (1 << 31))})
}

func insertHits(ctx context.Context, tx *db.Tx, brand id.ID, rows []hitRow) (int64, error) {
	list := make([][]any, len(rows))
	for i := range rows {
		r := &rows[i]
		if r.Signals == "" {
			r.Signals = "[]"
		}
		var followers any
		if r.Followers >= 0 {
			followers = r.Followers
		}
		list[i] = []any{
			int64(brand), int64(r.ID), r.Key, string(r.Kind), string(r.Origin), int64(r.PostID), int64(r.AccountID), int64(r.UnitID), r.Platform, r.Media, r.Title, r.TitleNorm, r.URL, r.Author, followers,
			int64(r.PublishedAt), int64(r.PublishedDay), r.DayOnly, r.Strength, string(r.Metric), int64(r.Mark), r.Signals, r.Views, r.Interactions, r.Figures,
			string(r.State), r.Reason, r.Note, int64(r.StarAt), r.StarBy, int64(r.TemplateID), int64(r.TemplateAt), r.TemplateBy, int64(r.LookID), int64(r.FoundAt), int64(r.UpdatedAt), int64(r.ToldAt), r.By,
		}
	}
	return db.Insert(ctx, tx, "hit_hit", []string{
		"brand_id", "id", "key", "kind", "origin", "post_id", "account_id", "unit_id", "platform", "media", "title", "title_norm", "url", "author", "followers",
		"published_ms", "published_day", "day_only", "strength", "metric", "mark", "signals", "views", "interactions", "figures",
		"state", "reason", "note", "star_ms", "star_name", "template_id", "template_ms", "template_name", "look_id", "found_ms", "updated_ms", "told_ms", "by_name",
	}, list, "ON CONFLICT DO NOTHING")
}

// updateFound writes what figures say of a hit; what people say of it stays.
func updateFound(ctx context.Context, tx *db.Tx, brand id.ID, r *hitRow) error {
	_, err := tx.Exec(ctx, `UPDATE hit_hit SET unit_id = $1, title = $2, title_norm = $3, url = $4, strength = $5, metric = $6, mark = $7, signals = $8, views = $9, interactions = $10,
		state = $11, updated_ms = $12 WHERE brand_id = $13 AND id = $14`,
		int64(r.UnitID), r.Title, r.TitleNorm, r.URL, r.Strength, string(r.Metric), int64(r.Mark), r.Signals, r.Views, r.Interactions, string(r.State), r.UpdatedAt, brand, r.ID)
	return err
}

// hitsOfAccounts tells which posts of accounts are hits already.
func hitsOfAccounts(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]bool, error) {
	var a db.Args
	ids, err := db.All[id.ID](ctx, q, `SELECT post_id FROM hit_hit WHERE brand_id = `+a.Add(brand)+` AND account_id <> 0 AND `+db.Among(q, &a, "account_id", accounts), a.Values...)
	out := make(map[id.ID]bool, len(ids))
	for _, x := range ids {
		out[x] = true
	}
	return out, err
}

// hitsOfPosts reads the hits of posts of the matrix.
func hitsOfPosts(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) (map[id.ID]hitRow, error) {
	keys := make([]string, len(posts))
	for i, p := range posts {
		keys[i] = keyOf(p)
	}
	rows, err := hitsByKey(ctx, q, brand, keys)
	out := make(map[id.ID]hitRow, len(rows))
	for _, r := range rows {
		out[r.PostID] = r
	}
	return out, err
}

func hitsByKey(ctx context.Context, q db.Querier, brand id.ID, keys []string) (map[string]hitRow, error) {
	out := make(map[string]hitRow, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := db.All[hitRow](ctx, q, `SELECT `+hitColumns+` FROM hit_hit WHERE brand_id = `+a.Add(brand)+` AND `+db.AmongTexts(q, &a, "key", keys), a.Values...)
	for _, r := range rows {
		out[r.Key] = r
	}
	return out, err
}

func getHit(ctx context.Context, q db.Querier, brand, hit id.ID) (hitRow, error) {
	return db.One[hitRow](ctx, q, `SELECT `+hitColumns+` FROM hit_hit WHERE brand_id = $1 AND id = $2`, brand, hit)
}

// lockHit reads a hit and holds it until the transaction ends: a write that changes nothing locks on both engines.
func lockHit(ctx context.Context, tx *db.Tx, brand, hit id.ID) (hitRow, error) {
	return db.One[hitRow](ctx, tx, `UPDATE hit_hit SET state = state WHERE brand_id = $1 AND id = $2 RETURNING `+hitColumns, brand, hit)
}

// untold gives the strongest hits of a look that nobody was told of, and how many there are.
func untold(ctx context.Context, tx *db.Tx, brand, look id.ID, limit int) ([]hitRow, int64, error) {
	const w = ` FROM hit_hit WHERE brand_id = $1 AND look_id = $2 AND told_ms = 0 AND state = 'listed'`
	n, err := db.One[int64](ctx, tx, `SELECT COUNT(*)`+w, brand, look)
	if err != nil || n == 0 {
		return nil, n, err
	}
	rows, err := db.All[hitRow](ctx, tx, `SELECT `+hitColumns+w+` ORDER BY strength DESC, id LIMIT $3`, brand, look, limit)
	return rows, n, err
}

// lookedBefore tells whether a whole look of the brand has ended.
func (s *Service) lookedBefore(ctx context.Context, brand id.ID) (bool, error) {
	n, err := db.All[int64](ctx, s.DB, `SELECT 1 FROM hit_look WHERE brand_id = $1 AND import_id = 0 AND ended_ms IS NOT NULL LIMIT 1`, brand)
	return len(n) > 0, err
}

// beginLook begins the look at an import, or finds the one that was begun; a whole look (0) goes on with one that never ended.
func (s *Service) beginLook(ctx context.Context, brand, importID id.ID) (lookRow, error) {
	const columns = `id, import_id, stage, at_account, posts, found, begun_ms, ended_ms`
	var row lookRow
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, brand); err != nil {
			return err
		}
		w := ` AND import_id = $2`
		if importID == 0 {
			w += ` AND ended_ms IS NULL`
		}
		rows, err := db.All[lookRow](ctx, tx, `SELECT `+columns+` FROM hit_look WHERE brand_id = $1`+w+` ORDER BY id LIMIT 1`, brand, int64(importID))
		if err != nil {
			return err
		}
		if len(rows) == 1 {
			row = rows[0]
			return nil
		}
		row = lookRow{ID: s.IDs.New(), ImportID: importID, Stage: stageMeasure, BegunAt: s.now()}
		_, err = tx.Exec(ctx, `INSERT INTO hit_look (brand_id, id, import_id, stage, at_account, posts, found, begun_ms) VALUES ($1, $2, $3, $4, 0, 0, 0, $5)`,
			brand, row.ID, int64(importID), row.Stage, row.BegunAt)
		return err
	})
	return row, err
}

// clip cuts a text to n characters.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// trim writes a number without a useless fraction.
func trim(x float64) string { return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0") }
