package campaign

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
)

// ownText gives the text of an assignment whose task has a template; own false when it has none, or the library makes none for this
// person. The library remembers who got which words, so they stay the same, differ from those of everybody else in the unit, and are
// not kept here a second time: they may hold a phone number.
func (s *Service) ownText(ctx context.Context, actor authz.Actor, a Assignment, t *TaskPlan) (text Text, own bool, err error) {
	if t.Template == 0 {
		return Text{}, false, nil
	}
	found, err := s.Materials.Describe(ctx, s.DB, actor.BrandID, []id.ID{t.Template})
	if err != nil || !found[t.Template].Usable { // expired or recalled meanwhile: it is not handed out
		return Text{}, false, err
	}
	texts, err := s.Materials.Personal(ctx, s.DB, actor.BrandID, t.Template, a.CampaignID, []Recipient{{a.MemberID, a.UnitID, a.AccountID, a.Platform}})
	if err != nil || len(texts) != 1 || texts[0].Fault != "" {
		return Text{}, false, err
	}
	return texts[0], true, nil
}
