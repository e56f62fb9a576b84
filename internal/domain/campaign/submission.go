package campaign

import (
	"context"
	"encoding/json"
	"fmt"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/proof"
)

// Submission is what was handed in, and what was found.
type Submission struct {
	ID          id.ID    `db:"id"`
	Assignment  id.ID    `db:"assignment_id"`
	CampaignID  id.ID    `db:"campaign_id"`
	AccountID   id.ID    `db:"account_id"`
	UnitID      id.ID    `db:"unit_id"`
	No          int      `db:"no"`
	Key         string   `db:"send_key"`
	At          clock.Ms `db:"at_ms"`
	Link        string   `db:"link"`
	LinkKey     string   `db:"link_key"`
	Platform    string   `db:"platform"`
	ExternalID  string   `db:"external_id"`
	PostID      id.ID    `db:"post_id"`
	PostTitle   string   `db:"post_title"`
	PublishedAt clock.Ms `db:"published_at"`
	Text        string   `db:"text"`
	Note        string   `db:"note"`
	AnswerCol   *int64   `db:"answer"`
	FormCol     string   `db:"form"`
	PicturesCol string   `db:"pictures"`
	State       Step     `db:"state"`
	ChecksCol   string   `db:"checks"`
	Reason      string   `db:"reason"`
	Decision    string   `db:"decision"`
	DecidedBy   string   `db:"decided_by_name"`
	DecidedAt   clock.Ms `db:"decided_at"`
	Appeal      string   `db:"appeal"`
	ClaimedBy   id.ID    `db:"claimed_by"`
	Claimer     string   `db:"claimed_by_name"`
	ClaimUntil  clock.Ms `db:"claim_until"`

	Answer              *int              `db:"-"`
	Form                map[string]string `db:"-"`
	Pictures            []id.ID           `db:"-"`
	Checks              []proof.Check     `db:"-"`
	Views, Interactions *int64            `db:"-"` // of the post, nil while nobody told
	AsOf                clock.Ms          `db:"-"`
}

const submissionColumns = `id, assignment_id, campaign_id, account_id, unit_id, no, send_key, at_ms, link, link_key, platform, external_id, post_id, post_title, published_at,
	text, note, answer, form, pictures, state, checks, reason, decision, decided_by_name, decided_at, appeal, claimed_by, claimed_by_name, claim_until`

func (x *Submission) read() error {
	for _, f := range []struct {
		text string
		into any
	}{{x.FormCol, &x.Form}, {x.PicturesCol, &x.Pictures}, {x.ChecksCol, &x.Checks}} {
		if err := json.Unmarshal([]byte(f.text), f.into); err != nil {
			return fmt.Errorf("campaign submission %s: %w", x.ID, err)
		}
	}
	if x.AnswerCol != nil {
		n := int(*x.AnswerCol)
		x.Answer = &n
	}
	return nil
}

func readSubmissions(rows []Submission, err error) ([]Submission, error) {
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return rows, err
}

// submissionsOf gives the submissions of an assignment, newest first.
func submissionsOf(ctx context.Context, q db.Querier, brand, assignment id.ID) ([]Submission, error) {
	return readSubmissions(db.All[Submission](ctx, q, `SELECT `+submissionColumns+` FROM campaign_submission WHERE brand_id = $1 AND assignment_id = $2 ORDER BY no DESC`, brand, assignment))
}

// lastOf gives the last submission of each assignment.
func lastOf(ctx context.Context, q db.Querier, brand id.ID, assignments []id.ID) (map[id.ID]*Submission, error) {
	out := map[id.ID]*Submission{}
	if len(assignments) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := readSubmissions(db.All[Submission](ctx, q, `SELECT `+submissionColumns+` FROM campaign_submission s WHERE s.brand_id = `+a.Add(brand)+` AND `+
		db.Among(q, &a, "s.assignment_id", assignments)+` ORDER BY s.assignment_id, s.no`, a.Values...))
	for i := range rows {
		out[rows[i].Assignment] = &rows[i]
	}
	return out, err
}

