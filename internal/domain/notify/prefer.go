package notify

import (
	"context"
	"fmt"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Preference is how a kind comes to one person.
type Preference struct {
	Kind  Kind
	Modes map[Channel]Mode // the person's, else the brand's, else the program's
}

// Preferences is everything a person may set, and what can reach the person at all.
type Preferences struct {
	Kinds    []Preference
	Mail     bool // the brand sends mail
	SMS      bool // the brand sends SMS
	HasMail  bool
	HasPhone bool
	MailOff  bool  // the person stopped all mail
	Own      bool  // Quiet is the person's own
	Quiet    Quiet // as it applies
	Brand    Quiet
	DigestAt int // minute of the day
}

// Preferences reads what the caller set.
func (s *Service) Preferences(ctx context.Context, actor authz.Actor) (Preferences, error) {
	var out Preferences
	set, err := settingOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return out, err
	}
	choices, persons, err := wishes(ctx, s.DB, actor.BrandID, []id.ID{actor.UserID})
	if err != nil {
		return out, err
	}
	me, ok := persons[actor.UserID]
	if !ok {
		me = newPerson(actor.UserID)
	}
	reach, err := s.People.Reach(ctx, s.DB, actor.BrandID, []id.ID{actor.UserID})
	if err != nil {
		return out, err
	}
	out = Preferences{
		Mail: set.mail(), SMS: set.sms(), HasMail: reach[actor.UserID].Mail, HasPhone: reach[actor.UserID].Phone, MailOff: me.MailOff == 1,
		Own: me.QuietFrom >= 0, Quiet: me.quiet(set.quiet()), Brand: set.quiet(), DigestAt: set.DigestAt,
	}
	for _, k := range s.Kinds() {
		p := Preference{Kind: k, Modes: map[Channel]Mode{}}
		for _, c := range Personal() {
			p.Modes[c], _ = modeOf(k, c, actor.UserID, choices)
		}
		if k.Loud {
			p.Modes[InApp] = Instant
		}
		out.Kinds = append(out.Kinds, p)
	}
	return out, nil
}

// checkChoice says what is wrong with a choice. Errors: "notify.kind_unknown", "notify.mode", "notify.kind_loud".
func (s *Service) checkChoice(kind string, c Channel, m Mode) error {
	k, known := s.kinds[kind]
	switch {
	case !known:
		return errs.New(errs.NotFound, "notify.kind_unknown")
	case !c.takes(m):
		return errs.Bad().Field("mode", "notify.mode")
	case k.Loud && c == InApp && m == Off:
		return errs.New(errs.Precondition, "notify.kind_loud")
	}
	return nil
}

// Choose sets how a kind comes to the caller on a channel. Errors: those of checkChoice, "notify.no_person".
func (s *Service) Choose(ctx context.Context, actor authz.Actor, kind string, c Channel, m Mode) error {
	if err := errPerson(actor); err != nil {
		return err
	}
	if err := s.checkChoice(kind, c, m); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c == Mail && m != Off { // who wants this mail wants mail
			if err := s.setMailOff(ctx, tx, actor.BrandID, actor.UserID, 0); err != nil {
				return err
			}
		}
		return upsertChoice(ctx, tx, actor.BrandID, choice{actor.UserID, kind, c, m})
	})
}

func (s *Service) setMailOff(ctx context.Context, tx *db.Tx, brand, user id.ID, off int) error {
	persons, err := selectPersons(ctx, tx, brand, []id.ID{user})
	if err != nil {
		return err
	}
	me, ok := persons[user]
	if !ok {
		me = newPerson(user)
	}
	if ok && me.MailOff == off || !ok && off == 0 {
		return nil
	}
	me.MailOff = off
	return upsertPerson(ctx, tx, brand, me)
}

// StopMail stops all mail to the caller, or takes that back.
func (s *Service) StopMail(ctx context.Context, actor authz.Actor, stop bool) error {
	if err := errPerson(actor); err != nil {
		return err
	}
	off := 0
	if stop {
		off = 1
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.setMailOff(ctx, tx, actor.BrandID, actor.UserID, off)
	})
}

