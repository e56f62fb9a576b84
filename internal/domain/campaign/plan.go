package campaign

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// View is a campaign as one actor sees it.
type View struct {
	Campaign
	Changed  bool // edited since it was dispatched
	Notes    []UnitNote
	Turns    []Verb
	Editable bool
	Held     *errs.Error // why the actor, who could otherwise approve it, cannot
}

// UnitNote is what a unit adds to headquarters' text.
type UnitNote struct {
	UnitID   id.ID
	UnitPath string
	Text     string
	At       clock.Ms
	By       string
}

func (r *row) campaign() Campaign {
	kept := r.CaseID
	if !r.CaseKept { // an id that was only put by
		kept = 0
	}
	return Campaign{
		EditedBy: r.Editor, CaseID: kept,
		ID: r.ID, UnitID: r.UnitID, State: r.State, Plan: r.plan, Rev: r.Rev, Version: r.Version, Verdict: r.Verdict, Findings: r.findings, CreatedAt: r.CreatedAt,
		CreatedBy: r.Creator, ApprovedBy: r.ApprovedBy, Note: r.Note, Lessons: r.Lessons, From: r.From, Template: r.Template, ClosedAt: r.ClosedAt,
		Progress: Progress{Expected: r.Expected, People: r.People, Made: r.Made, Began: r.BeganAt, Ended: r.EndedAt, after: r.Walked},
	}
}

// NewCampaign asks for a draft: empty, a copy of From, or from a shipped Template. Unit is id or path, "" the actor's top.
type NewCampaign struct {
	Title    string
	From     id.ID
	Template string
	Unit     string
}

// Create makes a draft. Errors: campaign.title, campaign.template_unknown, campaign.gone, campaign.unit_needed, those of Scope.
func (s *Service) Create(ctx context.Context, actor authz.Actor, n NewCampaign) (id.ID, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, n.Unit)
	if err != nil {
		return 0, err
	}
	r := &row{ID: s.IDs.New(), State: Drafted, CreatedAt: s.now(), CreatedBy: actor.UserID, Creator: actor.Name, Template: n.Template, From: n.From}
	switch {
	case scope.All:
	case len(scope.Roots) == 1:
		r.UnitID = scope.Roots[0]
	default:
		return 0, errs.Bad().Field("unit", "campaign.unit_needed")
	}
	if r.plan, err = s.firstPlan(ctx, actor, n); err != nil {
		return 0, err
	}
	if n.Title = strings.TrimSpace(n.Title); n.Title != "" {
		r.plan.Title = n.Title
	}
	r.plan.tidy()
	if r.plan.Title == "" {
		return 0, errs.Bad().Field("title", "campaign.title", "max", maxTitle)
	}
	for i := range r.plan.Tasks {
		r.plan.Tasks[i].ID = s.IDs.New()
	}
	return r.ID, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertRow(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, r, "campaign.created", nil)
	})
}

func (s *Service) firstPlan(ctx context.Context, actor authz.Actor, n NewCampaign) (Plan, error) {
	switch {
	case n.From != 0:
		old, _, err := s.visible(ctx, s.DB, actor, permWrite, n.From)
		if err != nil {
			return Plan{}, err
		}
		return old.plan.again(0), nil
	case n.Template != "":
		all := Templates(actor.Lang)
		i := slices.IndexFunc(all, func(t Template) bool { return t.Key == n.Template })
		if i < 0 {
			return Plan{}, errs.Bad().Field("template", "campaign.template_unknown")
		}
		return all[i].Plan, nil
	}
	return Plan{}, nil
}

// again is the plan of a copy, moved on by a time; 0 leaves the window open.
func (p *Plan) again(by clock.Ms) Plan {
	raw, err := json.Marshal(p)
	if err != nil {
		panic("campaign: plan: " + err.Error()) // plain values always encode
	}
	var c Plan
	if err := json.Unmarshal(raw, &c); err != nil {
		panic("campaign: plan: " + err.Error())
	}
	move := func(m *clock.Ms) {
		if by == 0 {
			*m = 0
		} else if *m != 0 {
			*m += by
		}
	}
	move(&c.StartsAt)
	move(&c.EndsAt)
	for i := range c.Phases {
		move(&c.Phases[i].StartsAt)
		move(&c.Phases[i].EndsAt)
	}
	for i := range c.Tasks {
		c.Tasks[i].ID = 0
		move(&c.Tasks[i].DueAt)
	}
	if by == 0 {
		c.Recur = Recur{}
	}
	return c
}

