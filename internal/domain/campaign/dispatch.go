package campaign

import (
	"context"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
	"kosmos/internal/event"
)

// Notices of this room.
const (
	noticeGiven   = "campaign.given"
	noticeChanged = "campaign.changed"
	noticeRemind  = "campaign.remind"
	noticeDecided = "campaign.decided"
)

// NoticeKinds lists the kinds of notices this room sends.
func NoticeKinds() []string {
	return []string{noticeGiven, noticeChanged, noticeRemind, noticeDecided}
}

// Reminds tells whether a kind of notice is a reminder, of which a person gets only so many a day.
func Reminds(kind string) bool { return kind == noticeRemind }

// send puts a plan on its way within the turn that allows it: a new version, its tasks, and the job that walks the audience.
func (s *Service) send(ctx context.Context, tx *db.Tx, actor authz.Actor, r *row) error {
	root, err := s.Units.Root(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	if r.UnitID != 0 {
		units, err := s.Units.Describe(ctx, tx, actor.BrandID, []id.ID{r.UnitID})
		if err != nil {
			return err
		}
		root = units[r.UnitID]
	}
	r.Version++
	r.SentRev, r.Walked, r.People, r.Made, r.Expected = r.Rev, 0, 0, 0, root.Members
	r.BeganAt, r.EndedAt = s.now(), 0
	if err := insertVersion(ctx, tx, actor.BrandID, r, s.now(), actor.Name); err != nil {
		return err
	}
	if err := saveTasks(ctx, tx, actor.BrandID, r); err != nil {
		return err
	}
	return s.Jobs.Insert(ctx, tx, dispatchJob{actor.BrandID, r.ID})
}

// Dispatch walks the audience of a campaign that was sent, a page a transaction, from where it stands; the room's job calls it. Whoever
// is killed half-way
// goes on there, and no page is written twice because each moves the place it began at.
func (s *Service) Dispatch(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	r, err := getRow(ctx, s.DB, actor.BrandID, campaign)
	if db.NoRows(err) || err == nil && r.State != Dispatching {
		return nil
	}
	if err != nil {
		return err
	}
	w, err := s.newWalk(ctx, actor, r)
	if err != nil {
		return err
	}
	for at := r.Walked; ; {
		next, more, err := w.page(ctx, at)
		if err != nil {
			return err
		}
		if !more {
			return s.dispatched(ctx, actor, w, campaign)
		}
		at = next
	}
}

// walk is the walk of one version over its audience.
type walk struct {
	s       *Service
	actor   authz.Actor
	id      id.ID
	title   string
	version int
	quiet   Quiet
	crowd   *crowd
	make    maker
}

// newWalk prepares a walk with the plan that was sent, which is not the one being edited.
func (s *Service) newWalk(ctx context.Context, actor authz.Actor, r *row) (*walk, error) {
	plan, err := sentPlan(ctx, s.DB, actor.BrandID, r.ID, r.Version)
	if err != nil {
		return nil, err
	}
	tasks, err := tasksOf(ctx, s.DB, actor.BrandID, r.ID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(tasks, func(a, b taskRow) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	var within []id.ID
	if r.UnitID != 0 {
		within = []id.ID{r.UnitID}
	}
	w := &walk{s: s, actor: actor, id: r.ID, title: plan.Title, version: r.Version, quiet: plan.Quiet, crowd: s.newCrowd(actor.BrandID, plan.Audience, within, s.today(actor))}
	w.make = maker{tasks: tasks, people: w.crowd.people, slots: slots{
		from: plan.StartsAt, to: plan.EndsAt, burst: plan.Mode == Burst, quiet: plan.Quiet, zone: zoneOf(actor), salt: r.ID,
	}}
	if w.make.slots.twins, err = twinsOf(ctx, s.DB, actor.BrandID, r.ID); err != nil {
		return nil, err
	}
	if plan.Mode == Burst {
		set, err := settingsOf(ctx, s.DB, actor.BrandID)
		if err != nil {
			return nil, err
		}
		w.make.slots.limits = set.limitsOn(plan.StartsAt.Day(zoneOf(actor)))
		if w.make.slots.expected, err = w.expected(ctx, tasks); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// expected counts the posts a burst will have on each platform, which its hours follow from.
func (w *walk) expected(ctx context.Context, tasks []taskRow) (map[string]int64, error) {
	out := map[string]int64{}
	for last := id.ID(0); ; {
		match, next, looked, err := w.crowd.page(ctx, w.s.DB, last, walkPage)
		if err != nil || looked == 0 {
			return out, err
		}
		last = next
		for i := range match {
			for _, g := range w.make.gives(&match[i], nil) {
				if k := slices.IndexFunc(tasks, func(t taskRow) bool { return t.ID == g.task }); tasks[k].plan.Type.Publishes() {
					out[g.platform]++
				}
			}
		}
	}
}

// page gives tasks to the next people in one transaction: the place moves first, so that two walks never do the same page, and
// people are read behind that lock, so that whoever leaves meanwhile is either not read any more or found by hearing of it.
func (w *walk) page(ctx context.Context, at id.ID) (next id.ID, more bool, err error) {
	err = w.s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := lockWalk(ctx, tx, w.actor.BrandID, w.id)
		if err != nil {
			return err
		}
		if r.State != Dispatching || r.Version != w.version || r.Walked != at { // another walk was here
			next, more = r.Walked, r.State == Dispatching && r.Version == w.version
			return nil
		}
		match, last, looked, err := w.crowd.page(ctx, tx, at, walkPage)
		if err != nil || looked == 0 {
			return err
		}
		next, more = last, true
		made, err := w.give(ctx, tx, match, w.version == 1, deltas{}) // the end of the walk counts
		if err != nil {
			return err
		}
		return moveWalk(ctx, tx, w.actor.BrandID, w.id, last, looked, made)
	})
	return next, more, err
}

// give writes what people are given, lets them know, and tells what it wrote. first: nobody of the page has anything of this
// campaign yet. sums takes what it changes in the counts.
func (w *walk) give(ctx context.Context, tx *db.Tx, match []audience.Person, first bool, sums deltas) (int, error) {
	list := make([]given, 0, len(match)*len(w.make.tasks))
	for i := range match {
		list = w.make.gives(&match[i], list)
	}
	if !first {
		var err error
		if list, err = w.fresh(ctx, tx, match, list, sums); err != nil {
			return 0, err
		}
	}
	if len(list) == 0 {
		return 0, nil
	}
	slices.SortFunc(list, compareGiven)
	ids, err := w.insert(ctx, tx, list)
	if err != nil {
		return 0, err
	}
	for _, g := range list {
		sums[countKey{w.id, g.unit, g.task, Given}]++
	}
	for part := range slices.Chunk(ids, 1000) {
		if err := w.s.Jobs.Publish(ctx, tx, event.CampaignDispatched{BrandID: w.actor.BrandID, CampaignID: w.id, AssignmentIDs: part}); err != nil {
			return 0, err
		}
	}
	return len(list), w.tell(ctx, tx, match, list)
}

var assignmentCols = []string{
	"brand_id", "member_id", "task_id", "account_id", "id", "campaign_id", "unit_id", "platform", "company", "state", "due_at", "publish_at", "given_at",
	"read_version", "changed_at", "rev", "reason",
}

func (w *walk) insert(ctx context.Context, tx *db.Tx, list []given) ([]id.ID, error) {
	rows, ids := make([][]any, len(list)), make([]id.ID, len(list))
	width := len(assignmentCols)
	cells := make([]any, len(list)*width)
	brand, campaign, now := int64(w.actor.BrandID), int64(w.id), int64(w.s.now())
	for i := range list {
		g := &list[i]
		ids[i] = w.s.IDs.New()
		var publish any
		if g.publish != 0 {
			publish = int64(g.publish)
		}
		row := append(cells[i*width:i*width:(i+1)*width], brand, int64(g.member), int64(g.task), int64(g.account), int64(ids[i]), campaign, int64(g.unit), g.platform,
			g.company, string(Given), int64(g.due), publish, now, int64(0), now, int64(1), "")
		rows[i] = row
	}
	return ids, db.Copy(ctx, tx, "campaign_assignment", assignmentCols, rows)
}

// fresh drops what people were given already. What they lost, and match again, comes back.
func (w *walk) fresh(ctx context.Context, tx *db.Tx, match []audience.Person, list []given, sums deltas) ([]given, error) {
	if len(match) == 0 {
		return list, nil
	}
	ids := make([]id.ID, len(match))
	for i := range match {
		ids[i] = match[i].ID
	}
	known, err := keysOf(ctx, tx, w.actor.BrandID, w.id, ids)
	if err != nil {
		return nil, err
	}
	var back []id.ID
	list = slices.DeleteFunc(list, func(g given) bool {
		k, ok := known[assignmentKey{g.member, g.task, g.account}]
		if ok && k.state == Gone {
			back = append(back, k.id)
		}
		return ok
	})
	for part := range slices.Chunk(back, 500) {
		rows, err := (stepping{w.actor.BrandID, actReturn, "", w.s.now(), sums}).all(ctx, tx, []Step{Gone}, func(a *db.Args) string { return db.Among(tx, a, "id", part) })
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if rows[i].ReadAt != 0 {
				sums.add(&rows[i], readMark, 1)
			}
		}
	}
	return list, nil
}

// tell lets those who were given something know, once a version, outside quiet hours.
func (w *walk) tell(ctx context.Context, tx *db.Tx, match []audience.Person, list []given) error {
	users := make([]id.ID, 0, len(match))
	k := 0
	for i := range match {
		for k < len(list) && list[k].member < match[i].ID {
			k++
		}
		if k < len(list) && list[k].member == match[i].ID && match[i].UserID != 0 {
			users = append(users, match[i].UserID)
		}
	}
	if len(users) == 0 {
		return nil
	}
	return w.s.Outbox.Tell(ctx, tx, w.actor.BrandID, Notice{
		Kind: noticeGiven, Key: w.id.String(), Params: map[string]any{"title": w.title}, Link: "/tasks?campaign=" + w.id.String(), Due: w.s.quietEnd(w.quiet, w.actor), Users: users,
	})
}

// quietEnd is when people may be told something: 0 for now, else the end of the quiet hours.
func (s *Service) quietEnd(q Quiet, actor authz.Actor) clock.Ms {
	now := s.now()
	at := q.quietUntil(now, func(m clock.Ms) (clock.Ms, int) { return minuteOf(m, zoneOf(actor)) })
	if at == now {
		return 0
	}
	return at
}

func zoneOf(actor authz.Actor) *time.Location {
	if actor.Zone == nil {
		return clock.Shanghai()
	}
	return actor.Zone
}

// dispatched ends a walk: what was dropped is taken back, the counts are made, and a changed version is told to everybody who
// still has something to do.
func (s *Service) dispatched(ctx context.Context, actor authz.Actor, w *walk, campaign id.ID) error {
	if err := s.takeDropped(ctx, actor, campaign); err != nil {
		return err
	}
	if err := s.recount(ctx, actor, campaign); err != nil {
		return err
	}
	if w.version > 1 {
		if err := s.tellChanged(ctx, actor, w); err != nil {
			return err
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := lockRow(ctx, tx, actor.BrandID, campaign)
		if err != nil || r.State != Dispatching || r.Version != w.version {
			return err
		}
		r.State, r.EndedAt = after(r.State, Finish), s.now()
		if err := saveState(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		body := map[string]any{"version": r.Version, "people": r.People, "made": r.Made}
		if err := s.Evidence.Append(ctx, tx, actor, Proven{Kind: "campaign.dispatched", Object: r.ID, UnitID: r.UnitID, Body: body}); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, r, "campaign.dispatched", trace{Version: r.Version, People: r.People, Made: r.Made})
	})
}

// tellChanged tells those who have something to do, a page of people at a time.
func (s *Service) tellChanged(ctx context.Context, actor authz.Actor, w *walk) error {
	var last id.ID
	for {
		members, err := waitingMembers(ctx, s.DB, actor.BrandID, w.id, last, walkPage)
		if err != nil || len(members) == 0 {
			return err
		}
		last = members[len(members)-1]
		var users []id.ID
		for part := range slices.Chunk(members, 1000) {
			people, err := s.People.Some(ctx, s.DB, actor.BrandID, part)
			if err != nil {
				return err
			}
			for i := range people {
				if people[i].UserID != 0 {
					users = append(users, people[i].UserID)
				}
			}
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return s.Outbox.Tell(ctx, tx, actor.BrandID, Notice{
				Kind: noticeChanged, Key: w.id.String() + "/" + revTag(w.version), Params: map[string]any{"title": w.title},
				Link: "/tasks?campaign=" + w.id.String(), Due: s.quietEnd(w.quiet, actor), Users: users,
			})
		})
		if err != nil {
			return err
		}
	}
}
