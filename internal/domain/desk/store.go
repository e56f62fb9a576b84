package desk

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const columns = `id, unit_id, member_id, user_id, author, account_id, platform, kind, state, version, title, texts, media, pictures,
	verdict, level, score, pack, findings, print, need, approvals, first_reviewer, straight, sampled, rank, submitted_ms, due_ms, claimed_by,
	claimed_name, claimed_ms, assigned_to, assigned_name, decided_ms, decided_by, reason, suggestion, expires_ms, published_ms, link, ranker, ranked`

func insertSubmission(ctx context.Context, tx *db.Tx, brand id.ID, s *Submission, key string) (bool, error) {
	n, err := db.Insert(ctx, tx, "desk_submission", []string{
		"brand_id", "id", "unit_id", "member_id", "user_id", "author", "account_id", "platform", "kind", "state", "version", "title", "texts", "media",
		"pictures", "verdict", "level", "score", "pack", "findings", "print", "need", "approvals", "first_reviewer", "straight", "sampled", "rank",
		"submitted_ms", "due_ms", "told", "claimed_by", "claimed_name", "claimed_ms", "assigned_to", "assigned_name", "decided_ms", "decided_by",
		"reason", "suggestion", "expires_ms", "published_ms", "link", "client_key", "ranker", "ranked",
	}, [][]any{{
		brand, s.ID, s.UnitID, s.MemberID, int64(s.UserID), s.Author, s.AccountID, s.Platform, s.Kind, s.State, s.Version, s.Title, s.Texts, s.Media,
		s.Pictures, s.Verdict, int(s.Level), s.Score, s.Pack, s.Findings, s.Print, s.Need, s.Approvals, s.First, s.Straight, s.Sampled, s.Rank,
		int64(s.Submitted), int64(s.Due), 0, nil, "", 0, nil, "", int64(s.Decided), s.Decider,
		s.Reason, "[]", int64(s.Expires), 0, "", key, s.Ranker, s.Ranked,
	}}, "ON CONFLICT DO NOTHING")
	return n == 1, err
}

// keyed finds the submission that a person handed in under a key.
func keyed(ctx context.Context, q db.Querier, brand, user id.ID, key string) (Submission, error) {
	return db.One[Submission](ctx, q, `SELECT `+columns+` FROM desk_submission WHERE brand_id = $1 AND user_id = $2 AND client_key = $3`, brand, int64(user), key)
}

// reach is what somebody may see: their own, and those of some units.
type reach struct {
	user, member id.ID
	units        *authz.Scope
}

func (r reach) where(a *db.Args) string {
	cond := "1=0"
	if r.user != 0 {
		cond += " OR user_id = " + a.Add(r.user)
	}
	if r.member != 0 {
		cond += " OR member_id = " + a.Add(r.member)
	}
	if r.units != nil {
		cond += " OR " + r.units.Where("desk_submission.unit_id", a)
	}
	return "(" + cond + ")"
}

// lock reads a submission within the reach and keeps others from changing it until tx ends.
func lock(ctx context.Context, tx *db.Tx, brand, submission id.ID, r reach) (Submission, error) {
	var a db.Args
	return db.One[Submission](ctx, tx, `UPDATE desk_submission SET told = told WHERE brand_id = `+a.Add(brand)+` AND id = `+a.Add(submission)+
		` AND `+r.where(&a)+` RETURNING `+columns, a.Values...)
}

func selectOne(ctx context.Context, q db.Querier, brand, submission id.ID, r reach) (Submission, error) {
	var a db.Args
	return db.One[Submission](ctx, q, `SELECT `+columns+` FROM desk_submission WHERE brand_id = `+a.Add(brand)+` AND id = `+a.Add(submission)+
		` AND `+r.where(&a), a.Values...)
}

