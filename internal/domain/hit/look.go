package hit

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

// The stages of a look.
const (
	stageMeasure = "measure"
	stageJudge   = "judge"
	stageTell    = "tell"
	stageDone    = "done"
)

// lookRow is a row of hit_look.
type lookRow struct {
	ID        id.ID    `db:"id"`
	ImportID  id.ID    `db:"import_id"`
	Stage     string   `db:"stage"`
	AtAccount id.ID    `db:"at_account"`
	Posts     int64    `db:"posts"`
	Found     int64    `db:"found"`
	BegunAt   clock.Ms `db:"begun_ms"`
	EndedAt   clock.Ms `db:"ended_ms"`
}

// lookBatch is how many accounts are looked at in one transaction.
const lookBatch = 300

// looking is a look at work.
type looking struct {
	*Service
	brand   id.ID
	row     lookRow
	set     Settings
	from    clock.Day // posts published before are not compared
	by      brought
	leagues map[string]*usuals
}

// LookAtImport looks at what an import brought. A repeated call goes on where the last one stopped, and does nothing once the
// look is done. A brand that was never looked at is looked at as a whole: without the posts of the others there is no usual.
func (s *Service) LookAtImport(ctx context.Context, actor authz.Actor, importID id.ID) error {
	before, err := s.lookedBefore(ctx, actor.BrandID)
	if err != nil {
		return err
	}
	if !before {
		if err := s.LookAtAll(ctx, actor); err != nil {
			return err
		}
	}
	row, err := s.beginLook(ctx, actor.BrandID, importID)
	if err != nil || row.Stage == stageDone {
		return err
	}
	batches, err := s.Imports.Batches(ctx, s.DB, actor.BrandID, importID)
	if err != nil {
		return err
	}
	accounts, err := s.Posts.AccountsOf(ctx, s.DB, actor.BrandID, batches)
	if err != nil {
		return err
	}
	return s.look(ctx, actor.BrandID, row, brought{batches, accounts})
}

// LookAtAll looks at every post within the window, or goes on with a whole look that was broken off.
func (s *Service) LookAtAll(ctx context.Context, actor authz.Actor) error {
	row, err := s.beginLook(ctx, actor.BrandID, 0)
	if err != nil {
		return err
	}
	return s.look(ctx, actor.BrandID, row, brought{})
}

// brought is what an import was written as, and the accounts it spoke of in order.
type brought struct{ batches, accounts []id.ID }

func (s *Service) look(ctx context.Context, brand id.ID, row lookRow, by brought) error {
	set, err := s.settings(ctx, s.DB, brand)
	if err != nil {
		return err
	}
	l := &looking{Service: s, brand: brand, row: row, set: set, from: s.today().Add(-set.WindowDays), by: by, leagues: map[string]*usuals{}}
	for l.row.Stage != stageDone {
		switch l.row.Stage {
		case stageMeasure:
			err = l.walk(ctx, l.measure, stageJudge)
		case stageJudge:
			err = l.walk(ctx, l.judge, stageTell)
		default:
			err = l.tell(ctx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// walk takes the accounts in order, a batch and a transaction at a time, and turns to the next stage at the end.
func (l *looking) walk(ctx context.Context, step func(ctx context.Context, facts []account.Fact) error, next string) error {
	for {
		facts, last, err := l.accounts(ctx)
		if err != nil {
			return err
		}
		if last == 0 {
			return l.move(ctx, l.DB, next, 0)
		}
		if err := step(ctx, facts); err != nil {
			return err
		}
		l.row.AtAccount = last
	}
}

// accounts gives the next batch and the last id it covers; 0 when there is none.
func (l *looking) accounts(ctx context.Context) ([]account.Fact, id.ID, error) {
	if l.row.ImportID == 0 {
		facts, err := l.Accounts.WalkFacts(ctx, l.DB, l.brand, l.row.AtAccount, lookBatch)
		if err != nil || len(facts) == 0 {
			return nil, 0, err
		}
		return facts, facts[len(facts)-1].ID, nil
	}
	from, _ := slices.BinarySearch(l.by.accounts, l.row.AtAccount+1)
	part := l.by.accounts[from:min(from+lookBatch, len(l.by.accounts))]
	if len(part) == 0 {
		return nil, 0, nil
	}
	found, err := l.Accounts.Facts(ctx, l.DB, l.brand, part)
	facts := make([]account.Fact, 0, len(found))
	for _, x := range part {
		if f, ok := found[x]; ok {
			facts = append(facts, f)
		}
	}
	return facts, part[len(part)-1], err
}

// move writes how far the look has come.
func (l *looking) move(ctx context.Context, q db.Querier, stage string, at id.ID) error {
	l.row.Stage, l.row.AtAccount = stage, at
	_, err := q.Exec(ctx, `UPDATE hit_look SET stage = $1, at_account = $2, posts = $3, found = $4 WHERE brand_id = $5 AND id = $6`,
		stage, int64(at), l.row.Posts, l.row.Found, l.brand, l.row.ID)
	return err
}

func idsOf(facts []account.Fact) []id.ID {
	out := make([]id.ID, len(facts))
	for i, f := range facts {
		out[i] = f.ID
	}
	return out
}

// measure reads the posts of a batch of accounts that the look is about and keeps their figures at the marks.
func (l *looking) measure(ctx context.Context, facts []account.Fact) error {
	curves, err := l.Posts.Curves(ctx, l.DB, l.brand, post.CurveAsk{Accounts: idsOf(facts), From: l.from, Batches: l.by.batches})
	if err != nil {
		return err
	}
	league := make(map[id.ID]string, len(facts))
	for _, f := range facts {
		league[f.ID] = f.League
	}
	rows := make([]figureRow, 0, len(curves))
	for i := range curves {
		c := &curves[i]
		if c.Kind == post.KindLive { // a session is no post
			continue
		}
		rows = append(rows, figureRow{AccountID: c.AccountID, PostID: c.ID, PublishedDay: c.PublishedDay, League: league[c.AccountID], figures: figuresOf(c)})
	}
	return l.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if l.row.ImportID == 0 && len(facts) > 0 { // figures of posts that are gone go with them
			if err := dropFigures(ctx, tx, l.brand, idsOf(facts)); err != nil {
				return err
			}
		}
		if err := putFigures(ctx, tx, l.brand, l.row.ID, rows); err != nil {
			return err
		}
		l.row.Posts += int64(len(rows))
		return l.move(ctx, tx, stageMeasure, lastOf(facts, l.row.AtAccount))
	})
}

func lastOf(facts []account.Fact, otherwise id.ID) id.ID {
	if len(facts) == 0 {
		return otherwise
	}
	return facts[len(facts)-1].ID
}

// shown is what posts show of themselves.
type shown struct {
	seen  map[id.ID]post.Seen
	kinds map[id.ID]string
}

// verdict is what a look says of one post.
type verdict struct {
	figureRow
	signals []Signal
}

// judge holds the posts that the look measured against the usual of their account and league.
func (l *looking) judge(ctx context.Context, facts []account.Fact) error {
	rows, err := figuresOfAccounts(ctx, l.DB, l.brand, idsOf(facts), l.from)
	if err != nil {
		return err
	}
	var verdicts []verdict
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].AccountID == rows[from].AccountID {
			to++
		}
		if verdicts, err = l.judgeAccount(ctx, rows[from:to], verdicts); err != nil {
			return err
		}
		from = to
	}
	return l.settle(ctx, facts, verdicts)
}

