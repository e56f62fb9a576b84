package campaign

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// AlikeShown is what the guard found as one actor may see it, with names.
type AlikeShown struct {
	Alike
	Mode     string
	Names    map[id.ID]string // of members
	Units    map[id.ID]string // paths
	Accounts map[id.ID]string
}

// AlikeTexts tells whose texts are too much alike: the planned ones of a campaign, or those handed in within the actor's units.
// Of the planned ones, people and texts of other units are left out. Errors: campaign.gone.
func (s *Service) AlikeTexts(ctx context.Context, actor authz.Actor, campaign id.ID, submitted bool) (*AlikeShown, error) {
	r, scope, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	set, err := settingsOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	if submitted {
		a, err := s.submittedAlike(ctx, actor, scope, r)
		if err != nil {
			return nil, err
		}
		return s.named(ctx, actor.BrandID, &AlikeShown{Alike: *a, Mode: set.Submitted})
	}
	if !r.plan.templated() {
		return &AlikeShown{Alike: Alike{State: alikeNone, Groups: []AlikeGroup{}}, Mode: set.Planned}, nil
	}
	a, err := alikeOf(ctx, s.DB, actor.BrandID, campaign)
	if err != nil {
		return nil, err
	}
	if a.Rev != r.Rev {
		a = &Alike{State: alikeWaiting, Groups: []AlikeGroup{}}
	}
	out := &AlikeShown{Alike: *a, Mode: set.Planned}
	if err := s.within(ctx, scope, out.Groups); err != nil {
		return nil, err
	}
	return s.named(ctx, actor.BrandID, out)
}

// within leaves out of clusters the people and texts that lie outside a scope, and clusters with nobody left.
func (s *Service) within(ctx context.Context, scope authz.Scope, groups []AlikeGroup) error {
	if scope.All {
		return nil
	}
	var units []id.ID
	for _, g := range groups {
		for _, c := range g.Clusters {
			units = append(units, c.Whose.Unit)
			for _, w := range c.Who {
				units = append(units, w.Unit)
			}
		}
	}
	up, err := s.Scopes.Ancestors(ctx, s.DB, scope.BrandID, unique(units), clock.Forever)
	if err != nil {
		return err
	}
	outside := func(w AlikeWho) bool { return !scope.Allows(up[w.Unit]) }
	for i := range groups {
		g := &groups[i]
		for k := range g.Clusters {
			c := &g.Clusters[k]
			if c.Who = slices.DeleteFunc(c.Who, outside); outside(c.Whose) {
				c.Text = ""
			}
		}
		g.Clusters = slices.DeleteFunc(g.Clusters, func(c AlikeCluster) bool { return len(c.Who) == 0 })
	}
	return nil
}

// named fills in the names of everybody shown.
func (s *Service) named(ctx context.Context, brand id.ID, out *AlikeShown) (*AlikeShown, error) {
	out.Units, out.Accounts = map[id.ID]string{}, map[id.ID]string{}
	var members, units, accounts []id.ID
	for _, g := range out.Groups {
		for _, c := range g.Clusters {
			for _, w := range c.Who {
				members, units, accounts = append(members, w.Member), append(units, w.Unit), append(accounts, w.Account)
			}
		}
	}
	if len(members) == 0 {
		return out, nil
	}
	var err error
	if out.Names, err = s.People.Names(ctx, s.DB, brand, unique(members)); err != nil {
		return nil, err
	}
	places, err := s.Units.Describe(ctx, s.DB, brand, unique(units))
	if err != nil {
		return nil, err
	}
	for k, u := range places {
		out.Units[k] = pathOf(u)
	}
	labels, err := s.Accounts.Labels(ctx, s.DB, brand, unique(accounts))
	for k, l := range labels {
		out.Accounts[k] = l.Name
	}
	return out, err
}
