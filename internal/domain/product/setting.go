package product

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// settings reads the brand's settings with their version; 0 when nothing was ever changed.
func (s *Service) settings(ctx context.Context, q db.Querier, brand id.ID) (Settings, int64, error) {
	type row struct {
		Body    string `db:"body"`
		Version int64  `db:"version"`
	}
	r, err := db.One[row](ctx, q, `SELECT body, version FROM product_setting WHERE brand_id = $1`, brand)
	set := Defaults()
	if db.NoRows(err) {
		return set, 0, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(r.Body), &set)
	}
	if err != nil {
		return set, 0, fmt.Errorf("product: settings: %w", err)
	}
	return set, r.Version, nil
}

// Settings reads the brand's settings and the version that an edit names.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, int64, error) {
	return s.settings(ctx, s.DB, actor.BrandID)
}

// SetSettings changes the settings for the whole brand. match is the ETag the editor saw. Errors: fields of the settings,
// base.changed_meanwhile, product.whole_brand.
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, match func(version int64) error, set Settings) error {
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, version, err := s.settings(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if err := match(version); err != nil {
			return err
		}
		if err := set.check(before); err != nil {
			return err
		}
		body, err := json.Marshal(set)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO product_setting (brand_id, body, version, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (brand_id) DO UPDATE SET body = excluded.body, version = excluded.version, updated_at = excluded.updated_at`,
			actor.BrandID, string(body), version+1, s.now()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.settings_changed", Kind: "product_settings", Before: before, After: set})
	})
}

// wholeBrand refuses somebody who holds the permission on a part of the brand only. Errors: product.whole_brand.
func (s *Service) wholeBrand(ctx context.Context, actor authz.Actor, permission string) error {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permission, "")
	if err == nil && !scope.All {
		err = errs.New(errs.Forbidden, "product.whole_brand")
	}
	return err
}

// Lines gives the product lines in their order.
func (s *Service) Lines(ctx context.Context, actor authz.Actor) ([]Line, error) {
	return db.All[Line](ctx, s.DB, `SELECT l.id, l.name, (SELECT COUNT(*) FROM product_product p WHERE p.brand_id = l.brand_id AND p.line_id = l.id) AS products
		FROM product_line l WHERE l.brand_id = $1 ORDER BY l.place, l.id`, actor.BrandID)
}

// SetLines puts the whole list of lines: new ones have no id; those left out go when no product is in them. Errors: fields
// of the lines, product.line_used.
func (s *Service) SetLines(ctx context.Context, actor authz.Actor, lines []Line) error {
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return err
	}
	if err := checkLines(lines); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := lockLines(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		for _, l := range have {
			if slices.ContainsFunc(lines, func(x Line) bool { return x.ID == l.ID }) {
				continue
			}
			if l.Products > 0 {
				return errs.Bad().Field("lines", "product.line_used", "line", l.Name)
			}
			if _, err := tx.Exec(ctx, `DELETE FROM product_line WHERE brand_id = $1 AND id = $2`, actor.BrandID, l.ID); err != nil {
				return err
			}
		}
		return s.putLines(ctx, tx, actor, have, lines)
	})
}

func (s *Service) putLines(ctx context.Context, tx *db.Tx, actor authz.Actor, have, lines []Line) error {
	// Names are unique: those that stand step aside first, so that two may swap theirs.
	for _, l := range have {
		if _, err := tx.Exec(ctx, `UPDATE product_line SET name = $1 WHERE brand_id = $2 AND id = $3`, "\x01"+strconv.FormatInt(int64(l.ID), 10), actor.BrandID, l.ID); err != nil {
			return err
		}
	}
	for i, l := range lines {
		if l.ID == 0 {
			l.ID = s.IDs.New()
		}
		if _, err := tx.Exec(ctx, `INSERT INTO product_line (brand_id, id, name, place) VALUES ($1, $2, $3, $4)
			ON CONFLICT (brand_id, id) DO UPDATE SET name = excluded.name, place = excluded.place`, actor.BrandID, l.ID, l.Name, i); err != nil {
			return err
		}
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.lines_changed", Kind: "product_line", Before: names(have), After: names(lines)})
}

func names(lines []Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Name
	}
	return out
}

func checkLines(lines []Line) error {
	bad := errs.Bad()
	seen := map[string]bool{}
	for i := range lines {
		l := &lines[i]
		l.Name = strings.TrimSpace(l.Name)
		if n := length(l.Name); n < 1 || n > 40 {
			bad.Field(fmt.Sprintf("lines[%d].name", i), "product.title", "max", 40)
		}
		if seen[l.Name] {
			bad.Field(fmt.Sprintf("lines[%d].name", i), "product.line_twice", "line", l.Name)
		}
		seen[l.Name] = true
	}
	return bad.OrNil()
}

func lockLines(ctx context.Context, tx *db.Tx, brand id.ID) ([]Line, error) {
	if _, err := tx.Exec(ctx, `UPDATE product_line SET place = place WHERE brand_id = $1`, brand); err != nil {
		return nil, err
	}
	return db.All[Line](ctx, tx, `SELECT l.id, l.name, (SELECT COUNT(*) FROM product_product p WHERE p.brand_id = l.brand_id AND p.line_id = l.id) AS products
		FROM product_line l WHERE l.brand_id = $1 ORDER BY l.place, l.id`, brand)
}

// Launch is an entry of the launch calendar.
type Launch struct {
	ID        id.ID      `db:"id" json:"id"`
	ProductID id.ID      `db:"product_id" json:"product_id"`
	Product   string     `db:"product" json:"product"`
	Kind      LaunchKind `db:"kind" json:"kind" enum:"teaser,launch,refresh,offer,end"`
	Day       clock.Day  `db:"day" json:"day"`
	EndDay    clock.Day  `db:"end_day" json:"end_day" nullable:"true" doc:"null for a single day"`
	Title     string     `db:"title" json:"title"`
	Note      string     `db:"note" json:"note"`
	UpdatedAt clock.Ms   `db:"updated_at" json:"updated_at"`
	UpdatedBy string     `db:"updated_by_name" json:"updated_by"`
}

// LaunchKind is what happens to a product on a day.
type LaunchKind string

// The kinds of entries.
const (
	Teaser    LaunchKind = "teaser"
	LaunchDay LaunchKind = "launch"
	Refresh   LaunchKind = "refresh"
	Offer     LaunchKind = "offer"
	EndOfSale LaunchKind = "end"
)

func (l *Launch) check() error {
	bad := errs.Bad()
	l.Title, l.Note = strings.TrimSpace(l.Title), strings.TrimSpace(l.Note)
	if !slices.Contains([]LaunchKind{Teaser, LaunchDay, Refresh, Offer, EndOfSale}, l.Kind) {
		bad.Field("kind", "product.launch_kind")
	}
	if l.Day == 0 {
		bad.Field("day", "product.day_missing")
	}
	if l.EndDay != 0 && l.EndDay < l.Day {
		bad.Field("end_day", "product.days_order")
	}
	if l.EndDay == 0 {
		l.EndDay = l.Day
	}
	if n := length(l.Title); n < 1 || n > maxName {
		bad.Field("title", "product.title", "max", maxName)
	}
	if length(l.Note) > maxNote {
		bad.Field("note", "product.long", "max", maxNote)
	}
	return bad.OrNil()
}

// PutLaunch adds an entry (ID 0) or changes one. Errors: fields of the entry, product.gone, product.launch_gone.
func (s *Service) PutLaunch(ctx context.Context, actor authz.Actor, l Launch) (id.ID, error) {
	if err := l.check(); err != nil {
		return 0, err
	}
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		known, err := namesOf(ctx, tx, actor.BrandID, []id.ID{l.ProductID})
		if err != nil {
			return err
		}
		if known[l.ProductID] == "" {
			return errGone()
		}
		action := "product.launch_changed"
		if l.ID == 0 {
			l.ID, action = s.IDs.New(), "product.launch_added"
			_, err = tx.Exec(ctx, `INSERT INTO product_launch (brand_id, id, product_id, kind, day, end_day, title, note, updated_at, updated_by_name)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, actor.BrandID, l.ID, l.ProductID, string(l.Kind), l.Day, l.EndDay, l.Title, l.Note, s.now(), actor.Name)
		} else {
			var n int64
			n, err = tx.Exec(ctx, `UPDATE product_launch SET product_id = $1, kind = $2, day = $3, end_day = $4, title = $5, note = $6, updated_at = $7, updated_by_name = $8
				WHERE brand_id = $9 AND id = $10`, l.ProductID, string(l.Kind), l.Day, l.EndDay, l.Title, l.Note, s.now(), actor.Name, actor.BrandID, l.ID)
			if err == nil && n == 0 {
				err = errs.New(errs.NotFound, "product.launch_gone")
			}
		}
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: action, Kind: "product_launch", Object: l.ID, Name: l.Title, After: l})
	})
	return l.ID, err
}

