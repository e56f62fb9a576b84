package app

import (
	"cmp"
	"context"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/desk"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/todo"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// newEvidence makes the room of the chains; its anchors also go to the log, which is kept apart from the store.
func newEvidence(b base, s services) *evidence.Service {
	return evidence.New(evidence.Deps{
		DB: b.DB, Clock: b.Clock, Box: b.Seal, Audit: b.Audit, Scopes: s.Org, Brands: s.Identity,
		Anchored: func(ctx context.Context, brand id.ID, a evidence.Anchor) {
			b.Log.InfoContext(ctx, "evidence anchor", "brand", brand, "day", a.Day, "steps", a.Seq, "hash", a.Hash)
		},
		Marked: func(ctx context.Context, brand id.ID, m evidence.Mark) {
			b.Log.InfoContext(ctx, "evidence head", "brand", brand, "steps", m.Seq, "hash", m.Hash)
		},
		TurnedBack: func(ctx context.Context, brand id.ID, m evidence.Mark, head evidence.Head) {
			b.Log.ErrorContext(ctx, "evidence chain was turned back", "brand", brand, "marked_steps", m.Seq, "marked_hash", m.Hash, "steps", head.Seq, "hash", head.Hash)
		},
	})
}

// newDesk makes the review desk over the registry, the rules, people's lists and the chain of evidence.
func newDesk(b base, s services) *desk.Service {
	for _, k := range desk.NoticeKinds() {
		s.Notify.Declare(notify.Kind{Key: k, Cap: 50})
	}
	s.Todo.Lock(desk.TodoFix)
	s.Todo.Lock(desk.TodoPublish)
	d := desk.New(desk.Deps{
		DB: b.DB, IDs: b.IDs, Clock: b.Clock, Jobs: b.Jobs, Audit: b.Audit, Blobs: b.Blobs, Reader: desk.FindReader(), Scopes: s.Org,
		Accounts: deskAccounts{s.Account}, People: deskPeople{s.Identity, s.Org}, Rules: deskRules{s.Risk}, Evidence: deskEvidence{s.Evidence},
		Outbox: deskOutbox{s.Notify, s.Todo},
	})
	s.Risk.Reviews = riskReviews{d}
	return d
}

// deskAccounts is what desk asks of the registry.
type deskAccounts struct{ s *account.Service }

// Labels implements desk.Accounts.
func (a deskAccounts) Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]desk.Account, error) {
	out := make(map[id.ID]desk.Account, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	labels, err := a.s.Labels(ctx, q, brand, ids)
	for k, l := range labels {
		out[k] = desk.Account{
			ID: k, Platform: string(l.Platform), Handle: l.Handle, Name: l.Name, UnitID: l.UnitID, UnitPath: l.UnitPath, MemberID: l.MemberID, Member: l.Member,
		}
	}
	return out, err
}

// OfMember implements desk.Accounts: those that are still open.
func (a deskAccounts) OfMember(ctx context.Context, q db.Querier, brand, member id.ID) ([]desk.Account, error) {
	ids, err := a.s.MemberAccounts(ctx, q, brand, member)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	facts, err := a.s.Facts(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	labels, err := a.Labels(ctx, q, brand, ids)
	out := make([]desk.Account, 0, len(ids))
	for _, x := range ids {
		if f, ok := facts[x]; ok && !f.Status.Ended() {
			out = append(out, labels[x])
		}
	}
	return out, err
}

// InScope implements desk.Accounts.
func (a deskAccounts) InScope(ctx context.Context, q db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error) {
	return a.s.InScope(ctx, q, actor, permission, ids)
}

// deskPeople is what desk asks of identity and org.
type deskPeople struct {
	*identity.Service
	org *org.Service
}

// HomeOf implements desk.People.
func (p deskPeople) HomeOf(ctx context.Context, q db.Querier, brand, member id.ID) (id.ID, error) {
	if member == 0 {
		unit, err := p.org.ResolvePath(ctx, q, brand, "/")
		return unit.ID, err
	}
	unit, _, err := identityUnits{p.org}.Member(ctx, q, brand, member)
	return unit, err
}

// UnitPaths implements desk.People.
func (p deskPeople) UnitPaths(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID]string, error) {
	return riskLabels{org: p.org}.Units(ctx, q, brand, units)
}

// Holders implements desk.People.
func (p deskPeople) Holders(ctx context.Context, q db.Querier, brand id.ID, roles []authz.Role) ([]desk.Person, error) {
	list, err := p.Service.Holders(ctx, q, brand, roles)
	out := make([]desk.Person, len(list))
	for i, x := range list {
		out[i] = desk.Person(x)
	}
	return out, err
}

// deskRules asks risk about texts.
type deskRules struct{ s *risk.Service }

// Check implements desk.Rules.
func (r deskRules) Check(ctx context.Context, brand id.ID, texts []desk.Text, c desk.Checked) (desk.Verdict, error) {
	list := make([]risk.Text, len(texts))
	for i, t := range texts {
		list[i] = risk.Text(t)
	}
	v, err := r.s.Check(ctx, brand, list, scan.Context{Platform: c.Platform, Kind: c.Kind, Day: int32(c.Day)})
	if err != nil {
		return desk.Verdict{}, err
	}
	x, err := r.s.Rank(ctx, brand, list)
	if err != nil {
		return desk.Verdict{}, err
	}
	out := desk.Verdict{Verdict: v.Grade.String(), Score: v.Score, Version: strconv.Itoa(v.Version), Findings: make([]desk.Finding, len(v.Findings))}
	for i, f := range v.Findings {
		top := hints(f.Top)
		out.Findings[i] = desk.Finding{
			Field: f.Field, Rule: f.Rule, Category: f.Category, Severity: f.Severity, Start: f.Start, End: f.End, Text: f.Text,
			Reason: f.Reason, ReasonEn: f.ReasonEn, Article: f.Article, Rewrite: f.Rewrite, Replace: f.Replace, Top: top,
		}
	}
	out.Ranked = desk.Ranked{Ranker: x.Ranker, Likely: x.Likely, Over: x.Over, Top: hints(x.Top)}
	return out, nil
}

func hints(list []rank.Feature) []desk.Hint {
	out := make([]desk.Hint, len(list))
	for i, x := range list {
		out[i] = desk.Hint(x)
	}
	return out
}

// riskReviews gives risk what the desk's reviewers decided.
type riskReviews struct{ s *desk.Service }

// Reviewed implements risk.Reviews.
func (r riskReviews) Reviewed(ctx context.Context, q db.Querier, brand id.ID, limit int) ([]risk.Reviewed, error) {
	list, err := r.s.Decided(ctx, q, brand, limit)
	out := make([]risk.Reviewed, len(list))
	for i, x := range list {
		out[i] = risk.Reviewed{Submission: x.Submission, Kind: x.Kind, Platform: x.Platform, Texts: make([]risk.Text, len(x.Texts)), Refused: x.Refused}
		for j, t := range x.Texts {
			out[i].Texts[j] = risk.Text(t)
		}
	}
	return out, err
}

// Opine implements desk.Rules.
func (r deskRules) Opine(ctx context.Context, tx *db.Tx, actor authz.Actor, submission id.ID, marks []desk.Mark) error {
	if len(marks) == 0 {
		return nil
	}
	list := make([]risk.Opinion, len(marks))
	for i, m := range marks {
		list[i] = risk.Opinion{Rule: m.Rule, Kind: "submission", ObjectID: submission, Start: m.Start, Excerpt: m.Text, Right: m.Right}
	}
	return r.s.JudgeIn(ctx, tx, actor, list)
}

// deskEvidence chains the desk's decisive steps.
type deskEvidence struct{ s *evidence.Service }

// Append implements desk.Evidence.
func (e deskEvidence) Append(ctx context.Context, tx *db.Tx, brand id.ID, steps ...desk.Step) error {
	list := make([]evidence.Step, len(steps))
	for i, x := range steps {
		list[i] = evidence.Step{BrandID: brand, UnitID: x.Unit, Kind: x.Kind, Object: cmp.Or(x.Of, desk.ObjectName), ObjectID: x.Object, Actor: x.Actor, Body: x.Body, Texts: x.Texts}
	}
	return e.s.Append(ctx, tx, list...)
}

// deskOutbox reaches people for the desk.
type deskOutbox struct {
	notices *notify.Service
	todos   *todo.Service
}

// Tell implements desk.Outbox.
func (o deskOutbox) Tell(ctx context.Context, tx *db.Tx, brand id.ID, notices ...desk.Notice) error {
	for _, n := range notices {
		err := o.notices.Send(ctx, tx, brand, n.Kind, []notify.Notice{{UserID: n.UserID, Key: n.Key, Params: n.Params, Link: n.Link}})
		if err != nil {
			return err
		}
	}
	return nil
}

// Ask implements desk.Outbox.
func (o deskOutbox) Ask(ctx context.Context, tx *db.Tx, brand id.ID, todos ...desk.Todo) error {
	list := make([]todo.Draft, len(todos))
	for i, t := range todos {
		list[i] = todo.Draft{
			Kind: t.Kind, Key: t.Key, Object: t.Object, UnitID: t.Unit, UserID: t.User, Audience: todo.Owner, Slug: t.Slug, Params: t.Params, Link: t.Link, DueDay: t.Due,
		}
	}
	_, err := o.todos.Create(ctx, tx, brand, list)
	return err
}

// Settle implements desk.Outbox.
func (o deskOutbox) Settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, submission id.ID) error {
	return o.todos.Settle(ctx, tx, brand, kind, []id.ID{submission}, todo.OutcomeSettled)
}

// SameText implements desk.Rules.
func (r deskRules) SameText(ctx context.Context, brand id.ID, text string, limit int) ([]desk.Elsewhere, error) {
	list, err := r.s.SameText(ctx, brand, text, limit)
	out := make([]desk.Elsewhere, len(list))
	for i, x := range list {
		out[i] = desk.Elsewhere{
			PostID: x.ID, AccountID: x.AccountID, UnitID: x.UnitID, Platform: x.Platform, Handle: x.Account.Handle, Member: x.Account.Member,
			Text: x.Text, Score: x.Score, At: x.Published,
		}
	}
	return out, err
}