// save writes everything that may change.
func save(ctx context.Context, tx *db.Tx, brand id.ID, s *Submission) error {
	_, err := tx.Exec(ctx, `UPDATE desk_submission SET state = $1, version = $2, title = $3, texts = $4, media = $5, pictures = $6, verdict = $7,
		level = $8, score = $9, pack = $10, findings = $11, print = $12, need = $13, approvals = $14, first_reviewer = $15, straight = $16, sampled = $17,
		rank = $18, submitted_ms = $19, due_ms = $20, claimed_by = $21, claimed_name = $22, claimed_ms = $23, assigned_to = $24, assigned_name = $25,
		decided_ms = $26, decided_by = $27, reason = $28, suggestion = $29, expires_ms = $30, published_ms = $31, link = $32,
		ranker = $33, ranked = $34, told = CASE WHEN due_ms = $35 THEN told ELSE 0 END WHERE brand_id = $36 AND id = $37`,
		s.State, s.Version, s.Title, s.Texts, s.Media, s.Pictures, s.Verdict, int(s.Level), s.Score, s.Pack, s.Findings, s.Print, s.Need, s.Approvals,
		s.First, s.Straight, s.Sampled, s.Rank, int64(s.Submitted), int64(s.Due), s.ClaimedBy, s.Claimer, int64(s.ClaimedTo), s.AssignedTo, s.Assignee,
		int64(s.Decided), s.Decider, s.Reason, s.Suggestion, int64(s.Expires), int64(s.Published), s.Link, s.Ranker, s.Ranked, int64(s.Due), brand, s.ID)
	return err
}

// putVersion writes what came of a version and tells who handed it in: by, unless it is there already.
func putVersion(ctx context.Context, tx *db.Tx, brand id.ID, s *Submission, by string) (string, error) {
	_, err := db.Insert(ctx, tx, "desk_version", []string{
		"brand_id", "submission_id", "version", "texts", "media", "pictures", "verdict", "level", "pack", "findings", "outcome", "unit_id", "by_name", "at_ms",
	}, [][]any{{brand, s.ID, s.Version, s.Texts, s.Media, s.Pictures, s.Verdict, int(s.Level), s.Pack, s.Findings, s.State, s.UnitID, by, int64(s.Submitted)}},
		`ON CONFLICT (brand_id, submission_id, version) DO UPDATE SET verdict = excluded.verdict, level = excluded.level, pack = excluded.pack,
		findings = excluded.findings, outcome = excluded.outcome`)
	if err != nil {
		return "", err
	}
	return db.One[string](ctx, tx, `SELECT by_name FROM desk_version WHERE brand_id = $1 AND submission_id = $2 AND version = $3`, brand, s.ID, s.Version)
}

