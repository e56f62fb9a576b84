package account

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// handoverDays is how long a company account may wait for its next owner.
const handoverDays = 7

// HandoverSteps are the keys of the hand-over checklist, in order; the texts are account.step_<key>.
func HandoverSteps() []string {
	return []string{"password_changed", "phone_rebound", "real_name_checked", "messages_answered", "profile_updated", "certification_renewed"}
}

// Handover gives a company account to the next member.
type Handover struct {
	AccountID id.ID
	ToMember  id.ID
	Unit      string // "" leaves the account where it is
	Reason    string
	Checklist CheckList
}

// HandOver passes a company account on. Every step of the checklist must be ticked or explained.
// Errors: account.not_found, account.personal_stays, account.reason_needed, account.step_open, account.member_unknown.
func (s *Service) HandOver(ctx context.Context, actor authz.Actor, h Handover) (Item, error) {
	if err := h.check(); err != nil {
		return Item{}, err
	}
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermHandover, h.AccountID)
		if err != nil {
			return err
		}
		people, err := s.People.MembersByID(ctx, tx, actor.BrandID, []id.ID{h.ToMember})
		if err != nil {
			return err
		}
		e, err := s.handedOver(a, h, people)
		if err != nil {
			return err
		}
		if h.Unit != "" {
			if e.After.UnitID, err = s.target(ctx, tx, actor, PermHandover, h.Unit); err != nil {
				return err
			}
		}
		if _, err := s.write(ctx, tx, actor, []*edit{e}); err != nil {
			return err
		}
		if err := s.closeTasks(ctx, tx, a.BrandID, a.ID, "handover"); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{
			Action: "account.handover", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle,
			Before: map[string]any{"member_id": a.MemberID, "unit_id": a.UnitID}, After: map[string]any{"member_id": e.After.MemberID, "unit_id": e.After.UnitID},
		})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, h.AccountID)
}

// handedOver works out what an account is in its next owner's hands; people holds him.
func (s *Service) handedOver(a Account, h Handover, people map[id.ID]Member) (*edit, error) {
	if a.Ownership != Company {
		return nil, errs.New(errs.Precondition, "account.personal_stays", "handle", a.Handle)
	}
	if a.Status.Ended() {
		return nil, errs.New(errs.Precondition, "account.cannot_turn", "handle", a.Handle)
	}
	e := begin(a)
	if err := takeMember(&e.After, h.ToMember, people); err != nil {
		return nil, err
	}
	e.After.HandoverDue = 0
	if e.After.CertState == Certified || e.After.CertState == CertPending { // it certified the person who left
		e.After.CertState, e.After.CertUntil = CertRevoked, 0
	}
	e.note(custodyRow{What: "handed_over", From: a.MemberName, To: e.After.MemberName, Reason: strings.TrimSpace(h.Reason), Checklist: h.Checklist})
	return e, nil
}

func (h *Handover) check() error {
	bad := errs.Bad()
	if h.ToMember == 0 {
		_ = bad.Field("to_member", "account.member_unknown")
	}
	if strings.TrimSpace(h.Reason) == "" {
		_ = bad.Field("reason", "account.reason_needed")
	}
	for _, key := range HandoverSteps() {
		i := slices.IndexFunc(h.Checklist, func(c CheckItem) bool { return c.Key == key })
		if i < 0 || !h.Checklist[i].Done && strings.TrimSpace(h.Checklist[i].Note) == "" {
			_ = bad.Field("checklist."+key, "account.step_open")
		}
	}
	return bad.OrNil()
}

// EndAuthorisation ends what a person allowed for a personal account: the history stays, consents are withdrawn, no
// new figures count. Errors: account.not_found, account.company_stays, account.reason_needed.
func (s *Service) EndAuthorisation(ctx context.Context, actor authz.Actor, account id.ID, reason string) (Item, error) {
	if strings.TrimSpace(reason) == "" {
		return Item{}, errs.Bad().Field("reason", "account.reason_needed")
	}
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermHandover, account)
		if err != nil {
			return err
		}
		if a.Ownership != Personal {
			return errs.New(errs.Precondition, "account.company_stays", "handle", a.Handle)
		}
		e := begin(a)
		s.endPersonal(actor, e, strings.TrimSpace(reason))
		if _, err := s.write(ctx, tx, actor, []*edit{e}); err != nil {
			return err
		}
		if err := s.withdraw(ctx, tx, a.BrandID, []id.ID{a.ID}, strings.TrimSpace(reason)); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.end_authorisation", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, account)
}

