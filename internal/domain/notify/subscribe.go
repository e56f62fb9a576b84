package notify

import (
	"context"
	"strconv"

	"kosmos/internal/base/db"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// The kinds of notices that the room makes itself of what it hears.
const (
	kindImportDone   = "notify.import_done"
	kindImportFailed = "notify.import_failed"
)

func ownKinds() []Kind {
	return []Kind{{Key: kindImportDone}, {Key: kindImportFailed, Loud: true}}
}

// subscribe hears of imports: who brought the file learns how it ended, every page of the brand that lists may look again.
func (s *Service) subscribe(r *jobs.Registry) {
	jobs.Subscribe(r, "notify", func(ctx context.Context, e event.ImportFinished) error {
		s.hub.SignalBrand(e.BrandID, TopicJob)
		kind := kindImportDone
		switch e.State {
		case "done":
		case "failed":
			kind = kindImportFailed
		default:
			return nil // who takes a file back sees it happen
		}
		if e.UserID == 0 {
			return nil
		}
		return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return s.Send(ctx, tx, e.BrandID, kind, []Notice{{
				UserID: e.UserID, Key: e.ImportID.String(), Link: "/data/imports/" + e.ImportID.String(),
				Params: map[string]any{"file": e.FileName, "inserted": strconv.Itoa(e.Inserted), "updated": strconv.Itoa(e.Updated), "errors": strconv.Itoa(e.Errors)},
			}})
		})
	})
}
