package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/scan/link"
)

// shownDays is how long what is done stays in the list.
const shownDays = 14

// Own is one own task in the list.
type Own struct {
	Assignment
	Campaign string
	Task     TaskPlan
	Account  string
	Late     bool
	Unread   bool
	beyond   bool // this week's minutes are used up
}

// OwnList are the own tasks: what is to be done first, then what is beyond the week's minutes, then the rest.
type OwnList struct {
	Items         []Own
	Open, Minutes int // of what is to be done
	Cap, Later    int // minutes a week, and the tasks beyond them
}

// ownRow is an assignment with what the list shows of its task and campaign.
type ownRow struct {
	Assignment
	Plan    string `db:"plan"`
	Since   int    `db:"since"`
	Title   string `db:"sent_title"`
	Weekly  int    `db:"weekly_minutes"`
	Running State  `db:"campaign_state"`
}

// Today gives the actor's own tasks. One who is no member has none.
func (s *Service) Today(ctx context.Context, actor authz.Actor) (*OwnList, error) {
	out := &OwnList{Items: []Own{}}
	if actor.MemberID == 0 {
		return out, nil
	}
	now := s.now()
	rows, err := ownRows(ctx, s.DB, actor.BrandID, actor.MemberID, now-clock.Ms(shownDays*24*time.Hour/time.Millisecond))
	if err != nil {
		return nil, err
	}
	week := weekStart(now, zoneOf(actor))
	spent := 0
	var accounts []id.ID
	for i := range rows {
		r := &rows[i]
		x := Own{Assignment: r.Assignment, Campaign: r.Title}
		if err := json.Unmarshal([]byte(r.Plan), &x.Task); err != nil {
			return nil, fmt.Errorf("campaign task %s: %w", r.TaskID, err)
		}
		open := waits(r.State)
		if open && r.Running != Running && r.Running != Dispatching {
			continue
		}
		x.Late = open && r.DueAt < now
		x.Unread = open && (r.ReadAt == 0 || r.ReadVer < r.Since)
		if open && r.Weekly > 0 && (out.Cap == 0 || r.Weekly < out.Cap) {
			out.Cap = r.Weekly
		}
		if !open && r.State != Declined && r.ChangedAt >= week {
			spent += x.Task.Minutes
		}
		if x.AccountID != 0 {
			accounts = append(accounts, x.AccountID)
		}
		out.Items = append(out.Items, x)
	}
	out.order(spent)
	return out, s.nameOwn(ctx, actor.BrandID, out.Items, accounts)
}

func (s *Service) nameOwn(ctx context.Context, brand id.ID, items []Own, accounts []id.ID) error {
	if len(accounts) == 0 {
		return nil
	}
	slices.Sort(accounts)
	labels, err := s.Accounts.Labels(ctx, s.DB, brand, slices.Compact(accounts))
	for i := range items {
		items[i].Account = labels[items[i].AccountID].Name
	}
	return err
}

// order sorts the list and lays the open tasks into the minutes of the week: what is mandatory or began stays, the others count
// until the cap is reached. spent are the minutes of what was handed in this week.
func (l *OwnList) order(spent int) {
	slices.SortStableFunc(l.Items, func(a, b Own) int {
		return int(min(max(a.DueAt-b.DueAt, -1), 1))
	})
	for i := range l.Items {
		x := &l.Items[i]
		if !waits(x.State) {
			continue
		}
		fixed := x.Task.Mandatory && x.Company || x.State != Given || x.Late
		if !fixed && l.Cap > 0 && spent+l.Minutes+x.Task.Minutes > l.Cap {
			x.beyond = true
			l.Later++
			continue
		}
		l.Open++
		l.Minutes += x.Task.Minutes
	}
	slices.SortStableFunc(l.Items, func(a, b Own) int { return a.class() - b.class() })
}

// class groups the list: to do, beyond the minutes, waiting for others, done.
func (x *Own) class() int {
	switch {
	case waits(x.State) && !x.beyond:
		return 0
	case x.beyond:
		return 1
	case x.State == Submitted || x.State == Look || x.State == Appealed:
		return 2
	}
	return 3
}

