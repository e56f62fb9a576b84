package reflow

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/reflow/layout"
)

// resolved knows the accounts a file speaks of.
type resolved struct {
	given    id.ID // the account from the dialog
	alone    bool  // the file names one account only, and the dialog said which
	found    map[layout.Ref]id.ID
	outside  map[id.ID]bool
	platform map[string]account.Platform // words of the file
	fallback account.Platform
	words    map[layout.Ref]string // of unknown accounts: the brand's word that they hold
}

// maxShownRefs is how many of a file's accounts the preview lists.
const maxShownRefs = 200

// resolve finds the accounts named in the file. The dialog's account stands for rows that name none, and for a file
// that names a single one by a word the registry does not know. Errors: reflow.account_mismatch.
func (s *Service) resolve(ctx context.Context, q db.Querier, actor authz.Actor, p *prepared, recs []*layout.Record, set settings) (*resolved, error) {
	r := &resolved{given: set.Account.ID, found: map[layout.Ref]id.ID{}, outside: map[id.ID]bool{}, platform: map[string]account.Platform{}, fallback: set.Platform}
	if set.Account.ID != 0 {
		r.fallback = set.Account.Platform
	} else if p.platform != "" {
		r.fallback = account.Platform(p.platform)
	}
	named, nameless := map[layout.Ref]int{}, 0
	for _, rec := range recs {
		if len(rec.Accounts) == 0 {
			nameless++
		}
		for _, ref := range rec.Accounts {
			named[ref]++
		}
	}
	if nameless > 0 && set.Account.ID == 0 {
		p.need = errs.New(errs.Invalid, "reflow.account_needed")
		return r, nil
	}
	if err := s.lookUp(ctx, q, actor.BrandID, r, named); err != nil {
		return nil, err
	}
	if err := s.proposals(ctx, q, actor.BrandID, p, r, recs); err != nil {
		return nil, err
	}
	p.showRefs(r, named)
	if len(named) == 1 && set.Account.ID != 0 {
		for ref := range named {
			if got := r.found[ref]; got != 0 && got != set.Account.ID {
				return nil, errs.New(errs.Invalid, "reflow.account_mismatch", "file", refName(ref), "given", set.Account.Name)
			}
		}
		r.alone = true
	}
	if needPlatform(named, r) {
		p.need = errs.New(errs.Invalid, "reflow.platform_needed")
		return r, nil
	}
	return r, s.checkScope(ctx, q, actor, r)
}

func needPlatform(named map[layout.Ref]int, r *resolved) bool {
	if r.fallback != "" {
		return false
	}
	for ref := range named {
		if ref.Platform == "" {
			return true
		}
	}
	return false
}

// lookUp asks the registry for every name at once. What a column calls an account may be its handle or its id.
func (s *Service) lookUp(ctx context.Context, q db.Querier, brand id.ID, r *resolved, named map[layout.Ref]int) error {
	refs := make(map[layout.Ref]account.Ref, len(named))
	for ref := range named {
		platform, ok := r.platformOf(ref.Platform)
		if !ok {
			continue
		}
		want := account.Ref{Platform: platform, Handle: ref.Handle, ExternalID: ref.ID}
		if want.Handle == "" {
			want.Handle = ref.ID
		}
		if want.ExternalID == "" {
			want.ExternalID = ref.Handle
		}
		refs[ref] = want
	}
	found, err := s.Accounts.Resolve(ctx, q, brand, slices.Collect(maps.Values(refs)))
	if err != nil {
		return err
	}
	for ref, want := range refs {
		if f, ok := found[want]; ok {
			r.found[ref] = f.ID
		}
	}
	return nil
}

// platformOf understands a platform's word; "" is the fallback.
func (r *resolved) platformOf(word string) (account.Platform, bool) {
	if word == "" {
		return r.fallback, r.fallback != ""
	}
	if p, known := r.platform[word]; known {
		return p, p != ""
	}
	p, err := account.ParsePlatform(word)
	if err != nil {
		p = ""
	}
	r.platform[word] = p
	return p, p != ""
}

func refName(ref layout.Ref) string {
	name := ref.Handle
	if name == "" {
		name = ref.ID
	}
	if ref.Platform == "" {
		return name
	}
	return ref.Platform + ":" + name
}

// shownName is a reference as the pages and the command line write an account: PLATFORM:HANDLE with the platform's slug.
func (r *resolved) shownName(ref layout.Ref) string {
	if p, ok := r.platformOf(ref.Platform); ok {
		ref.Platform = string(p)
	}
	return refName(ref)
}

// showRefs lists the file's accounts for the preview, unknown ones first.
func (p *prepared) showRefs(r *resolved, named map[layout.Ref]int) {
	for ref, n := range named {
		p.understood.Accounts = append(p.understood.Accounts, UnderstoodRef{Name: r.shownName(ref), Rows: n, Known: r.found[ref] != 0, Word: r.words[ref]})
	}
	rank := func(x UnderstoodRef) int {
		switch {
		case x.Known:
			return 2
		case x.Word == "":
			return 1
		}
		return 0
	}
	slices.SortFunc(p.understood.Accounts, func(a, b UnderstoodRef) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a.Name, b.Name))
	})
	p.understood.Accounts = p.understood.Accounts[:min(len(p.understood.Accounts), maxShownRefs)]
}

// checkScope finds the accounts the actor may not bring figures in for.
func (s *Service) checkScope(ctx context.Context, q db.Querier, actor authz.Actor, r *resolved) error {
	if _, all := actor.Roots(PermImport); all {
		return nil
	}
	ids := map[id.ID]bool{}
	for _, a := range r.found {
		ids[a] = true
	}
	if r.given != 0 {
		ids[r.given] = true
	}
	inside, err := s.Accounts.InScope(ctx, q, actor, PermImport, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	for _, a := range inside {
		delete(ids, a)
	}
	r.outside = ids
	return nil
}

// of gives the accounts a record is about, and leaves a fault on it for each that cannot be.
func (r *resolved) of(rec *layout.Record, p *prepared) []id.ID {
	if len(rec.Accounts) == 0 || r.alone {
		if r.outside[r.given] {
			p.blame(rec, "reflow.account_outside", "", false)
			return nil
		}
		return []id.ID{r.given}
	}
	var out []id.ID
	var unknown []layout.Ref
	for _, ref := range rec.Accounts {
		switch a := r.found[ref]; {
		case a == 0:
			unknown = append(unknown, ref)
		case r.outside[a]:
			p.blame(rec, "reflow.account_outside", refName(ref), false)
			return nil
		case !slices.Contains(out, a):
			out = append(out, a)
		}
	}
	for _, ref := range unknown {
		p.blame(rec, r.unknownSlug(ref), refName(ref), len(out) > 0)
	}
	if len(out) > 1 {
		p.blame(rec, "reflow.row_shared", "", true)
	}
	return out
}

func (r *resolved) unknownSlug(ref layout.Ref) string {
	if _, ok := r.platformOf(ref.Platform); !ok {
		return "reflow.platform_unknown"
	}
	return "reflow.account_unknown"
}

func (p *prepared) blame(rec *layout.Record, slug, name string, warn bool) {
	f := layout.Fault{Row: rec.Row, Sheet: rec.Sheet, Slug: slug, Warn: warn}
	if name != "" {
		f.Params = map[string]any{"account": name}
	}
	rec.Faults = append(rec.Faults, f)
}