func selectVersions(ctx context.Context, q db.Querier, brand, submission id.ID) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT version, texts, verdict, level, pack, findings, outcome, by_name, at_ms FROM desk_version
		WHERE brand_id = $1 AND submission_id = $2 ORDER BY version`, brand, submission)
}

const reviewColumns = `id, submission_id, version, user_id, reviewer, decision, reason, suggestion, excerpt, minutes, late, at_ms`

func selectReviews(ctx context.Context, q db.Querier, brand, submission id.ID) ([]Review, error) {
	return db.All[Review](ctx, q, `SELECT `+reviewColumns+` FROM desk_review WHERE brand_id = $1 AND submission_id = $2 ORDER BY at_ms, id`, brand, submission)
}

// insertReview adds a decision; false when the person had decided on this version already.
func insertReview(ctx context.Context, tx *db.Tx, brand id.ID, r Review, s *Submission, whole bool) (bool, error) {
	n, err := db.Insert(ctx, tx, "desk_review", []string{
		"brand_id", "id", "submission_id", "version", "user_id", "reviewer", "decision", "reason", "suggestion", "excerpt", "kind", "platform", "level",
		"unit_id", "print", "whole", "minutes", "late", "at_ms",
	}, [][]any{{
		brand, r.ID, r.Submission, r.Version, r.UserID, r.Reviewer, r.Decision, r.Reason, r.Suggestion, r.Excerpt, s.Kind, s.Platform, int(s.Level),
		s.UnitID, s.Print, whole, r.Minutes, r.Late, int64(r.At),
	}}, "ON CONFLICT DO NOTHING")
	return n == 1, err
}

func insertReviewRules(ctx context.Context, tx *db.Tx, brand, review id.ID, rules []string) error {
	rows := make([][]any, len(rules))
	for i, r := range rules {
		rows[i] = []any{brand, r, review}
	}
	_, err := db.Insert(ctx, tx, "desk_review_rule", []string{"brand_id", "rule", "review_id"}, rows, "ON CONFLICT DO NOTHING")
	return err
}

// approvedBefore tells whether a reviewer approved the same words for good since a moment, having seen everything that the
// rules object to now, and at least as gravely: newer rules want a new look.
func approvedBefore(ctx context.Context, q db.Querier, brand id.ID, words string, since clock.Ms, level Level, rules []string) (bool, error) {
	var a db.Args
	cond := `brand_id = ` + a.Add(brand) + ` AND print = ` + a.Add(words) + ` AND at_ms >= ` + a.Add(int64(since)) + ` AND level >= ` + a.Add(int(level)) +
		` AND decision = 'approve' AND whole`
	if len(rules) > 0 {
		cond += ` AND (SELECT COUNT(*) FROM desk_review_rule WHERE brand_id = ` + a.Add(brand) + ` AND review_id = desk_review.id AND rule IN ` + db.In(&a, rules) +
			`) = ` + a.Add(len(rules))
	}
	n, err := db.One[int64](ctx, q, `SELECT COUNT(*) FROM (SELECT id FROM desk_review WHERE `+cond+` LIMIT 1) AS found`, a.Values...)
	return n > 0, err
}

// similar finds decisions on the same words, then those on texts in which most of the same rules had fired.
func similar(ctx context.Context, q db.Querier, scope authz.Scope, s *Submission, rules []string, limit int) ([]Review, error) {
	var a db.Args
	same, err := db.All[Review](ctx, q, `SELECT `+reviewColumns+` FROM desk_review WHERE brand_id = `+a.Add(scope.BrandID)+` AND print = `+a.Add(s.Print)+
		` AND submission_id <> `+a.Add(s.ID)+` AND `+scope.Where("desk_review.unit_id", &a)+` ORDER BY at_ms DESC LIMIT `+a.Add(limit), a.Values...)
	if err != nil || len(same) >= limit || len(rules) == 0 {
		return same, err
	}
	var b db.Args
	more, err := db.All[Review](ctx, q, `SELECT `+reviewColumns+` FROM desk_review JOIN (SELECT review_id, COUNT(*) AS n FROM desk_review_rule WHERE brand_id = `+
		b.Add(scope.BrandID)+` AND rule IN `+db.In(&b, rules)+` GROUP BY review_id ORDER BY n DESC, review_id DESC LIMIT 50) AS near ON near.review_id = desk_review.id
		WHERE brand_id = `+b.Add(scope.BrandID)+` AND submission_id <> `+b.Add(s.ID)+` AND print <> `+b.Add(s.Print)+` AND `+
		scope.Where("desk_review.unit_id", &b)+` ORDER BY near.n DESC, at_ms DESC LIMIT `+b.Add(limit-len(same)), b.Values...)
	return append(same, more...), err
}

func selectSettings(ctx context.Context, q db.Querier, brand id.ID) (string, error) {
	raw, err := db.One[string](ctx, q, `SELECT settings FROM desk_setting WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return "", nil
	}
	return raw, err
}

func putSettings(ctx context.Context, tx *db.Tx, brand id.ID, raw, by string, at clock.Ms) error {
	_, err := tx.Exec(ctx, `INSERT INTO desk_setting (brand_id, settings, updated_ms, updated_by) VALUES ($1, $2, $3, $4)
		ON CONFLICT (brand_id) DO UPDATE SET settings = excluded.settings, updated_ms = excluded.updated_ms, updated_by = excluded.updated_by`,
		brand, raw, int64(at), by)
	return err
}