// judgeAccount adds the verdicts on the posts of one account, which come newest first.
func (l *looking) judgeAccount(ctx context.Context, rows []figureRow, verdicts []verdict) ([]verdict, error) {
	posts := make([]figures, len(rows))
	for i := range rows {
		posts[i] = rows[i].figures
	}
	pools := poolsOf(posts)
	for i := range rows {
		if rows[i].LookID != l.row.ID {
			continue
		}
		league, err := l.league(ctx, rows[i].League)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict{rows[i], judge(i, &posts[i], &pools, league, &l.set)})
	}
	return verdicts, nil
}

// league gives what is usual in a league, made anew when what is kept is a day old or says too little.
func (l *looking) league(ctx context.Context, name string) (*usuals, error) {
	if u, ok := l.leagues[name]; ok {
		return u, nil
	}
	u, err := l.usualIn(ctx, l.brand, name, l.from)
	if err != nil {
		return nil, err
	}
	l.leagues[name] = u
	return u, nil
}

// settle writes the verdicts: new hits, hits that are stronger or weaker now, and hits whose figures were taken back.
func (l *looking) settle(ctx context.Context, facts []account.Fact, verdicts []verdict) error {
	known, err := hitsOfAccounts(ctx, l.DB, l.brand, idsOf(facts))
	if err != nil {
		return err
	}
	var ids []id.ID
	for _, v := range verdicts {
		if len(v.signals) > 0 || known[v.PostID] {
			ids = append(ids, v.PostID)
		}
	}
	seen, kinds := map[id.ID]post.Seen{}, map[id.ID]string{}
	for part := range slices.Chunk(ids, 1000) {
		list, err := l.Posts.SeenByID(ctx, l.DB, l.brand, part)
		if err != nil {
			return err
		}
		for _, x := range list {
			seen[x.ID] = x
		}
		are, err := l.Posts.KindsOf(ctx, l.DB, l.brand, part)
		if err != nil {
			return err
		}
		maps.Copy(kinds, are)
	}
	return l.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, l.brand); err != nil {
			return err
		}
		found, err := l.write(ctx, tx, verdicts, shown{seen, kinds})
		if err != nil {
			return err
		}
		if l.row.ImportID == 0 {
			if err := l.forget(ctx, tx, facts); err != nil {
				return err
			}
		}
		l.row.Found += found
		return l.move(ctx, tx, stageJudge, lastOf(facts, l.row.AtAccount))
	})
}

