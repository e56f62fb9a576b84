package hit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Part is a part of a PCTI teardown with its fields, in order.
type Part struct {
	Key    string   `json:"key" enum:"preliminary,content,technical,interaction"`
	Fields []string `json:"fields"`
}

// Parts are the parts of a teardown: preliminary, content, technical, interaction.
func Parts() []Part {
	return []Part{
		{"preliminary", []string{"post", "time", "platform", "account", "followers"}},
		{"content", []string{
			"title_words", "title_rhetoric", "cover_picture", "cover_type", "cover_focus", "opening", "middle", "ending", "creative", "emotion", "usefulness",
		}},
		{"technical", []string{"shooting", "scenes", "editing", "effects", "music", "colour", "composition"}},
		{"interaction", []string{"question", "vote", "share_incentive"}},
	}
}

func fieldNames() []string {
	var out []string
	for _, p := range Parts() {
		out = append(out, p.Fields...)
	}
	return out
}

// Fields are what a teardown says, by field.
type Fields map[string]string

const maxField = 2000

func (f Fields) check() error {
	bad := errs.Bad()
	for k, v := range f {
		if !slices.Contains(fieldNames(), k) {
			bad.Field("fields."+k, "hit.field_unknown")
		}
		if v = strings.TrimSpace(v); v == "" {
			delete(f, k)
			continue
		}
		f[k] = v
		if utf8.RuneCountInString(v) > maxField {
			bad.Field("fields."+k, "hit.long", "max", maxField)
		}
	}
	return bad.OrNil()
}

// Teardown is how a hit was taken apart. Rev 0: nobody has yet, Fields are what the program knows.
type Teardown struct {
	Rev       int
	Fields    Fields
	Known     Fields // what the program knows, for the fields that are empty
	By        string
	UpdatedAt clock.Ms
}

type teardownRow struct {
	Rev       int      `db:"rev"`
	Fields    string   `db:"fields"`
	By        string   `db:"by_name"`
	UpdatedAt clock.Ms `db:"updated_ms"`
}

func (r teardownRow) fields() (Fields, error) {
	f := Fields{}
	return f, json.Unmarshal([]byte(r.Fields), &f)
}

func getTeardown(ctx context.Context, q db.Querier, brand, hit id.ID) (teardownRow, error) {
	r, err := db.One[teardownRow](ctx, q, `SELECT rev, fields, by_name, updated_ms FROM hit_teardown WHERE brand_id = $1 AND hit_id = $2`, brand, hit)
	if db.NoRows(err) {
		return teardownRow{Fields: "{}"}, nil
	}
	return r, err
}

// Teardown gives how a hit was taken apart, with what is known of it filled in where nobody wrote. say words the room's slugs
// in the reader's language. Errors: hit.gone.
func (s *Service) Teardown(ctx context.Context, actor authz.Actor, hit id.ID, say Say) (Teardown, error) {
	d, err := s.Get(ctx, actor, hit)
	if err != nil {
		return Teardown{}, err
	}
	r, err := getTeardown(ctx, s.DB, actor.BrandID, hit)
	if err != nil {
		return Teardown{}, err
	}
	words, err := s.Accounts.BrandWords(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Teardown{}, err
	}
	out := Teardown{Rev: r.Rev, By: r.By, UpdatedAt: r.UpdatedAt, Known: prefill(&d, words, say)}
	if out.Fields, err = r.fields(); err != nil {
		return out, err
	}
	if r.Rev == 0 {
		out.Fields = out.Known
	}
	return out, nil
}

// SaveTeardown keeps a teardown over the version rev that its writer read. When somebody saved in between, nothing is
// written and the error names who and which fields. Errors: hit.gone, hit.teardown_changed, the fields.
func (s *Service) SaveTeardown(ctx context.Context, actor authz.Actor, hit id.ID, rev int, f Fields) (int, error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	row, err := s.visible(ctx, s.DB, actor, permWrite, hit)
	if err != nil {
		return 0, err
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	next := rev + 1
	return next, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockHit(ctx, tx, actor.BrandID, hit); err != nil {
			return err
		}
		was, err := getTeardown(ctx, tx, actor.BrandID, hit)
		if err != nil {
			return err
		}
		before, err := was.fields()
		if err != nil {
			return err
		}
		if was.Rev != rev {
			return errs.New(errs.Conflict, "hit.teardown_changed", "by", was.By, "rev", was.Rev)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hit_teardown (brand_id, hit_id, rev, fields, by_name, updated_ms) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (brand_id, hit_id) DO UPDATE SET rev = excluded.rev, fields = excluded.fields, by_name = excluded.by_name, updated_ms = excluded.updated_ms`,
			actor.BrandID, hit, next, string(raw), actor.Name, s.now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hit_teardown_version (brand_id, hit_id, rev, fields, by_name, made_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
			actor.BrandID, hit, next, string(raw), actor.Name, s.now()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "hit.teardown", UnitID: row.UnitID, Kind: "hit", Object: hit, Name: clip(row.Title, 60), Before: before, After: f})
	})
}

// Edition is one version of a teardown. Changed are the fields that it says otherwise than the one before.
type Edition struct {
	Rev     int
	By      string
	At      clock.Ms
	Fields  Fields
	Changed []string
}

// Editions lists the versions of a teardown, newest first. Errors: hit.gone.
func (s *Service) Editions(ctx context.Context, actor authz.Actor, hit id.ID) ([]Edition, error) {
	if _, err := s.visible(ctx, s.DB, actor, permRead, hit); err != nil {
		return nil, err
	}
	rows, err := db.All[teardownRow](ctx, s.DB, `SELECT rev, fields, by_name, made_ms AS updated_ms FROM hit_teardown_version WHERE brand_id = $1 AND hit_id = $2 ORDER BY rev`, actor.BrandID, hit)
	if err != nil {
		return nil, err
	}
	out := make([]Edition, len(rows))
	before := Fields{}
	for i, r := range rows {
		f, err := r.fields()
		if err != nil {
			return nil, err
		}
		e := Edition{Rev: r.Rev, By: r.By, At: r.UpdatedAt, Fields: f, Changed: []string{}}
		for _, name := range fieldNames() {
			if before[name] != f[name] {
				e.Changed = append(e.Changed, name)
			}
		}
		out[len(rows)-1-i], before = e, f
	}
	return out, nil
}
