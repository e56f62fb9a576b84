package risk

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/web"
)

// ruleFields is a rule as it is written.
type ruleFields struct {
	Kind       string    `json:"kind" enum:"literal,set,pattern,near"`
	Terms      []string  `json:"terms,omitempty" maxItems:"500"`
	Pattern    string    `json:"pattern,omitempty" maxLength:"20" doc:"mobile, landline, qq, wechat, url, taokouling or price"`
	A          []string  `json:"a,omitempty" maxItems:"500" doc:"near: one of these …"`
	B          []string  `json:"b,omitempty" maxItems:"500" doc:"… and one of these"`
	Within     int       `json:"within,omitempty" doc:"near: characters between"`
	Except     []string  `json:"except,omitempty" maxItems:"500" doc:"Longer phrases in which a hit does not count"`
	Fold       []string  `json:"fold,omitempty" maxItems:"4" doc:"lookalike, soundalike, pinyin, initials"`
	Gap        int       `json:"gap,omitempty" doc:"Filler characters allowed between two characters; 0 = 4"`
	Whole      bool      `json:"whole,omitempty" doc:"Latin words stand alone"`
	Platforms  []string  `json:"platforms,omitempty" maxItems:"20"`
	Industries []string  `json:"industries,omitempty" maxItems:"20"`
	Kinds      []string  `json:"kinds,omitempty" maxItems:"10"`
	Fields     []string  `json:"fields,omitempty" maxItems:"20"`
	From       clock.Day `json:"from,omitempty" nullable:"true" doc:"First day"`
	Until      clock.Day `json:"until,omitempty" nullable:"true" doc:"Last day"`
	Category   string    `json:"category" maxLength:"40"`
	Severity   string    `json:"severity" enum:"low,medium,high"`
	Reason     string    `json:"reason" maxLength:"500"`
	ReasonEN   string    `json:"reason_en,omitempty" maxLength:"500"`
	Article    string    `json:"article" maxLength:"500"`
	Source     string    `json:"source,omitempty" maxLength:"500"`
	Rewrite    string    `json:"rewrite,omitempty" maxLength:"500" doc:"Advice"`
	Replace    string    `json:"replace,omitempty" maxLength:"500" doc:"Words that may stand in place of a hit as they are"`
	Note       string    `json:"note,omitempty" maxLength:"500"`
	Noisy      bool      `json:"noisy,omitempty"`
}

func (f *ruleFields) rule() Rule {
	return Rule{
		Kind: f.Kind, Terms: f.Terms, Pattern: f.Pattern, A: f.A, B: f.B, Within: f.Within, Except: f.Except, Fold: f.Fold, Gap: f.Gap, Whole: f.Whole,
		Platforms: f.Platforms, Industries: f.Industries, Kinds: f.Kinds, Fields: f.Fields, From: f.From, Until: f.Until, Category: f.Category,
		Severity: f.Severity, Reason: f.Reason, ReasonEN: f.ReasonEN, Article: f.Article, Source: f.Source, Rewrite: f.Rewrite, Replace: f.Replace, Note: f.Note, Noisy: f.Noisy,
	}
}

func fieldsOf(r *Rule) ruleFields {
	return ruleFields{
		Kind: r.Kind, Terms: r.Terms, Pattern: r.Pattern, A: r.A, B: r.B, Within: r.Within, Except: r.Except, Fold: r.Fold, Gap: r.Gap, Whole: r.Whole,
		Platforms: r.Platforms, Industries: r.Industries, Kinds: r.Kinds, Fields: r.Fields, From: r.From, Until: r.Until, Category: r.Category,
		Severity: r.Severity, Reason: r.Reason, ReasonEN: r.ReasonEN, Article: r.Article, Source: r.Source, Rewrite: r.Rewrite, Replace: r.Replace, Note: r.Note, Noisy: r.Noisy,
	}
}