// write puts the hits of a batch down and counts the new ones.
func (l *looking) write(ctx context.Context, tx *db.Tx, verdicts []verdict, posts shown) (int64, error) {
	var ids []id.ID
	by := map[id.ID]*verdict{}
	for i := range verdicts {
		v := &verdicts[i]
		if _, ok := posts.seen[v.PostID]; ok {
			ids, by[v.PostID] = append(ids, v.PostID), v
		}
	}
	old, err := hitsOfPosts(ctx, tx, l.brand, ids)
	if err != nil {
		return 0, err
	}
	slices.SortFunc(ids, func(a, b id.ID) int { return cmp.Compare(keyOf(a), keyOf(b)) })
	var fresh []hitRow
	for _, p := range ids {
		v, x := by[p], posts.seen[p]
		was, known := old[p]
		switch {
		case known:
			if now, changed := l.again(was, v, x); changed {
				if err := updateFound(ctx, tx, l.brand, &now); err != nil {
					return 0, err
				}
			}
		case len(v.signals) > 0 && x.Live:
			r := l.fresh(v, x)
			r.Media = posts.kinds[p]
			fresh = append(fresh, r)
		}
	}
	return insertHits(ctx, tx, l.brand, fresh)
}

// fresh makes the row of a new hit.
func (l *looking) fresh(v *verdict, x post.Seen) hitRow {
	now := l.now()
	r := hitRow{
		ID: l.IDs.New(), Key: keyOf(x.ID), Kind: Own, Origin: Found, PostID: x.ID, AccountID: x.AccountID, State: Listed, LookID: l.row.ID, FoundAt: now,
		PublishedDay: v.PublishedDay, Figures: "{}",
	}
	r.show(x, now)
	r.say(v.signals)
	return r
}

// again says what becomes of a hit that is judged anew. What moved in the usual alone does not take a hit back: it was one on
// the day it was found. Figures that are gone do.
func (l *looking) again(was hitRow, v *verdict, x post.Seen) (hitRow, bool) {
	now := was
	now.show(x, l.now())
	switch {
	case !x.Live:
		now.State = gone(was.State)
	case len(v.signals) > 0:
		now.say(v.signals)
		now.State = back(was.State)
	case was.Origin == Found && !standing(was.signals(), &v.figures):
		now.State = gone(was.State)
	}
	moved := now
	moved.UpdatedAt = was.UpdatedAt
	return now, moved != was
}

func gone(s State) State {
	if s == Listed {
		return Gone
	}
	return s
}

func back(s State) State {
	if s == Gone {
		return Listed
	}
	return s
}

// standing tells whether a post still has the counts that made it a hit.
func standing(signals []Signal, f *figures) bool {
	marks, metrics := Marks(), Metrics()
	for _, s := range signals {
		m, k := slices.Index(marks[:], s.Mark), slices.Index(metrics, s.Metric)
		if m >= 0 && k >= 0 && f[m][k] >= s.Count*95/100 { // a figure may be read a little lower with one more telling beside it
			return true
		}
	}
	return len(signals) == 0
}

// forget marks hits of the accounts gone that a whole look did not measure: their posts have no figures any more.
func (l *looking) forget(ctx context.Context, tx *db.Tx, facts []account.Fact) error {
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE hit_hit SET state = 'gone', updated_ms = `+a.Add(l.now())+` WHERE brand_id = `+a.Add(l.brand)+` AND `+
		db.Among(tx, &a, "account_id", idsOf(facts))+` AND origin = 'found' AND state = 'listed' AND published_day >= `+a.Add(int64(l.from))+
		` AND NOT EXISTS (SELECT 1 FROM hit_figure f WHERE f.brand_id = hit_hit.brand_id AND f.account_id = hit_hit.account_id AND f.post_id = hit_hit.post_id)`, a.Values...)
	return err
}

// named is how many hits a notice names.
const named = 3

// tell ends the look and tells headquarters of what it found, all at once: the same transaction marks the hits as told.
func (l *looking) tell(ctx context.Context) error {
	return l.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, l.brand); err != nil {
			return err
		}
		best, n, err := untold(ctx, tx, l.brand, l.row.ID, named)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := l.Outbox.TellHeadquarters(ctx, tx, l.brand, noticeOf(l.row.ID, best, n)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE hit_hit SET told_ms = $1 WHERE brand_id = $2 AND look_id = $3 AND told_ms = 0`, l.now(), l.brand, l.row.ID); err != nil {
				return err
			}
		}
		l.row.Stage = stageDone
		_, err = tx.Exec(ctx, `UPDATE hit_look SET stage = $1, ended_ms = $2 WHERE brand_id = $3 AND id = $4`, stageDone, l.now(), l.brand, l.row.ID)
		return err
	})
}

// noticeOf words a notice: how many, and the strongest by title with how many times the usual.
func noticeOf(look id.ID, best []hitRow, n int64) Notice {
	text := ""
	for i, r := range best {
		if i > 0 {
			text += " "
		}
		text += "「" + clip(r.Title, 24) + "」"
		if list := r.signals(); len(list) > 0 {
			text += "×" + trim(list[0].OwnTimes)
		}
	}
	return Notice{Key: look.String(), Params: map[string]any{"n": n, "best": text}, Link: "/content/hits?sort=-found"}
}
