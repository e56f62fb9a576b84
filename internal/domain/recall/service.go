package recall

import (
	"context"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Draft is a recall to be opened. Unit "" is the whole of the actor's scope.
type Draft struct {
	Title   string
	Claim   Claim
	RuleID  string // the rule it comes from, or ""
	Action  Action
	Reason  string
	Article string
	Unit    string
	Due     clock.Day
}

func (d *Draft) check(today clock.Day) error {
	bad := errs.Bad()
	d.Title, d.Reason, d.Article = strings.TrimSpace(d.Title), strings.TrimSpace(d.Reason), strings.TrimSpace(d.Article)
	if n := utf8.RuneCountInString(d.Title); n < 1 || n > maxTitle {
		bad.Field("title", "recall.title", "max", maxTitle)
	}
	if n := utf8.RuneCountInString(d.Reason); n < 1 || n > maxNote {
		bad.Field("reason", "recall.reason", "max", maxNote)
	}
	if d.Action != TakeDown && d.Action != Edit {
		bad.Field("action", "recall.action")
	}
	d.Claim.check(bad)
	checkDue(d.Due, today, bad)
	return bad.OrNil()
}

// Sample is a text that holds a claim.
type Sample struct {
	Text  Text
	Label Label
	Spans []Span
}

// Preview is what a claim would find. Whole is false when the time was up before every text was looked at.
type Preview struct {
	Looked, Found, Accounts int64
	Whole                   bool
	Samples                 []Sample
}

const (
	walkBatch    = 1000
	sampleSize   = 20
	previewTexts = 2_000_000
)

// Preview walks the live texts of the actor's scope and tells how many hold the claim. It writes nothing. Errors:
// recall.terms_missing and the others of a claim, those of Scope.
func (s *Service) Preview(ctx context.Context, actor authz.Actor, c Claim, unit string) (Preview, error) {
	bad := errs.Bad()
	c.check(bad)
	if err := bad.OrNil(); err != nil {
		return Preview{}, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, unit)
	if err != nil {
		return Preview{}, err
	}
	w, err := s.newWalk(actor.BrandID, c, scope)
	if err != nil {
		return Preview{}, err
	}
	var p Preview
	accounts := map[id.ID]bool{}
	var at place
	for p.Looked < previewTexts {
		found, next, looked, err := w.step(ctx, s.DB, at)
		if err != nil {
			if ctx.Err() != nil && p.Looked > 0 { // the time is up: what was seen is still worth telling
				break
			}
			return p, err
		}
		if looked == 0 {
			p.Whole = true
			break
		}
		p.Looked, p.Found, at = p.Looked+int64(looked), p.Found+int64(len(found)), next
		for _, f := range found {
			accounts[f.text.AccountID] = true
			if len(p.Samples) < sampleSize {
				p.Samples = append(p.Samples, Sample{Text: f.text, Spans: f.spans})
			}
		}
	}
	p.Accounts = int64(len(accounts))
	return p, s.nameSamples(context.WithoutCancel(ctx), actor.BrandID, p.Samples)
}

func (s *Service) nameSamples(ctx context.Context, brand id.ID, samples []Sample) error {
	ids := make([]id.ID, len(samples))
	for i, x := range samples {
		ids[i] = x.Text.AccountID
	}
	labels, err := s.Accounts.Labels(ctx, s.DB, brand, ids)
	for i := range samples {
		samples[i].Label = labels[samples[i].Text.AccountID]
	}
	return err
}

// Start opens a recall; its search runs as a job. Errors: the fields of the draft, those of Scope.
func (s *Service) Start(ctx context.Context, actor authz.Actor, d Draft) (id.ID, error) {
	if err := d.check(s.today(actor)); err != nil {
		return 0, err
	}
	if _, err := d.Claim.matcher(); err != nil {
		return 0, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, d.Unit)
	if err != nil {
		return 0, err
	}
	root, err := rootOf(scope)
	if err != nil {
		return 0, err
	}
	r := recallRow{
		ID: s.IDs.New(), Title: d.Title, RuleID: d.RuleID, Action: d.Action, Reason: d.Reason, Article: d.Article, UnitID: root,
		Due: d.Due, State: Searching, OpenedAt: s.now(), OpenedBy: actor.UserID, OpenedName: actor.Name, claim: d.Claim,
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertRecall(ctx, tx, actor.BrandID, r); err != nil {
			return err
		}
		if err := s.Jobs.Insert(ctx, tx, searchJob{actor.BrandID, r.ID}); err != nil {
			return err
		}
		step := Step{Kind: "recall.opened", Object: r.ID, UnitID: root, Body: map[string]any{
			"title": r.Title, "terms": d.Claim.Terms, "except": d.Claim.Except, "rule": r.RuleID, "action": string(r.Action),
			"reason": r.Reason, "article": r.Article, "due": r.Due.String(),
		}}
		if err := s.Evidence.Append(ctx, tx, actor, step); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "recall.opened", UnitID: root, Kind: "recall", Object: r.ID, Name: r.Title})
	})
	return r.ID, err
}

// rootOf gives the one top of a scope, 0 for the whole brand. Somebody whose scope has several tops names a unit.
func rootOf(scope authz.Scope) (id.ID, error) {
	switch {
	case scope.All:
		return 0, nil
	case len(scope.Roots) == 1:
		return scope.Roots[0], nil
	}
	return 0, errs.Bad().Field("unit", "recall.unit_needed")
}

