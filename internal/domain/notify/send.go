package notify

import (
	"context"
	"encoding/json"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/connect"
	"kosmos/internal/connect/mail"
	"kosmos/internal/connect/robot"
)

// known is what a lane knows of the people it sends to.
type known struct {
	contacts map[id.ID]Contact
	notices  map[id.ID]Row
	choices  map[choiceKey]Mode
	persons  map[id.ID]person
}

func (s *Service) know(ctx context.Context, t *take, parcels []parcel) (known, error) {
	var users, notices []id.ID
	for _, p := range parcels {
		users = append(users, p.target)
		for _, r := range p.rows {
			notices = append(notices, r.NoticeID)
		}
	}
	slices.Sort(users)
	users = slices.Compact(users)
	var k known
	var err error
	if k.notices, err = selectByID(ctx, s.DB, t.brand(), notices); err != nil {
		return k, err
	}
	if k.choices, k.persons, err = wishes(ctx, s.DB, t.brand(), users); err != nil {
		return k, err
	}
	k.contacts, err = s.People.Contacts(ctx, s.DB, t.brand(), users)
	return k, err
}

// sift takes out of a parcel what need not or must not go out any more, and gives what is left.
func (s *Service) sift(ctx context.Context, t *take, p parcel, k known) (parcel, error) {
	skipped := map[string][]delivery{}
	who, active := k.contacts[p.target]
	address := who.Mail
	if p.channel == SMS {
		address = who.Phone
	}
	left := p.rows[:0:0]
	for _, r := range p.rows {
		n, there := k.notices[r.NoticeID]
		mode, _ := modeOf(s.kinds[r.Kind], r.Channel, p.target, k.choices)
		switch {
		case !active:
			skipped[whyLeft] = append(skipped[whyLeft], r)
		case !there:
			skipped[whyGone] = append(skipped[whyGone], r)
		case mode == Off || r.Channel == Mail && k.persons[p.target].MailOff == 1:
			skipped[whyTurnedOff] = append(skipped[whyTurnedOff], r)
		case n.ReadAt != 0:
			skipped[whyRead] = append(skipped[whyRead], r)
		case address == "":
			skipped[whyNoAddress] = append(skipped[whyNoAddress], r)
		default:
			left = append(left, r)
		}
	}
	p.rows = left
	for why, rows := range skipped {
		if err := s.skip(ctx, t, rows, why); err != nil {
			return p, err
		}
	}
	return p, nil
}

// sendMails sends the mails of a take over one connection.
func (s *Service) sendMails(ctx context.Context, t *take, parcels []parcel) error {
	if !t.set.mail() {
		return s.skipAll(ctx, t, parcels, whyChannelOff)
	}
	server, err := s.openMail(t.brand(), t.set)
	if err != nil {
		return err
	}
	k, err := s.know(ctx, t, parcels)
	if err != nil {
		return err
	}
	var session *mail.Session
	defer func() {
		if session != nil {
			session.Close()
		}
	}()
	for i, p := range parcels {
		if p, err = s.sift(ctx, t, p, k); err != nil || len(p.rows) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if session == nil {
			if session, err = s.mailer.Open(ctx, server); err != nil {
				f := connect.Of(err)
				f.Result = connect.Later // settings can be mended: nothing is lost meanwhile
				return s.bookAll(ctx, t, append([]parcel{p}, parcels[i+1:]...), f)
			}
		}
		mine, err := s.start(ctx, t, p)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		err = session.Send(s.mailOf(t, p, k))
		if bookErr := s.book(ctx, t, p.rows, err); bookErr != nil {
			return bookErr
		}
		if err != nil { // whatever state the connection is in, the next mail gets a fresh one
			session.Close()
			session = nil
		}
	}
	return nil
}

func (s *Service) skipAll(ctx context.Context, t *take, parcels []parcel, why string) error {
	for _, p := range parcels {
		if err := s.skip(ctx, t, p.rows, why); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) bookAll(ctx context.Context, t *take, parcels []parcel, fault error) error {
	for _, p := range parcels {
		if err := s.book(ctx, t, p.rows, fault); err != nil {
			return err
		}
	}
	return nil
}

// smsBody is what the SMS hook gets; docs/operations/hooks.md tells it to those who write the other side.
type smsBody struct {
	Delivery string   `json:"delivery"`
	Phone    string   `json:"phone"`
	Lang     string   `json:"lang"`
	Text     string   `json:"text"`
	Kind     string   `json:"kind"`
	At       clock.Ms `json:"at"`
}

// sendTexts hands the SMS of a take to the hook, one after the other.
func (s *Service) sendTexts(ctx context.Context, t *take, parcels []parcel) error {
	if !t.set.sms() {
		return s.skipAll(ctx, t, parcels, whyChannelOff)
	}
	target, err := s.openSMS(t.brand(), t.set)
	if err != nil {
		return err
	}
	k, err := s.know(ctx, t, parcels)
	if err != nil {
		return err
	}
	for _, p := range parcels {
		if p, err = s.sift(ctx, t, p, k); err != nil {
			return err
		}
		if len(p.rows) == 0 {
			continue
		}
		who := k.contacts[p.target]
		body, err := json.Marshal(smsBody{
			Delivery: p.rows[0].ID.String(), Phone: who.Phone, Lang: string(i18n.Match(who.Lang)), Text: s.textOf(p, k), Kind: p.rows[0].Kind, At: s.now(),
		})
		if err != nil {
			return err
		}
		mine, err := s.start(ctx, t, p)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if err := s.book(ctx, t, p.rows, s.hooks.Call(ctx, target, p.rows[0].ID.String(), body)); err != nil {
			return err
		}
	}
	return nil
}

// sendRobot sends a robot its message. A robot that had one a moment ago gets its turn later.
func (s *Service) sendRobot(ctx context.Context, t *take, parcels []parcel) error {
	p := parcels[0] // bundle makes one parcel for a robot
	row, err := robotByID(ctx, s.DB, t.brand(), p.target)
	if noRows(err) || err == nil && row.On != 1 {
		return s.skip(ctx, t, p.rows, whyChannelOff)
	}
	if err != nil {
		return err
	}
	to, err := s.openRobot(t.brand(), row)
	if err != nil {
		return err
	}
	msg, rows, err := s.messageOf(ctx, t, row, p)
	if err != nil || len(rows) == 0 {
		return err
	}
	p.rows = rows
	free := s.now() + clock.Ms(robot.LimitsOf(to.Vendor).Gap().Milliseconds())
	turn, err := takeTurn(ctx, s.DB, t.brand(), row.ID, s.now(), free)
	if err != nil {
		return err
	}
	if !turn {
		return release(ctx, s.DB, t.brand(), t.claim, p.ids(), max(free, clock.Ms(row.Busy)))
	}
	mine, err := s.start(ctx, t, p)
	if err != nil || !mine {
		return err
	}
	err = s.robots.Send(ctx, to, msg)
	if f := connect.Of(err); err != nil && f.Wait > 0 {
		if err := restRobot(context.WithoutCancel(ctx), s.DB, t.brand(), row.ID, s.now()+clock.Ms(f.Wait.Milliseconds())); err != nil {
			return err
		}
	}
	return s.book(ctx, t, p.rows, err)
}
