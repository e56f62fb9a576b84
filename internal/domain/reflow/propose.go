package reflow

import (
	"context"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/reflow/layout"
)

// maxProposals bounds how many accounts of one file go into the register.
const maxProposals = 1000

// proposals finds the accounts of a file that nobody registered and whose name or bio holds a word of the brand. A file
// about one given account names no other.
func (s *Service) proposals(ctx context.Context, q db.Querier, brand id.ID, p *prepared, r *resolved, recs []*layout.Record) error {
	if r.given != 0 {
		return nil
	}
	bios := map[layout.Ref]string{}
	for _, rec := range recs {
		for _, ref := range rec.Accounts {
			if _, ok := r.platformOf(ref.Platform); ok && r.found[ref] == 0 && (bios[ref] == "" || rec.Bio != "") {
				bios[ref] = rec.Bio
			}
		}
	}
	if len(bios) == 0 {
		return nil
	}
	words, err := s.Unofficial.BrandWords(ctx, q, brand)
	if err != nil {
		return err
	}
	r.words = map[layout.Ref]string{}
	for ref, bio := range bios {
		if w := words.In(ref.Handle, bio); w != "" {
			r.words[ref] = w
		}
	}
	refs := slices.SortedFunc(maps.Keys(r.words), func(a, b layout.Ref) int { return strings.Compare(refName(a), refName(b)) })
	for _, ref := range refs[:min(len(refs), maxProposals)] {
		platform, _ := r.platformOf(ref.Platform)
		one := account.Sighting{Platform: platform, Text: ref.Handle, ID: ref.ID, Name: ref.Handle, Bio: bios[ref]}
		if one.Text == "" {
			one.Text = ref.ID
		}
		p.sightings = append(p.sightings, one)
	}
	return nil
}

// propose puts what was found into the register; gone through twice it adds nothing.
func (s *Service) propose(ctx context.Context, actor authz.Actor, i *Import, p *prepared) error {
	if len(p.sightings) == 0 {
		return nil
	}
	_, err := s.Unofficial.Propose(ctx, actor, account.Finding{ImportID: i.ID, FileName: i.FileName}, p.sightings)
	return err
}