// weekStart is the begin of the week (Monday) of a moment.
func weekStart(at clock.Ms, zone *time.Location) clock.Ms {
	t := at.Time().In(zone)
	back := (int(t.Weekday()) + 6) % 7
	return clock.MsOf(time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, zone))
}

func ownRows(ctx context.Context, q db.Querier, brand, member id.ID, since clock.Ms) ([]ownRow, error) {
	return db.All[ownRow](ctx, q, `SELECT `+prefixed("a", assignmentColumns)+`, t.plan, t.since, c.sent_title, c.weekly_minutes, c.state AS campaign_state
		FROM campaign_assignment a
		JOIN campaign_task t ON t.brand_id = a.brand_id AND t.id = a.task_id
		JOIN campaign_campaign c ON c.brand_id = a.brand_id AND c.id = a.campaign_id
		WHERE a.brand_id = $1 AND a.member_id = $2 AND (a.state IN ('given', 'accepted', 'rejected') OR a.changed_at >= $3 AND a.state <> 'gone')
		ORDER BY a.id DESC LIMIT 300`, brand, member, since)
}

func prefixed(alias, columns string) string {
	parts := strings.Split(columns, ",")
	for i, p := range parts {
		parts[i] = alias + "." + strings.TrimSpace(p)
	}
	return strings.Join(parts, ", ")
}

// own reads an assignment that is the actor's own. Errors: campaign.task_gone.
func (s *Service) own(ctx context.Context, q db.Querier, actor authz.Actor, x id.ID) (Assignment, error) {
	a, err := getAssignment(ctx, q, actor.BrandID, x)
	if err == nil && (actor.MemberID == 0 || a.MemberID != actor.MemberID || a.State == Gone) {
		err = errs.New(errs.NotFound, "campaign.task_gone")
	}
	return a, err
}

// One is one own task in full.
type One struct {
	Own         Own
	Plan        *Plan
	Brief       Brief
	Hashtags    []string
	Notes       []UnitNote
	Text        Text
	OwnText     bool
	Materials   []Material
	AppURL      string
	Submissions []Submission
	Version     int
	Changed     bool
	Running     bool
}

// Mine gives one own task with the own text. Errors: campaign.task_gone.
func (s *Service) Mine(ctx context.Context, actor authz.Actor, x id.ID) (*One, error) {
	a, err := s.own(ctx, s.DB, actor, x)
	if err != nil {
		return nil, err
	}
	out, err := s.one(ctx, actor, a)
	if err != nil {
		return nil, err
	}
	if out.Notes, err = s.notesAbove(ctx, actor.BrandID, a); err != nil {
		return nil, err
	}
	if out.Text, out.OwnText, err = s.ownText(ctx, actor, a, &out.Own.Task); err != nil {
		return nil, err
	}
	if out.Materials, err = s.materials(ctx, actor.BrandID, out); err != nil {
		return nil, err
	}
	out.Submissions, err = s.submissions(ctx, actor.BrandID, a.ID)
	return out, err
}

// one reads what a task's page and its proof need: plan, brief and hashtags of the account's platform.
func (s *Service) one(ctx context.Context, actor authz.Actor, a Assignment) (*One, error) {
	r, err := getRow(ctx, s.DB, actor.BrandID, a.CampaignID)
	if err != nil {
		return nil, err
	}
	plan, err := sentPlan(ctx, s.DB, actor.BrandID, a.CampaignID, r.Version)
	if err != nil {
		return nil, err
	}
	tasks, err := someTasks(ctx, s.DB, actor.BrandID, []id.ID{a.TaskID})
	if err != nil {
		return nil, err
	}
	t := tasks[a.TaskID]
	if t == nil {
		return nil, errs.New(errs.NotFound, "campaign.task_gone")
	}
	now := s.now()
	out := &One{
		Own:  Own{Assignment: a, Campaign: plan.Title, Task: t.plan, Late: waits(a.State) && a.DueAt < now, Unread: a.ReadAt == 0 || a.ReadVer < t.Since},
		Plan: plan, Brief: plan.BriefFor(a.Platform), Hashtags: plan.TagsFor(a.Platform), AppURL: link.App(a.Platform), Version: r.Version,
		Changed: a.ReadAt != 0 && a.ReadVer < t.Since, Running: r.State == Running || r.State == Dispatching,
	}
	if a.AccountID != 0 {
		labels, err := s.Accounts.Labels(ctx, s.DB, actor.BrandID, []id.ID{a.AccountID})
		if err != nil {
			return nil, err
		}
		out.Own.Account = labels[a.AccountID].Name
	}
	return out, nil
}

