package library

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Use is an item in somebody's hands. Ref is what it was handed out by (an assignment, or the member himself for what he
// took on his own); a use is known by item and ref.
type Use struct {
	ItemID    id.ID
	Version   int
	MemberID  id.ID
	AccountID id.ID
	UnitID    id.ID
	Ref       id.ID
	PostID    id.ID // the post made of it; 0 while not known
}

// Used notes uses, in the transaction that hands out or that learns of the post. The same use again only adds its post.
func (s *Service) Used(ctx context.Context, tx *db.Tx, brand id.ID, uses []Use) error {
	if len(uses) == 0 {
		return nil
	}
	if err := s.usesToSort(ctx, tx, brand, uses); err != nil {
		return err
	}
	list := slices.Clone(uses)
	slices.SortStableFunc(list, func(a, b Use) int { return cmp.Or(cmp.Compare(a.ItemID, b.ItemID), cmp.Compare(a.Ref, b.Ref)) })
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].ItemID == list[from].ItemID {
			to++
		}
		if err := s.usedOne(ctx, tx, brand, list[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// usedOne notes the uses of one item and keeps its count.
func (s *Service) usedOne(ctx context.Context, tx *db.Tx, brand id.ID, list []Use) error {
	now := s.now()
	var rows [][]any
	var posts [][]any
	for i, u := range list {
		if i == 0 || list[i-1].Ref != u.Ref {
			rows = append(rows, []any{brand, u.ItemID, u.Ref, int64(u.Version), int64(u.MemberID), int64(u.AccountID), int64(u.UnitID), int64(u.PostID), int64(now)})
		}
		if u.PostID != 0 {
			posts = append(posts, []any{int64(u.PostID), brand, u.ItemID, u.Ref})
		}
	}
	n, err := db.Insert(ctx, tx, "library_use", []string{"brand_id", "item_id", "ref", "version", "member_id", "account_id", "unit_id", "post_id", "made_ms"}, rows, "ON CONFLICT DO NOTHING")
	if err != nil {
		return err
	}
	if err := db.Repeat(ctx, tx, `UPDATE library_use SET post_id = $1 WHERE brand_id = $2 AND item_id = $3 AND ref = $4`, posts); err != nil || n == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE library_item SET uses = uses + $1 WHERE brand_id = $2 AND id = $3`, n, brand, list[0].ItemID)
	return err
}

// Adapter is a member with what the posts brought that he made of an item.
type Adapter struct {
	MemberID     id.ID
	Name         string
	Posts        int
	Views        *int64
	Interactions *int64
}

// Results are what became of an item. Figures are nil while no post of it has any; Leads until leads are kept.
type Results struct {
	Uses         int64
	Posts        int64 // uses with a known post
	Views        *int64
	Interactions *int64
	Leads        *int64
	Best         []Adapter // the five with the most interactions
	Recent       []Adapter // the latest uses, one a member
	Whole        bool      // false when only the latest posts were added up
}

type useRow struct {
	MemberID id.ID    `db:"member_id"`
	PostID   id.ID    `db:"post_id"`
	Ref      id.ID    `db:"ref"`
	MadeAt   clock.Ms `db:"made_ms"`
}

const measuredPosts = 20_000

// Results adds up what an item brought. Needs library.read on it. Errors: library.gone.
func (s *Service) Results(ctx context.Context, actor authz.Actor, item id.ID) (Results, error) {
	if err := s.readable(ctx, s.DB, actor, item); err != nil {
		return Results{}, err
	}
	out, err := s.measure(ctx, actor.BrandID, item)
	if err != nil {
		return out, err
	}
	row, err := getItem(ctx, s.DB, actor.BrandID, item)
	if err != nil {
		return out, err
	}
	out.Uses = row.Uses
	latest, err := db.All[useRow](ctx, s.DB, `SELECT member_id, post_id, ref, made_ms FROM library_use WHERE brand_id = $1 AND item_id = $2 ORDER BY ref DESC LIMIT 50`, actor.BrandID, item)
	if err != nil {
		return out, err
	}
	for _, u := range latest {
		if len(out.Recent) < 10 && !slices.ContainsFunc(out.Recent, func(a Adapter) bool { return a.MemberID == u.MemberID }) {
			out.Recent = append(out.Recent, Adapter{MemberID: u.MemberID})
		}
	}
	return out, s.nameAdapters(ctx, actor.BrandID, out.Best, out.Recent)
}

func (s *Service) nameAdapters(ctx context.Context, brand id.ID, lists ...[]Adapter) error {
	var ids []id.ID
	for _, l := range lists {
		for _, a := range l {
			ids = append(ids, a.MemberID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := s.People.Members(ctx, s.DB, brand, ids, false)
	for _, l := range lists {
		for i := range l {
			l[i].Name = people[l[i].MemberID].Name
		}
	}
	return err
}

// measure walks the posts of an item's uses, the latest first.
func (s *Service) measure(ctx context.Context, brand, item id.ID) (Results, error) {
	out := Results{Best: []Adapter{}, Recent: []Adapter{}, Whole: true}
	by := map[id.ID]*Adapter{}
	before := id.ID(1<<63 - 1)
	for {
		uses, err := db.All[useRow](ctx, s.DB, `SELECT member_id, post_id, ref, made_ms FROM library_use WHERE brand_id = $1 AND item_id = $2 AND post_id <> 0 AND post_id < $3
			ORDER BY post_id DESC LIMIT 1000`, brand, item, before)
		if err != nil || len(uses) == 0 {
			return out.ranked(by), err
		}
		if out.Posts >= measuredPosts {
			out.Whole = false
			return out.ranked(by), nil
		}
		before = uses[len(uses)-1].PostID
		posts := make([]id.ID, len(uses))
		for i, u := range uses {
			posts[i] = u.PostID
		}
		figures, err := s.Posts.FiguresOf(ctx, s.DB, brand, posts)
		if err != nil {
			return out, err
		}
		for i, u := range uses {
			if i > 0 && uses[i-1].PostID == u.PostID {
				continue // one post for two tasks counts once
			}
			out.add(by, u, figures[u.PostID])
		}
	}
}

func (r *Results) add(by map[id.ID]*Adapter, u useRow, f Figures) {
	r.Posts++
	a := by[u.MemberID]
	if a == nil {
		a = &Adapter{MemberID: u.MemberID}
		by[u.MemberID] = a
	}
	a.Posts++
	for _, sum := range []struct {
		to   **int64
		from *int64
	}{{&r.Views, f.Views}, {&a.Views, f.Views}, {&r.Interactions, f.Interactions}, {&a.Interactions, f.Interactions}} {
		if sum.from != nil {
			if *sum.to == nil {
				*sum.to = new(int64)
			}
			**sum.to += *sum.from
		}
	}
}

// ranked puts the best adapters in order: most interactions, then views, then posts.
func (r Results) ranked(by map[id.ID]*Adapter) Results {
	for _, a := range by {
		if a.Views != nil || a.Interactions != nil {
			r.Best = append(r.Best, *a)
		}
	}
	num := func(n *int64) int64 {
		if n == nil {
			return -1
		}
		return *n
	}
	slices.SortFunc(r.Best, func(a, b Adapter) int {
		return cmp.Or(cmp.Compare(num(b.Interactions), num(a.Interactions)), cmp.Compare(num(b.Views), num(a.Views)), cmp.Compare(b.Posts, a.Posts), cmp.Compare(a.MemberID, b.MemberID))
	})
	r.Best = slices.Clip(r.Best[:min(5, len(r.Best))])
	return r
}

// measureAll writes what items brought beside them, for lists: those that were used, the ones measured longest ago first.
func (s *Service) measureAll(ctx context.Context, brand id.ID) error {
	after := id.ID(0)
	for {
		ids, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM library_item WHERE brand_id = $1 AND id > $2 AND uses > 0 ORDER BY id LIMIT 500`, brand, int64(after))
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, x := range ids {
			r, err := s.measure(ctx, brand, x)
			if err != nil {
				return err
			}
			best := id.ID(0)
			if len(r.Best) > 0 {
				best = r.Best[0].MemberID
			}
			if _, err := s.DB.Exec(ctx, `UPDATE library_item SET views = $1, interactions = $2, best_member = $3, measured_ms = $4 WHERE brand_id = $5 AND id = $6`,
				r.Views, r.Interactions, int64(best), s.now(), brand, x); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}
