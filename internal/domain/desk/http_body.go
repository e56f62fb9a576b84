package desk

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// SubmissionBody is a submission as its reader sees it.
type SubmissionBody struct {
	ID         id.ID         `json:"id"`
	Kind       string        `json:"kind" enum:"post,profile,reply,comment,live"`
	Platform   string        `json:"platform"`
	Account    *AccountBody  `json:"account,omitempty"`
	Unit       string        `json:"unit" doc:"Path of the unit"`
	Author     string        `json:"author"`
	Own        bool          `json:"own" doc:"the caller's own"`
	State      State         `json:"state" enum:"reading,waiting,changes,rejected,blocked,approved,published,expired,withdrawn"`
	Version    int           `json:"version"`
	Title      string        `json:"title"`
	Texts      []Text        `json:"texts"`
	Media      []Media       `json:"media"`
	Pictures   []id.ID       `json:"pictures"`
	Verdict    string        `json:"verdict" enum:"pass,warn,review,block,"`
	Level      string        `json:"level" enum:"none,low,medium,high"`
	Score      float64       `json:"score"`
	Rules      string        `json:"rules" doc:"version of the rules"`
	Findings   []FindingBody `json:"findings"`
	More       int           `json:"findings_more" doc:"findings beyond the gravest 200, which are listed"`
	Need       int           `json:"need" doc:"people who must agree"`
	Approvals  int           `json:"approvals"`
	Straight   string        `json:"straight" enum:"clean,same,suggested," doc:"why it needed no reviewer"`
	Sampled    bool          `json:"sampled"`
	Submitted  clock.Ms      `json:"submitted_at"`
	Due        clock.Ms      `json:"due_at" nullable:"true"`
	Overdue    bool          `json:"overdue"`
	Claimer    string        `json:"claimed_by" doc:"who has it open now; empty: nobody else"`
	ClaimedOwn bool          `json:"claimed_own"`
	Assignee   string        `json:"assigned_to"`
	Decided    clock.Ms      `json:"decided_at" nullable:"true"`
	Decider    string        `json:"decided_by"`
	Reason     string        `json:"reason"`
	Suggestion []Text        `json:"suggestion"`
	Expires    clock.Ms      `json:"expires_at" nullable:"true"`
	Published  clock.Ms      `json:"published_at" nullable:"true"`
	Link       string        `json:"link"`
}

