package campaign

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
)

// Reasons why an assignment is gone.
const (
	lostLeft    = "campaign.lost_left"    // the person left
	lostAccount = "campaign.lost_account" // the account is no longer theirs, or closed
	lostDropped = "campaign.lost_dropped" // the task was taken out
)

// lose takes from people what still waits for them, wherever a condition names it. What was handed in stays: proofs are never lost.
func (s *Service) lose(ctx context.Context, actor authz.Actor, reason string, where func(a *db.Args) string) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// A walk that read these people before they left writes its page first.
		if err := lockWalks(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		sums := deltas{}
		gone, err := (stepping{actor.BrandID, actLose, reason, s.now(), sums}).all(ctx, tx, []Step{Given, Accepted, Declined}, where)
		if err != nil || len(gone) == 0 {
			return err
		}
		for i := range gone {
			if gone[i].ReadAt != 0 {
				sums.add(&gone[i], readMark, -1)
			}
		}
		return sums.apply(ctx, tx, s, actor.BrandID)
	})
}

// left hears of members who left.
func (s *Service) left(ctx context.Context, actor authz.Actor, members []id.ID) error {
	for part := range slices.Chunk(members, 500) {
		err := s.lose(ctx, actor, lostLeft, func(a *db.Args) string { return db.Among(s.DB, a, "member_id", part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// takeDropped takes back what waits of tasks that are no longer in the plan, a page at a time.
func (s *Service) takeDropped(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	tasks, err := tasksOf(ctx, s.DB, actor.BrandID, campaign)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if !t.Dropped {
			continue
		}
		for {
			ids, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND task_id = $3 AND state IN ('given', 'accepted', 'declined') LIMIT 2000`,
				actor.BrandID, campaign, t.ID)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			if err := s.lose(ctx, actor, lostDropped, func(a *db.Args) string { return db.Among(s.DB, a, "id", ids) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// accountsChanged hears of accounts that changed: who lost one loses its tasks, whoever got one that matches gets them.
func (s *Service) accountsChanged(ctx context.Context, actor authz.Actor, accounts []id.ID) error {
	now, err := s.Accounts.Some(ctx, s.DB, actor.BrandID, accounts)
	if err != nil {
		return err
	}
	owner := map[id.ID]id.ID{}
	var members []id.ID
	for _, a := range now {
		if a.Live && a.MemberID != 0 {
			owner[a.ID] = a.MemberID
			members = append(members, a.MemberID)
		}
	}
	held, err := holders(ctx, s.DB, actor.BrandID, accounts)
	if err != nil {
		return err
	}
	var lost []id.ID
	for _, h := range held {
		if owner[h.Account] != h.Member {
			lost = append(lost, h.ID)
		}
	}
	for part := range slices.Chunk(lost, 500) {
		if err := s.lose(ctx, actor, lostAccount, func(a *db.Args) string { return db.Among(s.DB, a, "id", part) }); err != nil {
			return err
		}
	}
	return s.join(ctx, actor, members)
}

// holder is who has a waiting task on an account.
type holder struct {
	ID      id.ID `db:"id"`
	Account id.ID `db:"account_id"`
	Member  id.ID `db:"member_id"`
}

// holders gives the waiting tasks on accounts, of campaigns that run.
func holders(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) ([]holder, error) {
	var out []holder
	campaigns, err := inStates(ctx, q, brand, Running, Dispatching)
	if err != nil {
		return nil, err
	}
	for i := range campaigns {
		var a db.Args
		rows, err := db.All[holder](ctx, q, `SELECT id, account_id, member_id FROM campaign_assignment WHERE brand_id = `+a.Add(brand)+` AND campaign_id = `+a.Add(campaigns[i].ID)+
			` AND `+db.Among(q, &a, "account_id", accounts)+` AND state IN ('given', 'accepted', 'declined')`, a.Values...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// join gives the tasks of running campaigns to those people who match and do not have them yet.
func (s *Service) join(ctx context.Context, actor authz.Actor, members []id.ID) error {
	slices.Sort(members)
	members = slices.Compact(members)
	if len(members) == 0 {
		return nil
	}
	running, err := inStates(ctx, s.DB, actor.BrandID, Running)
	if err != nil {
		return err
	}
	for i := range running {
		r := &running[i]
		if r.plan.EndsAt <= s.now() {
			continue
		}
		w, err := s.newWalk(ctx, actor, r)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(members, 500) {
			people, err := s.People.Some(ctx, s.DB, actor.BrandID, part)
			if err != nil {
				return err
			}
			slices.SortFunc(people, func(a, b audience.Person) int { return int(min(max(a.ID-b.ID, -1), 1)) })
			if err := w.late(ctx, people); err != nil {
				return err
			}
		}
	}
	return nil
}

// joinAll looks through everybody for people who match now and did not when a campaign was dispatched: new members, new tags, a
// higher level. It runs every few hours.
func (s *Service) joinAll(ctx context.Context, actor authz.Actor) error {
	running, err := inStates(ctx, s.DB, actor.BrandID, Running)
	if err != nil {
		return err
	}
	for i := range running {
		r := &running[i]
		if r.plan.EndsAt <= s.now() {
			continue
		}
		w, err := s.newWalk(ctx, actor, r)
		if err != nil {
			return err
		}
		for last := id.ID(0); ; {
			people, err := s.People.Walk(ctx, s.DB, actor.BrandID, last, 1000)
			if err != nil {
				return err
			}
			if len(people) == 0 {
				break
			}
			last = people[len(people)-1].ID
			if err := w.late(ctx, people); err != nil {
				return err
			}
		}
	}
	return nil
}

// late gives people of a running campaign what they match and lack. It holds the campaign, so a walk and two of these never give
// the same twice.
func (w *walk) late(ctx context.Context, people []audience.Person) error {
	s, brand := w.s, w.actor.BrandID
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := lockWalk(ctx, tx, brand, w.id)
		if err != nil || r.State != Running || r.Version != w.version {
			return err
		}
		match, err := w.crowd.match(ctx, tx, people)
		if err != nil || len(match) == 0 {
			return err
		}
		sums := deltas{}
		made, err := w.give(ctx, tx, match, false, sums)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE campaign_campaign SET made = made + $1 WHERE brand_id = $2 AND id = $3`, made, brand, w.id); err != nil {
			return err
		}
		return sums.apply(ctx, tx, s, brand)
	})
}
