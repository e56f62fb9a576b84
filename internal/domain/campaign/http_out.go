package campaign

import (
	"cmp"
	"maps"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/domain/campaign/proof"
)

// why gives the text of a reason, "" for none. Where only the reason is kept and not what a check found, it is said in general.
func (h handlers) why(actor authz.Actor, slug string) string {
	switch slug {
	case "":
		return ""
	case "campaign.proof_alike", "campaign.proof_alike_refused", "campaign.proof_form_fault", "campaign.proof_no_hashtag", "campaign.proof_no_place", "campaign.proof_place_ok", "campaign.proof_platform_other", "campaign.proof_screenshots_few":
		slug += "_short"
	}
	return h.texts.Text(i18n.Match(actor.Lang), slug, nil)
}

func countsOf(c Counts) countsBody {
	states := c.States
	if states == nil {
		states = map[Step]int64{}
	}
	return countsBody{Total: c.Total(), Read: c.Read, Late: c.Late, States: states}
}

func (h handlers) bodyOf(v *View, actor authz.Actor) *campaignBody {
	held := ""
	if v.Held != nil {
		held = h.texts.Text(i18n.Match(actor.Lang), v.Held.Slug, v.Held.Params)
	}
	return &campaignBody{
		ID: v.ID, UnitID: v.UnitID, State: v.State, Plan: v.Plan, Rev: v.Rev, Version: v.Version, Changed: v.Changed, Verdict: v.Verdict, Findings: full(v.Findings),
		CreatedAt: v.CreatedAt, CreatedBy: v.CreatedBy, ApprovedBy: v.ApprovedBy, Note: v.Note, Lessons: v.Lessons, Template: v.Template, Progress: v.Progress,
		ClosedAt: v.ClosedAt, Notes: notesOut(v.Notes), Turns: v.Turns, Editable: v.Editable,
		EditedBy: v.EditedBy, Held: held, Case: v.CaseID,
	}
}

func notesOut(list []UnitNote) []noteBody {
	out := make([]noteBody, len(list))
	for i, n := range list {
		out[i] = noteBody{n.UnitID, n.UnitPath, n.Text, n.At, n.By}
	}
	return out
}

func rowOf(x *Listed) rowBody {
	return rowBody{
		ID: x.ID, Title: x.Plan.Title, Topic: x.Plan.Topic, State: x.State, Mode: x.Plan.Mode, Unit: x.UnitPath, StartsAt: x.Plan.StartsAt, EndsAt: x.Plan.EndsAt,
		Platforms: full(x.Plan.Audience.Platforms), Tasks: len(x.Plan.Tasks), CreatedAt: x.CreatedAt, CreatedBy: x.CreatedBy, Counts: countsOf(x.Counts).States, Read: x.Counts.Read,
	}
}

func (h handlers) submissionOf(actor authz.Actor, x *Submission) submissionBody {
	form := x.Form
	if form == nil {
		form = map[string]string{}
	}
	checks, why := h.checksOf(actor, x.Checks), h.why(actor, x.Reason)
	for i := range checks {
		if checks[i].Slug == x.Reason {
			why = checks[i].Text
		}
	}
	return submissionBody{
		ID: x.ID, No: x.No, At: x.At, Link: x.Link, Platform: x.Platform, PostID: x.PostID, PostTitle: x.PostTitle, PublishedAt: x.PublishedAt, Text: x.Text, Note: x.Note,
		Answer: x.Answer, Form: form, Pictures: full(x.Pictures), State: cmp.Or(x.State, Submitted), Checks: checks, Reason: x.Reason, Why: why,
		Decision: x.Decision, DecidedBy: x.DecidedBy, DecidedAt: x.DecidedAt, Appeal: x.Appeal, Figures: figuresBody{x.Views, x.Interactions, x.AsOf},
	}
}

func (h handlers) checksOf(actor authz.Actor, list []proof.Check) []checkBody {
	out := make([]checkBody, len(list))
	lang := i18n.Match(actor.Lang)
	for i, c := range list {
		out[i] = checkBody{c.Test, string(c.Result), c.Slug, h.texts.Text(lang, c.Slug, h.named(lang, c.Params)), c.Params}
	}
	return out
}

// named puts the names of platforms into the parameters of a text.
func (h handlers) named(lang i18n.Lang, params map[string]any) map[string]any {
	out := maps.Clone(params)
	for _, k := range []string{"want", "is"} {
		if slug, ok := params[k].(string); ok && slug != "" {
			out[k] = h.texts.Text(lang, "campaign.platform_"+slug, nil)
		}
	}
	return out
}

func (h handlers) mineOf(actor authz.Actor, x *One) *mineBody {
	t := &x.Own.Task
	brief := x.Brief
	brief.Right, brief.Wrong, brief.Question.Options = full(brief.Right), full(brief.Wrong), full(brief.Question.Options)
	brief.Question.Right = -1
	tags := make([]string, len(x.Hashtags))
	for i, tag := range x.Hashtags {
		tags[i] = "#" + tag
	}
	state := x.Own.State
	out := &mineBody{
		Task: h.todayOf(actor, &x.Own), Steps: t.Steps, Goal: x.Plan.Goal, Topic: x.Plan.Topic, Hashtags: tags, Brief: brief, Asks: t.Evidence.Question,
		Notes: notesOut(x.Notes), Text: ownTextBody{x.Text.Title, x.Text.Body, x.OwnText}, Materials: make([]materialBody, len(x.Materials)), Target: t.Target,
		Evidence: t.Evidence, Fields: full(t.Fields), OpensAt: x.Plan.StartsAt, EndsAt: x.Plan.EndsAt, AppURL: x.AppURL, Submissions: make([]submissionBody, len(x.Submissions)),
		CanAccept: x.Running && moved(state, actAccept) != "", CanDecline: x.Running && moved(state, actDecline) != "" && (!t.Mandatory || !x.Own.Company),
		CanSubmit: x.Running && handsIn(state), CanAppeal: moved(state, actAppeal) != "", Version: x.Version, ChangedSince: x.Changed,
		Card: cardBody{Title: x.Plan.Title, Line: t.Title, Link: "/m/tasks/" + x.Own.ID.String()},
	}
	for i, m := range x.Materials {
		files := make([]fileBody, len(m.Files))
		for k, f := range m.Files {
			files[k] = fileBody{f.Name, f.Media, f.Size, f.URL}
		}
		out.Materials[i] = materialBody{m.ID, m.Kind, m.Title, m.Usable, h.why(actor, m.Why), files}
	}
	for i := range x.Submissions {
		out.Submissions[i] = h.submissionOf(actor, &x.Submissions[i])
	}
	return out
}
