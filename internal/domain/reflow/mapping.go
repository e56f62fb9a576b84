package reflow

import (
	"context"
	"encoding/json"
	"errors"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/reflow/layout"
)

// SavedMapping is a user's own reading of a layout.
type SavedMapping struct {
	ID       id.ID
	Version  int
	Updated  clock.Ms
	UserName string
	layout.Mapping
}

type mappingRow struct {
	ID       int64    `db:"id"`
	Name     string   `db:"name"`
	Platform string   `db:"platform"`
	Grain    string   `db:"grain"`
	Columns  string   `db:"columns"`
	Version  int      `db:"version"`
	Updated  clock.Ms `db:"updated_ms"`
	UserName string   `db:"user_name"`
}

const mappingCols = "id, name, platform, grain, columns, version, updated_ms, user_name"

func (r mappingRow) saved() (SavedMapping, error) {
	m := SavedMapping{ID: id.ID(r.ID), Version: r.Version, Updated: r.Updated, UserName: r.UserName}
	m.Name, m.Platform, m.Grain = r.Name, r.Platform, layout.Grain(r.Grain)
	return m, json.Unmarshal([]byte(r.Columns), &m.Columns)
}

// Mappings lists the brand's saved mappings by name.
func (s *Service) Mappings(ctx context.Context, actor authz.Actor) ([]SavedMapping, error) {
	return allMappings(ctx, s.DB, actor.BrandID)
}

func allMappings(ctx context.Context, q db.Querier, brand id.ID) ([]SavedMapping, error) {
	rows, err := db.All[mappingRow](ctx, q, "SELECT "+mappingCols+" FROM reflow_mapping WHERE brand_id = $1 ORDER BY name", brand)
	if err != nil {
		return nil, err
	}
	out := make([]SavedMapping, len(rows))
	for n, r := range rows {
		if out[n], err = r.saved(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// layouts gives the saved mappings to the recogniser.
func (s *Service) layouts(ctx context.Context, q db.Querier, brand id.ID) ([]layout.Mapping, error) {
	saved, err := allMappings(ctx, q, brand)
	if err != nil {
		return nil, err
	}
	out := make([]layout.Mapping, len(saved))
	for n, m := range saved {
		out[n] = m.Mapping
	}
	return out, nil
}

// SaveMapping makes a mapping (id 0) or changes one whose version is still the given one (0 = whatever it is). Errors:
// reflow.mapping_*, reflow.no_mapping, base.changed_meanwhile.
func (s *Service) SaveMapping(ctx context.Context, actor authz.Actor, mapping id.ID, version int, m layout.Mapping) (SavedMapping, error) {
	if m.Platform != "" {
		p, err := account.ParsePlatform(m.Platform)
		if err != nil {
			return SavedMapping{}, err
		}
		m.Platform = string(p)
	}
	if err := m.Validate(); err != nil {
		return SavedMapping{}, err
	}
	cols, err := json.Marshal(m.Columns)
	if err != nil {
		return SavedMapping{}, err
	}
	out := SavedMapping{ID: mapping, Version: version + 1, Updated: s.now(), UserName: actor.Name, Mapping: m}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := s.putMapping(ctx, tx, actor, &out, string(cols), version)
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "reflow.mapping", Kind: "mapping", Object: out.ID, Name: m.Name, Before: before, After: m})
	})
	if db.Violation(err) == "uq_reflow_mapping__name" {
		return out, errs.New(errs.Conflict, "reflow.mapping_name_taken", "mapping", m.Name).Field("name", "reflow.mapping_name_taken", "mapping", m.Name)
	}
	return out, err
}

func (s *Service) putMapping(ctx context.Context, tx *db.Tx, actor authz.Actor, m *SavedMapping, cols string, version int) (before any, err error) {
	if m.ID == 0 {
		m.ID, m.Version = s.IDs.New(), 1
		_, err = tx.Exec(ctx, `INSERT INTO reflow_mapping (brand_id, `+mappingCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			actor.BrandID, int64(m.ID), m.Name, m.Platform, string(m.Grain), cols, m.Version, m.Updated, m.UserName)
		return nil, err
	}
	old, err := oneMapping(ctx, tx, actor.BrandID, m.ID)
	if err != nil {
		return nil, err
	}
	if version != 0 && old.Version != version {
		return nil, errs.New(errs.Precondition, "base.changed_meanwhile")
	}
	m.Version = old.Version + 1
	_, err = tx.Exec(ctx, `UPDATE reflow_mapping SET name = $1, platform = $2, grain = $3, columns = $4, version = $5, updated_ms = $6, user_name = $7
		WHERE brand_id = $8 AND id = $9`, m.Name, m.Platform, string(m.Grain), cols, m.Version, m.Updated, m.UserName, actor.BrandID, int64(m.ID))
	return old.Mapping, err
}

func oneMapping(ctx context.Context, q db.Querier, brand, mapping id.ID) (SavedMapping, error) {
	r, err := db.One[mappingRow](ctx, q, "SELECT "+mappingCols+" FROM reflow_mapping WHERE brand_id = $1 AND id = $2", brand, int64(mapping))
	if errors.Is(err, db.ErrNoRows) {
		return SavedMapping{}, errs.New(errs.NotFound, "reflow.no_mapping", "mapping", mapping.String())
	}
	if err != nil {
		return SavedMapping{}, err
	}
	return r.saved()
}

// DeleteMapping forgets a mapping; imports made with it stay.
func (s *Service) DeleteMapping(ctx context.Context, actor authz.Actor, mapping id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := oneMapping(ctx, tx, actor.BrandID, mapping)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM reflow_mapping WHERE brand_id = $1 AND id = $2", actor.BrandID, int64(mapping)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "reflow.mapping_deleted", Kind: "mapping", Object: mapping, Name: old.Name, Before: old.Mapping})
	})
}
