package library

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/rewrite"
)

// Settings are the brand's: the endpoint that may say personal texts in other words. It is off by default.
type Settings struct {
	Enabled     bool   `json:"enabled"`
	URL         string `json:"url"`
	Model       string `json:"model"`
	Instruction string `json:"instruction"`
	HasKey      bool   `json:"-"`
}

type settingRow struct {
	Body   string `db:"body"`
	Sealed []byte `db:"key_sealed"`
}

// keyPlace binds a sealed key to its brand and column.
func keyPlace(brand id.ID) string { return brand.String() + "|library_setting|key_sealed|1" }

// settings reads a brand's settings and the key in the clear.
func (s *Service) settings(ctx context.Context, brand id.ID) (Settings, string, error) {
	row, err := db.One[settingRow](ctx, s.DB, `SELECT body, key_sealed FROM library_setting WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return Settings{}, "", nil
	}
	if err != nil {
		return Settings{}, "", err
	}
	var out Settings
	if err := json.Unmarshal([]byte(row.Body), &out); err != nil {
		return out, "", fmt.Errorf("library: settings: %w", err)
	}
	if len(row.Sealed) == 0 {
		return out, "", nil
	}
	key, err := s.Box.Open(keyPlace(brand), row.Sealed)
	out.HasKey = err == nil
	return out, string(key), err
}

// Settings gives the settings without the key.
func (s *Service) Settings(ctx context.Context, actor authz.Actor) (Settings, error) {
	out, _, err := s.settings(ctx, actor.BrandID)
	return out, err
}

// SetSettings changes the settings. key nil keeps the key, "" removes it. Needs library.settings on the whole brand. Errors:
// library.whole_brand, the fields url, model, instruction, key.
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, set Settings, key *string) error {
	all, err := s.whole(ctx, s.DB, actor, permSettings)
	if err != nil {
		return err
	}
	if !all {
		return errs.New(errs.Forbidden, "library.whole_brand")
	}
	if err := s.checkSettings(ctx, actor.BrandID, &set, key); err != nil {
		return err
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	var sealed any
	if key != nil && *key != "" {
		if sealed, err = s.Box.Seal(keyPlace(actor.BrandID), []byte(*key)); err != nil {
			return err
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO library_setting (brand_id, body, key_sealed, updated_ms) VALUES ($1, $2, $3, $4)
			ON CONFLICT (brand_id) DO UPDATE SET body = excluded.body, updated_ms = excluded.updated_ms`, actor.BrandID, string(raw), sealed, s.now())
		if err == nil && key != nil {
			_, err = tx.Exec(ctx, `UPDATE library_setting SET key_sealed = $1 WHERE brand_id = $2`, sealed, actor.BrandID)
		}
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "library.settings", Kind: "setting", After: map[string]any{"enabled": set.Enabled, "url": set.URL, "model": set.Model, "key_changed": key != nil},
		})
	})
}

// checkSettings makes settings fit to be kept or tried. A key that is kept stays with the host it was given for: whoever names
// another one must know the key.
func (s *Service) checkSettings(ctx context.Context, brand id.ID, set *Settings, key *string) error {
	set.URL, set.Model, set.Instruction = strings.TrimSpace(set.URL), strings.TrimSpace(set.Model), strings.TrimSpace(set.Instruction)
	bad := errs.Bad()
	if (set.URL != "" || set.Enabled) && (rewrite.Endpoint{URL: set.URL, Private: s.PrivateEndpoint}).Check() != nil {
		bad.Field("url", "library.endpoint_url")
	}
	if set.Enabled && set.Model == "" {
		bad.Field("model", "library.endpoint_model")
	}
	if utf8.RuneCountInString(set.Instruction) > 2000 {
		bad.Field("instruction", "library.note_long", "max", 2000)
	}
	if key == nil {
		old, kept, err := s.settings(ctx, brand)
		if err != nil {
			return err
		}
		if kept != "" && hostOf(old.URL) != hostOf(set.URL) {
			bad.Field("key", "library.endpoint_key_again")
		}
	}
	return bad.OrNil()
}

// hostOf is where an address leads to, with its scheme.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// rewritten asks the brand's rewriting endpoint for a freer text. Without one, or when the answer loses a number, breaks a
// rule, or is too long, the own text stands: false.
func (s *Service) rewritten(ctx context.Context, brand id.ID, row *itemRow, me Recipient, own Text) (Text, bool) {
	set, key, err := s.settings(ctx, brand)
	if err != nil || !set.Enabled {
		return own, false
	}
	e := rewrite.Endpoint{URL: set.URL, Model: set.Model, Key: key, Private: s.PrivateEndpoint}
	got, err := e.Ask(ctx, set.Instruction, rewrite.Text{Title: own.Title, Body: own.Body})
	if err != nil || !keepsNumbers(own.Title+"\n"+own.Body, got.Title+"\n"+got.Body) {
		return own, false
	}
	day := int32(s.today())
	if (own.Title == "") != (got.Title == "") || s.limits.Over(me.Platform, "title", got.Title, day) > 0 || s.limits.Over(me.Platform, "body", got.Body, day) > 0 {
		return own, false
	}
	v, err := s.Rules.Check(ctx, brand, published([]string{got.Title, got.Body}), Where{Platform: me.Platform, Kind: row.Kind.kindAt()})
	if err != nil || !allowed(v.Grade, row.Accepted) {
		return own, false
	}
	return Text{Title: got.Title, Body: got.Body}, true
}

// keepsNumbers tells whether a text has exactly the numbers of another: prices, days, phones must neither change nor be
// invented.
func keepsNumbers(own, got string) bool {
	number := regexp.MustCompile(`\d[\d.,]*`)
	a, b := number.FindAllString(own, -1), number.FindAllString(got, -1)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
