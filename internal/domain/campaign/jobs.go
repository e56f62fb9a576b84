package campaign

import (
	"context"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// dispatchJob walks the audience of one campaign.
type dispatchJob struct {
	BrandID    id.ID `json:"brand_id"`
	CampaignID id.ID `json:"campaign_id"`
}

// Kind names the job.
func (dispatchJob) Kind() string { return "campaign.dispatch" }

// settleJob makes what passed final.
type settleJob struct {
	BrandID    id.ID `json:"brand_id"`
	CampaignID id.ID `json:"campaign_id"`
}

// Kind names the job.
func (settleJob) Kind() string { return "campaign.settle" }

// guardJob compares the planned texts of a revision of a campaign.
type guardJob struct {
	BrandID    id.ID `json:"brand_id"`
	CampaignID id.ID `json:"campaign_id"`
	Rev        int   `json:"rev"`
}

// Kind names the job.
func (guardJob) Kind() string { return "campaign.guard" }

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: time.Hour}, func(ctx context.Context, j dispatchJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.Dispatch(ctx, a, j.CampaignID) })
	})
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: time.Hour}, func(ctx context.Context, j settleJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.settle(ctx, a, j.CampaignID) })
	})
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: time.Hour}, func(ctx context.Context, j guardJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.guard(ctx, a, j.CampaignID, j.Rev) })
	})
	jobs.PeriodicWith(reg, "campaign.clock", time.Hour, jobs.Options{Long: true, Timeout: 30 * time.Minute}, func(ctx context.Context) error {
		return s.forAll(ctx, s.tick)
	})
	jobs.PeriodicWith(reg, "campaign.join", 6*time.Hour, jobs.Options{Long: true, Timeout: time.Hour}, func(ctx context.Context) error {
		return s.forAll(ctx, func(ctx context.Context, a authz.Actor) error {
			if err := s.joinAll(ctx, a); err != nil {
				return err
			}
			return s.recountRunning(ctx, a)
		})
	})
	s.subscribe(reg)
}

func (s *Service) subscribe(reg *jobs.Registry) {
	jobs.Subscribe(reg, "campaign", func(ctx context.Context, e event.OrgMemberLeft) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.left(ctx, a, e.MemberIDs) })
	})
	jobs.Subscribe(reg, "campaign", func(ctx context.Context, e event.OrgMemberMoved) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.join(ctx, a, e.MemberIDs) })
	})
	jobs.SubscribeWith(reg, "campaign", jobs.Options{Long: true, Timeout: 30 * time.Minute}, func(ctx context.Context, e event.OrgUnitMoved) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.recountRunning(ctx, a) })
	})
	jobs.SubscribeWith(reg, "campaign", jobs.Options{Long: true, Timeout: 10 * time.Minute}, func(ctx context.Context, e event.AccountsChanged) error {
		if !slices.ContainsFunc(e.What, func(w string) bool { return w != "league" }) {
			return nil
		}
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.accountsChanged(ctx, a, e.AccountIDs) })
	})
	jobs.SubscribeWith(reg, "campaign", jobs.Options{Long: true, Timeout: 10 * time.Minute}, func(ctx context.Context, e event.PostsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.postsChanged(ctx, a, e.PostIDs) })
	})
}

