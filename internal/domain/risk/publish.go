package risk

import (
	"context"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// DraftView is the draft beside the newest version.
type DraftView struct {
	Config    Config
	Rev       int
	UpdatedAt clock.Ms
	UpdatedBy string
	Head      int
	Changes   []Change
	Packs     []PackView
	// Renewed tells that the program brought other shipped rules than the newest version was made over: they come into
	// force with the next one.
	Renewed bool
}

// PackView is a shipped pack as the brand has it.
type PackView struct {
	Shipped
	On bool
}

// Draft gives the brand's draft and what would change.
func (s *Service) Draft(ctx context.Context, actor authz.Actor) (DraftView, error) {
	d, err := getDraft(ctx, s.DB, actor.BrandID)
	if err != nil {
		return DraftView{}, err
	}
	head, err := headVersion(ctx, s.DB, actor.BrandID)
	if err != nil {
		return DraftView{}, err
	}
	now, err := s.edition(ctx, s.DB, actor.BrandID, head)
	if err != nil {
		return DraftView{}, err
	}
	draft, err := s.edition(ctx, s.DB, actor.BrandID, DraftVersion)
	if err != nil {
		return DraftView{}, err
	}
	v := DraftView{Config: d.Config, Rev: d.Rev, UpdatedAt: d.UpdatedAt, UpdatedBy: d.UpdatedBy, Head: head, Changes: now.diff(draft)}
	for _, p := range draft.shipped {
		v.Packs = append(v.Packs, PackView{p, !contains(d.Config.Off, p.Name)})
	}
	if head > 0 {
		ver, err := s.version(ctx, s.DB, actor.BrandID, head)
		if err != nil {
			return v, err
		}
		_, fingerprint, err := s.shippedNow()
		v.Renewed = err == nil && ver.Shipped != fingerprint
	}
	return v, nil
}

func contains(list []string, x string) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}

// Publish makes the draft the next version, puts it into force and starts the re-scan. rev is the draft's as the actor
// saw it. Errors: risk.why_missing, risk.draft_moved, risk.nothing_changed, risk.rules_faulty.
func (s *Service) Publish(ctx context.Context, actor authz.Actor, why string, rev int) (int, error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	if why = strings.TrimSpace(why); why == "" || len([]rune(why)) > maxText {
		return 0, errs.Bad().Field("why", "risk.why_missing", "max", maxText)
	}
	p, err := s.press(ctx, actor, why, rev)
	if err != nil {
		return 0, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := openDraft(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		head, err := headVersion(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if d.Rev != rev || head != p.version.Number-1 {
			return errs.New(errs.Conflict, "risk.draft_moved")
		}
		return s.issue(ctx, tx, actor, p)
	})
	if err != nil {
		return 0, err
	}
	return p.version.Number, nil
}

// proof is a version ready to be published.
type proof struct {
	version    Version
	body, over []byte
	checker    *checker
}

// press compiles the draft and packs it, outside of any transaction.
func (s *Service) press(ctx context.Context, actor authz.Actor, why string, rev int) (*proof, error) {
	v, err := s.Draft(ctx, actor)
	if err != nil {
		return nil, err
	}
	if v.Rev != rev {
		return nil, errs.New(errs.Conflict, "risk.draft_moved")
	}
	now, err := s.edition(ctx, s.DB, actor.BrandID, v.Head)
	if err != nil {
		return nil, err
	}
	if len(v.Changes) == 0 && now.Config.Industry == v.Config.Industry {
		return nil, errs.New(errs.Precondition, "risk.nothing_changed")
	}
	draft, err := s.edition(ctx, s.DB, actor.BrandID, DraftVersion)
	if err != nil {
		return nil, err
	}
	p := &proof{}
	if p.checker, err = s.compile(ctx, s.DB, actor.BrandID, draft, v.Head+1); err != nil {
		return nil, err
	}
	if p.body, err = packed(draft); err != nil {
		return nil, err
	}
	if p.over, err = packed(draft.shipped); err != nil {
		return nil, err
	}
	_, fingerprint, err := s.shippedNow()
	added, changed, removed := tally(v.Changes)
	p.version = Version{
		Number: v.Head + 1, PublishedAt: s.now(), Publisher: actor.Name, Why: why, Rules: len(draft.rules()), Added: added, Changed: changed, Removed: removed, Shipped: fingerprint,
	}
	return p, err
}

// issue writes the version with its trail, its evidence and its re-scan.
func (s *Service) issue(ctx context.Context, tx *db.Tx, actor authz.Actor, p *proof) error {
	v := p.version
	if err := insertShipped(ctx, tx, actor.BrandID, v.Shipped, p.over); err != nil {
		return err
	}
	if err := insertVersion(ctx, tx, actor.BrandID, actor.UserID, v, p.body); err != nil {
		return err
	}
	counts := map[string]int64{"added": int64(v.Added), "changed": int64(v.Changed), "removed": int64(v.Removed), "rules": int64(v.Rules)}
	if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.published", Kind: "version", Name: "v" + id.ID(v.Number).String(), Counts: counts, After: map[string]any{"why": v.Why}}); err != nil {
		return err
	}
	if _, err := s.startRun(ctx, tx, actor, Run{Kind: Rescan, Cause: causePublished, Version: v.Number}); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.live.of(actor.BrandID).swap(p.checker) })
	return s.append(ctx, tx, actor.BrandID, []Step{{
		Kind: "risk.published", Object: "version", ObjectID: id.ID(v.Number), Actor: actor, At: v.PublishedAt, Texts: map[string]string{"why": v.Why},
		Body: map[string]any{
			"number": v.Number, "rules": v.Rules, "added": v.Added, "changed": v.Changed, "removed": v.Removed, "shipped": v.Shipped, "sha256": hashOf(p.body),
		},
	}})
}

