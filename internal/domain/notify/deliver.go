package notify

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/connect"
)

const (
	deliverEvery  = 10 * time.Second
	deliverBudget = 45 * time.Second // of one run; the next one goes on
	leaseTime     = 3 * time.Minute  // longer than a run and any call
	lanesAtOnce   = 6
	separateMails = 3 // more mails at once to one person become one
)

// Deliver plans and sends what is due in every brand. One brand's failure does not keep the others waiting.
func (s *Service) Deliver(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, deliverBudget)
	defer cancel()
	var failed error
	for _, a := range actors {
		busy, err := hasWork(ctx, s.DB, a.BrandID, s.now())
		if err == nil && busy {
			err = s.deliverBrand(ctx, a)
		}
		if !errors.Is(err, context.DeadlineExceeded) { // the time was up: the next run goes on
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

func (s *Service) deliverBrand(ctx context.Context, actor authz.Actor) error {
	if _, err := loseSending(ctx, s.DB, actor.BrandID, s.now()); err != nil {
		return err
	}
	if err := s.plan(ctx, actor); err != nil {
		return err
	}
	for {
		t := take{actor: actor, claim: s.IDs.New()}
		var rows []delivery
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := db.LockKeys(ctx, tx, lockClass, lockKey(actor.BrandID)); err != nil {
				return err
			}
			var err error
			rows, err = claimDue(ctx, tx, actor.BrandID, t.claim, s.now(), s.now()+clock.Ms(leaseTime.Milliseconds()))
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := s.send1(ctx, &t, rows); err != nil {
			return err
		}
	}
}

// take is one batch of deliveries under a lease.
type take struct {
	actor authz.Actor
	claim id.ID
	set   setting
}

func (t *take) brand() id.ID { return t.actor.BrandID }

// parcel is what goes out as one message to one target.
type parcel struct {
	channel Channel
	target  id.ID
	rows    []delivery
}

func (p parcel) ids() []id.ID {
	out := make([]id.ID, len(p.rows))
	for i, r := range p.rows {
		out[i] = r.ID
	}
	return out
}

func (p parcel) digest() bool {
	return len(p.rows) > 0 && (p.rows[0].Mode == Daily || p.rows[0].Mode == Weekly)
}

// bundle makes parcels of deliveries that are sorted by channel and target. A robot and a phone get one message with
// everything. So does a mailbox for its digest; its instant mails stay apart unless they are many.
func bundle(rows []delivery) []parcel {
	var out []parcel
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].Channel == rows[from].Channel && rows[to].TargetID == rows[from].TargetID {
			to++
		}
		out = append(out, split(rows[from:to])...)
		from = to
	}
	return out
}

func split(rows []delivery) []parcel {
	first := rows[0]
	if first.Channel != Mail {
		return []parcel{{first.Channel, first.TargetID, rows}}
	}
	var digest, single []delivery
	for _, r := range rows {
		if r.Mode == Daily || r.Mode == Weekly {
			digest = append(digest, r)
		} else {
			single = append(single, r)
		}
	}
	var out []parcel
	if len(digest) > 0 {
		out = append(out, parcel{Mail, first.TargetID, digest})
	}
	if len(single) > separateMails {
		return append(out, parcel{Mail, first.TargetID, single})
	}
	for i := range single {
		out = append(out, parcel{Mail, first.TargetID, single[i : i+1]})
	}
	return out
}

// send1 sends one take: mail over one connection, SMS one after the other, each robot by itself, all of these at once.
func (s *Service) send1(ctx context.Context, t *take, rows []delivery) error {
	var err error
	if t.set, err = settingOf(ctx, s.DB, t.brand()); err != nil {
		return err
	}
	lanes := map[id.ID][]parcel{}
	const mailLane, smsLane = id.ID(-1), id.ID(-2)
	for _, p := range bundle(rows) {
		lane := p.target
		switch p.channel {
		case Mail:
			lane = mailLane
		case SMS:
			lane = smsLane
		}
		lanes[lane] = append(lanes[lane], p)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(lanesAtOnce)
	for lane, list := range lanes {
		g.Go(func() error {
			switch lane {
			case mailLane:
				return s.sendMails(ctx, t, list)
			case smsLane:
				return s.sendTexts(ctx, t, list)
			}
			return s.sendRobot(ctx, t, list)
		})
	}
	return g.Wait()
}

// start marks a parcel as being sent, in a transaction of its own that is durable before the call goes out. false: another
// process took it over meanwhile.
func (s *Service) start(ctx context.Context, t *take, p parcel) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err // the time is up: what was not begun is taken again when its lease is over
	}
	var n int64
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		n, err = begin(ctx, tx, t.brand(), t.claim, s.now()+clock.Ms(leaseTime.Milliseconds()), p.ids())
		if err == nil && n != int64(len(p.rows)) {
			err = errTaken
		}
		return err
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}

var errTaken = errors.New("notify: another process sends this")

// book writes down how a try ended. It does not stop when the run is stopped: what went out must be known.
func (s *Service) book(ctx context.Context, t *take, rows []delivery, err error) error {
	ctx = context.WithoutCancel(ctx)
	now := s.now()
	if err == nil {
		_, err := settle(ctx, s.DB, t.brand(), t.claim, parcel{rows: rows}.ids(), outcome{state: Sent, tried: 1, done: now})
		return err
	}
	f := connect.Of(err)
	if f.Result != connect.Later {
		state := Failed
		if f.Result == connect.Unknown {
			state = Unknown
		}
		_, err := settle(ctx, s.DB, t.brand(), t.claim, parcel{rows: rows}.ids(), outcome{state: state, reason: f.Code, detail: f.Detail, tried: 1, done: now})
		return err
	}
	for _, r := range rows {
		if _, err := settle(ctx, s.DB, t.brand(), t.claim, []id.ID{r.ID}, again(r, f, now)); err != nil {
			return err
		}
	}
	return nil
}

// again says when a delivery that was certainly not made is tried again, or that this was the last time. Being asked to
// wait is no failed try.
func again(r delivery, f *connect.Fault, now clock.Ms) outcome {
	o := outcome{state: Queued, reason: f.Code, detail: f.Detail, tried: 1, due: now + clock.Ms(backoff(r.Tries+1).Milliseconds())}
	if f.Wait > 0 {
		o.tried, o.due = 0, now+clock.Ms(f.Wait.Milliseconds())
	}
	if r.Tries+o.tried >= maxTries || now-r.Created > clock.Ms(maxAge.Milliseconds()) {
		o.state, o.due, o.done = Failed, 0, now
	}
	return o
}

// skip ends deliveries that are not to be sent.
func (s *Service) skip(ctx context.Context, t *take, rows []delivery, why string) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := settle(ctx, s.DB, t.brand(), t.claim, parcel{rows: rows}.ids(), outcome{state: Skipped, reason: why, done: s.now()})
	return err
}
