package campaign

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Case is what is to be kept of a campaign: what it brought, and what was learned.
type Case struct {
	ID     id.ID // under which it is kept, once
	UnitID id.ID // whose campaign it was; 0 = the whole brand's
	Title  string
	Tags   []string
	Body   string // what it was and what it brought
	Lesson string
}

// KeepCase puts the lessons of a reviewed campaign into the case library, once: say gives the words of its figures. Asked again
// it gives the same item. Errors: campaign.gone, campaign.not_reviewed, campaign.lessons_missing, those of the library.
func (s *Service) KeepCase(ctx context.Context, actor authz.Actor, campaign id.ID, say func(slug string) string) (id.ID, error) {
	var r *row
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if r, err = s.locked(ctx, tx, actor, permWrite, campaign); err != nil {
			return err
		}
		if r.State != Reviewed {
			return errs.New(errs.Precondition, "campaign.not_reviewed")
		}
		if r.Lessons == "" {
			return errs.New(errs.Precondition, "campaign.lessons_missing")
		}
		if r.CaseID != 0 {
			return nil
		}
		r.CaseID = s.IDs.New() // put by first: whoever dies after the library wrote finds the item again
		return saveState(ctx, tx, actor.BrandID, r)
	})
	if err != nil || r.CaseKept {
		return r.caseID(), err
	}
	figures, err := s.Results(ctx, actor, campaign, "")
	if err != nil {
		return 0, err
	}
	if err := s.Cases.Keep(ctx, actor, caseOf(r, figures, say)); err != nil {
		return 0, err
	}
	return r.CaseID, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := s.locked(ctx, tx, actor, permWrite, campaign)
		if err != nil || now.CaseKept {
			return err
		}
		now.CaseKept = true
		if err := saveState(ctx, tx, actor.BrandID, now); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, now, "campaign.case_kept", trace{Name: now.plan.Title})
	})
}

func (r *row) caseID() id.ID {
	if r == nil {
		return 0
	}
	return r.CaseID
}

const (
	caseTags   = 10
	caseTag    = 20
	caseLesson = 2000
)

// caseOf writes the case: goal, figures and lessons. What nobody told is left out.
func caseOf(r *row, x *Result, say func(string) string) Case {
	c := Case{ID: r.CaseID, UnitID: r.UnitID, Title: r.plan.Title, Tags: []string{}, Lesson: r.Lessons}
	for _, h := range r.plan.Hashtags.All {
		if len([]rune(h)) <= caseTag && len(c.Tags) < caseTags {
			c.Tags = append(c.Tags, h)
		}
	}
	var b strings.Builder
	line := func(slug string, value any) {
		if text := told(value); text != "" {
			b.WriteString(say(slug) + "：" + text + "\n")
		}
	}
	line("case_goal", r.plan.Goal)
	line("case_topic", r.plan.Topic)
	line("col_people", x.People)
	line("col_took_part", x.TookPart)
	line("col_posts", x.Sum.Posts)
	line("col_views", x.Sum.Views)
	line("col_interactions", x.Sum.Interactions)
	if lesson := []rune(r.Lessons); len(lesson) > caseLesson { // the whole text stands in the body then
		b.WriteString("\n" + r.Lessons)
		c.Lesson = string(lesson[:caseLesson-1]) + "…"
	}
	c.Body = strings.TrimSpace(b.String())
	return c
}

// told writes a figure; "" for what nobody told.
func told(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int64:
		return id.ID(v).String()
	case *int64:
		if v != nil {
			return id.ID(*v).String()
		}
	}
	return ""
}