// Versions lists the published versions, newest first, below a number (0 = from the newest).
func (s *Service) Versions(ctx context.Context, actor authz.Actor, below, limit int) ([]Version, error) {
	if below == 0 {
		below = 1 << 30
	}
	return db.All[Version](ctx, s.DB, "SELECT "+versionCols+" FROM risk_version WHERE brand_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3", actor.BrandID, below, limit)
}

func (s *Service) version(ctx context.Context, q db.Querier, brand id.ID, number int) (Version, error) {
	v, err := db.One[Version](ctx, q, "SELECT "+versionCols+" FROM risk_version WHERE brand_id = $1 AND number = $2", brand, number)
	if db.NoRows(err) {
		return v, errs.New(errs.NotFound, "risk.version_gone", "number", number)
	}
	return v, err
}

// Compare tells a version and how it differs from another (0 = what ships, DraftVersion = the draft). Error:
// risk.version_gone.
func (s *Service) Compare(ctx context.Context, actor authz.Actor, number, with int) (Version, []Change, error) {
	v, err := s.version(ctx, s.DB, actor.BrandID, number)
	if err != nil {
		return v, nil, err
	}
	this, err := s.edition(ctx, s.DB, actor.BrandID, number)
	if err != nil {
		return v, nil, err
	}
	other, err := s.edition(ctx, s.DB, actor.BrandID, with)
	if err != nil {
		return v, nil, err
	}
	return v, other.diff(this), nil
}

// compileQuestion makes the rules a what-if asks about.
func (s *Service) compileQuestion(ctx context.Context, brand id.ID, q Question) (*checker, error) {
	var number int
	if q.Version != nil {
		number = *q.Version
	} else {
		head, err := headVersion(ctx, s.DB, brand)
		if err != nil {
			return nil, err
		}
		number = head
	}
	e, err := s.edition(ctx, s.DB, brand, number)
	if err != nil {
		return nil, err
	}
	if len(q.Severities) > 0 {
		e = e.reweigh(q.Severities)
	}
	return s.compile(ctx, s.DB, brand, e, number)
}

// reweigh gives the edition with the severities of some categories changed.
func (e *Edition) reweigh(severities map[string]string) *Edition {
	out := &Edition{Config: e.Config}
	for _, r := range e.list() {
		if !r.inForce() {
			continue
		}
		if severity, ok := severities[r.Category]; ok {
			r.Severity = severity
		}
		rule := r.Rule
		out.Entries = append(out.Entries, Entry{Code: r.Code, Rule: &rule})
	}
	return out
}
