package evidence

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

const (
	anchorPurpose = "evidence.anchor"
	filePurpose   = "evidence.file"
	anchorsATime  = 200
)

func (s *Service) register(r *jobs.Registry) {
	jobs.Periodic(r, "evidence.anchor", 15*time.Minute, s.AnchorAll)
	jobs.Periodic(r, "evidence.mark", markEvery, s.MarkAll)
}

// AnchorAll anchors the days that ended, brand by brand; one brand's failure does not stop the others.
func (s *Service) AnchorAll(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		faults = append(faults, s.anchor(ctx, a))
	}
	return errors.Join(faults...)
}

func (s *Service) anchor(ctx context.Context, actor authz.Actor) error {
	brand, zone := actor.BrandID, actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	first, err := firstAt(ctx, s.DB, brand)
	if err != nil || first == 0 {
		return err
	}
	for {
		next := first.Day(zone)
		newest, err := selectAnchors(ctx, s.DB, brand, 0, clock.Forever, 1)
		if err != nil {
			return err
		}
		if len(newest) > 0 {
			next = newest[0].Day.Add(1)
		}
		yesterday := clock.DayOf(s.Clock.Now(), zone).Add(-1)
		if next > yesterday {
			return nil
		}
		var made []Anchor
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			var err error
			made, err = s.anchorDays(ctx, tx, brand, next, yesterday, zone)
			return err
		})
		if err != nil {
			return err
		}
		for _, a := range made { // the log is kept apart from the store
			s.Anchored(ctx, brand, a)
		}
	}
}

// anchorDays anchors days one after another. It holds the head, so nobody is writing; and it moves the head's time to
// the end of the last day, so that no later step can fall into an anchored day, whatever the clocks of processes say.
func (s *Service) anchorDays(ctx context.Context, tx *db.Tx, brand id.ID, day, last clock.Day, zone *time.Location) ([]Anchor, error) {
	head, err := lockHead(ctx, tx, brand, 0)
	if err != nil {
		return nil, err
	}
	var list []Anchor
	now := clock.MsOf(s.Clock.Now())
	for ; day <= last && len(list) < anchorsATime; day = day.Add(1) {
		end := clock.MsOf(day.Add(1).In(zone))
		h, err := lastBefore(ctx, tx, brand, end)
		if err != nil {
			return nil, err
		}
		a := Anchor{Day: day, Seq: h.Seq, Hash: h.Hash, Made: now}
		statement, err := anchorStatement(brandMark(brand), a)
		if err != nil {
			return nil, err
		}
		key, signature := s.Box.Attest(anchorPurpose, statement)
		a.Key, a.Signature = hex.EncodeToString(key), hex.EncodeToString(signature)
		list = append(list, a)
		head.At = max(head.At, end)
	}
	if err := insertAnchors(ctx, tx, brand, list); err != nil {
		return nil, err
	}
	return list, moveHead(ctx, tx, brand, head.Hash, head.At)
}