// notesAbove gives the notes of the units above an assignment, from the top down.
func (s *Service) notesAbove(ctx context.Context, brand id.ID, a Assignment) ([]UnitNote, error) {
	notes, err := s.notes(ctx, s.DB, authz.Scope{BrandID: brand, All: true}, a.CampaignID)
	if err != nil || len(notes) == 0 {
		return notes, err
	}
	up, err := s.Scopes.Ancestors(ctx, s.DB, brand, []id.ID{a.UnitID}, clock.Forever)
	if err != nil {
		return nil, err
	}
	chain := up[a.UnitID]
	notes = slices.DeleteFunc(notes, func(n UnitNote) bool { return !slices.Contains(chain, n.UnitID) })
	slices.SortFunc(notes, func(x, y UnitNote) int { return slices.Index(chain, y.UnitID) - slices.Index(chain, x.UnitID) })
	return notes, nil
}

// materials gives the items of the library a task comes with.
func (s *Service) materials(ctx context.Context, brand id.ID, o *One) ([]Material, error) {
	ids := append(slices.Clone(o.Plan.Materials), o.Own.Task.Materials...)
	out := []Material{}
	if len(ids) == 0 {
		return out, nil
	}
	found, err := s.Materials.Describe(ctx, s.DB, brand, ids)
	for _, x := range ids {
		if m, ok := found[x]; ok && !slices.ContainsFunc(out, func(o Material) bool { return o.ID == x }) {
			out = append(out, m)
		}
	}
	return out, err
}

// Read notes that the actor read a task in a version. Errors: campaign.task_gone.
func (s *Service) Read(ctx context.Context, actor authz.Actor, x id.ID, version int) error {
	if _, err := s.own(ctx, s.DB, actor, x); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := lockAssignment(ctx, tx, actor.BrandID, x)
		if err != nil {
			return err
		}
		if a.ReadAt != 0 && a.ReadVer >= version {
			return nil
		}
		_, err = tx.Exec(ctx, `UPDATE campaign_assignment SET read_at = COALESCE(read_at, $1), read_version = $2 WHERE brand_id = $3 AND id = $4`, s.now(), max(version, a.ReadVer), actor.BrandID, x)
		if err != nil || a.ReadAt != 0 {
			return err
		}
		sums := deltas{}
		sums.add(&a, readMark, 1)
		return sums.apply(ctx, tx, s, actor.BrandID)
	})
}

// Accept takes a task on; twice is once. Errors: campaign.task_gone, campaign.cannot_step, campaign.closed.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, x id.ID) (Assignment, error) {
	return s.act(ctx, actor, x, actAccept, "", nil)
}

// Decline declines a task with a reason. On a personal account that is always possible and never counts against anybody.
// Errors: campaign.task_gone, campaign.cannot_step, campaign.closed, campaign.mandatory, campaign.decline_note.
func (s *Service) Decline(ctx context.Context, actor authz.Actor, x id.ID, reason DeclineReason, note string) (Assignment, error) {
	note = strings.TrimSpace(note)
	if reason == OtherReason && note == "" {
		return Assignment{}, errs.Bad().Field("note", "campaign.decline_note")
	}
	return s.act(ctx, actor, x, actDecline, "campaign.decline_"+string(reason), func(t *TaskPlan, a *Assignment) error {
		if t.Mandatory && a.Company {
			return errs.New(errs.Precondition, "campaign.mandatory")
		}
		return nil
	})
}

