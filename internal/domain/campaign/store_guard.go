package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// twinRow is a row of campaign_twin.
type twinRow struct {
	Member  id.ID `db:"member_id"`
	Task    id.ID `db:"task_id"`
	Account id.ID `db:"account_id"`
	Cluster int   `db:"cluster"`
	Nth     int   `db:"nth"`
	Size    int   `db:"size"`
}

type alikeRow struct {
	Rev    int      `db:"rev"`
	State  string   `db:"state"`
	At     clock.Ms `db:"at_ms"`
	Texts  int      `db:"texts"`
	Over   int      `db:"over"`
	Report string   `db:"report"`
}

// alikeOf reads what the guard found last; waiting when it never looked.
func alikeOf(ctx context.Context, q db.Querier, brand, campaign id.ID) (*Alike, error) {
	r, err := db.One[alikeRow](ctx, q, `SELECT rev, state, at_ms, texts, over, report FROM campaign_alike WHERE brand_id = $1 AND campaign_id = $2`, brand, campaign)
	if db.NoRows(err) {
		return &Alike{State: alikeWaiting, Groups: []AlikeGroup{}}, nil
	}
	if err != nil {
		return nil, err
	}
	out := &Alike{}
	if err := json.Unmarshal([]byte(r.Report), out); err != nil {
		return nil, fmt.Errorf("campaign %s: alike: %w", campaign, err)
	}
	out.Rev, out.State, out.At, out.Texts, out.Over, out.Groups = r.Rev, r.State, r.At, r.Texts, r.Over, full(out.Groups)
	return out, nil
}

const twinPage = 5000

// saveAlike writes what the guard found: first that it is at work, then who belongs to whom, a page a transaction, then the
// report. Whoever is killed half-way begins anew, because each run begins by taking the old ones away.
func (s *Service) saveAlike(ctx context.Context, brand, campaign id.ID, a *Alike, twins []twinRow) error {
	report, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return putAlike(ctx, tx, brand, campaign, alikeRow{a.Rev, alikeWaiting, a.At, 0, 0, "{}"})
	}); err != nil {
		return err
	}
	if err := s.dropTwins(ctx, brand, campaign); err != nil {
		return err
	}
	slices.SortFunc(twins, func(a, b twinRow) int {
		return compareGiven(given{member: a.Member, task: a.Task, account: a.Account}, given{member: b.Member, task: b.Task, account: b.Account})
	})
	for part := range slices.Chunk(twins, twinPage) {
		rows := make([][]any, len(part))
		for i, t := range part {
			rows[i] = []any{int64(brand), int64(campaign), int64(t.Member), int64(t.Task), int64(t.Account), t.Cluster, t.Nth, t.Size}
		}
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Copy(ctx, tx, "campaign_twin", []string{"brand_id", "campaign_id", "member_id", "task_id", "account_id", "cluster", "nth", "size"}, rows)
		})
		if err != nil {
			return err
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return putAlike(ctx, tx, brand, campaign, alikeRow{a.Rev, a.State, a.At, a.Texts, a.Over, string(report)})
	})
}

func (s *Service) dropTwins(ctx context.Context, brand, campaign id.ID) error {
	for {
		members, err := db.All[id.ID](ctx, s.DB, `SELECT member_id FROM campaign_twin WHERE brand_id = $1 AND campaign_id = $2 ORDER BY member_id LIMIT 5000`, brand, campaign)
		if err != nil || len(members) == 0 {
			return err
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM campaign_twin WHERE brand_id = $1 AND campaign_id = $2 AND member_id <= $3`, brand, campaign, members[len(members)-1])
			return err
		})
		if err != nil {
			return err
		}
	}
}

func putAlike(ctx context.Context, tx *db.Tx, brand, campaign id.ID, r alikeRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO campaign_alike (brand_id, campaign_id, rev, state, at_ms, texts, over, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (brand_id, campaign_id) DO UPDATE SET rev = excluded.rev, state = excluded.state, at_ms = excluded.at_ms, texts = excluded.texts, over = excluded.over,
		report = excluded.report`, brand, campaign, r.Rev, r.State, r.At, r.Texts, r.Over, r.Report)
	return err
}

// twinsOf gives everybody's place among those who say nearly the same.
func twinsOf(ctx context.Context, q db.Querier, brand, campaign id.ID) (map[assignmentKey]twinAt, error) {
	rows, err := db.All[twinRow](ctx, q, `SELECT member_id, task_id, account_id, cluster, nth, size FROM campaign_twin WHERE brand_id = $1 AND campaign_id = $2`, brand, campaign)
	out := make(map[assignmentKey]twinAt, len(rows))
	for _, r := range rows {
		out[assignmentKey{r.Member, r.Task, r.Account}] = twinAt{r.Cluster, r.Nth, r.Size}
	}
	return out, err
}

// handedRow is a text that was handed in.
type handedRow struct {
	Assignment id.ID  `db:"assignment_id"`
	Task       id.ID  `db:"task_id"`
	Member     id.ID  `db:"member_id"`
	Account    id.ID  `db:"account_id"`
	Unit       id.ID  `db:"unit_id"`
	Platform   string `db:"platform"`
	Text       string `db:"text"`
}

// handedTexts gives the texts handed in by the units of a scope, the newest first, a few more than are compared.
func handedTexts(ctx context.Context, q db.Querier, scope authz.Scope, campaign id.ID) ([]handedRow, error) {
	var a db.Args
	return db.All[handedRow](ctx, q, `SELECT s.assignment_id, x.task_id, x.member_id, x.account_id, x.unit_id, x.platform, s.text FROM campaign_submission s
		JOIN campaign_assignment x ON x.brand_id = s.brand_id AND x.id = s.assignment_id WHERE s.brand_id = `+a.Add(scope.BrandID)+` AND s.campaign_id = `+a.Add(campaign)+
		` AND s.text <> '' AND `+scope.Where("s.unit_id", &a)+` ORDER BY s.id DESC LIMIT `+a.Add(mostSubmitted+mostSubmitted/4), a.Values...)
}
