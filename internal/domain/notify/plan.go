package notify

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/connect/robot"
)

const (
	planBatch  = 500
	robotPause = 30 * time.Second // a robot waits so long for more of the same: one message instead of many
)

// lockClass is the class of this room's locks (db.LockKeys), one key per brand.
const lockClass = 0x6e6f

func lockKey(brand id.ID) []int32 { return []int32{int32(int64(brand) >> 12 % (1 << 30))} }

// plan makes the deliveries of a brand's notices that have none yet, a batch per transaction. A notice is planned exactly
// once: its mark and its deliveries are of one transaction, and one process plans a brand at a time.
func (s *Service) plan(ctx context.Context, actor authz.Actor) error {
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := db.LockKeys(ctx, tx, lockClass, lockKey(actor.BrandID)); err != nil {
				return err
			}
			list, err := selectUnplanned(ctx, tx, actor.BrandID, planBatch)
			if err != nil || len(list) == 0 {
				return err
			}
			n = len(list)
			p, err := s.planning(ctx, tx, actor, list)
			if err != nil {
				return err
			}
			var drafts []draft
			for _, notice := range list {
				drafts = append(drafts, p.drafts(notice)...)
			}
			if err := s.insertDrafts(ctx, tx, actor.BrandID, p.now, append(drafts, p.spoken()...)); err != nil {
				return err
			}
			return markPlanned(ctx, tx, actor.BrandID, list)
		})
		if err != nil || n < planBatch {
			return err
		}
	}
}

// unplanned is a notice whose deliveries are to be planned.
type unplanned struct {
	ID     id.ID    `db:"id"`
	UserID id.ID    `db:"user_id"`
	Kind   string   `db:"kind"`
	Key    string   `db:"dedup"`
	Due    clock.Ms `db:"due_ms"`
}

// draft is a delivery to be written.
type draft struct {
	channel Channel
	target  id.ID
	unit    id.ID
	notice  id.ID
	kind    string
	key     string
	mode    Mode
	people  int
	due     clock.Ms
	skipped string // reason; "" is queued
}

type choiceKey struct {
	user    id.ID
	kind    string
	channel Channel
}

// planning holds what decides about a batch of notices.
type planning struct {
	now     clock.Ms
	zone    *time.Location
	set     setting
	kinds   map[string]Kind
	choices map[choiceKey]Mode
	persons map[id.ID]person
	reach   map[id.ID]Reach
	above   map[id.ID][]id.ID // ancestors of the people's units
	robots  []robotRow
	groups  map[groupKey]*draft
}

type groupKey struct {
	robot     id.ID
	kind, key string
}

func (s *Service) planning(ctx context.Context, tx *db.Tx, actor authz.Actor, list []unplanned) (*planning, error) {
	p := &planning{now: s.now(), zone: actor.Zone, kinds: s.kinds, groups: map[groupKey]*draft{}}
	users := make([]id.ID, len(list))
	for i, n := range list {
		users[i] = n.UserID
	}
	slices.Sort(users)
	users = slices.Compact(users)
	var err error
	if p.set, err = settingOf(ctx, tx, actor.BrandID); err != nil {
		return nil, err
	}
	if p.choices, p.persons, err = wishes(ctx, tx, actor.BrandID, users); err != nil {
		return nil, err
	}
	if p.reach, err = s.People.Reach(ctx, tx, actor.BrandID, users); err != nil {
		return nil, err
	}
	robots, err := selectRobots(ctx, tx, actor.BrandID)
	if err != nil {
		return nil, err
	}
	p.robots = slices.DeleteFunc(robots, func(r robotRow) bool { return r.On != 1 })
	if len(p.robots) == 0 {
		return p, nil
	}
	units := make([]id.ID, 0, len(p.reach))
	for _, r := range p.reach {
		if r.UnitID != 0 {
			units = append(units, r.UnitID)
		}
	}
	slices.Sort(units)
	p.above, err = s.Units.Ancestors(ctx, tx, actor.BrandID, slices.Compact(units), clock.Forever)
	return p, err
}

// wishes reads what the brand and users chose.
func wishes(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[choiceKey]Mode, map[id.ID]person, error) {
	rows, err := selectChoices(ctx, q, brand, append([]id.ID{0}, users...))
	if err != nil {
		return nil, nil, err
	}
	choices := make(map[choiceKey]Mode, len(rows))
	for _, c := range rows {
		choices[choiceKey{c.UserID, c.Kind, c.Channel}] = c.Mode
	}
	persons, err := selectPersons(ctx, q, brand, users)
	return choices, persons, err
}