// endPersonal closes a personal account for the matrix; the member stays on record.
func (s *Service) endPersonal(actor authz.Actor, e *edit, reason string) {
	if e.Before.Status == Closed {
		return
	}
	e.After.Status, e.After.StatusCause, e.After.StatusSince, e.After.HandoverDue = Closed, reason, s.today(actor), 0
	if e.After.CertState == Certified || e.After.CertState == CertPending {
		e.After.CertState, e.After.CertUntil = CertRevoked, 0
	}
	e.note(custodyRow{What: "authorisation_ended", From: string(e.Before.Status), To: string(Closed), Reason: reason})
}

// MembersLeft ends or marks the accounts of members who left the matrix: personal authorisations end, company accounts
// wait for the next owner and the unit's managers get a task. Nothing is orphaned, and calling it again changes
// nothing. It returns how many accounts it touched.
func (s *Service) MembersLeft(ctx context.Context, actor authz.Actor, members []id.ID) (int, error) {
	total := 0
	for part := range slices.Chunk(members, 100) {
		err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
			list, err := ofMembers(ctx, tx, actor.BrandID, part)
			if err != nil {
				return err
			}
			n, err := s.release(ctx, tx, actor, list)
			total += n
			return err
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// release handles the accounts of people who left.
func (s *Service) release(ctx context.Context, tx *db.Tx, actor authz.Actor, list []Account) (int, error) {
	due := s.today(actor).Add(handoverDays)
	var edits []*edit
	var ended []id.ID
	var tasks []Task
	for _, a := range list {
		e := begin(a)
		switch {
		case a.Status.Ended():
			continue
		case a.Ownership == Personal:
			s.endPersonal(actor, e, "account.cause_member_left")
			ended = append(ended, a.ID)
		case a.HandoverDue == 0:
			e.After.HandoverDue = due
			e.note(custodyRow{What: "handover_due", From: a.MemberName, To: due.String(), Reason: "account.cause_member_left"})
			tasks = append(tasks, Task{
				Key: "handover:" + a.ID.String(), AccountID: a.ID, UnitID: a.UnitID, Slug: "account.task_handover",
				Params: map[string]any{"handle": a.Handle, "member": a.MemberName, "platform": string(a.Platform)}, Link: "/matrix/accounts/" + a.ID.String(), Due: due,
			})
		default:
			continue
		}
		edits = append(edits, e)
	}
	if len(edits) == 0 {
		return 0, nil
	}
	if _, err := s.write(ctx, tx, actor, edits); err != nil {
		return 0, err
	}
	if err := s.withdraw(ctx, tx, actor.BrandID, ended, "account.cause_member_left"); err != nil {
		return 0, err
	}
	if s.Tasks != nil && len(tasks) > 0 {
		if err := s.Tasks.OpenTasks(ctx, tx, actor.BrandID, tasks); err != nil {
			return 0, err
		}
	}
	return len(edits), s.audited(ctx, tx, actor, audit.Entry{Action: "account.release", Counts: map[string]int64{"ended": int64(len(ended)), "due": int64(len(tasks))}})
}

func (s *Service) closeTasks(ctx context.Context, tx *db.Tx, brand, account id.ID, kinds ...string) error {
	if s.Tasks == nil {
		return nil
	}
	keys := make([]string, len(kinds))
	for i, k := range kinds {
		keys[i] = k + ":" + account.String()
	}
	return s.Tasks.CloseTasks(ctx, tx, brand, keys)
}

// MoveUnitAccounts gives every account of one unit to another, when units merge; org calls it in its transaction.
func (s *Service) MoveUnitAccounts(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID, _ clock.Day) (int64, error) {
	if err := gate(ctx, tx, actor.BrandID); err != nil {
		return 0, err
	}
	var moved int64
	for {
		list, err := db.All[Account](ctx, tx, "SELECT "+selectCols+" FROM account_account a WHERE a.brand_id = $1 AND a.unit_id = $2 ORDER BY a.id LIMIT 1000",
			actor.BrandID, from)
		if err != nil || len(list) == 0 {
			return moved, err
		}
		edits := make([]*edit, len(list))
		for i, a := range list {
			edits[i] = begin(a)
			edits[i].After.UnitID = to
			edits[i].note(custodyRow{What: "moved", Reason: "account.cause_units_merged"})
		}
		n, err := s.write(ctx, tx, actor, edits)
		if err != nil {
			return moved, err
		}
		moved += int64(n)
	}
}