// DropLaunch takes an entry out of the calendar. Errors: product.launch_gone.
func (s *Service) DropLaunch(ctx context.Context, actor authz.Actor, launch id.ID) error {
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM product_launch WHERE brand_id = $1 AND id = $2`, actor.BrandID, launch)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "product.launch_gone")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.launch_dropped", Kind: "product_launch", Object: launch})
	})
}

// Calendar gives what happens to products between two days: entries of the launch calendar, and the policies of the
// reader's units that begin or end.
func (s *Service) Calendar(ctx context.Context, actor authz.Actor, from, to clock.Day) ([]Launch, []Policy, error) {
	launches, err := db.All[Launch](ctx, s.DB, `SELECT l.id, l.product_id, p.name AS product, l.kind, l.day, l.end_day, l.title, l.note, l.updated_at, l.updated_by_name
		FROM product_launch l JOIN product_product p ON p.brand_id = l.brand_id AND p.id = l.product_id
		WHERE l.brand_id = $1 AND l.day <= $2 AND l.end_day >= $3 ORDER BY l.day, l.id LIMIT 1000`, actor.BrandID, to, from)
	if err != nil {
		return nil, nil, err
	}
	for i := range launches {
		if launches[i].EndDay == launches[i].Day {
			launches[i].EndDay = 0
		}
	}
	seen, err := s.seen(ctx, actor, "")
	if err != nil {
		return nil, nil, err
	}
	policies, err := listPolicies(ctx, s.DB, policyFilter{Brand: actor.BrandID, Seen: seen, Begin: from, BeginTo: to, Limit: 1000})
	return launches, policies, err
}
