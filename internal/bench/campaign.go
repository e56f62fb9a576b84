package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign"
)

const (
	dispatchMembers = 100_000
	dispatchRounds  = 3
	dispatchTarget  = 3 // times a bare INSERT … SELECT, at most
	taskAssignments = 1_000_000
	todayTarget     = 10 // ms
	boardTarget     = 30
	submitTarget    = 5
	taskCalls       = 300
)

// bareAssignments is the same table with the same keys, so that both write the same.
const bareAssignments = `CREATE TABLE bench_assignment (brand_id BIGINT NOT NULL, member_id BIGINT NOT NULL, task_id BIGINT NOT NULL, account_id BIGINT NOT NULL, id BIGINT NOT NULL,
	campaign_id BIGINT NOT NULL, unit_id BIGINT NOT NULL, platform TEXT NOT NULL, company BOOLEAN NOT NULL, state TEXT NOT NULL, due_at BIGINT NOT NULL, publish_at BIGINT,
	given_at BIGINT NOT NULL, read_at BIGINT, read_version INTEGER NOT NULL, changed_at BIGINT NOT NULL, rev INTEGER NOT NULL, reason TEXT NOT NULL,
	PRIMARY KEY (brand_id, member_id, task_id, account_id))`

func dispatchStore(ctx context.Context, r *run, s *System) error {
	if err := accounts(ctx, r, s, dispatchMembers); err != nil {
		return err
	}
	text := bareAssignments
	if s.DB.Dialect() == db.SQLite {
		text += " WITHOUT ROWID"
	}
	for _, t := range []string{
		text, "CREATE UNIQUE INDEX uq_bench_assignment__id ON bench_assignment (brand_id, id)", "CREATE INDEX ix_bench_assignment__unit_id ON bench_assignment (brand_id, campaign_id, unit_id, id)",
	} {
		if _, err := s.DB.Exec(ctx, t); err != nil {
			return err
		}
	}
	return s.DB.Optimize(ctx)
}

// dispatch gives a task to 100,000 members — people and accounts read, filtered, laid into slots, written, counted for every unit —
// and sets it beside a bare INSERT … SELECT of the same rows into a table with the same keys.
func dispatch(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, recipe{"dispatch", dispatchStore})
	if err != nil {
		return err
	}
	return joinClose(r.dispatchRounds(ctx, s), done)
}

func (r *run) dispatchRounds(ctx context.Context, s *System) error {
	var ours, bare, ratios []float64
	for round := range dispatchRounds {
		c, err := s.campaign(ctx)
		if err != nil {
			return err
		}
		took, err := stopwatch(func() error { return s.Campaign.Dispatch(ctx, s.Actor, c) })
		if err != nil {
			return err
		}
		var n int64
		plain, err := stopwatch(func() error {
			return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				n, err = tx.Exec(ctx, `INSERT INTO bench_assignment SELECT brand_id, member_id, task_id, account_id, id, campaign_id, unit_id, platform, company, state, due_at, publish_at,
					given_at, read_at, read_version, changed_at, rev, reason FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2`, s.Actor.BrandID, c)
				return err
			})
		})
		if err != nil {
			return err
		}
		if n != dispatchMembers {
			return fmt.Errorf("%d assignments, not %d", n, dispatchMembers)
		}
		r.Say("round %d: %.2f s, bare %.2f s", round, took.Seconds(), plain.Seconds())
		ours, bare, ratios = append(ours, took.Seconds()), append(bare, plain.Seconds()), append(ratios, took.Seconds()/plain.Seconds())
	}
	r.latency("dispatch", "s", median(ours), median(bare)*dispatchTarget,
		fmt.Sprintf("%d members of a whole walk; the reference is %d times a bare insert of the same rows, %.2f s; rounds took %.2f times it", dispatchMembers, dispatchTarget, median(bare), ratios))
	return nil
}

// campaign makes one that is approved and waits to be walked.
func (s *System) campaign(ctx context.Context) (id.ID, error) {
	now := clock.MsOf(s.Clock.Now())
	x, err := s.Campaign.Create(ctx, s.Actor, campaign.NewCampaign{Title: "基准活动"})
	if err != nil {
		return 0, err
	}
	v, err := s.Campaign.Write(ctx, s.Actor, x, "", campaign.Plan{
		Title: "基准活动", Goal: "测量", StartsAt: now, EndsAt: now + clock.Ms(7*24*time.Hour/time.Millisecond),
		Tasks: []campaign.TaskPlan{{Type: campaign.PublishVideo, Title: "发一条视频", Minutes: 10, Evidence: campaign.Evidence{Link: true}}},
	})
	if err != nil {
		return 0, err
	}
	for _, verb := range []campaign.Verb{campaign.Check, campaign.Submit} {
		if v, err = s.Campaign.Turn(ctx, s.Actor, x, verb, ""); err != nil {
			return 0, err
		}
	}
	_, err = s.Campaign.Decide(ctx, s.Actor, x, campaign.Approve, v.Rev, "")
	return x, err
}

