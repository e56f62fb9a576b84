package library

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Pillar is one of the few things a brand's content is about (内容支柱), with what belongs to it: a post that holds one of the
// hashtags, names a product or holds a word. Where several fit, the most matches win, then the order.
type Pillar struct {
	ID       id.ID
	Name     string
	Color    string // "#rrggbb"
	Active   bool   // else nothing new belongs to it
	Words    []string
	Hashtags []string // without the sign
	Products []id.ID
}

// Pillars are the brand's pillars in order, with how accounts are judged. Version is named by an edit; Left tells that posts
// or accounts are still being sorted by what was changed last.
type Pillars struct {
	Version  int64
	Days     int // the window: the last n days
	Least    int // posts in the window before an account is judged
	List     []Pillar
	Products map[id.ID]string // names of those in the rules
	Left     bool
	MaySet   bool // the reader may change them
}

const (
	maxPillars      = 20
	maxPillarName   = 20
	maxPillarTerms  = 200
	maxPillarTerm   = 40
	defaultDays     = 30
	defaultLeast    = 5
	mostDays        = 180
	mostLeast       = 100
	lockPillarClass = 0x6c706c31 // "lpl1": one writer of a brand's pillar figures at a time
)

var pillarColor = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (p *Pillars) check() error {
	bad := errs.Bad()
	if p.Days < 7 || p.Days > mostDays {
		bad.Field("days", "library.pillar_days", "least", 7, "most", mostDays)
	}
	if p.Least < 1 || p.Least > mostLeast {
		bad.Field("least", "library.pillar_least", "most", mostLeast)
	}
	if len(p.List) > maxPillars {
		bad.Field("items", "library.pillar_many", "max", maxPillars)
	}
	for i := range p.List {
		p.List[i].check(fmt.Sprintf("items[%d].", i), p.List[:i], bad)
	}
	return bad.OrNil()
}

func (p *Pillar) check(path string, before []Pillar, bad *errs.Error) {
	p.Name, p.Color, p.Words = strings.TrimSpace(p.Name), strings.ToLower(strings.TrimSpace(p.Color)), tidy(p.Words)
	for i, h := range p.Hashtags {
		p.Hashtags[i] = strings.Trim(h, "#＃ \t")
	}
	p.Hashtags = tidy(p.Hashtags)
	if n := utf8.RuneCountInString(p.Name); n < 1 || n > maxPillarName {
		bad.Field(path+"name", "library.pillar_name", "max", maxPillarName)
	}
	if slices.ContainsFunc(before, func(o Pillar) bool { return o.Name == p.Name }) {
		bad.Field(path+"name", "library.pillar_twice", "name", p.Name)
	}
	if !pillarColor.MatchString(p.Color) {
		bad.Field(path+"color", "library.pillar_color")
	}
	for field, list := range map[string][]string{"words": p.Words, "hashtags": p.Hashtags} {
		long := slices.ContainsFunc(list, func(x string) bool { return utf8.RuneCountInString(x) > maxPillarTerm })
		if long || len(list) > maxPillarTerms {
			bad.Field(path+field, "library.pillar_terms", "max", maxPillarTerms, "length", maxPillarTerm)
		}
	}
	if slices.Sort(p.Products); len(p.Products) > maxPillarTerms {
		bad.Field(path+"product_ids", "library.pillar_terms", "max", maxPillarTerms, "length", maxPillarTerm)
	}
	p.Products = slices.Compact(p.Products)
}

// Pillars reads the brand's pillars. Needs library.use: KOS see names and colours beside texts.
func (s *Service) Pillars(ctx context.Context, actor authz.Actor) (Pillars, error) {
	list, err := pillarsOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Pillars{}, err
	}
	st, err := s.pillarState(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Pillars{}, err
	}
	out := Pillars{Version: st.Version, Days: st.Days, Least: st.Least, List: list, Products: map[id.ID]string{}, Left: st.Version > 0 && !st.done(s.today())}
	if out.MaySet, err = s.whole(ctx, s.DB, actor, permPillars); err != nil {
		return out, err
	}
	var products []id.ID
	for _, p := range list {
		products = append(products, p.Products...)
	}
	if len(products) > 0 && s.Products != nil {
		slices.Sort(products)
		out.Products, err = s.Products.Names(ctx, s.DB, actor.BrandID, slices.Compact(products))
	}
	return out, err
}

// SetPillars puts the brand's pillars: new ones have no id; those that are left out are put out of use. Version is the one that
// was read. Every post is sorted anew by a job, what was sorted by hand stays. Needs library.pillars on the whole brand.
// Errors: library.whole_brand, base.changed_meanwhile, library.pillar_unknown, the fields.
func (s *Service) SetPillars(ctx context.Context, actor authz.Actor, set Pillars) error {
	all, err := s.whole(ctx, s.DB, actor, permPillars)
	if err != nil {
		return err
	}
	if !all {
		return errs.New(errs.Forbidden, "library.whole_brand")
	}
	if err := set.check(); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.setPillars(ctx, tx, actor, set) })
}

func (s *Service) setPillars(ctx context.Context, tx *db.Tx, actor authz.Actor, set Pillars) error {
	if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
		return err
	}
	st, err := s.pillarState(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	if st.Version != set.Version {
		return errs.New(errs.Precondition, "base.changed_meanwhile")
	}
	have, err := pillarsOf(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	for i := range set.List {
		p := &set.List[i]
		if p.ID == 0 {
			p.ID = s.IDs.New()
		} else if !slices.ContainsFunc(have, func(o Pillar) bool { return o.ID == p.ID }) {
			return errs.Bad().Field(fmt.Sprintf("items[%d].id", i), "library.pillar_unknown")
		}
	}
	list := set.List
	for _, o := range have {
		if !slices.ContainsFunc(list, func(p Pillar) bool { return p.ID == o.ID }) {
			if slices.ContainsFunc(list, func(p Pillar) bool { return p.Name == o.Name }) {
				return errs.Bad().Field("items", "library.pillar_twice", "name", o.Name)
			}
			o.Active = false
			list = append(list, o)
		}
	}
	if err := putPillars(ctx, tx, actor.BrandID, list, s.now()); err != nil {
		return err
	}
	st.Version, st.Days, st.Least, st.WalkedPost = st.Version+1, set.Days, set.Least, 0
	if err := putPillarState(ctx, tx, actor.BrandID, st, s.now()); err != nil {
		return err
	}
	err = s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "library.pillars_set", Kind: "pillars", Before: pillarNames(have), After: map[string]any{"pillars": pillarNames(list), "days": set.Days, "least": set.Least},
	})
	if err != nil {
		return err
	}
	return s.Jobs.Insert(ctx, tx, pillarJob{actor.BrandID})
}

// pillarNames are the pillars as the trail tells them.
func pillarNames(list []Pillar) []string {
	out := make([]string, 0, len(list))
	for _, p := range list {
		if p.Active {
			out = append(out, p.Name)
		}
	}
	return out
}

// pillarJob sorts what is not sorted by the newest rules and counts what is not counted.
type pillarJob struct {
	BrandID id.ID `json:"brand_id"`
}

// Kind names the job.
func (pillarJob) Kind() string { return "library.pillars" }

// lockPillars keeps other writers of a brand's pillars out until the transaction ends: what is read of posts, rules and
// targets then is what is written by. Writers are jobs and a few people, and every transaction is short.
func lockPillars(ctx context.Context, tx *db.Tx, brand id.ID) error {
	return db.LockKeys(ctx, tx, lockPillarClass, []int32{int32(uint32(brand) ^ uint32(brand>>32))}) // a hash: any 32 bits will do
}
