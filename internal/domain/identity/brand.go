package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// NewBrand is a brand and its first administrator. An administrator whose login exists already keeps the password.
type NewBrand struct {
	Slug, Name           string
	AdminName            string // the login's when empty
	AdminLogin, Password string
}

// NeedsSetup tells whether the store has no brand yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	any, err := anyBrand(ctx, s.DB)
	return !any, err
}

// CreateBrand makes a brand, its top unit and its administrator in one transaction. For the operator of the program
// only (command line): it asks nobody.
// Errors: identity.brand_exists, identity.slug_format, identity.login_format, identity.password_….
func (s *Service) CreateBrand(ctx context.Context, in NewBrand) (Brand, error) {
	b, _, err := s.createBrand(ctx, in, false)
	return b, err
}

// SetupCode is what the set-up page asks of somebody who does not sit at the machine itself: whoever finds an empty store
// on the network must not become its administrator. The program prints it as long as there is no brand; it follows from
// the master key, so every process of a store prints and takes the same one.
func (s *Service) SetupCode() string {
	code := strings.ToLower(base32.StdEncoding.EncodeToString(s.Box.Index(0, "identity.setup", "code")))[:10]
	return code[:5] + "-" + code[5:]
}

// Setup makes the first brand of a store and signs its administrator in. Two at once make one brand. code is SetupCode, or
// anything from the machine itself.
// Errors: identity.already_set_up, identity.setup_code, identity.too_many_tries and those of CreateBrand.
func (s *Service) Setup(ctx context.Context, in NewBrand, code string, from Visitor) (SignedIn, error) {
	needed, err := s.NeedsSetup(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	if !needed {
		return SignedIn{}, errs.New(errs.Conflict, "identity.already_set_up")
	}
	if err := s.checkSetupCode(ctx, code, from); err != nil {
		return SignedIn{}, err
	}
	b, u, err := s.createBrand(ctx, in, true)
	if err != nil {
		return SignedIn{}, err
	}
	return s.signIn(ctx, b.ID, u.ID, from)
}

func (s *Service) checkSetupCode(ctx context.Context, code string, from Visitor) error {
	if from.Local {
		return nil
	}
	k := throttleKeys("setup|"+from.Address, from.Address)
	if err := s.admit(ctx, k); err != nil {
		return err
	}
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "-", "") }
	if subtle.ConstantTimeCompare([]byte(plain(code)), []byte(plain(s.SetupCode()))) == 1 {
		return nil
	}
	if err := s.failed(ctx, k); err != nil {
		return err
	}
	return errs.Bad().Field("code", "identity.setup_code")
}

func (s *Service) createBrand(ctx context.Context, in NewBrand, first bool) (Brand, User, error) {
	bad := errs.Bad()
	in.Slug, in.Name = strings.TrimSpace(in.Slug), strings.TrimSpace(in.Name)
	checkBrand(bad, in.Slug, in.Name)
	h, ok := parseHandle(in.AdminLogin)
	if !ok {
		bad.Field("login", "identity.login_format")
	}
	checkPassword(bad, "password", in.Password, h)
	if err := bad.OrNil(); err != nil {
		return Brand{}, User{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return Brand{}, User{}, err
	}
	b := Brand{ID: s.IDs.New(), Slug: in.Slug, Name: in.Name, Zone: "Asia/Shanghai", Created: s.now()}
	var u User
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if first {
			if mine, err := claimFirstBrand(ctx, tx); err != nil || !mine {
				return orConflict(err, "identity.already_set_up")
			}
		}
		if made, err := insertBrand(ctx, tx, b); err != nil || !made {
			return orConflict(err, "identity.brand_exists")
		}
		if _, err := s.Tree.EnsureRoot(ctx, tx, b.ID, b.Name); err != nil {
			return err
		}
		system := authz.SystemActor(b.ID, zoneOf(b.Zone))
		u, err = s.addUser(ctx, tx, system, newUser{handle: h, hash: hash, name: in.AdminName, grants: []authz.Grant{{Role: authz.BrandAdmin}}})
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, system, audit.Entry{Action: "identity.create_brand", Kind: "brand", Object: b.ID, Name: b.Name})
	})
	return b, u, err
}

func orConflict(err error, slug string) error {
	if err != nil {
		return err
	}
	return errs.New(errs.Conflict, slug)
}

// Brands lists every brand of the store, for the command line.
func (s *Service) Brands(ctx context.Context) ([]Brand, error) {
	return db.All[Brand](ctx, s.DB, `SELECT `+brandCols+` FROM identity_brand ORDER BY id`)
}

// BrandBySlug finds a brand. Errors: identity.brand_unknown.
func (s *Service) BrandBySlug(ctx context.Context, slug string) (Brand, error) {
	b, err := brandBySlug(ctx, s.DB, slug)
	if db.NoRows(err) {
		return b, errs.New(errs.NotFound, "identity.brand_unknown", "slug", slug)
	}
	return b, err
}

// System is the actor for the program's own work within a brand (command line, jobs).
func (s *Service) System(ctx context.Context, brand id.ID) (authz.Actor, error) {
	b, err := brandByID(ctx, s.DB, brand)
	if db.NoRows(err) {
		return authz.Actor{}, errs.New(errs.NotFound, "identity.brand_unknown", "slug", brand.String())
	}
	return authz.SystemActor(b.ID, zoneOf(b.Zone)), err
}

// RenameBrand changes the brand's name. Errors: base.required, base.too_long.
func (s *Service) RenameBrand(ctx context.Context, actor authz.Actor, name string) (Brand, error) {
	bad := errs.Bad()
	name = strings.TrimSpace(name)
	checkName(bad, "name", name)
	if err := bad.OrNil(); err != nil {
		return Brand{}, err
	}
	var b Brand
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		was, err := brandByID(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		b = was
		b.Name = name
		if _, err := tx.Exec(ctx, `UPDATE identity_brand SET name = $1 WHERE id = $2`, name, actor.BrandID); err != nil {
			return err
		}
		if err := s.Tree.RenameRoot(ctx, tx, actor.BrandID, name); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "identity.rename_brand", Kind: "brand", Object: b.ID, Name: name,
			Before: map[string]string{"name": was.Name}, After: map[string]string{"name": name},
		})
	})
	return b, err
}
