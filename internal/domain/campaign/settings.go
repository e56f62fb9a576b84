package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// Who may approve.
const (
	ApproveOtherIfAny = "other_if_any" // somebody else, unless nobody else could
	ApproveOther      = "other"        // always somebody else
)

// What the guard does about planned texts, and about texts that are handed in.
const (
	GuardOff    = "off"
	GuardWarn   = "warn"   // planned: shown
	GuardBlock  = "block"  // planned: keeps a campaign from being sent out
	GuardLook   = "look"   // handed in: somebody looks
	GuardReject = "reject" // handed in: refused
)

// Threshold is how much alike two texts of one campaign may be. Empty platform, kind or industry mean any.
type Threshold struct {
	Platform string    `json:"platform"`
	Kind     string    `json:"kind"` // fact, or the kind of a post
	Industry string    `json:"industry"`
	Most     float64   `json:"most"` // a score above it is too much; 1 allows everything
	From     clock.Day `json:"from"`
	Why      string    `json:"why"`
}

// place is what a threshold is for.
func (t Threshold) place() [3]string { return [3]string{t.Platform, t.Kind, t.Industry} }

// Settings are the brand's own choices for campaigns. Thresholds and Limits stand in place of what comes with the program.
type Settings struct {
	Approval   string      `json:"approval"`
	Planned    string      `json:"planned"`
	Submitted  string      `json:"submitted"`
	Thresholds []Threshold `json:"thresholds"`
	Limits     []Limit     `json:"limits"`
	Rev        int         `json:"-"`
	At         clock.Ms    `json:"-"`
	By         string      `json:"-"`
}

func defaultSettings() Settings {
	return Settings{Approval: ApproveOtherIfAny, Planned: GuardWarn, Submitted: GuardLook}
}

type settingRow struct {
	Body string   `db:"body"`
	Rev  int      `db:"rev"`
	At   clock.Ms `db:"updated_at"`
	By   string   `db:"updated_by_name"`
}

// settingsOf reads what a brand set; what it did not set is the program's.
func settingsOf(ctx context.Context, q db.Querier, brand id.ID) (Settings, error) {
	out := defaultSettings()
	r, err := db.One[settingRow](ctx, q, `SELECT body, rev, updated_at, updated_by_name FROM campaign_setting WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(r.Body), &out); err != nil {
		return out, fmt.Errorf("campaign: settings: %w", err)
	}
	out.Rev, out.At, out.By = r.Rev, r.At, r.By
	return out, nil
}

// Settings gives the brand's choices, and the tables they stand in place of.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, Measures, error) {
	set, err := settingsOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return set, Measures{}, err
	}
	m, err := s.Same.Measures(ctx, actor.BrandID)
	return set, m, err
}

// SetSettings changes them; ifMatch is the ETag of what was read. It needs campaign.settings over the whole brand. Errors:
// campaign.whole_brand, base.changed_meanwhile, the fields.
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, ifMatch string, set Settings) error {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permSettings, "")
	if err != nil {
		return err
	}
	if !scope.All {
		return errs.New(errs.Forbidden, "campaign.whole_brand")
	}
	if err := set.check(s.today(actor)); err != nil {
		return err
	}
	body, err := json.Marshal(&set)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// The row is there before it is read, so that two who save at once meet on it.
		_, err := tx.Exec(ctx, `INSERT INTO campaign_setting (brand_id, body, rev, updated_at, updated_by_name) VALUES ($1, '{}', 0, $2, '') ON CONFLICT (brand_id) DO NOTHING`, actor.BrandID, s.now())
		if err != nil {
			return err
		}
		rev, err := db.One[int](ctx, tx, `UPDATE campaign_setting SET rev = rev WHERE brand_id = $1 RETURNING rev`, actor.BrandID)
		if err != nil {
			return err
		}
		if err := web.CheckMatch(ifMatch, web.ETag(revTag(rev))); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE campaign_setting SET body = $1, rev = rev + 1, updated_at = $2, updated_by_name = $3 WHERE brand_id = $4`, string(body), s.now(), actor.Name, actor.BrandID)
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "campaign.settings", Kind: "setting", After: set})
	})
}

const (
	maxRows   = 100
	maxReason = 200
	leastMost = 0.5 // scores below it say nothing, see library/same
)

// check makes settings fit to be kept, or says what is wrong by field.
func (x *Settings) check(today clock.Day) error {
	bad := errs.Bad()
	if x.Approval != ApproveOtherIfAny && x.Approval != ApproveOther {
		bad.Field("approval", "campaign.setting_choice")
	}
	if !slices.Contains([]string{GuardOff, GuardWarn, GuardBlock}, x.Planned) {
		bad.Field("planned", "campaign.setting_choice")
	}
	if !slices.Contains([]string{GuardOff, GuardLook, GuardReject}, x.Submitted) {
		bad.Field("submitted", "campaign.setting_choice")
	}
	x.checkThresholds(today, bad)
	x.checkLimits(today, bad)
	return bad.OrNil()
}

func (x *Settings) checkThresholds(today clock.Day, bad *errs.Error) {
	x.Thresholds = full(x.Thresholds)
	if len(x.Thresholds) > maxRows {
		bad.Field("thresholds", "campaign.setting_many", "max", maxRows)
	}
	for i := range x.Thresholds {
		t, path := &x.Thresholds[i], fmt.Sprintf("thresholds[%d]", i)
		t.Platform, t.Kind, t.Industry, t.Why = strings.TrimSpace(t.Platform), strings.TrimSpace(t.Kind), strings.TrimSpace(t.Industry), strings.TrimSpace(t.Why)
		t.From = cmp.Or(t.From, today)
		if t.Most < leastMost || t.Most > 1 {
			bad.Field(path+".most", "campaign.setting_most")
		}
		if t.Why == "" || utf8.RuneCountInString(t.Why) > maxReason {
			bad.Field(path+".why", "campaign.setting_why", "max", maxReason)
		}
		if slices.ContainsFunc(x.Thresholds[:i], func(o Threshold) bool { return o.place() == t.place() && o.From == t.From }) {
			bad.Field(path+".from", "campaign.setting_double")
		}
	}
}

func (x *Settings) checkLimits(today clock.Day, bad *errs.Error) {
	x.Limits = full(x.Limits)
	if len(x.Limits) > maxRows {
		bad.Field("limits", "campaign.setting_many", "max", maxRows)
	}
	for i := range x.Limits {
		l, path := &x.Limits[i], fmt.Sprintf("limits[%d]", i)
		l.Source = strings.TrimSpace(l.Source)
		l.From = cmp.Or(l.From, today)
		if !slices.ContainsFunc(Limits(), func(o Limit) bool { return o.Platform == l.Platform }) {
			bad.Field(path+".platform", "campaign.setting_platform")
		}
		if l.PerHour < 1 || l.PerHour > 1_000_000 {
			bad.Field(path+".per_hour", "campaign.setting_per_hour")
		}
		if l.PerDay < 1 || l.PerDay > 1000 {
			bad.Field(path+".per_day", "campaign.setting_per_day")
		}
		if l.Source == "" || utf8.RuneCountInString(l.Source) > maxReason {
			bad.Field(path+".source", "campaign.setting_source", "max", maxReason)
		}
		if !slices.Contains(Confidences(), l.Confidence) {
			bad.Field(path+".confidence", "campaign.setting_choice")
		}
		if slices.ContainsFunc(x.Limits[:i], func(o Limit) bool { return o.Platform == l.Platform && o.From == l.From }) {
			bad.Field(path+".from", "campaign.setting_double")
		}
	}
}
