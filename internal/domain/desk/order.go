package desk

import (
	"context"
	"errors"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Order puts what waits into the order of the ranker in use, brand by brand: another one may have come into use since a
// text was handed in. Levels, deadlines and verdicts stay.
func (s *Service) Order(ctx context.Context) error {
	actors, err := s.People.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		faults = append(faults, s.order(ctx, a))
	}
	return errors.Join(faults...)
}

func (s *Service) order(ctx context.Context, actor authz.Actor) error {
	c := Checked{Day: clock.DayOf(s.Clock.Now(), zoneOf(actor))}
	now, err := s.Rules.Check(ctx, actor.BrandID, nil, c)
	if err != nil {
		return err
	}
	for after := id.ID(0); ; {
		list, err := db.All[Submission](ctx, s.DB, `SELECT `+columns+` FROM desk_submission WHERE brand_id = $1 AND state = 'waiting' AND ranker <> $2 AND id > $3
			ORDER BY id LIMIT $4`, actor.BrandID, now.Ranked.Ranker, int64(after), sweepBatch) // id 0 would be NULL
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			if err := s.reorder(ctx, actor, &list[i], c.Day); err != nil {
				return err
			}
		}
		after = list[len(list)-1].ID
	}
}

// reorder scores one waiting text again. A version that was decided or replaced meanwhile is left alone.
func (s *Service) reorder(ctx context.Context, actor authz.Actor, sub *Submission, day clock.Day) error {
	pictures, err := selectPictures(ctx, s.DB, actor.BrandID, decode[[]id.ID](sub.Pictures))
	if err != nil {
		return err
	}
	texts := decode[[]Text](sub.Texts)
	for _, p := range pictures {
		for _, t := range p.texts() {
			texts = append(texts, Text{fieldImage, t})
		}
	}
	v, err := s.Rules.Check(ctx, actor.BrandID, texts, Checked{Platform: sub.Platform, Kind: sub.Kind, Day: day})
	if err != nil {
		return err
	}
	score := int(v.Score * 1000)
	_, err = s.DB.Exec(ctx, `UPDATE desk_submission SET score = $1, rank = $2, ranker = $3, ranked = $4 WHERE brand_id = $5 AND id = $6 AND version = $7 AND state = 'waiting'`,
		score, rankOf(sub.Level, score, sub.Submitted), v.Ranked.Ranker, encode(v.Ranked), actor.BrandID, sub.ID, sub.Version)
	return err
}

// Decided is a version that reviewers decided on, for who learns from them.
type Decided struct {
	Submission     id.ID
	Kind, Platform string
	Texts          []Text
	Refused        bool // somebody rejected it or asked for changes
}

// Decided gives the versions of the ≤ limit newest reviews, newest first.
func (s *Service) Decided(ctx context.Context, q db.Querier, brand id.ID, limit int) ([]Decided, error) {
	type row struct {
		Submission id.ID  `db:"submission_id"`
		Version    int    `db:"version"`
		Kind       string `db:"kind"`
		Platform   string `db:"platform"`
		Decision   string `db:"decision"`
		Texts      string `db:"texts"`
	}
	rows, err := db.All[row](ctx, q, `SELECT r.submission_id, r.version, r.kind, r.platform, r.decision, v.texts FROM desk_review r
		JOIN desk_version v ON v.brand_id = r.brand_id AND v.submission_id = r.submission_id AND v.version = r.version
		WHERE r.brand_id = $1 ORDER BY r.at_ms DESC, r.id DESC LIMIT $2`, brand, limit)
	if err != nil {
		return nil, err
	}
	type version struct {
		submission id.ID
		n          int
	}
	at, out := map[version]int{}, []Decided{}
	for _, r := range rows {
		k := version{r.Submission, r.Version}
		i, seen := at[k]
		if !seen {
			i = len(out)
			at[k] = i
			out = append(out, Decided{Submission: r.Submission, Kind: r.Kind, Platform: r.Platform, Texts: decode[[]Text](r.Texts)})
		}
		out[i].Refused = out[i].Refused || r.Decision != Approve
	}
	return out, nil
}