func (s *Service) forAll(ctx context.Context, fn func(context.Context, authz.Actor) error) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	for _, a := range actors {
		if err := fn(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// recountRunning makes the counts of everything that runs anew: units moved, or a night has passed.
func (s *Service) recountRunning(ctx context.Context, actor authz.Actor) error {
	rows, err := inStates(ctx, s.DB, actor.BrandID, Running, Closed)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := s.recount(ctx, actor, rows[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// tick does what time brings: it closes campaigns whose window is over, asks managers about those who are behind, begins recurring
// ones and looks at proofs that figures never showed.
func (s *Service) tick(ctx context.Context, actor authz.Actor) error {
	running, err := inStates(ctx, s.DB, actor.BrandID, Running)
	if err != nil {
		return err
	}
	for i := range running {
		r := &running[i]
		if err := s.escalate(ctx, actor, r); err != nil {
			return err
		}
		if r.plan.EndsAt <= s.now() {
			if err := s.closeDue(ctx, actor, r.ID); err != nil {
				return err
			}
		}
	}
	if err := s.recurAll(ctx, actor); err != nil {
		return err
	}
	return s.expireWaits(ctx, actor)
}

// closeDue closes a campaign whose window is over.
func (s *Service) closeDue(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	err := s.turn(ctx, actor, campaign, permWrite, func(ctx context.Context, tx *db.Tx, r *row) error {
		if plan, err := sentPlan(ctx, tx, actor.BrandID, r.ID, r.Version); err != nil || plan.EndsAt > s.now() {
			r.to = r.State // an edit that waits to be sent does not close what runs
			return err
		}
		return s.closing(ctx, tx, actor, r)
	}, Close)
	if errs.Is(err, "campaign.cannot_turn") { // somebody closed it meanwhile
		return nil
	}
	return err
}

// closing is what goes with closing: nothing more can be handed in, and who is behind is no longer asked.
func (s *Service) closing(ctx context.Context, tx *db.Tx, actor authz.Actor, r *row) error {
	r.ClosedAt = s.now()
	keys, err := db.All[id.ID](ctx, tx, `SELECT DISTINCT unit_id FROM campaign_count WHERE brand_id = $1 AND campaign_id = $2`, actor.BrandID, r.ID)
	if err != nil {
		return err
	}
	list := make([]string, len(keys))
	for i, u := range keys {
		list[i] = behindKey(r.ID, u)
	}
	for part := range slices.Chunk(list, 1000) {
		if err := s.Outbox.Settle(ctx, tx, actor.BrandID, part); err != nil {
			return err
		}
	}
	return nil
}

func behindKey(campaign, unit id.ID) string {
	return "behind/" + campaign.String() + "/" + unit.String()
}

// escalateBefore is how long before the end managers are asked about those who are behind.
const escalateBefore = clock.Ms(24 * time.Hour / time.Millisecond)

// escalate puts units where somebody is behind on their managers' lists, a day before the end.
func (s *Service) escalate(ctx context.Context, actor authz.Actor, r *row) error {
	if r.plan.EndsAt-s.now() > escalateBefore || r.plan.EndsAt <= s.now() {
		return nil
	}
	type lag struct {
		Unit id.ID `db:"unit_id"`
		N    int64 `db:"n"`
	}
	var last id.ID
	for {
		rows, err := db.All[lag](ctx, s.DB, `SELECT unit_id, COUNT(*) AS n FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND unit_id > $3 AND state IN ('given', 'accepted')
			GROUP BY unit_id ORDER BY unit_id LIMIT 1000`, actor.BrandID, r.ID, int64(last))
		if err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].Unit
		todos := make([]Todo, len(rows))
		for i, x := range rows {
			todos[i] = Todo{
				Key: behindKey(r.ID, x.Unit), Object: r.ID, UnitID: x.Unit, DueDay: r.plan.EndsAt.Day(zoneOf(actor)), Slug: "campaign.todo_behind",
				Params: map[string]any{"title": r.plan.Title, "n": x.N}, Link: "/content/campaigns/" + r.ID.String() + "?tab=board&unit=" + x.Unit.String(),
			}
		}
		if err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Outbox.Ask(ctx, tx, actor.BrandID, todos...) }); err != nil {
			return err
		}
	}
}

// settlePage is how many proofs one transaction settles; one event names no more.
const settlePage = 1000

// settle makes everything final that passed, a page a transaction: whoever is killed half-way goes on with what is left.
func (s *Service) settle(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	for {
		ids, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND state = 'passed' LIMIT $3`, actor.BrandID, campaign, settlePage)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			sums := deltas{}
			rows, err := (stepping{actor.BrandID, actSettle, "", s.now(), sums}).all(ctx, tx, []Step{Passed}, func(a *db.Args) string { return db.Among(tx, a, "id", ids) })
			if err != nil || len(rows) == 0 {
				return err
			}
			settled := make([]id.ID, len(rows))
			for i := range rows {
				settled[i] = rows[i].ID
			}
			slices.Sort(settled)
			var a db.Args
			if _, err := tx.Exec(ctx, `UPDATE campaign_submission SET state = 'settled' WHERE brand_id = `+a.Add(actor.BrandID)+` AND state = 'passed' AND `+db.Among(tx, &a, "assignment_id", settled), a.Values...); err != nil {
				return err
			}
			if err := sums.apply(ctx, tx, s, actor.BrandID); err != nil {
				return err
			}
			return s.settledEvent(ctx, tx, actor.BrandID, campaign, settled)
		})
		if err != nil {
			return err
		}
	}
}

// settledEvent says that proofs are final.
func (s *Service) settledEvent(ctx context.Context, tx *db.Tx, brand, campaign id.ID, ids []id.ID) error {
	return s.Jobs.Publish(ctx, tx, event.CampaignSettled{BrandID: brand, CampaignID: campaign, AssignmentIDs: ids})
}
