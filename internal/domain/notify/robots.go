package notify

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/connect/robot"
)

// GroupRobot is the robot of a unit's group as it is shown: without its address.
type GroupRobot struct {
	ID      id.ID
	Name    string
	Vendor  robot.Vendor
	UnitID  id.ID
	Lang    string
	Quiet   bool // keeps the brand's quiet hours
	Kinds   []string
	Hint    string // end of the address
	Signed  bool
	On      bool
	Created clock.Ms
}

// RobotDraft is a robot to be made or changed. Of a robot that is there already, an empty URL or Secret stays as it is;
// NoSecret takes the secret away.
type RobotDraft struct {
	Name     string
	URL      string
	Secret   string
	NoSecret bool
	Vendor   robot.Vendor // "": by the host of URL
	Unit     string       // id or path
	Lang     string
	Quiet    bool
	Kinds    []string
	On       bool
}

const (
	maxRobotName = 40
	maxRobots    = 500
)

func errRobotGone() error { return errs.New(errs.NotFound, "notify.robot_gone") }

func noRows(err error) bool { return db.NoRows(err) }

// Robots lists the robots of the caller's units.
func (s *Service) Robots(ctx context.Context, actor authz.Actor) ([]GroupRobot, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRobots, "")
	if err != nil {
		return nil, err
	}
	rows, err := selectRobots(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	units := make([]id.ID, len(rows))
	for i, r := range rows {
		units[i] = r.UnitID
	}
	above, err := s.Units.Ancestors(ctx, s.DB, actor.BrandID, units, clock.Forever)
	if err != nil {
		return nil, err
	}
	out := []GroupRobot{}
	for _, r := range rows {
		if !scope.Allows(above[r.UnitID]) {
			continue
		}
		to, err := s.openRobot(actor.BrandID, r)
		if err != nil {
			return nil, err
		}
		out = append(out, GroupRobot{
			ID: r.ID, Name: r.Name, Vendor: robot.Vendor(r.Vendor), UnitID: r.UnitID, Lang: r.Lang, Quiet: r.Quiet == 1, Kinds: r.kinds(), Hint: r.Hint,
			Signed: to.Secret != "", On: r.On == 1, Created: r.Created,
		})
	}
	return out, nil
}

func (s *Service) openRobot(brand id.ID, r robotRow) (robot.Robot, error) {
	to, err := openJSON[robot.Robot](s, aad("robot", brand, r.ID), r.Sealed)
	to.Vendor = robot.Vendor(r.Vendor)
	return to, err
}

// checkRobot makes a draft fit to be kept. Errors: fields name, url, vendor, lang, kinds.
func (s *Service) checkRobot(ctx context.Context, d *RobotDraft) error {
	bad := errs.Bad()
	d.Name, d.URL, d.Secret = strings.TrimSpace(d.Name), strings.TrimSpace(d.URL), strings.TrimSpace(d.Secret)
	if n := utf8.RuneCountInString(d.Name); n < 1 || n > maxRobotName {
		bad.Field("name", "notify.robot_name", "max", maxRobotName)
	}
	if d.Lang != string(i18n.Zh) && d.Lang != string(i18n.En) {
		bad.Field("lang", "notify.robot_lang")
	}
	slices.Sort(d.Kinds)
	d.Kinds = slices.Compact(d.Kinds)
	if len(d.Kinds) == 0 || slices.ContainsFunc(d.Kinds, func(k string) bool { _, known := s.kinds[k]; return !known }) {
		bad.Field("kinds", "notify.robot_kinds")
	}
	if d.URL != "" {
		s.checkRobotURL(ctx, d, bad)
	}
	return bad.OrNil()
}

// checkRobotURL takes a vendor's own hosts over https, and any other host that lies wholly inside what the operator allows
// (a 飞书 of one's own, a rehearsal).
func (s *Service) checkRobotURL(ctx context.Context, d *RobotDraft, bad *errs.Error) {
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" || u.User != nil || len(d.URL) > 1000 {
		bad.Field("url", "notify.robot_url")
		return
	}
	if v := robot.VendorOf(d.URL); v != "" && u.Scheme == "https" {
		d.Vendor = v
		return
	}
	if !s.Guard.Allowed(ctx, u.Hostname()) {
		bad.Field("url", "notify.robot_url")
	} else if !d.Vendor.Valid() {
		bad.Field("vendor", "notify.robot_vendor")
	}
}