// Recall is a recall with its progress within the actor's scope.
type Recall struct {
	ID                id.ID
	Title             string
	Claim             Claim
	RuleID            string
	Action            Action
	Reason, Article   string
	UnitID            id.ID
	Due               clock.Day
	State             State
	Looked            int64 // texts walked so far by the running search
	OpenedAt          clock.Ms
	OpenedBy          string
	ClosedAt          clock.Ms
	ClosedBy, ClosedN string
	Counts            map[ItemState]int64
	Overdue           bool
}

// List gives recalls, newest first, before an id. Those that hold nothing of a manager's units are left out.
func (s *Service) List(ctx context.Context, actor authz.Actor, state State, before id.ID, limit int) ([]Recall, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	rows, err := listRecalls(ctx, s.DB, scope, state, before, limit)
	if err != nil {
		return nil, err
	}
	return s.recalls(ctx, actor, scope, rows)
}

// Get gives one recall. Errors: recall.gone.
func (s *Service) Get(ctx context.Context, actor authz.Actor, recall id.ID) (Recall, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return Recall{}, err
	}
	row, err := s.visible(ctx, s.DB, scope, recall)
	if err != nil {
		return Recall{}, err
	}
	out, err := s.recalls(ctx, actor, scope, []recallRow{row})
	if err != nil {
		return Recall{}, err
	}
	return out[0], nil
}

// visible reads a recall that the scope may see: one of the whole brand's when the scope is, else one with items in it.
func (s *Service) visible(ctx context.Context, q db.Querier, scope authz.Scope, recall id.ID) (recallRow, error) {
	row, err := getRecall(ctx, q, scope.BrandID, recall)
	if db.NoRows(err) {
		return row, errGone()
	}
	if err != nil || scope.All {
		return row, err
	}
	some, err := hasItems(ctx, q, scope, recall)
	if err == nil && !some {
		err = errGone()
	}
	return row, err
}

func errGone() error { return errs.New(errs.NotFound, "recall.gone") }

func (s *Service) recalls(ctx context.Context, actor authz.Actor, scope authz.Scope, rows []recallRow) ([]Recall, error) {
	today := s.today(actor)
	counts, err := countItems(ctx, s.DB, scope, rows)
	out := make([]Recall, len(rows))
	for i, r := range rows {
		out[i] = Recall{
			ID: r.ID, Title: r.Title, Claim: r.claim, RuleID: r.RuleID, Action: r.Action, Reason: r.Reason, Article: r.Article, UnitID: r.UnitID,
			Due: r.Due, State: r.State, Looked: r.Looked, OpenedAt: r.OpenedAt, OpenedBy: r.OpenedName, ClosedAt: r.ClosedAt, ClosedBy: r.ClosedName,
			ClosedN: r.CloseNote, Counts: counts[r.ID],
		}
		out[i].Overdue = r.State != Closed && r.Due < today && out[i].Counts[Waiting] > 0
	}
	return out, err
}

// Close ends a recall. With items still waiting or unchecked it needs a note that says why. Errors: recall.gone,
// recall.searching, recall.close_note.
func (s *Service) Close(ctx context.Context, actor authz.Actor, recall id.ID, note string) error {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := s.writable(ctx, tx, actor, scope, recall)
		if err != nil {
			return err
		}
		if row.State == Searching {
			return errs.New(errs.Precondition, "recall.searching")
		}
		counts, err := countItems(ctx, tx, authz.Scope{BrandID: actor.BrandID, All: true}, []recallRow{row})
		if err != nil {
			return err
		}
		n := counts[recall]
		if left := n[Waiting] + n[Proved]; left > 0 && note == "" {
			return errs.Bad().Field("note", "recall.close_note", "left", left)
		}
		keys, err := openKeys(ctx, tx, actor.BrandID, recall)
		if err != nil {
			return err
		}
		if err := s.Todos.Settle(ctx, tx, actor.BrandID, keys); err != nil {
			return err
		}
		if err := closeRecall(ctx, tx, actor, recall, s.now(), note); err != nil {
			return err
		}
		body := map[string]any{"note": note}
		sums := map[string]int64{}
		for k, v := range n {
			body[string(k)], sums[string(k)] = v, v
		}
		if err := s.Evidence.Append(ctx, tx, actor, Step{Kind: "recall.closed", Object: recall, UnitID: row.UnitID, Body: body}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "recall.closed", Kind: "recall", Object: recall, Name: row.Title, Counts: sums})
	})
}

// writable reads, within the transaction, a recall that is not closed and whose unit the actor may write to.
func (s *Service) writable(ctx context.Context, tx *db.Tx, actor authz.Actor, scope authz.Scope, recall id.ID) (recallRow, error) {
	row, err := lockRecall(ctx, tx, scope.BrandID, recall)
	if db.NoRows(err) {
		return row, errGone()
	}
	if err != nil {
		return row, err
	}
	if !scope.All {
		up, err := s.Scopes.Ancestors(ctx, tx, scope.BrandID, []id.ID{row.UnitID}, s.today(actor))
		if err != nil {
			return row, err
		}
		if row.UnitID == 0 || !scope.Allows(up[row.UnitID]) {
			return row, errGone()
		}
	}
	if row.State == Closed {
		return row, errs.New(errs.Precondition, "recall.closed_already")
	}
	return row, nil
}