// modeOf says how a kind comes to a person on a channel, and whether anybody (the person or the brand) asked for it.
func modeOf(k Kind, c Channel, user id.ID, choices map[choiceKey]Mode) (m Mode, asked bool) {
	if m, ok := choices[choiceKey{user, k.Key, c}]; ok {
		return m, true
	}
	if m, ok := choices[choiceKey{0, k.Key, c}]; ok {
		return m, m != Off
	}
	return k.builtIn(c), k.Loud && c == Mail
}

// drafts plans one notice: the deliveries of the person, and a share in those of the robots (see spoken).
func (p *planning) drafts(n unplanned) []draft {
	k, known := p.kinds[n.Kind]
	r, active := p.reach[n.UserID]
	if !known || !active {
		return nil // a kind of an older program, or a person who left
	}
	p.share(k, n, r.UnitID)
	var out []draft
	for _, c := range []Channel{Mail, SMS} {
		if d, ok := p.personal(k, n, c, r); ok {
			out = append(out, d)
		}
	}
	return out
}

// personal plans one channel of a person. There is a row in the log when something is to be sent, and when somebody asked
// for it and it cannot be; a channel that nobody asked for leaves no trace.
func (p *planning) personal(k Kind, n unplanned, c Channel, r Reach) (draft, bool) {
	on, has := p.set.mail(), r.Mail
	if c == SMS {
		on, has = p.set.sms(), r.Phone
	}
	if !on {
		return draft{}, false
	}
	mode, asked := modeOf(k, c, n.UserID, p.choices)
	me, ok := p.persons[n.UserID]
	if !ok {
		me = newPerson(n.UserID)
	}
	d := draft{channel: c, target: n.UserID, unit: r.UnitID, notice: n.ID, kind: n.Kind, key: n.Key, mode: mode, people: 1}
	switch {
	case mode == Off || c == Mail && me.MailOff == 1:
		d.skipped = whyTurnedOff
	case !has:
		d.skipped = whyNoAddress
	default:
		d.due = p.dueOf(k, mode, max(n.Due, p.now), me.quiet(p.set.quiet()))
		return d, true
	}
	d.due = p.now
	return d, asked
}

// dueOf says when something goes out that shows at a moment.
func (p *planning) dueOf(k Kind, m Mode, at clock.Ms, q Quiet) clock.Ms {
	t := at.Time().In(p.zone)
	switch m {
	case Daily:
		t = q.until(digestAfter(t, p.set.DigestAt, nil))
	case Weekly:
		weekday := time.Weekday(p.set.DigestDay)
		t = q.until(digestAfter(t, p.set.DigestAt, &weekday))
	default:
		if !k.Loud {
			t = q.until(t)
		}
	}
	return clock.MsOf(t)
}

// share counts a notice towards the message of every robot above the person.
func (p *planning) share(k Kind, n unplanned, unit id.ID) {
	for _, r := range p.robots {
		if !slices.Contains(r.kinds(), n.Kind) || r.Whole != 1 && !slices.Contains(p.above[unit], r.UnitID) {
			continue
		}
		key := groupKey{r.ID, n.Kind, n.Key}
		if d, ok := p.groups[key]; ok {
			d.people++
			continue
		}
		q := Quiet{}
		if r.Quiet == 1 {
			q = p.set.quiet()
		}
		at := max(n.Due, p.now) + clock.Ms(robotPause.Milliseconds())
		p.groups[key] = &draft{
			channel: Robot, target: r.ID, unit: r.UnitID, notice: n.ID, kind: n.Kind, key: n.Key, mode: Instant, people: 1,
			due: offPeak(robot.Vendor(r.Vendor), p.dueOf(k, Instant, at, q)),
		}
	}
}

// offPeak keeps clear of the minutes in which a vendor's gateway is known to refuse: 飞书 at the full and the half hour.
func offPeak(v robot.Vendor, at clock.Ms) clock.Ms {
	if t := at.Time(); v == robot.Feishu && t.Minute()%30 == 0 {
		return clock.MsOf(t.Add(90 * time.Second))
	}
	return at
}

// spoken gives the deliveries of the robots, in order of their key.
func (p *planning) spoken() []draft {
	out := make([]draft, 0, len(p.groups))
	for _, d := range p.groups {
		out = append(out, *d)
	}
	return out
}

func (s *Service) insertDrafts(ctx context.Context, tx *db.Tx, brand id.ID, now clock.Ms, list []draft) error {
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b draft) int {
		return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.target, b.target), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key))
	})
	rows := make([][]any, len(list))
	for i, d := range list {
		state, done := Queued, clock.Ms(0)
		if d.skipped != "" {
			state, done = Skipped, now
		}
		rows[i] = []any{
			brand, s.IDs.New(), string(d.channel), d.target, int64(d.unit), d.notice, d.kind, d.key, string(d.mode), d.people, string(state), d.skipped, "",
			0, int64(d.due), 0, 0, now, done,
		}
	}
	return insertDeliveries(ctx, tx, rows)
}
