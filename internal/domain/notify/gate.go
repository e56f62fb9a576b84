package notify

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// gate decides who gets a notice of a kind: what was switched off, how many a person had of the kind within a day, how many
// reminders of any kind today, and whether anything but the program itself is told.
type gate struct {
	kind    Kind
	muted   map[id.ID]bool
	loads   map[id.ID]load
	reminds map[id.ID]int64 // reminders of today
	limit   int64           // of reminders
	planned int             // 0: deliveries wait to be planned
}

type way int

const (
	wayIn way = iota
	wayMuted
	wayCapped // enough reminders for one day
	wayFold   // folded into the newest
)

// gateOf reads what the decisions about these users need.
func (s *Service) gateOf(ctx context.Context, tx *db.Tx, brand id.ID, k Kind, users []id.ID) (*gate, error) {
	g := &gate{kind: k, muted: map[id.ID]bool{}, loads: map[id.ID]load{}, planned: 1}
	if len(users) == 0 {
		return g, nil
	}
	now := s.Clock.Now()
	if !k.Loud {
		off, err := selectMuted(ctx, tx, brand, k.Key, users)
		if err != nil {
			return nil, err
		}
		for _, u := range off {
			g.muted[u] = true
		}
	}
	loads, err := selectLoad(ctx, tx, brand, k.Key, clock.MsOf(now.Add(-capWindow)), users)
	if err != nil {
		return nil, err
	}
	for _, l := range loads {
		g.loads[l.UserID] = l
	}
	set, err := settingOf(ctx, tx, brand)
	if err != nil {
		return nil, err
	}
	if k.Reminder {
		g.limit = int64(set.Reminders)
		// Shanghai's day: the brand's zone is not known here, and a daily limit needs no more than a day of 24 hours.
		if g.reminds, err = countReminders(ctx, tx, brand, s.reminders(), startOfDay(now, clock.Shanghai()), users); err != nil {
			return nil, err
		}
	}
	out, err := anythingOut(ctx, tx, brand)
	if out {
		g.planned = 0
	}
	return g, err
}

// pass decides about one more notice to a user and counts it.
func (g *gate) pass(user id.ID) (newest id.ID, w way) {
	l := g.loads[user]
	switch {
	case g.muted[user]:
		return 0, wayMuted
	case g.kind.Reminder && g.reminds[user] >= g.limit:
		return 0, wayCapped
	case l.N >= int64(g.kind.Cap) && l.Newest != 0:
		return l.Newest, wayFold
	}
	l.N++
	g.loads[user] = l
	if g.kind.Reminder {
		g.reminds[user]++
	}
	return 0, wayIn
}

// reminders lists the kinds that count towards the daily limit.
func (s *Service) reminders() []string {
	var keys []string
	for _, k := range s.Kinds() {
		if k.Reminder {
			keys = append(keys, k.Key)
		}
	}
	return keys
}