// fill puts a draft into a row; the unit must lie within the caller's. Errors: fields url, those of Scope.
func (s *Service) fill(ctx context.Context, actor authz.Actor, r *robotRow, d RobotDraft) error {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRobots, d.Unit)
	if err != nil {
		return err
	}
	unit, err := id.Parse(d.Unit)
	if err != nil {
		return errs.Bad().Field("unit", "notify.robot_unit")
	}
	r.UnitID, r.Whole = unit, flag(scope.All)
	r.Name, r.Lang, r.Quiet, r.On = d.Name, d.Lang, flag(d.Quiet), flag(d.On)
	kinds, err := json.Marshal(d.Kinds)
	if err != nil {
		return err
	}
	r.KindsIn = string(kinds)
	to := robot.Robot{URL: d.URL, Secret: d.Secret}
	if len(r.Sealed) > 0 {
		old, err := s.openRobot(actor.BrandID, *r)
		if err != nil {
			return err
		}
		if to.URL == "" {
			to.URL, d.Vendor = old.URL, old.Vendor
		}
		if to.Secret == "" && to.URL == old.URL {
			to.Secret = old.Secret
		}
	}
	if d.NoSecret {
		to.Secret = ""
	}
	if to.URL == "" {
		return errs.Bad().Field("url", "notify.robot_url")
	}
	r.Vendor, r.Hint = string(d.Vendor), to.URL[max(0, len(to.URL)-4):]
	r.Sealed, err = s.sealJSON(aad("robot", actor.BrandID, r.ID), to)
	return err
}

// AddRobot keeps the robot of a unit's group. Errors: those of checkRobot and fill, "notify.robots_many".
func (s *Service) AddRobot(ctx context.Context, actor authz.Actor, d RobotDraft) (id.ID, error) {
	if err := s.checkRobot(ctx, &d); err != nil {
		return 0, err
	}
	r := robotRow{ID: s.IDs.New(), Created: s.now()}
	if err := s.fill(ctx, actor, &r, d); err != nil {
		return 0, err
	}
	return r.ID, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := selectRobots(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if len(rows) >= maxRobots {
			return errs.New(errs.Precondition, "notify.robots_many", "max", maxRobots)
		}
		if err := insertRobot(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "notify.robot_added", UnitID: r.UnitID, Kind: "notify_robot", Object: r.ID, Name: r.Name, After: r.trail(),
		})
	})
}

// trail is what the audit trail keeps of a robot.
func (r robotRow) trail() map[string]any {
	return map[string]any{"name": r.Name, "vendor": r.Vendor, "unit": r.UnitID, "lang": r.Lang, "quiet": r.Quiet, "kinds": r.kinds(), "on": r.On, "hint": r.Hint}
}

// reachRobot reads a robot whose unit the caller may manage. Errors: "notify.robot_gone".
func (s *Service) reachRobot(ctx context.Context, q db.Querier, actor authz.Actor, robot id.ID) (robotRow, error) {
	r, err := robotByID(ctx, q, actor.BrandID, robot)
	if noRows(err) {
		return r, errRobotGone()
	}
	if err != nil {
		return r, err
	}
	scope, err := s.Units.Scope(ctx, q, actor, permRobots, "")
	if err != nil {
		return r, err
	}
	above, err := s.Units.Ancestors(ctx, q, actor.BrandID, []id.ID{r.UnitID}, clock.Forever)
	if err == nil && !scope.Allows(above[r.UnitID]) {
		err = errRobotGone()
	}
	return r, err
}

// EditRobot changes a robot. Errors: those of AddRobot, "notify.robot_gone".
func (s *Service) EditRobot(ctx context.Context, actor authz.Actor, robot id.ID, d RobotDraft) error {
	if err := s.checkRobot(ctx, &d); err != nil {
		return err
	}
	r, err := s.reachRobot(ctx, s.DB, actor, robot)
	if err != nil {
		return err
	}
	before := r.trail()
	if err := s.fill(ctx, actor, &r, d); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := updateRobot(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "notify.robot_edited", UnitID: r.UnitID, Kind: "notify_robot", Object: r.ID, Name: r.Name, Before: before, After: r.trail(),
		})
	})
}

// RemoveRobot forgets a robot and its address; what waits for it is skipped. Errors: "notify.robot_gone".
func (s *Service) RemoveRobot(ctx context.Context, actor authz.Actor, robot id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.reachRobot(ctx, tx, actor, robot)
		if err != nil {
			return err
		}
		if err := deleteRobot(ctx, tx, actor.BrandID, robot); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "notify.robot_removed", UnitID: r.UnitID, Kind: "notify_robot", Object: r.ID, Name: r.Name, Before: r.trail(),
		})
	})
}

// TestRobot sends a test message at once. The error is a *connect.Fault, or an errs one: "notify.robot_gone".
func (s *Service) TestRobot(ctx context.Context, actor authz.Actor, robotID id.ID) error {
	r, err := s.reachRobot(ctx, s.DB, actor, robotID)
	if err != nil {
		return err
	}
	to, err := s.openRobot(actor.BrandID, r)
	if err != nil {
		return err
	}
	told := s.sample(i18n.Match(r.Lang), s.now())
	return s.tested(ctx, actor, "robot", r.ID, s.robots.Send(ctx, to, robot.Message{Title: told.Title, Lines: []string{told.Body}}))
}
