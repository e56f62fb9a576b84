package library

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/pillar"
)

// PostText is a live post with what it says.
type PostText struct {
	ID, AccountID, UnitID id.ID
	Text                  string
	URL                   string
	PublishedAt           clock.Ms
}

// Matrix gives the posts of the brand's accounts; the post room provides it.
type Matrix interface {
	// Texts reads the live ones of ≤ 1,000 posts.
	Texts(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) ([]PostText, error)
	// WalkTexts reads ≤ limit live posts above an id, in order of id; none is the end.
	WalkTexts(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]PostText, error)
}

// How a post came to its pillar.
const (
	ByRule = "rule" // by the words of the pillars, or to none
	ByItem = "item" // it was made of an item of the library that has a pillar
	ByHand = "hand" // somebody said so
)

const (
	sortPage  = 2000
	countPage = 1000
)

// rulesOf makes the sorter of a brand's active pillars; products are found by the names people write.
func (s *Service) rulesOf(ctx context.Context, q db.Querier, brand id.ID, list []Pillar) (*pillar.Sorter, error) {
	var products []id.ID
	for _, p := range list {
		products = append(products, p.Products...)
	}
	names := map[id.ID][]string{}
	if len(products) > 0 && s.Products != nil {
		slices.Sort(products)
		var err error
		if names, err = s.Products.Words(ctx, q, brand, slices.Compact(products)); err != nil {
			return nil, err
		}
	}
	var rules []pillar.Rule
	for _, p := range list {
		if !p.Active {
			continue
		}
		r := pillar.Rule{ID: p.ID, Words: p.Words, Hashtags: p.Hashtags}
		for _, x := range p.Products {
			r.Products = append(r.Products, names[x]...)
		}
		rules = append(rules, r)
	}
	return pillar.NewSorter(rules), nil
}

// hearPosts sorts posts that came in, were edited or went away, or whose item became known, and counts their accounts. Heard
// twice it changes nothing.
func (s *Service) hearPosts(ctx context.Context, actor authz.Actor, posts []id.ID) error {
	posts = slices.Clone(posts)
	slices.Sort(posts)
	for part := range slices.Chunk(slices.Compact(posts), countPage) {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
				return err
			}
			st, err := s.pillarState(ctx, tx, actor.BrandID)
			if err != nil || st.Version == 0 {
				return err // no pillars yet: the first rules walk every post
			}
			list, err := pillarsOf(ctx, tx, actor.BrandID)
			if err != nil {
				return err
			}
			sorter, err := s.rulesOf(ctx, tx, actor.BrandID, list)
			if err != nil {
				return err
			}
			texts, err := s.Matrix.Texts(ctx, tx, actor.BrandID, part)
			if err != nil {
				return err
			}
			accounts, err := s.sortPosts(ctx, tx, actor, sorter, part, texts)
			if err != nil {
				return err
			}
			return s.recount(ctx, tx, actor, st, accounts)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sortPosts writes the pillars of posts within a transaction that holds the lock, and gives the accounts they belong to.
// Those without a text are gone: they keep their pillar and count no more.
func (s *Service) sortPosts(ctx context.Context, tx *db.Tx, actor authz.Actor, sorter *pillar.Sorter, posts []id.ID, texts []PostText) ([]id.ID, error) {
	have, err := sortedOf(ctx, tx, actor.BrandID, posts)
	if err != nil {
		return nil, err
	}
	made, err := madeOf(ctx, tx, actor.BrandID, posts)
	if err != nil {
		return nil, err
	}
	var rows []sortedRow
	accounts := make([]id.ID, 0, len(texts))
	for _, p := range texts {
		old, known := have[p.ID]
		delete(have, p.ID)
		r := sortedRow{PostID: p.ID, AccountID: p.AccountID, UnitID: p.UnitID, How: ByRule, Live: true}
		if p.PublishedAt > 0 {
			r.Day = p.PublishedAt.Day(actor.Zone)
		}
		switch {
		case known && old.How == ByHand:
			r.How, r.PillarID = ByHand, old.PillarID
		case made[p.ID] != 0:
			r.How, r.PillarID = ByItem, made[p.ID]
		default:
			r.PillarID = sorter.Of(p.Text)
		}
		if !known || r != old {
			rows = append(rows, r)
			accounts = append(accounts, r.AccountID, old.AccountID)
		}
	}
	for _, old := range have {
		if old.Live {
			old.Live = false
			rows = append(rows, old)
			accounts = append(accounts, old.AccountID)
		}
	}
	slices.Sort(accounts)
	accounts = slices.DeleteFunc(slices.Compact(accounts), func(x id.ID) bool { return x == 0 })
	return accounts, upsertSorted(ctx, tx, actor.BrandID, rows)
}

// SortByHand puts posts into a pillar (0: none) by hand, or gives them back to the rules. Needs library.write on the units of
// all of them. Errors: library.pillar_unknown, library.post_gone.
func (s *Service) SortByHand(ctx context.Context, actor authz.Actor, posts []id.ID, to id.ID, rules bool) error {
	posts = slices.Clone(posts)
	slices.Sort(posts)
	posts = slices.Compact(posts)
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		list, err := pillarsOf(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		name := ""
		if i := slices.IndexFunc(list, func(p Pillar) bool { return p.ID == to && p.Active }); i >= 0 {
			name = list[i].Name
		} else if to != 0 && !rules {
			return errs.Bad().Field("pillar_id", "library.pillar_unknown")
		}
		var a db.Args
		rows, err := db.All[sortedRow](ctx, tx, `SELECT `+sortedColumns+` FROM library_pillar_post p WHERE p.brand_id = `+a.Add(actor.BrandID)+` AND `+
			db.Among(tx, &a, "p.post_id", posts)+` AND p.live AND `+scope.Where("p.unit_id", &a), a.Values...)
		if err != nil {
			return err
		}
		if len(rows) != len(posts) {
			return errs.New(errs.NotFound, "library.post_gone")
		}
		if err := s.sortAs(ctx, tx, actor, rows, to, rules, list); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "library.sorted_by_hand", Kind: "post", Object: posts[0], Counts: map[string]int64{"posts": int64(len(posts))}, After: map[string]any{"pillar": name, "rules": rules},
		})
	})
}

