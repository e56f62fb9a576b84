package campaign

import (
	"context"
	"slices"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// remindEvery is how long a person is left alone after a reminder of a campaign.
const remindEvery = clock.Ms(20 * time.Hour / time.Millisecond)

// Reminder says who is to be reminded: those of a unit ("" = the actor's scope) who are behind, or of them only Members.
type Reminder struct {
	Left    string
	Task    id.ID
	Unit    string
	Members []id.ID
}

// Reminded tells what a reminder did.
type Reminded struct{ People, Recent, NoUser int64 }

// ReminderDone is a reminder that was sent.
type ReminderDone struct {
	At     clock.Ms `db:"at_ms"`
	By     string   `db:"by_name"`
	Left   string   `db:"lacks"`
	Unit   string   `db:"unit"`
	People int64    `db:"people"`
}

// Remind tells everybody who is behind, at most once in twenty hours a campaign each, outside quiet hours. Errors: campaign.gone,
// campaign.not_running, campaign.left, those of Scope.
func (s *Service) Remind(ctx context.Context, actor authz.Actor, campaign id.ID, r Reminder) (Reminded, error) {
	var out Reminded
	if r.Left != leftRead && r.Left != leftAccept && r.Left != leftSubmit {
		return out, errs.Bad().Field("left", "campaign.left")
	}
	c, _, err := s.visible(ctx, s.DB, actor, permRemind, campaign)
	if err != nil {
		return out, err
	}
	if c.State != Running {
		return out, errs.New(errs.Precondition, "campaign.not_running")
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRemind, r.Unit)
	if err != nil {
		return out, err
	}
	plan, err := sentPlan(ctx, s.DB, actor.BrandID, campaign, c.Version)
	if err != nil {
		return out, err
	}
	job := &reminding{s: s, actor: actor, campaign: c, plan: plan, left: r.Left}
	f := AssignmentFilter{Task: r.Task, Left: r.Left, Limit: 2000}
	for {
		rows, err := listAssignments(ctx, s.DB, scope, campaign, f)
		if err != nil {
			return out, err
		}
		if err := job.page(ctx, rows, r.Members); err != nil {
			return out, err
		}
		if len(rows) < f.Limit {
			break
		}
		last := rows[len(rows)-1]
		f.After = assignmentPlace{last.UnitID, last.ID}
	}
	unit := id.ID(0)
	if !scope.All && len(scope.Roots) == 1 {
		unit = scope.Roots[0]
	}
	return job.out, s.noteReminder(ctx, actor, c, unit, r, job.out)
}

// reminding goes through those who are behind; a person with several tasks is told once.
type reminding struct {
	s        *Service
	actor    authz.Actor
	campaign *row
	plan     *Plan
	left     string
	seen     map[id.ID]bool
	out      Reminded
}

func (j *reminding) page(ctx context.Context, rows []Assignment, only []id.ID) error {
	if j.seen == nil {
		j.seen = map[id.ID]bool{}
	}
	var members []id.ID
	for i := range rows {
		m := rows[i].MemberID
		if !j.seen[m] && (len(only) == 0 || slices.Contains(only, m)) {
			j.seen[m] = true
			members = append(members, m)
		}
	}
	slices.Sort(members)
	for part := range slices.Chunk(members, 1000) {
		if err := j.tell(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (j *reminding) tell(ctx context.Context, members []id.ID) error {
	s, brand := j.s, j.actor.BrandID
	people, err := s.People.Some(ctx, s.DB, brand, members)
	if err != nil {
		return err
	}
	user := map[id.ID]id.ID{}
	var can []id.ID
	for i := range people {
		if people[i].UserID == 0 {
			j.out.NoUser++
			continue
		}
		user[people[i].ID] = people[i].UserID
		can = append(can, people[i].ID)
	}
	slices.Sort(can)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		free, err := markReminded(ctx, tx, brand, j.campaign.ID, can, s.now())
		if err != nil {
			return err
		}
		j.out.People += int64(len(free))
		j.out.Recent += int64(len(can) - len(free))
		if len(free) == 0 {
			return nil
		}
		users := make([]id.ID, len(free))
		for i, m := range free {
			users[i] = user[m]
		}
		return s.Outbox.Tell(ctx, tx, brand, Notice{
			Kind: noticeRemind, Key: j.campaign.ID.String() + "/" + s.now().Day(zoneOf(j.actor)).String() + "/" + j.actor.UserID.String(),
			Params: map[string]any{"title": j.plan.Title, "left": j.left}, Link: "/tasks?campaign=" + j.campaign.ID.String(), Due: s.quietEnd(j.plan.Quiet, j.actor), Users: users,
		})
	})
}

// markReminded notes a reminder and gives those of the members who had none lately: two reminders at once tell a person once.
func markReminded(ctx context.Context, tx *db.Tx, brand, campaign id.ID, members []id.ID, at clock.Ms) ([]id.ID, error) {
	var out []id.ID
	for _, m := range members {
		n, err := tx.Exec(ctx, `INSERT INTO campaign_reminded (brand_id, campaign_id, member_id, at_ms, n) VALUES ($1, $2, $3, $4, 1)
			ON CONFLICT (brand_id, campaign_id, member_id) DO UPDATE SET at_ms = excluded.at_ms, n = campaign_reminded.n + 1 WHERE campaign_reminded.at_ms <= $5`,
			brand, campaign, m, at, at-remindEvery)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			out = append(out, m)
		}
	}
	return out, nil
}

// noteReminder keeps what a reminder did; unit is the top of those who were reminded, 0 for several or the whole brand.
func (s *Service) noteReminder(ctx context.Context, actor authz.Actor, c *row, unit id.ID, r Reminder, done Reminded) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO campaign_reminder (brand_id, campaign_id, id, at_ms, by_name, lacks, unit, people) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			actor.BrandID, c.ID, s.IDs.New(), s.now(), actor.Name, r.Left, r.Unit, done.People)
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: actReminded, UnitID: unit, Kind: "campaign", Object: c.ID, Name: c.plan.Title, After: trace{Left: r.Left},
			Counts: map[string]int64{"people": done.People, "recent": done.Recent, "no_user": done.NoUser},
		})
	})
}

// Reminders gives the last reminders of a campaign, newest first, as far as the actor sees the units they went to. Errors:
// campaign.gone.
func (s *Service) Reminders(ctx context.Context, actor authz.Actor, campaign id.ID) ([]ReminderDone, error) {
	_, scope, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	list, err := db.All[ReminderDone](ctx, s.DB, `SELECT at_ms, by_name, lacks, unit, people FROM campaign_reminder WHERE brand_id = $1 AND campaign_id = $2 ORDER BY id DESC LIMIT 50`, actor.BrandID, campaign)
	out := make([]ReminderDone, 0, len(list))
	for _, r := range list {
		x, bad := id.Parse(r.Unit)
		if bad != nil {
			x = 0
		}
		owns, err := s.owns(ctx, s.DB, scope, x)
		switch {
		case err != nil:
			return nil, err
		case !owns:
			continue
		case x != 0:
			names, err := s.Units.Describe(ctx, s.DB, actor.BrandID, []id.ID{x})
			if err != nil {
				return nil, err
			}
			r.Unit = pathOf(names[x])
		}
		out = append(out, r)
	}
	return out, err
}