// taskScale is how many assignments the store of tasks holds: KOSMOS_BENCH_TASKS, a million unless told.
func taskScale() int {
	if n, err := strconv.Atoi(os.Getenv("KOSMOS_BENCH_TASKS")); err == nil && n >= dispatchMembers {
		return n
	}
	return taskAssignments
}

// tasks measures what a KOS and a manager wait for: the list of today, the board, and the check of a proof.
func tasks(ctx context.Context, r *run) error {
	n := taskScale()
	s, done, err := r.store(ctx, recipe{"tasks-" + strconv.Itoa(n), func(ctx context.Context, r *run, s *System) error {
		if err := dispatchStore(ctx, r, s); err != nil {
			return err
		}
		return r.fillTasks(ctx, s, n)
	}})
	if err != nil {
		return err
	}
	return joinClose(r.measureTasks(ctx, s, n), done)
}

// fillTasks dispatches one campaign and copies its assignments until there are enough; most of the copies are long done.
func (r *run) fillTasks(ctx context.Context, s *System, n int) error {
	c, err := s.campaign(ctx)
	if err != nil {
		return err
	}
	if err := s.Campaign.Dispatch(ctx, s.Actor, c); err != nil {
		return err
	}
	for have := dispatchMembers; have < n; have += dispatchMembers {
		k := have / dispatchMembers
		state := "settled"
		if k%5 == 0 {
			state = "given"
		}
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO campaign_task SELECT brand_id, id + $1, campaign_id, seq + $1, type, title, plan, minutes, mandatory, due_at, since, dropped FROM campaign_task
				WHERE brand_id = $2 AND campaign_id = $3 AND seq = 0`, k, s.Actor.BrandID, c)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO campaign_assignment SELECT brand_id, member_id, task_id + $1, account_id, id + $2, campaign_id + $1, unit_id, platform, company, $3, due_at, publish_at,
				given_at, read_at, read_version, changed_at - 8640000000, rev, reason FROM campaign_assignment WHERE brand_id = $4 AND campaign_id = $5`,
				k, int64(k)<<40, state, s.Actor.BrandID, c)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `UPDATE campaign_task SET campaign_id = campaign_id + $1 WHERE brand_id = $2 AND seq = $1`, k, s.Actor.BrandID)
			return err
		})
		if err != nil {
			return err
		}
		r.Say("assignments %d/%d", have+dispatchMembers, n)
	}
	return s.DB.Optimize(ctx)
}

// doer is a member with one task that was dispatched for real.
type doer struct {
	Member     id.ID `db:"member_id"`
	Assignment id.ID `db:"id"`
	Campaign   id.ID `db:"campaign_id"`
}

func (r *run) measureTasks(ctx context.Context, s *System, n int) error {
	people, err := db.All[doer](ctx, s.DB, `SELECT a.member_id, a.id, a.campaign_id FROM campaign_assignment a JOIN campaign_campaign c ON c.brand_id = a.brand_id AND c.id = a.campaign_id
		WHERE a.brand_id = $1 AND a.state = 'given' ORDER BY a.member_id LIMIT 100000`, s.Actor.BrandID)
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same people in every run
	kos := func() (authz.Actor, doer) {
		d := people[rnd.IntN(len(people))]
		a := s.Actor
		a.MemberID = d.Member
		return a, d
	}
	var today, board, submit []time.Duration
	for i := range taskCalls + 20 {
		a, d := kos()
		t, err := stopwatch(func() error { _, err := s.Campaign.Today(ctx, a); return err })
		if err != nil {
			return err
		}
		b, err := stopwatch(func() error { _, err := s.Campaign.Board(ctx, s.Actor, d.Campaign, ""); return err })
		if err != nil {
			return err
		}
		link := fmt.Sprintf("https://www.douyin.com/video/%d", 7_300_000_000_000_000_000+rnd.Int64N(1<<40))
		u, err := stopwatch(func() error {
			_, err := s.Campaign.Submit(ctx, a, d.Assignment, campaign.Proof{Link: link, Text: fmt.Sprintf("第%d次试驾回来，座椅很舒服", rnd.IntN(1_000_000))})
			return err
		})
		if err != nil {
			return err
		}
		if i >= 20 { // the first are for warming up
			today, board, submit = append(today, t), append(board, b), append(submit, u)
		}
	}
	detail := fmt.Sprintf("p95 of %d calls at %d assignments; the reference is the promise", taskCalls, n)
	r.latency("tasks.today", "ms", quantile(today, 0.95), todayTarget, detail)
	r.latency("tasks.board", "ms", quantile(board, 0.95), boardTarget, "p95, from kept counts of a campaign of 100,000 assignments; the reference is the promise")
	r.latency("tasks.submit", "ms", quantile(submit, 0.5), submitTarget, "median of handing in and checking, commit included; the reference is the promise")
	return nil
}
