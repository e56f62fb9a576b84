package library

import (
	"context"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Folder keeps items of one unit together. ParentID 0 is the top.
type Folder struct {
	ID       id.ID  `db:"id"`
	UnitID   id.ID  `db:"unit_id"`
	ParentID id.ID  `db:"parent_id"`
	Name     string `db:"name"`
}

const (
	maxFolders = 2000 // of a brand, as one list
	maxDepth   = 5
)

func getFolder(ctx context.Context, q db.Querier, brand, folder id.ID) (Folder, error) {
	return db.One[Folder](ctx, q, `SELECT id, unit_id, parent_id, name FROM library_folder WHERE brand_id = $1 AND id = $2`, brand, folder)
}

// Folders lists the folders of the units within reach and above, by name.
func (s *Service) Folders(ctx context.Context, actor authz.Actor) ([]Folder, error) {
	r, err := s.reach(ctx, s.DB, actor, "")
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	w := r.scope.Where("f.unit_id", a)
	if len(r.above) > 0 {
		w = "(" + w + " OR f.unit_id IN " + db.In(a, r.above) + ")"
	}
	return db.All[Folder](ctx, s.DB, `SELECT f.id, f.unit_id, f.parent_id, f.name FROM library_folder f WHERE f.brand_id = `+a.Add(actor.BrandID)+` AND `+w+
		` ORDER BY f.name_key, f.id LIMIT `+a.Add(maxFolders), a.Values...)
}

// AddFolder makes a folder of a unit (below a parent of the same unit, or at the top). Errors: the field name,
// library.folder_gone, library.folder_twice, library.folder_deep, those of Scope.
func (s *Service) AddFolder(ctx context.Context, actor authz.Actor, unit string, parent id.ID, name string) (Folder, error) {
	name, err := folderName(name)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{ID: s.IDs.New(), ParentID: parent, Name: name}
	if parent == 0 {
		if f.UnitID, err = s.unitFor(ctx, actor, unit); err != nil {
			return f, err
		}
	} else {
		if f.UnitID, err = s.parentUnit(ctx, actor, parent); err != nil {
			return f, err
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO library_folder (brand_id, id, unit_id, parent_id, name, name_key, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			actor.BrandID, f.ID, f.UnitID, int64(f.ParentID), f.Name, search.Key(f.Name), s.now())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad().Field("name", "library.folder_twice", "name", name)
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.folder_added", UnitID: f.UnitID, Kind: "folder", Object: f.ID, Name: f.Name})
	})
	return f, err
}

// parentUnit gives the unit of a folder that may take another one, after asking whether the actor may write there.
func (s *Service) parentUnit(ctx context.Context, actor authz.Actor, parent id.ID) (id.ID, error) {
	unit := id.ID(0)
	for depth, at := 1, parent; at != 0; depth++ {
		f, err := getFolder(ctx, s.DB, actor.BrandID, at)
		switch {
		case db.NoRows(err):
			return 0, errs.Bad().Field("parent_id", "library.folder_gone")
		case err != nil:
			return 0, err
		case depth >= maxDepth:
			return 0, errs.Bad().Field("parent_id", "library.folder_deep", "max", maxDepth)
		}
		if unit == 0 {
			unit = f.UnitID
		}
		at = f.ParentID
	}
	return unit, s.may(ctx, s.DB, actor, permWrite, unit)
}

func folderName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 40 {
		return "", errs.Bad().Field("name", "library.folder_name", "max", 40)
	}
	return name, nil
}

// RenameFolder gives a folder another name. Errors: library.folder_gone, library.folder_twice, those of Scope.
func (s *Service) RenameFolder(ctx context.Context, actor authz.Actor, folder id.ID, name string) (Folder, error) {
	name, err := folderName(name)
	if err != nil {
		return Folder{}, err
	}
	f, err := s.ownFolder(ctx, actor, folder)
	if err != nil {
		return f, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE library_folder SET name = $1, name_key = $2 WHERE brand_id = $3 AND id = $4`, name, search.Key(name), actor.BrandID, folder)
		if db.Violation(err) != "" {
			return errs.Bad().Field("name", "library.folder_twice", "name", name)
		}
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "library.folder_renamed", UnitID: f.UnitID, Kind: "folder", Object: folder, Name: name, Before: map[string]any{"name": f.Name}, After: map[string]any{"name": name},
		})
	})
	f.Name = name
	return f, err
}

// RemoveFolder removes an empty folder. Errors: library.folder_gone, library.folder_full, those of Scope.
func (s *Service) RemoveFolder(ctx context.Context, actor authz.Actor, folder id.ID) error {
	f, err := s.ownFolder(ctx, actor, folder)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM library_folder WHERE brand_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM library_folder c WHERE c.brand_id = $1 AND c.parent_id = $2)
			AND NOT EXISTS (SELECT 1 FROM library_item i WHERE i.brand_id = $1 AND i.folder_id = $2)`, actor.BrandID, folder)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Precondition, "library.folder_full", "name", f.Name)
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.folder_removed", UnitID: f.UnitID, Kind: "folder", Object: folder, Name: f.Name})
	})
}

func (s *Service) ownFolder(ctx context.Context, actor authz.Actor, folder id.ID) (Folder, error) {
	f, err := getFolder(ctx, s.DB, actor.BrandID, folder)
	if db.NoRows(err) {
		return f, errs.New(errs.NotFound, "library.folder_gone")
	}
	if err != nil {
		return f, err
	}
	return f, s.may(ctx, s.DB, actor, permWrite, f.UnitID)
}