type ruledBody struct {
	Code string `json:"code"`
	Pack string `json:"pack" doc:"Name of the shipped pack, or own"`
	ruleFields
	Says      string      `json:"says" doc:"What it looks for, in a few words"`
	State     string      `json:"state" enum:"shipped,changed,own,off,pack_off"`
	EntryNote string      `json:"entry_note" doc:"Why the brand changed or switched it"`
	By        string      `json:"by"`
	At        clock.Ms    `json:"at" nullable:"true"`
	Shipped   *ruleFields `json:"shipped,omitempty" doc:"How it came, when the brand changed it"`
}

func ruledOf(r *Ruled) ruledBody {
	out := ruledBody{Code: r.Code, Pack: r.Pack, ruleFields: fieldsOf(&r.Rule), Says: r.Says(), State: r.State, EntryNote: r.Note, By: r.By, At: r.At}
	if r.Shipped != nil {
		f := fieldsOf(r.Shipped)
		out.Shipped = &f
	}
	return out
}

type rulesInput struct {
	web.Paging
	Text     string `query:"q" maxLength:"100"`
	Category string `query:"category" maxLength:"40"`
	Severity string `query:"severity" enum:"low,medium,high"`
	Pack     string `query:"pack" maxLength:"60"`
	State    string `query:"state" enum:"shipped,changed,own,off,pack_off,edited"`
}

func (in *rulesInput) filter() RuleFilter {
	return RuleFilter{in.Text, in.Category, in.Severity, in.Pack, in.State}
}

type rulesBody struct {
	Items []ruledBody `json:"items"`
	Next  string      `json:"next,omitempty"`
	Total int         `json:"total"`
}

type codeInput struct {
	Code string `query:"code" required:"true" maxLength:"120"`
}

type editInput struct {
	codeInput
	Body ruleFields
}

type addInput struct{ Body ruleFields }

type addedBody struct {
	Code string `json:"code"`
}

type switchInput struct {
	codeInput
	Body struct {
		Off  bool   `json:"off"`
		Note string `json:"note,omitempty" maxLength:"500"`
	}
}

type packBody struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Version string `json:"version"`
	Source  string `json:"source"`
	Rules   int    `json:"rules"`
	On      bool   `json:"on"`
}

type changeBody struct {
	Code   string      `json:"code"`
	Pack   string      `json:"pack"`
	Says   string      `json:"says"`
	Turn   string      `json:"turn" enum:"added,changed,removed"`
	Fields []string    `json:"fields"`
	Before *ruleFields `json:"before,omitempty"`
	After  *ruleFields `json:"after,omitempty"`
}

func changeBodies(list []Change) []changeBody {
	out := make([]changeBody, len(list))
	for i := range list {
		c := &list[i]
		b := changeBody{Code: c.Code, Pack: c.rule().Pack, Says: c.rule().Says(), Turn: "changed", Fields: c.Fields}
		if b.Fields == nil {
			b.Fields = []string{}
		}
		if c.Before != nil {
			f := fieldsOf(c.Before)
			b.Before = &f
		} else {
			b.Turn = "added"
		}
		if c.After != nil {
			f := fieldsOf(c.After)
			b.After = &f
		} else {
			b.Turn = "removed"
		}
		out[i] = b
	}
	return out
}

// mostChanges bounds a diff on the wire; the counts are whole.
const mostChanges = 500

type draftBody struct {
	Rev       int          `json:"rev"`
	Head      int          `json:"head" doc:"Number of the version in force; 0 = the shipped rules"`
	Industry  string       `json:"industry"`
	UpdatedAt clock.Ms     `json:"updated_at" nullable:"true"`
	UpdatedBy string       `json:"updated_by"`
	Renewed   bool         `json:"renewed" doc:"The program brought newer shipped rules than the version in force has"`
	Added     int          `json:"added"`
	Changed   int          `json:"changed"`
	Removed   int          `json:"removed"`
	Changes   []changeBody `json:"changes"`
	Packs     []packBody   `json:"packs"`
	Choices   choices      `json:"choices"`
}

