package hit

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

const (
	maxTitle = 500
	maxNote  = 500
	maxURL   = 1000
	maxName  = 100
)

func errGone() error { return errs.New(errs.NotFound, "hit.gone") }

// visible reads a hit of the actor's scope for a permission. Errors: hit.gone.
func (s *Service) visible(ctx context.Context, q db.Querier, actor authz.Actor, permission string, hit id.ID) (hitRow, error) {
	scope, err := s.Scopes.Scope(ctx, q, actor, permission, "")
	if err != nil {
		return hitRow{}, err
	}
	a := &db.Args{}
	row, err := db.One[hitRow](ctx, q, `SELECT `+hitColumns+` FROM hit_hit WHERE brand_id = `+a.Add(actor.BrandID)+` AND id = `+a.Add(hit)+` AND `+scope.Where("unit_id", a), a.Values...)
	if db.NoRows(err) {
		return row, errGone()
	}
	return row, err
}

// Verb is what is said of hits.
type Verb string

// The verbs. Star and Unstar need hit.star, the others hit.write.
const (
	Star    Verb = "star"
	Unstar  Verb = "unstar"
	Dismiss Verb = "dismiss"
	Restore Verb = "restore"
)

func (v Verb) permission() string {
	if v == Star || v == Unstar {
		return permStar
	}
	return permWrite
}

// Turn says something of up to 500 hits of the actor's scope and gives how many it changed; those it does not apply to are
// left. Dismissing needs a reason. Errors: hit.reason, hit.verb.
func (s *Service) Turn(ctx context.Context, actor authz.Actor, ids []id.ID, v Verb, reason string) (int64, error) {
	reason = strings.TrimSpace(reason)
	if v == Dismiss && reason == "" || utf8.RuneCountInString(reason) > maxNote {
		return 0, errs.Bad().Field("reason", "hit.reason", "max", maxNote)
	}
	if !actor.Can(v.permission()) {
		return 0, errs.New(errs.Forbidden, "hit.verb")
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, v.permission(), "")
	if err != nil {
		return 0, err
	}
	a := &db.Args{}
	set, from := "", ""
	switch v {
	case Star:
		set, from = "star_ms = "+a.Add(s.now())+", star_name = "+a.Add(actor.Name), "star_ms = 0 AND state = 'listed'"
	case Unstar:
		set, from = "star_ms = 0, star_name = ''", "star_ms > 0"
	case Dismiss:
		set, from = "state = 'dismissed', reason = "+a.Add(reason), "state = 'listed'"
	case Restore:
		set, from = "state = 'listed', reason = ''", "state = 'dismissed'"
	}
	var n int64
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		w := ` WHERE brand_id = ` + a.Add(actor.BrandID) + ` AND id IN ` + db.IDList(tx, a, ids) + ` AND ` + from + ` AND ` + scope.Where("unit_id", a)
		if n, err = tx.Exec(ctx, `UPDATE hit_hit SET `+set+`, updated_ms = `+a.Add(s.now())+w, a.Values...); err != nil || n == 0 {
			return err
		}
		e := audit.Entry{Action: "hit." + string(v), Kind: "hit", Counts: map[string]int64{"hits": n}}
		if len(ids) == 1 {
			e.Object = ids[0]
		}
		if reason != "" {
			e.After = map[string]string{"reason": reason}
		}
		return s.Audit.Write(ctx, tx, actor, e)
	})
	return n, err
}

// settings reads what a brand chose, or the defaults.
func (s *Service) settings(ctx context.Context, q db.Querier, brand id.ID) (Settings, error) {
	set := DefaultSettings()
	raw, err := db.One[string](ctx, q, `SELECT body FROM hit_setting WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return set, nil
	}
	if err != nil {
		return set, err
	}
	return set, json.Unmarshal([]byte(raw), &set)
}

// Settings gives when a post is a hit.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, error) {
	return s.settings(ctx, s.DB, actor.BrandID)
}

// SetSettings changes when a post is a hit and has everything looked at again. Errors: the fields of the settings.
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, set Settings) error {
	if err := set.check(); err != nil {
		return err
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := s.settings(ctx, tx, actor.BrandID)
		if err != nil || before == set {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO hit_setting (brand_id, body, updated_ms, by_name) VALUES ($1, $2, $3, $4)
			ON CONFLICT (brand_id) DO UPDATE SET body = excluded.body, updated_ms = excluded.updated_ms, by_name = excluded.by_name`, actor.BrandID, string(raw), s.now(), actor.Name)
		if err != nil {
			return err
		}
		if err := s.Jobs.Insert(ctx, tx, lookJob{actor.BrandID}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "hit.settings", Before: before, After: set})
	})
}
