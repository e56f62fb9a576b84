package library

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Item is an item as its readers see it: the newest version for those who may read drafts, else the live one.
type Item struct {
	ID           id.ID
	Kind         Kind
	UnitID       id.ID
	FolderID     id.ID
	Title        string
	Summary      string
	Tags         []string
	ProductID    id.ID
	Product      string
	PillarID     id.ID
	State        State
	Version      int
	Live         int
	Rev          int
	Verdict      Grade
	Usable       bool
	Why          string // slug of why it cannot be handed out
	Expires      clock.Day
	PlanDay      clock.Day
	CoverID      id.ID
	Reason       string
	Owner        string
	Uses         int64
	Views        *int64
	Interactions *int64
	BestMember   id.ID
	BestName     string
	MeasuredAt   clock.Ms
	MadeAt       clock.Ms
	UpdatedAt    clock.Ms
	// Of one item only.
	Content  *Content
	Findings []Finding
	Files    []File
	MayWrite bool
	MayPass  bool // holds library.approve on its unit
}

func (s *Service) itemOf(r *itemRow) Item {
	if r.Reason == WhyExpired { // the mark of tellExpired; Why says so
		r.Reason = ""
	}
	why := r.unusable(s.today())
	return Item{
		ID: r.ID, Kind: r.Kind, UnitID: r.UnitID, FolderID: r.FolderID, Title: r.Title, Summary: r.Summary, Tags: r.tags(), ProductID: r.ProductID, PillarID: r.PillarID,
		State: r.State, Version: r.Version, Live: r.Live, Rev: r.Rev, Verdict: r.Verdict, Usable: why == "", Why: why, Expires: r.Expires, PlanDay: r.PlanDay,
		CoverID: r.CoverID, Reason: r.Reason, Owner: r.OwnerName, Uses: r.Uses, Views: r.Views, Interactions: r.Interact, BestMember: r.BestMember,
		MeasuredAt: r.MeasuredAt, MadeAt: r.MadeAt, UpdatedAt: r.UpdatedAt,
	}
}

// Get gives one item with what it says. Errors: library.gone.
func (s *Service) Get(ctx context.Context, actor authz.Actor, item id.ID) (Item, error) {
	row, r, err := s.visible(ctx, s.DB, actor, item)
	if err != nil {
		return Item{}, err
	}
	out := s.itemOf(&row)
	version := row.Version
	up, err := s.Scopes.Ancestors(ctx, s.DB, actor.BrandID, []id.ID{row.UnitID}, clock.Forever)
	if err != nil {
		return out, err
	}
	if r.onlyUsable || !r.scope.Allows(up[row.UnitID]) {
		version = row.Live
	}
	v, err := getVersion(ctx, s.DB, actor.BrandID, item, version)
	if err != nil {
		return out, err
	}
	content, err := contentOf(v.Content)
	if err != nil {
		return out, err
	}
	out.Title, out.Content, out.Version = v.Title, &content, version
	checks, err := checksOf(ctx, s.DB, actor.BrandID, item)
	if err != nil {
		return out, err
	}
	if c, ok := checks[version]; ok {
		out.Verdict = c.Verdict
		if out.Findings, err = c.findings(); err != nil {
			return out, err
		}
	}
	if out.Files, err = s.filesOf(ctx, s.DB, actor.BrandID, &content, true); err != nil {
		return out, err
	}
	out.MayWrite = actor.Can(permWrite) && s.may(ctx, s.DB, actor, permWrite, row.UnitID) == nil
	out.MayPass = actor.Can(permApprove) && s.may(ctx, s.DB, actor, permApprove, row.UnitID) == nil
	list := []Item{out}
	err = s.dress(ctx, actor.BrandID, list)
	return list[0], err
}

// dress adds the names of products and best adapters.
func (s *Service) dress(ctx context.Context, brand id.ID, items []Item) error {
	var products, members []id.ID
	for i := range items {
		if items[i].ProductID != 0 {
			products = append(products, items[i].ProductID)
		}
		if items[i].BestMember != 0 {
			members = append(members, items[i].BestMember)
		}
	}
	if len(products) > 0 && s.Products != nil {
		names, err := s.Products.Names(ctx, s.DB, brand, products)
		if err != nil {
			return err
		}
		for i := range items {
			items[i].Product = names[items[i].ProductID]
		}
	}
	if len(members) > 0 {
		people, err := s.People.Members(ctx, s.DB, brand, members, false)
		if err != nil {
			return err
		}
		for i := range items {
			items[i].BestName = people[items[i].BestMember].Name
		}
	}
	return nil
}

// Edition is one version of an item.
type Edition struct {
	Version  int
	Title    string
	Content  Content
	Note     string
	MadeBy   string
	MadeAt   clock.Ms
	Verdict  Grade
	Findings []Finding
}

// Versions lists what an item said, newest first. Needs library.read on its unit. Errors: library.gone.
func (s *Service) Versions(ctx context.Context, actor authz.Actor, item id.ID) ([]Edition, error) {
	if err := s.readable(ctx, s.DB, actor, item); err != nil {
		return nil, err
	}
	rows, err := versionsOf(ctx, s.DB, actor.BrandID, item)
	if err != nil {
		return nil, err
	}
	checks, err := checksOf(ctx, s.DB, actor.BrandID, item)
	if err != nil {
		return nil, err
	}
	out := make([]Edition, len(rows))
	for i, r := range rows {
		out[i] = Edition{Version: r.Version, Title: r.Title, Note: r.Note, MadeBy: r.MadeName, MadeAt: r.MadeAt, Findings: []Finding{}}
		if out[i].Content, err = contentOf(r.Content); err != nil {
			return nil, err
		}
		if c, ok := checks[r.Version]; ok {
			out[i].Verdict = c.Verdict
			if out[i].Findings, err = c.findings(); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// readable tells with library.gone that the actor may not read all of an item: drafts, versions, results.
func (s *Service) readable(ctx context.Context, q db.Querier, actor authz.Actor, item id.ID) error {
	row, r, err := s.visible(ctx, q, actor, item)
	if err != nil {
		return err
	}
	up, err := s.Scopes.Ancestors(ctx, q, actor.BrandID, []id.ID{row.UnitID}, clock.Forever)
	if err != nil {
		return err
	}
	if r.onlyUsable || !r.scope.Allows(up[row.UnitID]) {
		return errs.New(errs.NotFound, WhyGone)
	}
	return nil
}

// ShownIn lists the items that show an asset, as far as the actor sees them. Errors: library.gone.
func (s *Service) ShownIn(ctx context.Context, actor authz.Actor, asset id.ID) ([]Item, error) {
	_, r, err := s.visible(ctx, s.DB, actor, asset)
	if err != nil {
		return nil, err
	}
	rows, err := shownIn(ctx, s.DB, actor.BrandID, asset, r)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, actor, r, rows)
}