// choices are the words a rule may use.
type choices struct {
	Categories []string `json:"categories"`
	Patterns   []string `json:"patterns"`
	Folds      []string `json:"folds"`
	Industries []string `json:"industries"`
	Kinds      []string `json:"kinds"`
}

type configInput struct {
	Body struct {
		Industry string   `json:"industry" maxLength:"40"`
		Off      []string `json:"off" maxItems:"100" doc:"Shipped packs that are not in force"`
	}
}

type publishInput struct {
	Body struct {
		Why string `json:"why" minLength:"1" maxLength:"500"`
		Rev int    `json:"rev" doc:"Of the draft as it was seen"`
	}
}

type publishedBody struct {
	Number int `json:"number"`
}

type versionsInput struct {
	Below int `query:"below" minimum:"0" doc:"Only versions with a smaller number"`
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type versionBody struct {
	Number      int      `json:"number"`
	PublishedAt clock.Ms `json:"published_at"`
	Publisher   string   `json:"publisher"`
	Why         string   `json:"why"`
	Rules       int      `json:"rules"`
	Added       int      `json:"added"`
	Changed     int      `json:"changed"`
	Removed     int      `json:"removed"`
}

func versionOf(v *Version) versionBody {
	return versionBody{v.Number, v.PublishedAt, v.Publisher, v.Why, v.Rules, v.Added, v.Changed, v.Removed}
}

type versionsBody struct {
	Items []versionBody `json:"items"`
}

type versionInput struct {
	Number int `path:"number" minimum:"1"`
	With   int `query:"with" minimum:"-2" default:"-2" doc:"Compare with this version: 0 = as shipped, -1 = the draft; the one before by default"`
}

type compareBody struct {
	Version versionBody  `json:"version"`
	With    int          `json:"with"`
	Changes []changeBody `json:"changes"`
}

func (s *Service) ruleRoutes(r *web.Router) {
	get := func(path, summary string) web.Route {
		return web.Route{Method: http.MethodGet, Path: "/api/v1/risk/" + path, Summary: summary, Permission: permRead}
	}
	write := func(method, path, summary string) web.Route {
		return web.Route{Method: method, Path: "/api/v1/risk/" + path, Summary: summary, Permission: permWrite}
	}
	cursors := r.Cursors()
	web.Handle(r, get("rules", "Rules of the draft, with what the brand did to them"), func(ctx context.Context, actor authz.Actor, in *rulesInput) (*rulesBody, error) {
		return s.getRules(ctx, actor, cursors, in)
	})
	web.Handle(r, get("rule", "One rule of the draft"), func(ctx context.Context, actor authz.Actor, in *codeInput) (*ruledBody, error) {
		rule, err := s.GetRule(ctx, actor, in.Code)
		if err != nil {
			return nil, err
		}
		out := ruledOf(&rule)
		return &out, nil
	})
	add := write(http.MethodPost, "rule", "Add a rule of the brand's own")
	add.Status = http.StatusCreated
	web.Handle(r, add, func(ctx context.Context, actor authz.Actor, in *addInput) (*addedBody, error) {
		code, err := s.AddRule(ctx, actor, in.Body.rule())
		return &addedBody{code}, err
	})
	web.Handle(r, write(http.MethodPut, "rule", "Change a rule for this brand"), func(ctx context.Context, actor authz.Actor, in *editInput) (*nothing, error) {
		return &nothing{}, s.EditRule(ctx, actor, in.Code, in.Body.rule())
	})
	web.Handle(r, write(http.MethodDelete, "rule", "Take the brand's word on a rule back"), func(ctx context.Context, actor authz.Actor, in *codeInput) (*nothing, error) {
		return &nothing{}, s.RevertRule(ctx, actor, in.Code)
	})
	web.Handle(r, write(http.MethodPut, "rule/switch", "Switch a rule off or on"), func(ctx context.Context, actor authz.Actor, in *switchInput) (*nothing, error) {
		return &nothing{}, s.SwitchRule(ctx, actor, in.Code, in.Body.Off, in.Body.Note)
	})
	web.Handle(r, get("draft", "The draft beside the version in force"), s.getDraft)
	web.Handle(r, write(http.MethodPut, "draft/packs", "Choose industry and shipped packs"), func(ctx context.Context, actor authz.Actor, in *configInput) (*nothing, error) {
		return &nothing{}, s.SetConfig(ctx, actor, Config(in.Body))
	})
	web.Handle(r, write(http.MethodPost, "draft/discard", "Make the draft what is in force"), func(ctx context.Context, actor authz.Actor, _ *nothing) (*nothing, error) {
		return &nothing{}, s.DiscardDraft(ctx, actor)
	})
	pub := write(http.MethodPost, "versions", "Publish the draft as the next version and look at everything again")
	pub.Status = http.StatusCreated
	web.Handle(r, pub, func(ctx context.Context, actor authz.Actor, in *publishInput) (*publishedBody, error) {
		n, err := s.Publish(ctx, actor, in.Body.Why, in.Body.Rev)
		return &publishedBody{n}, err
	})
	web.Handle(r, get("versions", "Published versions, newest first"), s.getVersions)
	web.Handle(r, get("versions/{number}", "One version and how it differs from another"), s.getVersion)
}

func (s *Service) getRules(ctx context.Context, actor authz.Actor, cursors *web.Cursors, in *rulesInput) (*rulesBody, error) {
	filter := []any{actor.BrandID, in.filter()}
	var from int
	if _, err := cursors.Read(in.Cursor, "pack", filter, &from); err != nil {
		return nil, err
	}
	list, err := s.Rules(ctx, actor, in.filter())
	if err != nil {
		return nil, err
	}
	out := &rulesBody{Items: []ruledBody{}, Total: len(list)}
	end := min(from+in.Limit, len(list))
	for i := min(from, len(list)); i < end; i++ {
		out.Items = append(out.Items, ruledOf(&list[i]))
	}
	if end < len(list) {
		out.Next = cursors.Next("pack", filter, end)
	}
	return out, nil
}

func (s *Service) getDraft(ctx context.Context, actor authz.Actor, _ *nothing) (*draftBody, error) {
	v, err := s.Draft(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &draftBody{
		Rev: v.Rev, Head: v.Head, Industry: v.Config.Industry, UpdatedAt: v.UpdatedAt, UpdatedBy: v.UpdatedBy, Renewed: v.Renewed, Packs: []packBody{},
		Changes: changeBodies(v.Changes[:min(len(v.Changes), mostChanges)]),
		Choices: choices{Categories(), Patterns(), Folds(), Industries(), ContentKinds()},
	}
	out.Added, out.Changed, out.Removed = tally(v.Changes)
	for _, p := range v.Packs {
		title := p.TitleZH
		if actor.Lang == "en" {
			title = p.TitleEN
		}
		out.Packs = append(out.Packs, packBody{p.Name, title, p.Version, p.Source, len(p.Rules), p.On})
	}
	return out, nil
}

func (s *Service) getVersions(ctx context.Context, actor authz.Actor, in *versionsInput) (*versionsBody, error) {
	list, err := s.Versions(ctx, actor, in.Below, in.Limit)
	out := &versionsBody{Items: make([]versionBody, len(list))}
	for i := range list {
		out.Items[i] = versionOf(&list[i])
	}
	return out, err
}

func (s *Service) getVersion(ctx context.Context, actor authz.Actor, in *versionInput) (*compareBody, error) {
	with := in.With
	if with < DraftVersion {
		with = in.Number - 1
	}
	v, list, err := s.Compare(ctx, actor, in.Number, with)
	if err != nil {
		return nil, err
	}
	return &compareBody{versionOf(&v), with, changeBodies(list[:min(len(list), mostChanges)])}, nil
}