func insertSubmission(ctx context.Context, tx *db.Tx, brand id.ID, x *Submission) error {
	form, err := json.Marshal(x.Form)
	if err != nil {
		return err
	}
	pictures, err := json.Marshal(full(x.Pictures))
	if err != nil {
		return err
	}
	checks, err := json.Marshal(full(x.Checks))
	if err != nil {
		return err
	}
	var answer any
	if x.Answer != nil {
		answer = int64(*x.Answer)
	}
	_, err = tx.Exec(ctx, `INSERT INTO campaign_submission (brand_id, id, assignment_id, campaign_id, account_id, unit_id, no, send_key, at_ms, link, link_key, platform, external_id,
		post_id, post_title, published_at, text, print, note, answer, form, pictures, state, checks, reason, decision, decided_by_name, appeal, claimed_by_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, '', '', '', '')`,
		brand, x.ID, x.Assignment, x.CampaignID, int64(x.AccountID), x.UnitID, x.No, x.Key, x.At, x.Link, x.LinkKey, x.Platform, x.ExternalID, x.PostID, x.PostTitle, x.PublishedAt,
		x.Text, printOf(x.Text), x.Note, answer, string(form), string(pictures), string(x.State), string(checks), x.Reason)
	return err
}

// saveJudged writes what checks or people found about a submission.
func saveJudged(ctx context.Context, tx *db.Tx, brand id.ID, x *Submission) error {
	checks, err := json.Marshal(full(x.Checks))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE campaign_submission SET post_id = $1, post_title = $2, published_at = $3, state = $4, checks = $5, reason = $6, decision = $7, decided_by_name = $8,
		decided_at = $9, appeal = $10, claimed_by = NULL, claimed_by_name = '', claim_until = NULL WHERE brand_id = $11 AND id = $12`,
		x.PostID, x.PostTitle, x.PublishedAt, string(x.State), string(checks), x.Reason, x.Decision, x.DecidedBy, x.DecidedAt, x.Appeal, brand, x.ID)
	return err
}

// claimLinks makes an assignment the owner of links; false when another owns one of them. In order, so two never wait for each other.
func claimLinks(ctx context.Context, tx *db.Tx, brand, assignment id.ID, keys []string) (bool, error) {
	for _, k := range keys {
		n, err := tx.Exec(ctx, `INSERT INTO campaign_link (brand_id, link_key, assignment_id) VALUES ($1, $2, $3) ON CONFLICT (brand_id, link_key) DO NOTHING`, brand, k, assignment)
		if err != nil {
			return false, err
		}
		if n == 1 {
			continue
		}
		owner, err := db.One[id.ID](ctx, tx, `SELECT assignment_id FROM campaign_link WHERE brand_id = $1 AND link_key = $2`, brand, k)
		if err != nil || owner != assignment {
			return false, err
		}
	}
	return true, nil
}

// taken tells whether one of the links was handed in for another assignment.
func taken(ctx context.Context, q db.Querier, brand, assignment id.ID, keys []string) (bool, error) {
	if len(keys) == 0 {
		return false, nil
	}
	var a db.Args
	rows, err := db.All[id.ID](ctx, q, `SELECT assignment_id FROM campaign_link WHERE brand_id = `+a.Add(brand)+` AND link_key IN `+db.In(&a, keys)+
		` AND assignment_id <> `+a.Add(assignment), a.Values...)
	return len(rows) > 0, err
}

// freeLinks lets others hand in the links of a rejected proof.
func freeLinks(ctx context.Context, tx *db.Tx, brand, assignment id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM campaign_link WHERE brand_id = $1 AND assignment_id = $2`, brand, assignment)
	return err
}

// keys are what a submission owns: its link, and its post once that is known.
func (x *Submission) keys() []string {
	var out []string
	if x.LinkKey != "" {
		out = append(out, x.LinkKey)
	}
	if x.PostID != 0 {
		out = append(out, "post:"+x.PostID.String())
	}
	return out
}