// Write saves a plan; ifMatch is the ETag that was edited. A draft may be incomplete. What was checked, or waits for approval,
// is a draft again; a running campaign keeps its dispatched version until the verb redispatch. Errors: campaign.gone,
// campaign.not_editable, base.changed_meanwhile, campaign.task_unknown, campaign.task_retyped.
func (s *Service) Write(ctx context.Context, actor authz.Actor, campaign id.ID, ifMatch string, p Plan) (*View, error) {
	p.tidy()
	if p.Title == "" {
		return nil, errs.Bad().Field("title", "campaign.title", "max", maxTitle)
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.locked(ctx, tx, actor, permWrite, campaign)
		if err != nil {
			return err
		}
		if !editable(r.State) {
			return errs.New(errs.Precondition, "campaign.not_editable", "state", string(r.State))
		}
		if err := web.CheckMatch(ifMatch, web.ETag(revTag(r.Rev))); err != nil {
			return err
		}
		if err := p.number(r.plan.Tasks, s.IDs.New); err != nil {
			return err
		}
		before := parts(&r.plan, &p)
		r.plan, r.EditedBy, r.Editor = p, actor.UserID, actor.Name
		if r.State != Running {
			r.State = Drafted
		}
		if err := writePlan(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, r, actEdited, trace{Parts: before})
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, campaign)
}

// parts names the members of a plan that differ.
func parts(a, b *Plan) []string {
	out := []string{}
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	return out
}

// Drop throws a campaign away that was never dispatched. Errors: campaign.gone, campaign.dispatched_already.
func (s *Service) Drop(ctx context.Context, actor authz.Actor, campaign id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.locked(ctx, tx, actor, permWrite, campaign)
		if err != nil {
			return err
		}
		if r.Version > 0 || r.State == Dispatching {
			return errs.New(errs.Precondition, "campaign.dispatched_already")
		}
		if err := dropRow(ctx, tx, actor.BrandID, campaign); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, r, "campaign.dropped", nil)
	})
}

func (s *Service) audited(ctx context.Context, tx *db.Tx, actor authz.Actor, r *row, action string, change any) error {
	return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: action, UnitID: r.UnitID, Kind: "campaign", Object: r.ID, Name: r.plan.Title, After: change})
}

// Get gives one campaign. Errors: campaign.gone.
func (s *Service) Get(ctx context.Context, actor authz.Actor, campaign id.ID) (*View, error) {
	r, scope, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	v := &View{Campaign: r.campaign(), Changed: r.Version > 0 && r.SentRev != r.Rev}
	if v.Notes, err = s.notes(ctx, s.DB, scope, campaign); err != nil {
		return nil, err
	}
	mine, err := s.mayWrite(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	v.Editable = mine && editable(r.State)
	decides, approves := false, false
	if r.State == Approval || r.State == Running && v.Changed {
		if decides, approves, v.Held, err = s.mayDecide(ctx, actor, r); err != nil {
			return nil, err
		}
	}
	v.Turns = []Verb{}
	for _, t := range may(r.State) {
		ok := mine
		switch t {
		case Approve:
			ok = approves
		case Return:
			ok = decides
		case Redispatch:
			ok = mine && v.Changed && approves
		}
		if ok {
			v.Turns = append(v.Turns, t)
		}
	}
	return v, nil
}

// mayWrite tells whether a campaign is of the units the actor may write for.
func (s *Service) mayWrite(ctx context.Context, actor authz.Actor, r *row) (bool, error) {
	if !actor.Can(permWrite) {
		return false, nil
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return false, err
	}
	return s.owns(ctx, s.DB, scope, r.UnitID)
}

// notes gives the notes of the units in a scope and of those above it, which its people read too.
func (s *Service) notes(ctx context.Context, q db.Querier, scope authz.Scope, campaign id.ID) ([]UnitNote, error) {
	rows, err := notesOf(ctx, q, scope.BrandID, campaign)
	if err != nil || len(rows) == 0 {
		return []UnitNote{}, err
	}
	ids := make([]id.ID, len(rows))
	for i, n := range rows {
		ids[i] = n.UnitID
	}
	up := map[id.ID][]id.ID{}
	if !scope.All {
		if up, err = s.Scopes.Ancestors(ctx, q, scope.BrandID, append(slices.Clone(scope.Roots), ids...), clock.Forever); err != nil {
			return nil, err
		}
	}
	above := func(unit id.ID) bool {
		return slices.ContainsFunc(scope.Roots, func(root id.ID) bool { return slices.Contains(up[root], unit) })
	}
	units, err := s.Units.Describe(ctx, q, scope.BrandID, ids)
	out := make([]UnitNote, 0, len(rows))
	for _, n := range rows {
		if scope.Allows(up[n.UnitID]) || above(n.UnitID) {
			out = append(out, UnitNote{n.UnitID, pathOf(units[n.UnitID]), n.Text, n.At, n.By})
		}
	}
	return out, err
}

func pathOf(u Unit) string {
	if u.Path != "" {
		return u.Path
	}
	return u.Name
}

// Listed is a campaign in a list, with the counts of the actor's units.
type Listed struct {
	Campaign
	UnitPath string
	Counts   Counts
}

// List gives campaigns, newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f ListFilter) ([]Listed, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	rows, err := listRows(ctx, s.DB, scope, f)
	if err != nil {
		return nil, err
	}
	var units []id.ID
	for i := range rows {
		if rows[i].UnitID != 0 {
			units = append(units, rows[i].UnitID)
		}
	}
	names, err := s.Units.Describe(ctx, s.DB, actor.BrandID, units)
	if err != nil {
		return nil, err
	}
	tops, err := s.tops(ctx, scope)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	for i := range rows {
		out[i] = Listed{Campaign: rows[i].campaign(), UnitPath: pathOf(names[rows[i].UnitID])}
		if rows[i].Version == 0 {
			out[i].Counts = Counts{States: map[Step]int64{}}
			continue
		}
		byUnit, err := countsOfUnits(ctx, s.DB, actor.BrandID, rows[i].ID, tops)
		if err != nil {
			return nil, err
		}
		out[i].Counts = sumCounts(byUnit, 0)
	}
	return out, nil
}