// SetQuiet gives the caller quiet hours of their own; nil takes the brand's. Errors: "notify.quiet", "notify.no_person".
func (s *Service) SetQuiet(ctx context.Context, actor authz.Actor, q *Quiet) error {
	if err := errPerson(actor); err != nil {
		return err
	}
	from, to := -1, -1
	if q != nil {
		bad := errs.Bad()
		q.check(bad)
		if err := bad.OrNil(); err != nil {
			return err
		}
		from, to = q.From, q.To
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		persons, err := selectPersons(ctx, tx, actor.BrandID, []id.ID{actor.UserID})
		if err != nil {
			return err
		}
		me, ok := persons[actor.UserID]
		if !ok {
			me = newPerson(actor.UserID)
		}
		me.QuietFrom, me.QuietTo = from, to
		return upsertPerson(ctx, tx, actor.BrandID, me)
	})
}

func (q Quiet) check(bad *errs.Error) {
	if q.From < 0 || q.From >= day {
		bad.Field("from", "notify.quiet")
	}
	if q.To < 0 || q.To >= day {
		bad.Field("to", "notify.quiet")
	}
}

// Defaults lists how kinds come to everybody who chose nothing.
func (s *Service) Defaults(ctx context.Context, actor authz.Actor) ([]Preference, error) {
	choices, _, err := wishes(ctx, s.DB, actor.BrandID, nil)
	out := make([]Preference, 0, len(s.kinds))
	for _, k := range s.Kinds() {
		p := Preference{Kind: k, Modes: map[Channel]Mode{}}
		for _, c := range Personal() {
			p.Modes[c], _ = modeOf(k, c, 0, choices)
		}
		out = append(out, p)
	}
	return out, err
}

// SetDefault sets how a kind comes to everybody who chose nothing. Errors: those of checkChoice.
func (s *Service) SetDefault(ctx context.Context, actor authz.Actor, kind string, c Channel, m Mode) error {
	if err := s.checkChoice(kind, c, m); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := upsertChoice(ctx, tx, actor.BrandID, choice{0, kind, c, m}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "notify.default", Kind: "notice_kind", Name: kind, After: map[string]any{"channel": c, "mode": m},
		})
	})
}

// Stopped is what a link for unsubscribing is about.
type Stopped struct {
	BrandID id.ID
	UserID  id.ID
	Kind    string // "": all mail
}

const unsubscribePurpose = "notify.unsubscribe"

func (s *Service) unsubscribeToken(brand, user id.ID, kind string) string {
	return s.Box.Sign(unsubscribePurpose, fmt.Appendf(nil, "%d|%d|%s", int64(brand), int64(user), kind))
}

// ReadLink tells what a link for unsubscribing is about. Errors: "notify.link".
func (s *Service) ReadLink(token string) (Stopped, error) {
	var out Stopped
	var brand, user int64
	raw, err := s.Box.Verify(unsubscribePurpose, token)
	if err == nil {
		var n int
		n, err = fmt.Sscanf(string(raw), "%d|%d|%s", &brand, &user, &out.Kind)
		if n == 2 { // all mail: nothing after the second bar
			err = nil
		}
	}
	if err != nil {
		return out, errs.New(errs.NotFound, "notify.link")
	}
	out.BrandID, out.UserID = id.ID(brand), id.ID(user)
	if _, known := s.kinds[out.Kind]; !known {
		out.Kind = ""
	}
	return out, nil
}

// Unsubscribe stops what a link is about, or all mail, without signing in: whoever holds the mail may. Errors: "notify.link".
func (s *Service) Unsubscribe(ctx context.Context, token string, all bool) error {
	l, err := s.ReadLink(token)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if all || l.Kind == "" {
			return s.setMailOff(ctx, tx, l.BrandID, l.UserID, 1)
		}
		return upsertChoice(ctx, tx, l.BrandID, choice{l.UserID, l.Kind, Mail, Off})
	})
}
