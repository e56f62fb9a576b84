package hit

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// figureRow is a row of hit_figure.
type figureRow struct {
	AccountID    id.ID
	PostID       id.ID
	PublishedDay clock.Day
	League       string
	LookID       id.ID
	figures      figures
}

// putFigures keeps figures of posts under the look that measured them.
func putFigures(ctx context.Context, tx *db.Tx, brand, look id.ID, rows []figureRow) error {
	slices.SortFunc(rows, func(a, b figureRow) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.PostID, b.PostID))
	})
	list := make([][]any, len(rows))
	for i := range rows {
		r := &rows[i]
		list[i] = []any{int64(brand), int64(r.AccountID), int64(r.PostID), int64(r.PublishedDay), r.League, pickOf(r.PostID), r.figures.encode(), int64(look)}
	}
	_, err := db.Insert(ctx, tx, "hit_figure", []string{"brand_id", "account_id", "post_id", "published_day", "league", "pick", "marks", "look_id"}, list,
		`ON CONFLICT (brand_id, account_id, post_id) DO UPDATE SET published_day = excluded.published_day, league = excluded.league, marks = excluded.marks, look_id = excluded.look_id`)
	return err
}

// dropFigures forgets what is known of ≤ 1,000 accounts' posts.
func dropFigures(ctx context.Context, tx *db.Tx, brand id.ID, accounts []id.ID) error {
	var a db.Args
	_, err := tx.Exec(ctx, `DELETE FROM hit_figure WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(tx, &a, "account_id", accounts), a.Values...)
	return err
}

// figuresOfAccounts reads what is known of accounts' posts published from a day on, by account, newest first.
func figuresOfAccounts(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, from clock.Day) ([]figureRow, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	var a db.Args
	return readFigures(ctx, q, `WHERE brand_id = `+a.Add(int64(brand))+` AND `+db.Among(q, &a, "account_id", accounts)+` AND published_day >= `+a.Add(int64(from))+
		` ORDER BY account_id, published_day DESC, post_id DESC`, a.Values...)
}

func readFigures(ctx context.Context, q db.Querier, tail string, args ...any) ([]figureRow, error) {
	rows, err := q.Query(ctx, `SELECT account_id, post_id, published_day, league, look_id, marks FROM hit_figure `+tail, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []figureRow
	var account, post, day, look int64
	var league, marks string
	for rows.Next() {
		if err := rows.Scan(&account, &post, &day, &league, &look, &marks); err != nil {
			return nil, err
		}
		out = append(out, figureRow{id.ID(account), id.ID(post), clock.Day(day), league, id.ID(look), decode(marks)})
	}
	return out, rows.Err()
}

const (
	// sampleSize is how many posts speak for a league.
	sampleSize = 2000
	// young is the number of posts below which a league is added up every time.
	young = 1000
	// keptFor is how long a league's usual is believed.
	keptFor = 24 * time.Hour
)

// leagueRow is a row of hit_league.
type leagueRow struct {
	Posts  int64    `db:"posts"`
	Usual  string   `db:"usual"`
	MadeAt clock.Ms `db:"made_ms"`
}

// usualIn gives what is usual in a league: kept, or added up from a sample of its posts.
func (s *Service) usualIn(ctx context.Context, brand id.ID, league string, from clock.Day) (*usuals, error) {
	var u usuals
	kept, err := db.One[leagueRow](ctx, s.DB, `SELECT posts, usual, made_ms FROM hit_league WHERE brand_id = $1 AND league = $2`, brand, league)
	if err != nil && !db.NoRows(err) {
		return nil, err
	}
	if err == nil && kept.Posts >= young && s.now()-kept.MadeAt < clock.Ms(keptFor.Milliseconds()) {
		return &u, json.Unmarshal([]byte(kept.Usual), &u)
	}
	rows, err := readFigures(ctx, s.DB, `WHERE brand_id = $1 AND league = $2 AND published_day >= $3 ORDER BY pick LIMIT $4`, int64(brand), league, int64(from), sampleSize)
	if err != nil {
		return nil, err
	}
	list := make([]figures, len(rows))
	for i := range rows {
		list[i] = rows[i].figures
	}
	pools := poolsOf(list)
	for m := range pools {
		for k := range pools[m] {
			u[m][k] = usualOf(pools[m][k].logs)
		}
	}
	raw, err := json.Marshal(u)
	if err != nil {
		return nil, err
	}
	_, err = s.DB.Exec(ctx, `INSERT INTO hit_league (brand_id, league, posts, usual, made_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (brand_id, league) DO UPDATE SET posts = excluded.posts, usual = excluded.usual, made_ms = excluded.made_ms`, brand, league, int64(len(rows)), string(raw), s.now())
	return &u, err
}
