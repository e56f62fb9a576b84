package campaign

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Turn moves a campaign on: check, submit, withdraw, redispatch, close, reopen, review. lessons goes with review. Errors:
// campaign.gone, campaign.cannot_turn, the fields of an incomplete plan, campaign.blocked, campaign.unchecked,
// campaign.nothing_changed, those of release.
func (s *Service) Turn(ctx context.Context, actor authz.Actor, campaign id.ID, v Verb, lessons string) (*View, error) {
	if v == Check {
		return s.check(ctx, actor, campaign)
	}
	if v == Redispatch && !actor.Can(permApprove) {
		return nil, errs.New(errs.Forbidden, "campaign.not_approver")
	}
	err := s.turn(ctx, actor, campaign, permWrite, func(ctx context.Context, tx *db.Tx, r *row) error {
		switch v {
		case Submit:
			return r.sendable()
		case Redispatch:
			if r.SentRev == r.Rev {
				return errs.New(errs.Precondition, "campaign.nothing_changed")
			}
			if err := r.sendable(); err != nil {
				return err
			}
			if err := s.release(ctx, tx, actor, r); err != nil {
				return err
			}
			sent, err := sentPlan(ctx, tx, actor.BrandID, r.ID, r.Version)
			if err != nil {
				return err
			}
			r.trace.Parts = parts(sent, &r.plan)
			return s.send(ctx, tx, actor, r)
		case Review:
			r.Lessons = strings.TrimSpace(lessons)
			r.trace.Note = r.Lessons
			return s.Jobs.Insert(ctx, tx, settleJob{actor.BrandID, r.ID})
		case Close:
			return s.closing(ctx, tx, actor, r)
		case Reopen:
			if r.plan.EndsAt <= s.now() {
				return errs.New(errs.Precondition, "campaign.reopen_window")
			}
			r.ClosedAt = 0
		}
		return nil
	}, v)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, campaign)
}

// Decide approves a campaign, which dispatches it, or returns it with a note. rev is what was read. Errors: campaign.gone,
// campaign.cannot_turn, base.changed_meanwhile, campaign.note_missing, those of release.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, campaign id.ID, v Verb, rev int, note string) (*View, error) {
	note = strings.TrimSpace(note)
	if v == Return && note == "" {
		return nil, errs.Bad().Field("note", "campaign.note_missing")
	}
	err := s.turn(ctx, actor, campaign, permApprove, func(ctx context.Context, tx *db.Tx, r *row) error {
		if r.Rev != rev {
			return errs.New(errs.Precondition, "base.changed_meanwhile")
		}
		r.Note, r.trace.Note = note, note
		if v == Return {
			return nil
		}
		if err := r.plan.complete(s.now()); err != nil { // the window may have passed while it waited
			return err
		}
		if err := s.release(ctx, tx, actor, r); err != nil {
			return err
		}
		r.ApprovedBy = actor.Name
		return s.send(ctx, tx, actor, r)
	}, v)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, campaign)
}

// release asks everything that stands between a plan and people's phones beside the rules of risk: that not the one who wrote it
// lets it out, and that its texts differ enough. Errors: campaign.own_approval, campaign.own_approval_nobody,
// campaign.alike_waiting, campaign.alike_failed, campaign.alike_blocked.
func (s *Service) release(ctx context.Context, tx *db.Tx, actor authz.Actor, r *row) error {
	set, err := settingsOf(ctx, tx, actor.BrandID)
	if err != nil {
		return err
	}
	if r.trace.Alone, err = s.sole(ctx, tx, actor, r, &set); err != nil {
		return err
	}
	return s.guarded(ctx, tx, actor.BrandID, r, &set)
}

// turn locks a campaign, asks the table, lets fn do what goes with the verb, and saves. Every turn is a step of evidence.
func (s *Service) turn(ctx context.Context, actor authz.Actor, campaign id.ID, permission string, fn func(context.Context, *db.Tx, *row) error, v Verb) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.locked(ctx, tx, actor, permission, campaign)
		if err != nil {
			return err
		}
		to := after(r.State, v)
		if to == "" {
			return errs.New(errs.Precondition, "campaign.cannot_turn", "state", string(r.State))
		}
		from := r.State
		if err := fn(ctx, tx, r); err != nil {
			return err
		}
		if r.to != "" {
			to = r.to
		}
		if v == Close && to == from { // not yet its time after all: nothing happened
			return nil
		}
		r.State = to
		if err := saveState(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		body := map[string]any{"from": string(from), "to": string(to), "title": r.plan.Title, "rev": r.Rev, "version": r.Version, "verdict": r.Verdict, "note": r.Note}
		if v == Approve || v == Redispatch {
			body["author"], body["edited_by"], body["alone"] = r.Creator, r.Editor, r.trace.Alone
		}
		if err := s.Evidence.Append(ctx, tx, actor, Proven{Kind: "campaign." + string(v), Object: r.ID, UnitID: r.UnitID, Body: body}); err != nil {
			return err
		}
		if v == Redispatch || v == Approve {
			r.trace.Version = r.Version
		}
		return s.audited(ctx, tx, actor, r, actionPrefix+string(v), r.trace)
	})
}

