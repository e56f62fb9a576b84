package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Service sends and shows notices.
type Service struct {
	d     *db.DB
	ids   *id.Source
	clock clock.Clock
	hub   *Hub
	kinds map[string]Kind
}

// New makes a Service. Declare the kinds before the program starts.
func New(d *db.DB, ids *id.Source, c clock.Clock) *Service {
	s := &Service{d: d, ids: ids, clock: c, kinds: map[string]Kind{}}
	s.hub = newHub(c, s.freshSince)
	s.Declare(ownKinds()...)
	return s
}

// Hub gives the streams, for rooms that signal something else than notices.
func (s *Service) Hub() *Hub { return s.hub }

// Declare adds kinds; a kind declared twice keeps its last form. Not safe once the program runs.
func (s *Service) Declare(kinds ...Kind) {
	for _, k := range kinds {
		if k.Cap == 0 {
			k.Cap = defaultCap
		}
		s.kinds[k.Key] = k
	}
}

// Kinds lists the declared kinds in order.
func (s *Service) Kinds() []Kind {
	list := make([]Kind, 0, len(s.kinds))
	for _, k := range s.kinds {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Kind) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// Send puts notices of one kind to people within the sender's transaction; muted people get none, people at their cap
// get the newest one folded. Called by rooms, never by a route.
func (s *Service) Send(ctx context.Context, tx *db.Tx, brand id.ID, kind string, list []Notice) error {
	k, known := s.kinds[kind]
	if !known {
		return fmt.Errorf("notify: nobody declares the kind %q", kind)
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.UserID, b.UserID), strings.Compare(a.Key, b.Key))
	})
	for len(list) > 0 {
		n := cut(list)
		if err := s.send(ctx, tx, brand, k, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// cut finds the end of the first chunk's people.
func cut(list []Notice) int {
	people := 0
	for i := range list {
		if i == 0 || list[i].UserID != list[i-1].UserID {
			if people++; people > chunk {
				return i
			}
		}
	}
	return len(list)
}

func (s *Service) send(ctx context.Context, tx *db.Tx, brand id.ID, k Kind, list []Notice) error {
	now := clock.MsOf(s.clock.Now())
	users := people(list)
	muted := map[id.ID]bool{}
	if !k.Loud {
		off, err := selectMuted(ctx, tx, brand, k.Key, users)
		if err != nil {
			return err
		}
		for _, u := range off {
			muted[u] = true
		}
	}
	loads, err := selectLoad(ctx, tx, brand, k.Key, now-clock.Ms(capWindow.Milliseconds()), users)
	if err != nil {
		return err
	}
	got := map[id.ID]load{}
	for _, l := range loads {
		got[l.UserID] = l
	}
	var rows [][]any
	for _, n := range list {
		l := got[n.UserID]
		switch {
		case n.UserID == 0 || muted[n.UserID]:
			continue
		case l.N >= int64(k.Cap) && l.Newest != 0:
			if err := fold(ctx, tx, brand, l.Newest); err != nil {
				return err
			}
			continue
		}
		row, err := s.row(brand, k.Key, n, now)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		l.N++
		got[n.UserID] = l
	}
	if _, err := insertNotices(ctx, tx, rows); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for _, u := range users {
			s.hub.Signal(brand, u, TopicNotice)
		}
	})
	return nil
}

func (s *Service) row(brand id.ID, kind string, n Notice, now clock.Ms) ([]any, error) {
	params := []byte("{}")
	if len(n.Params) > 0 {
		var err error
		if params, err = json.Marshal(n.Params); err != nil {
			return nil, fmt.Errorf("notify: parameters of %s: %w", kind, err)
		}
	}
	key := s.ids.New()
	if n.Key == "" {
		n.Key = "#" + key.String()
	}
	return []any{brand, n.UserID, kind, n.Key, key, string(params), n.Link, max(n.Due, now), 0}, nil
}

func people(list []Notice) []id.ID {
	users := make([]id.ID, 0, len(list))
	for _, n := range list {
		users = append(users, n.UserID)
	}
	return slices.Compact(users) // sorted already
}

// Unread counts the caller's unread notices, up to 100.
func (s *Service) Unread(ctx context.Context, actor authz.Actor) (int, error) {
	return countUnread(ctx, s.d, actor.BrandID, actor.UserID, clock.MsOf(s.clock.Now()))
}

// List reads the caller's notices that are due, newest first, below a place (zero: from the top).
func (s *Service) List(ctx context.Context, actor authz.Actor, unread bool, due clock.Ms, last id.ID, limit int) ([]Row, error) {
	if due == 0 {
		due = clock.MsOf(s.clock.Now()) + 1
	}
	return selectNotices(ctx, s.d, actor.BrandID, actor.UserID, unread, place{due, last}, limit)
}

// Read marks the caller's notices as read: the named ones, or all that are due.
func (s *Service) Read(ctx context.Context, actor authz.Actor, ids []id.ID) error {
	return s.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := markRead(ctx, tx, actor.BrandID, actor.UserID, ids, clock.MsOf(s.clock.Now()))
		if n > 0 {
			tx.AfterCommit(func() { s.hub.Signal(actor.BrandID, actor.UserID, TopicNotice) })
		}
		return err
	})
}

// Preferences lists every kind and whether the caller muted it.
func (s *Service) Preferences(ctx context.Context, actor authz.Actor) ([]Preference, error) {
	off, err := selectPreferences(ctx, s.d, actor.BrandID, actor.UserID)
	if err != nil {
		return nil, err
	}
	list := make([]Preference, 0, len(s.kinds))
	for _, k := range s.Kinds() {
		list = append(list, Preference{Kind: k.Key, Loud: k.Loud, Muted: !k.Loud && slices.Contains(off, k.Key)})
	}
	return list, nil
}

// Mute sets whether the caller gets a kind. Errors: "notify.kind_unknown", "notify.kind_loud".
func (s *Service) Mute(ctx context.Context, actor authz.Actor, kind string, muted bool) error {
	k, known := s.kinds[kind]
	switch {
	case !known:
		return errs.New(errs.NotFound, "notify.kind_unknown")
	case k.Loud && muted:
		return errs.New(errs.Precondition, "notify.kind_loud")
	case actor.UserID == 0:
		return errs.New(errs.Precondition, "notify.no_person")
	}
	return s.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return upsertPreference(ctx, tx, actor.BrandID, actor.UserID, kind, muted)
	})
}

// freshSince feeds the hub with what other processes sent and with what became due.
func (s *Service) freshSince(ctx context.Context, brand id.ID, since, now clock.Ms) ([]fresh, error) {
	return selectFresh(ctx, s.d, brand, since, now)
}

// Sweep deletes old notices, a batch per transaction.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	var after id.ID
	for {
		brands, err := selectBrands(ctx, s.d, after)
		if err != nil || len(brands) == 0 {
			return err
		}
		for _, b := range brands {
			for more := true; more; {
				err := s.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
					n, err := deleteOld(ctx, tx, b, clock.MsOf(now.Add(-keepRead)), clock.MsOf(now.Add(-keepUnread)))
					more = n > 0
					return err
				})
				if err != nil {
					return err
				}
			}
		}
		after = brands[len(brands)-1]
	}
}
