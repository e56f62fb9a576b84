package app

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/library/same"
	"kosmos/internal/domain/risk"
)

// campaignSame is the library's guard against sameness, for campaign.
type campaignSame struct {
	table same.Thresholds
	risk  *risk.Service
}

func newCampaignSame(r *risk.Service) campaignSame {
	table, err := same.Load()
	if err != nil {
		panic(err) // shipped data
	}
	return campaignSame{table, r}
}

// Measures implements campaign.Sameness.
func (c campaignSame) Measures(ctx context.Context, brand id.ID) (campaign.Measures, error) {
	industry, err := c.risk.Industry(ctx, brand)
	out := campaign.Measures{Industry: industry}
	for _, t := range c.table {
		if t.Kind == "talk" { // said in private, never published: no campaign asks for it
			continue
		}
		out.Table = append(out.Table, campaign.Threshold{Platform: t.Platform, Kind: t.Kind, Industry: t.Industry, Most: t.Most, From: clock.Day(t.From), Why: t.Why})
	}
	return out, err
}

// Fits implements campaign.Sameness.
func (campaignSame) Fits(table []campaign.Threshold, w campaign.SameWhere) campaign.Threshold {
	list := make(same.Thresholds, len(table))
	for i, t := range table {
		list[i] = same.Threshold{Platform: t.Platform, Kind: t.Kind, Industry: t.Industry, Most: t.Most, From: int32(t.From), Why: t.Why}
	}
	t := list.Of(same.Where{Platform: w.Platform, Kind: w.Kind, Industry: w.Industry, Day: int32(w.Day)})
	return campaign.Threshold{Platform: t.Platform, Kind: t.Kind, Industry: t.Industry, Most: t.Most, From: clock.Day(t.From), Why: t.Why}
}

// Compare implements campaign.Sameness.
func (campaignSame) Compare(texts []campaign.Planned, most float64) campaign.SameReport {
	list := make([]same.Planned, len(texts))
	for i, t := range texts {
		list[i] = same.Planned(t)
	}
	r := same.Check(list, most)
	out := campaign.SameReport{Texts: r.Texts, Over: r.Over, Highest: r.Highest, Clusters: make([]campaign.SameCluster, len(r.Clusters))}
	for i, c := range r.Clusters {
		out.Clusters[i] = campaign.SameCluster(c)
	}
	return out
}

// campaignApprovers finds who may approve campaigns.
type campaignApprovers struct{ s *identity.Service }

// Of implements campaign.Approvers.
func (a campaignApprovers) Of(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) ([]campaign.Approver, error) {
	roles := append([]authz.Role{authz.BrandAdmin}, campaign.ApproverRoles()...)
	held, err := a.s.HoldersOf(ctx, q, brand, roles, units)
	if err != nil {
		return nil, err
	}
	var may []id.ID
	for _, users := range held {
		may = append(may, users...)
	}
	people, err := a.s.Holders(ctx, q, brand, roles)
	var out []campaign.Approver
	for _, p := range people {
		if slices.Contains(may, p.ID) {
			out = append(out, campaign.Approver{UserID: p.ID, Name: p.Name})
		}
	}
	return out, err
}

// campaignCases keeps lessons in the case library.
type campaignCases struct{ s *library.Service }

// Keep implements campaign.Cases.
func (c campaignCases) Keep(ctx context.Context, actor authz.Actor, x campaign.Case) error {
	unit := ""
	if x.UnitID != 0 {
		unit = x.UnitID.String()
	}
	return c.s.Keep(ctx, actor, x.ID, library.Piece{Kind: library.Case, Unit: unit, Title: x.Title, Tags: x.Tags, Content: library.Content{Body: x.Body, Lesson: x.Lesson}})
}
