package account

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Finding is where accounts were come across that somebody has to look at.
type Finding struct {
	ImportID id.ID
	FileName string
}

// Propose puts accounts that an imported file names into the register, with the file as their origin. What is registered
// or in the register already stays as it is, so an import may be gone through again.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, from Finding, list []Sighting) (Sighted, error) {
	return s.sight(ctx, actor, "found", from, list)
}

// DropProposals takes those proposals of an import away that nobody has touched, when the import is taken back.
func (s *Service) DropProposals(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) error {
	n, err := tx.Exec(ctx, "DELETE FROM account_unofficial WHERE brand_id = $1 AND import_id = $2 AND state = 'found' AND rev = 1", actor.BrandID, importID)
	if err != nil || n == 0 {
		return err
	}
	return s.audited(ctx, tx, actor, audit.Entry{Action: "account.drop_proposals", Counts: map[string]int64{"removed": n}})
}

// sight writes sightings; see Sight and Propose.
func (s *Service) sight(ctx context.Context, actor authz.Actor, source string, from Finding, list []Sighting) (Sighted, error) {
	out := Sighted{Faults: []SightingFault{}}
	fresh := map[string]Unofficial{}
	var keys []string
	for i, in := range list {
		u, slug := readSighting(in)
		if slug != "" {
			out.Faults = append(out.Faults, SightingFault{Line: i + 1, Text: in.Text, Slug: slug})
			continue
		}
		u.BrandID, u.ID, u.Source, u.State, u.Followers, u.SeenDay, u.Rev, u.UpdatedAt = actor.BrandID, s.IDs.New(), source, UFound, unknownFollowers, s.today(actor), 1, s.now()
		u.ImportID, u.Origin = from.ImportID, from.FileName
		key := string(u.Platform) + "|" + u.HandleNorm
		if _, twice := fresh[key]; !twice {
			fresh[key] = u
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		for _, k := range keys {
			if err := addSighting(ctx, tx, fresh[k], &out); err != nil {
				return err
			}
		}
		if out.Added == 0 && from.ImportID != 0 {
			return nil // an import that found nothing new leaves no trace
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.sight", Name: from.FileName, Counts: map[string]int64{"added": int64(out.Added)}})
	})
	return out, err
}

// addSighting puts one account into the register unless it is known by its handle or by the platform's id.
func addSighting(ctx context.Context, tx *db.Tx, u Unofficial, out *Sighted) error {
	own, err := byHandle(ctx, tx, u.BrandID, u.Platform, u.HandleNorm)
	if err != nil {
		return err
	}
	if own != 0 {
		out.Managed++
		return nil
	}
	if u.ExternalID != "" {
		known, err := db.One[int64](ctx, tx, "SELECT COUNT(*) FROM account_unofficial WHERE brand_id = $1 AND platform = $2 AND external_id = $3", u.BrandID, u.Platform, u.ExternalID)
		if err != nil || known > 0 {
			out.Known++
			return err
		}
	}
	n, err := db.Insert(ctx, tx, "account_unofficial", unofficialCols, [][]any{u.values()}, "ON CONFLICT (brand_id, platform, handle_norm) DO NOTHING")
	out.Added += int(n)
	out.Known += 1 - int(n)
	return err
}
