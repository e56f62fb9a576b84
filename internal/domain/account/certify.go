package account

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// certNotice are the days before the end at which a reminder is given.
func certNotice() []int { return []int{30, 7} }

// Certification is a new state of an account's staff certification.
type Certification struct {
	AccountID id.ID
	State     CertState
	Until     clock.Day // needed when certified; 0 = does not end
	Note      string
}

// Certify records how far the platform's staff certification has come. Errors: account.not_found,
// account.cert_unsupported, account.cert_past.
func (s *Service) Certify(ctx context.Context, actor authz.Actor, c Certification) (Item, error) {
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermEdit, c.AccountID)
		if err != nil {
			return err
		}
		kind := CertKindOf(a.Platform)
		switch {
		case kind == "":
			return errs.New(errs.Precondition, "account.cert_unsupported", "handle", a.Handle)
		case c.State == Certified && c.Until != 0 && c.Until < s.today(actor):
			return errs.Bad().Field("until", "account.cert_past")
		}
		e := begin(a)
		e.After.CertKind, e.After.CertState, e.After.CertUntil = kind, c.State, c.Until
		if c.State != Certified {
			e.After.CertUntil = 0
		}
		if c.State == CertNone {
			e.After.CertKind = ""
		}
		e.note(custodyRow{What: "certification", From: string(a.CertState), To: string(c.State), Reason: c.Note})
		if _, err := s.write(ctx, tx, actor, []*edit{e}); err != nil {
			return err
		}
		if err := s.closeTasks(ctx, tx, a.BrandID, a.ID, "cert30", "cert7", "cert_expired"); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.certify", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, c.AccountID)
}

// SweepCertifications reminds of certifications about to end (30 and 7 days before) and expires those that have ended.
// Idempotent; the daily job calls it per brand. It returns how many expired.
func (s *Service) SweepCertifications(ctx context.Context, actor authz.Actor) (int, error) {
	today := s.today(actor)
	expired := 0
	for {
		n := 0
		err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
			list, err := db.All[Account](ctx, tx, "SELECT "+selectCols+` FROM account_account a WHERE a.brand_id = $1 AND a.cert_until IS NOT NULL
				AND a.cert_until < $2 AND a.cert_state = 'certified' ORDER BY a.id LIMIT 500`, actor.BrandID, today)
			if err != nil || len(list) == 0 {
				return err
			}
			edits := make([]*edit, len(list))
			var tasks []Task
			for i, a := range list {
				edits[i] = begin(a)
				edits[i].After.CertState = CertExpired
				edits[i].note(custodyRow{What: "certification", From: string(a.CertState), To: string(CertExpired), Reason: "account.cause_expired"})
				if !a.Status.Ended() {
					tasks = append(tasks, certTask(a, "cert_expired", "account.task_cert_expired", today.Add(7)))
				}
			}
			if n, err = s.write(ctx, tx, actor, edits); err != nil || s.Tasks == nil {
				return err
			}
			return s.Tasks.OpenTasks(ctx, tx, actor.BrandID, tasks)
		})
		expired += n
		if err != nil {
			return expired, err
		}
		if n < 500 {
			return expired, s.remindCertifications(ctx, actor, today)
		}
	}
}

func (s *Service) remindCertifications(ctx context.Context, actor authz.Actor, today clock.Day) error {
	if s.Tasks == nil {
		return nil
	}
	last := certNotice()[0]
	for after := id.ID(0); ; {
		list, err := db.All[Account](ctx, s.DB, "SELECT "+selectCols+` FROM account_account a WHERE a.brand_id = $1 AND a.cert_until IS NOT NULL
			AND a.cert_until BETWEEN $2 AND $3 AND a.cert_state = 'certified' AND a.status NOT IN ('handed_over', 'closed') AND a.id > $4
			ORDER BY a.id LIMIT 500`, actor.BrandID, today, today.Add(last), int64(after))
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		var tasks []Task
		for _, a := range list {
			key := "cert30"
			if a.CertUntil.Sub(today) <= certNotice()[1] {
				key = "cert7"
			}
			tasks = append(tasks, certTask(a, key, "account.task_cert_ends", a.CertUntil))
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Tasks.OpenTasks(ctx, tx, actor.BrandID, tasks) })
		if err != nil {
			return err
		}
	}
}

func certTask(a Account, key, slug string, due clock.Day) Task {
	return Task{
		Key: key + ":" + a.ID.String(), AccountID: a.ID, UnitID: a.UnitID, MemberID: a.MemberID, Slug: slug,
		Params: map[string]any{"handle": a.Handle, "day": a.CertUntil.String(), "platform": string(a.Platform)}, Link: "/matrix/accounts/" + a.ID.String(), Due: due,
	}
}