// tops are the units whose kept counts add up to a scope.
func (s *Service) tops(ctx context.Context, scope authz.Scope) ([]id.ID, error) {
	if !scope.All {
		return scope.Roots, nil
	}
	root, err := s.Units.Root(ctx, s.DB, scope.BrandID)
	return []id.ID{root.ID}, err
}

// Progress tells how far a dispatch is. Errors: campaign.gone.
func (s *Service) Progress(ctx context.Context, actor authz.Actor, campaign id.ID) (State, Progress, error) {
	r, _, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return "", Progress{}, err
	}
	return r.State, r.campaign().Progress, nil
}

// Version is what was dispatched at a time.
type Version struct {
	Version int
	Plan    Plan
	At      clock.Ms
	By      string
	Changed []string
}

// Versions gives what was dispatched, newest first. Errors: campaign.gone.
func (s *Service) Versions(ctx context.Context, actor authz.Actor, campaign id.ID) ([]Version, error) {
	if _, _, err := s.visible(ctx, s.DB, actor, permRead, campaign); err != nil {
		return nil, err
	}
	rows, err := versionsOf(ctx, s.DB, actor.BrandID, campaign)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(rows))
	for i, v := range rows {
		out[i] = Version{Version: v.Version, At: v.At, By: v.By, Changed: []string{}}
		if err := json.Unmarshal([]byte(v.Plan), &out[i].Plan); err != nil {
			return nil, err
		}
		out[i].Plan.tidy()
	}
	for i := range out[:max(len(out)-1, 0)] {
		out[i].Changed = parts(&out[i+1].Plan, &out[i].Plan)
	}
	return out, nil
}

// SetNote writes a unit's note beside headquarters' text, or takes it away with "". It cannot touch the text itself. Errors:
// campaign.gone, campaign.not_running, those of Scope.
func (s *Service) SetNote(ctx context.Context, actor authz.Actor, campaign id.ID, unit, text string) error {
	text = strings.TrimSpace(text)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		scope, err := s.Scopes.Scope(ctx, tx, actor, permNote, unit)
		if err != nil {
			return err
		}
		if len(scope.Roots) != 1 {
			return errs.Bad().Field("unit", "campaign.unit_needed")
		}
		r, _, err := s.visible(ctx, tx, actor, permRead, campaign)
		if err != nil {
			return err
		}
		if r.State != Running && r.State != Dispatching {
			return errs.New(errs.Precondition, "campaign.not_running")
		}
		n := noteRow{UnitID: scope.Roots[0], Text: text, At: s.now(), By: actor.Name}
		if err := saveNote(ctx, tx, actor.BrandID, campaign, n); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: actNoted, UnitID: n.UnitID, Kind: "campaign", Object: r.ID, Name: r.plan.Title, After: trace{Text: text}})
	})
}