// act does what a person does with an own task. Where it stands already is no error: a tap that was sent twice.
func (s *Service) act(ctx context.Context, actor authz.Actor, x id.ID, act Act, reason string, allow func(*TaskPlan, *Assignment) error) (Assignment, error) {
	to := moved(Given, act)
	a, err := s.own(ctx, s.DB, actor, x)
	if err != nil {
		return a, err
	}
	o, err := s.one(ctx, actor, a)
	if err != nil {
		return a, err
	}
	if !o.Running {
		return a, errs.New(errs.Precondition, "campaign.closed")
	}
	if allow != nil {
		if err := allow(&o.Own.Task, &a); err != nil {
			return a, err
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if a, err = lockAssignment(ctx, tx, actor.BrandID, x); err != nil || a.State == to {
			return err
		}
		sums := deltas{}
		if err := (stepping{actor.BrandID, act, reason, s.now(), sums}).one(ctx, tx, &a); err != nil {
			return err
		}
		return sums.apply(ctx, tx, s, actor.BrandID)
	})
	return a, err
}

// Standing is how far a person is, and where among the people of the own unit.
type Standing struct {
	Given, Done int64
	Rank        *int
	Of          int
	Unit        string
	Fen, Points int64
}

// Rank tells how far the actor is within running campaigns, and the rank within the own unit.
func (s *Service) Rank(ctx context.Context, actor authz.Actor) (Standing, error) {
	var out Standing
	if actor.MemberID == 0 {
		return out, nil
	}
	mine, err := ownRows(ctx, s.DB, actor.BrandID, actor.MemberID, 1) // from the beginning
	if err != nil {
		return out, err
	}
	var campaigns []id.ID
	var unit id.ID
	for i := range mine {
		r := &mine[i]
		if r.Running != Running && r.Running != Closed || r.State == Declined { // declining costs nobody a rank
			continue
		}
		unit = r.UnitID
		out.Given++
		if !slices.Contains(campaigns, r.CampaignID) {
			campaigns = append(campaigns, r.CampaignID)
		}
		if done(r.State) {
			out.Done++
			var t TaskPlan
			if err := json.Unmarshal([]byte(r.Plan), &t); err != nil {
				return out, err
			}
			out.Fen, out.Points = out.Fen+t.Reward.Fen, out.Points+t.Reward.Points
		}
	}
	if out.Given == 0 {
		return out, nil
	}
	return out, s.place(ctx, actor, &out, unit, campaigns)
}

// place finds the rank of the actor in a unit: by share done, then by how many.
func (s *Service) place(ctx context.Context, actor authz.Actor, out *Standing, unit id.ID, campaigns []id.ID) error {
	type sum struct {
		Member id.ID `db:"member_id"`
		All    int64 `db:"n"`
		Done   int64 `db:"done"`
	}
	var a db.Args
	rows, err := db.All[sum](ctx, s.DB, `SELECT member_id, COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN state IN ('passed', 'settled') THEN 1 ELSE 0 END), 0) AS BIGINT) AS done
		FROM campaign_assignment WHERE brand_id = `+a.Add(actor.BrandID)+` AND campaign_id IN `+db.In(&a, campaigns)+` AND unit_id = `+a.Add(unit)+` AND state NOT IN ('gone', 'declined') GROUP BY member_id`, a.Values...)
	if err != nil {
		return err
	}
	rank := 1
	for _, r := range rows {
		if r.Member != actor.MemberID && (r.Done*out.Given > out.Done*r.All || r.Done*out.Given == out.Done*r.All && r.Done > out.Done) {
			rank++
		}
	}
	out.Rank, out.Of = &rank, len(rows)
	units, err := s.Units.Describe(ctx, s.DB, actor.BrandID, []id.ID{unit})
	out.Unit = units[unit].Name
	return err
}