// FindingBody is a finding as its reader sees it.
type FindingBody struct {
	Field    string `json:"field"`
	Rule     string `json:"rule"`
	Category string `json:"category"`
	Severity string `json:"severity" enum:"low,medium,high"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Text     string `json:"text"`
	Reason   string `json:"reason"`
	Article  string `json:"article"`
	Rewrite  string `json:"rewrite" doc:"advice in words"`
	Replace  string `json:"replace" doc:"words that may stand instead; empty when only leaving out will do"`
	Top      []Hint `json:"top"`
}

// VersionBody is a version in a submission's story.
type VersionBody struct {
	Version  int           `json:"version"`
	Texts    []Text        `json:"texts"`
	Verdict  string        `json:"verdict"`
	Level    string        `json:"level"`
	Rules    string        `json:"rules"`
	Findings []FindingBody `json:"findings"`
	Outcome  State         `json:"outcome"`
	By       string        `json:"by"`
	At       clock.Ms      `json:"at"`
}

// ReviewBody is a review in a story, or a similar one.
type ReviewBody struct {
	Submission id.ID    `json:"submission_id"`
	Version    int      `json:"version"`
	Reviewer   string   `json:"reviewer"`
	Decision   string   `json:"decision" enum:"approve,changes,reject"`
	Reason     string   `json:"reason"`
	Suggestion []Text   `json:"suggestion"`
	Excerpt    string   `json:"excerpt"`
	Minutes    int      `json:"minutes" doc:"of business hours that it waited"`
	Late       bool     `json:"late"`
	At         clock.Ms `json:"at"`
}

// StoryBody is a submission with what happened with it.
type StoryBody struct {
	SubmissionBody
	Versions []VersionBody `json:"versions"`
	Reviews  []ReviewBody  `json:"reviews"`
	Images   []PictureBody `json:"images"`
	Links    []LinkBody    `json:"links" doc:"every link that was pasted, oldest first; the last one counts"`
	Ranked   *RankedBody   `json:"ranked,omitempty" doc:"of the brand's own ranker, for who reviews"`
}

// LinkBody is a link in a story.
type LinkBody struct {
	Link string   `json:"link"`
	By   string   `json:"by"`
	Own  bool     `json:"own" doc:"the caller pasted it"`
	At   clock.Ms `json:"at"`
}

// RankedBody is what the brand's own ranker finds of a text.
type RankedBody struct {
	Ranker int     `json:"ranker"`
	Likely float64 `json:"likely" doc:"0 to 1; 0.5 is the threshold"`
	Over   bool    `json:"over"`
	Top    []Hint  `json:"top" doc:"parts of the text that say so, strongest first"`
}

func rankedBody(raw string) *RankedBody {
	r := decode[Ranked](raw)
	if r.Ranker == 0 {
		return nil
	}
	if r.Top == nil {
		r.Top = []Hint{}
	}
	return &RankedBody{r.Ranker, r.Likely, r.Over, r.Top}
}

func (h handlers) findings(actor authz.Actor, raw string) []FindingBody {
	out := []FindingBody{}
	for _, f := range decode[[]Finding](raw) {
		reason := f.Reason
		if lang(actor) == "en" && f.ReasonEn != "" {
			reason = f.ReasonEn
		}
		if f.Rule == ruleCode {
			reason = h.texts.Text(lang(actor), "desk.finding_qr", nil)
		}
		if f.Top == nil {
			f.Top = []Hint{}
		}
		out = append(out, FindingBody{f.Field, f.Rule, f.Category, f.Severity, f.Start, f.End, f.Text, reason, f.Article, f.Rewrite, f.Replace, f.Top})
	}
	return out
}

func (h handlers) one(ctx context.Context, actor authz.Actor, sub Submission, err error) (*SubmissionBody, error) {
	if err != nil {
		return nil, err
	}
	list, err := h.bodies(ctx, actor, []Submission{sub})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (h handlers) bodies(ctx context.Context, actor authz.Actor, list []Submission) ([]SubmissionBody, error) {
	var accounts, units []id.ID
	for _, s := range list {
		units = append(units, s.UnitID)
		if s.AccountID != 0 {
			accounts = append(accounts, s.AccountID)
		}
	}
	labels, err := h.s.Accounts.Labels(ctx, h.s.DB, actor.BrandID, accounts)
	if err != nil {
		return nil, err
	}
	paths, err := h.s.People.UnitPaths(ctx, h.s.DB, actor.BrandID, units)
	if err != nil {
		return nil, err
	}
	out := make([]SubmissionBody, len(list))
	for i := range list {
		out[i] = h.body(actor, &list[i])
		out[i].Account, out[i].Unit = accountBody(labels[list[i].AccountID]), paths[list[i].UnitID]
	}
	return out, nil
}

func (h handlers) body(actor authz.Actor, s *Submission) SubmissionBody {
	now := h.s.now()
	b := SubmissionBody{
		ID: s.ID, Kind: s.Kind, Platform: s.Platform, Author: s.Author, State: s.State, Version: s.Version, Title: s.Title,
		Own:   actor.UserID != 0 && s.UserID == actor.UserID || s.MemberID != 0 && s.MemberID == actor.MemberID,
		Texts: decode[[]Text](s.Texts), Media: decode[[]Media](s.Media), Pictures: decode[[]id.ID](s.Pictures), Verdict: s.Verdict, Level: s.Level.String(),
		Score: float64(s.Score) / 1000, Rules: s.Pack, Findings: h.findings(actor, s.Findings), More: moreOf(decode[[]Finding](s.Findings)), Need: s.Need, Approvals: s.Approvals, Straight: s.Straight,
		Sampled: s.Sampled, Submitted: s.Submitted, Due: s.Due, Overdue: s.State == Waiting && s.Due < now, Assignee: s.Assignee, Decided: s.Decided,
		Decider: s.Decider, Reason: s.Reason, Suggestion: decode[[]Text](s.Suggestion), Expires: s.Expires, Published: s.Published, Link: s.Link,
	}
	if s.ClaimedBy != 0 && s.ClaimedTo > now {
		b.Claimer, b.ClaimedOwn = s.Claimer, s.ClaimedBy == actor.UserID
	}
	return b
}

func (h handlers) story(ctx context.Context, actor authz.Actor, sub Submission, err error) (*StoryBody, error) {
	one, err := h.one(ctx, actor, sub, err)
	if err != nil {
		return nil, err
	}
	st, err := h.s.Story(ctx, actor, &sub)
	if err != nil {
		return nil, err
	}
	out := &StoryBody{SubmissionBody: *one, Versions: []VersionBody{}, Reviews: reviewBodies(st.Reviews), Images: []PictureBody{}, Links: []LinkBody{}}
	for _, v := range st.Versions {
		out.Versions = append(out.Versions, VersionBody{v.Version, decode[[]Text](v.Texts), v.Verdict, v.Level.String(), v.Pack, h.findings(actor, v.Findings), v.Outcome, v.By, v.At})
	}
	for _, l := range st.Links {
		out.Links = append(out.Links, LinkBody{l.Link, l.By, actor.UserID != 0 && l.UserID == actor.UserID, l.At})
	}
	for _, p := range st.Pictures {
		out.Images = append(out.Images, pictureBody(p))
	}
	return out, nil
}

func reviewBodies(list []Review) []ReviewBody {
	out := []ReviewBody{}
	for _, r := range list {
		out = append(out, ReviewBody{r.Submission, r.Version, r.Reviewer, r.Decision, r.Reason, decode[[]Text](r.Suggestion), r.Excerpt, r.Minutes, r.Late, r.At})
	}
	return out
}