// sendable tells whether the rules let a plan go out.
func (r *row) sendable() error {
	switch r.Verdict {
	case "":
		return errs.New(errs.Precondition, "campaign.unchecked")
	case verdictBlock:
		return errs.New(errs.Precondition, "campaign.blocked")
	}
	return nil
}

const verdictBlock = "block"

// check holds a complete plan against the rules and the library. A draft that is not blocked is checked then; the findings
// stay on it either way.
func (s *Service) check(ctx context.Context, actor authz.Actor, campaign id.ID) (*View, error) {
	r, _, err := s.visible(ctx, s.DB, actor, permWrite, campaign)
	if err != nil {
		return nil, err
	}
	if after(r.State, Check) == "" {
		return nil, errs.New(errs.Precondition, "campaign.cannot_turn", "state", string(r.State))
	}
	if err := r.plan.complete(s.now()); err != nil {
		return nil, err
	}
	if err := s.checkMaterials(ctx, actor.BrandID, &r.plan); err != nil {
		return nil, err
	}
	verdict, err := s.judge(ctx, actor, &r.plan)
	if err != nil {
		return nil, err
	}
	rev := r.Rev
	err = s.turn(ctx, actor, campaign, permWrite, func(ctx context.Context, tx *db.Tx, r *row) error {
		if r.Rev != rev { // somebody wrote meanwhile: what was checked is not what stands there
			return errs.New(errs.Precondition, "base.changed_meanwhile")
		}
		r.Verdict, r.findings, r.trace.Verdict = verdict.Verdict, verdict.Findings, verdict.Verdict
		if r.Verdict == verdictBlock && r.State != Running { // what is blocked cannot be handed on: it stays a draft
			r.to = Drafted
		}
		if !r.plan.templated() {
			return nil
		}
		return s.Jobs.Insert(ctx, tx, guardJob{actor.BrandID, r.ID, r.Rev})
	}, Check)
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, campaign)
}

// judge checks the plan's words on every platform of its audience and keeps the worst verdict.
func (s *Service) judge(ctx context.Context, actor authz.Actor, p *Plan) (Verdict, error) {
	platforms := p.Audience.Platforms
	if len(platforms) == 0 {
		platforms = []string{""}
	}
	out := Verdict{Verdict: "pass", Findings: []Finding{}}
	seen := map[Finding]bool{}
	for _, x := range platforms {
		v, err := s.Rules.Check(ctx, actor.BrandID, p.texts(), x, s.today(actor))
		if err != nil {
			return out, err
		}
		if worse(v.Verdict, out.Verdict) {
			out.Verdict = v.Verdict
		}
		for _, f := range v.Findings {
			if !seen[f] {
				seen[f] = true
				out.Findings = append(out.Findings, f)
			}
		}
	}
	return out, nil
}

func worse(a, b string) bool {
	rank := map[string]int{"pass": 0, "warn": 1, "review": 2, verdictBlock: 3}
	return rank[a] > rank[b]
}

// checkMaterials refuses items of the library that may not be handed out.
func (s *Service) checkMaterials(ctx context.Context, brand id.ID, p *Plan) error {
	ids := p.items()
	if len(ids) == 0 {
		return nil
	}
	found, err := s.Materials.Describe(ctx, s.DB, brand, ids)
	if err != nil {
		return err
	}
	bad := errs.Bad()
	for i, x := range p.Materials {
		badMaterial(bad, "materials", i, found[x])
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		for j, x := range t.Materials {
			badMaterial(bad, "tasks["+revTag(i)+"].materials", j, found[x])
		}
		if t.Template != 0 {
			if m := found[t.Template]; !m.Usable {
				bad.Field("tasks["+revTag(i)+"].template", "campaign.material_unusable", "title", m.Title)
			}
		}
	}
	return bad.OrNil()
}

func badMaterial(bad *errs.Error, path string, i int, m Material) {
	if !m.Usable {
		bad.Field(path+"["+revTag(i)+"]", "campaign.material_unusable", "title", m.Title)
	}
}

// items lists the library items of a plan.
func (p *Plan) items() []id.ID {
	out := append([]id.ID{}, p.Materials...)
	for i := range p.Tasks {
		out = append(out, p.Tasks[i].Materials...)
		if x := p.Tasks[i].Template; x != 0 {
			out = append(out, x)
		}
	}
	return out
}