func (s *Service) sortAs(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []sortedRow, to id.ID, rules bool, list []Pillar) error {
	posts, accounts := make([]id.ID, len(rows)), make([]id.ID, 0, len(rows))
	for i := range rows {
		rows[i].PillarID, rows[i].How = to, ByHand
		if rules {
			rows[i].How = ByRule
		}
		posts[i] = rows[i].PostID
		accounts = append(accounts, rows[i].AccountID)
	}
	if err := upsertSorted(ctx, tx, actor.BrandID, rows); err != nil {
		return err
	}
	if rules {
		sorter, err := s.rulesOf(ctx, tx, actor.BrandID, list)
		if err != nil {
			return err
		}
		texts, err := s.Matrix.Texts(ctx, tx, actor.BrandID, posts)
		if err != nil {
			return err
		}
		if _, err := s.sortPosts(ctx, tx, actor, sorter, posts, texts); err != nil {
			return err
		}
	}
	st, err := s.pillarState(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	slices.Sort(accounts)
	return s.recount(ctx, tx, actor, st, slices.Compact(accounts))
}

// catchUp sorts every post by the newest rules and counts every account, page by page: each page is a transaction, and an
// interrupted walk goes on where it stopped. It runs after changes and once a day, when the window moves.
func (s *Service) catchUp(ctx context.Context, actor authz.Actor) error {
	for {
		done := false
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
				return err
			}
			st, err := s.pillarState(ctx, tx, actor.BrandID)
			if err != nil {
				return err
			}
			switch {
			case st.Version == 0 || st.done(s.today()):
				done = true
				return nil
			case st.WalkedVersion != st.Version:
				err = s.walkPosts(ctx, tx, actor, &st)
			default:
				err = s.walkAccounts(ctx, tx, actor, &st)
			}
			if err != nil {
				return err
			}
			return putPillarState(ctx, tx, actor.BrandID, st, s.now())
		})
		if err != nil || done {
			return err
		}
	}
}

// walkPosts sorts the next page of posts.
func (s *Service) walkPosts(ctx context.Context, tx *db.Tx, actor authz.Actor, st *pillarState) error {
	texts, err := s.Matrix.WalkTexts(ctx, tx, actor.BrandID, st.WalkedPost, sortPage)
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		st.WalkedVersion, st.CountedMark, st.CountedAccount = st.Version, "", 0
		return nil
	}
	list, err := pillarsOf(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	sorter, err := s.rulesOf(ctx, tx, actor.BrandID, list)
	if err != nil {
		return err
	}
	posts := make([]id.ID, len(texts))
	for i, p := range texts {
		posts[i] = p.ID
	}
	st.WalkedPost = posts[len(posts)-1]
	_, err = s.sortPosts(ctx, tx, actor, sorter, posts, texts)
	return err
}

// walkAccounts counts the next page of accounts. A walk that a change or midnight overtook begins anew.
func (s *Service) walkAccounts(ctx context.Context, tx *db.Tx, actor authz.Actor, st *pillarState) error {
	mark := st.mark(s.today())
	if under := "counting " + mark; st.CountedMark != under {
		st.CountedMark, st.CountedAccount = under, 0
	}
	seats, err := s.Seats.WalkSeats(ctx, tx, actor.BrandID, st.CountedAccount, countPage)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		st.CountedMark, st.CountedAccount = mark, 0
		return nil
	}
	st.CountedAccount = seats[len(seats)-1].ID
	ids := make([]id.ID, len(seats))
	for i, x := range seats {
		ids[i] = x.ID
	}
	return s.count(ctx, tx, actor, *st, ids, seats)
}
