package campaign

import (
	"context"
	"net/http"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const settingsPath = rootPath + "settings"

func (h handlers) guardRoutes(r *web.Router) {
	web.Handle(r, web.Route{
		Method: http.MethodGet, Path: campaignPath + "/alike", Summary: "Whose planned or submitted texts are too much alike", Permission: permRead, Timeout: 20 * time.Second,
	}, h.alike)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: campaignPath + "/case", Summary: "Put the lessons of a reviewed campaign into the case library, once", Permission: permWrite, Idempotent: true,
		Timeout: 20 * time.Second,
	}, h.keepCase)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: settingsPath, Summary: "Who approves, what the guard against sameness does, what platforms bear", Permission: permRead}, h.settings)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: settingsPath, Summary: "Change these for the whole brand", Permission: permSettings}, h.setSettings)
}

type alikeIn struct {
	ID id.ID  `path:"id"`
	Of string `query:"of" enum:"planned,submitted" doc:"planned when absent"`
}

type alikeWhoBody struct {
	MemberID id.ID  `json:"member_id"`
	Member   string `json:"member"`
	Unit     string `json:"unit"`
	Account  string `json:"account"`
}

type clusterBody struct {
	Size    int            `json:"size" doc:"people whose texts hang together"`
	Percent int            `json:"percent" doc:"the highest resemblance found among them"`
	Who     []alikeWhoBody `json:"who" doc:"the first of them that the caller may see"`
	Text    string         `json:"text" doc:"one of the texts, phone numbers masked; empty when it is of somebody the caller may not see"`
}

type alikeGroupBody struct {
	Platform string        `json:"platform"`
	Kind     string        `json:"kind" enum:"fact,image,video,live"`
	Most     int           `json:"most" doc:"percent above which two texts are too much alike; 100 allows everything"`
	Why      string        `json:"why" doc:"of the threshold"`
	Place    []string      `json:"place" doc:"platform, kind and industry the threshold is for; empty: any"`
	Own      string        `json:"own" enum:",brand,campaign" doc:"whose threshold it is; empty: the program's"`
	Texts    int           `json:"texts"`
	Over     int           `json:"over"`
	Highest  int           `json:"highest" doc:"percent"`
	Sets     int           `json:"sets" doc:"clusters found; the largest are listed"`
	Clusters []clusterBody `json:"clusters"`
}

type samenessBody struct {
	State  string           `json:"state" enum:"none,waiting,done,failed" doc:"none: no task has a template; waiting: not compared yet in this revision"`
	Mode   string           `json:"mode" enum:"off,warn,block,look,reject" doc:"what the brand wants done about it"`
	At     clock.Ms         `json:"at" nullable:"true"`
	Texts  int              `json:"texts"`
	Over   int              `json:"over"`
	Left   int              `json:"left" doc:"texts beyond what is compared"`
	Faults int              `json:"faults" doc:"people the template makes no text for"`
	Why    string           `json:"why" doc:"of failed, in the caller's language"`
	Groups []alikeGroupBody `json:"groups"`
}

func (h handlers) alike(ctx context.Context, actor authz.Actor, in *alikeIn) (*samenessBody, error) {
	a, err := h.s.AlikeTexts(ctx, actor, in.ID, in.Of == "submitted")
	if err != nil {
		return nil, err
	}
	out := &samenessBody{State: a.State, Mode: a.Mode, At: a.At, Texts: a.Texts, Over: a.Over, Left: a.Left, Faults: a.Faults, Why: h.why(actor, a.Why), Groups: make([]alikeGroupBody, len(a.Groups))}
	for i, g := range a.Groups {
		b := alikeGroupBody{
			Platform: g.Platform, Kind: g.Kind, Most: percentOf(g.Most), Why: g.Why, Place: g.Place[:], Own: g.Own, Texts: g.Texts, Over: g.Over, Highest: percentOf(g.Highest), Sets: g.Sets,
			Clusters: make([]clusterBody, len(g.Clusters)),
		}
		for k, c := range g.Clusters {
			b.Clusters[k] = clusterBody{Size: c.Size, Percent: percentOf(c.Score), Text: c.Text, Who: make([]alikeWhoBody, len(c.Who))}
			for n, w := range c.Who {
				b.Clusters[k].Who[n] = alikeWhoBody{w.Member, a.Names[w.Member], a.Units[w.Unit], a.Accounts[w.Account]}
			}
		}
		out.Groups[i] = b
	}
	return out, nil
}

// percentOf rounds half up; 0.65 is 65, however it is stored.
func percentOf(score float64) int { return int(score*100 + 0.5) }

func (h handlers) keepCase(ctx context.Context, actor authz.Actor, in *oneIn) (*madeBody, error) {
	made, err := h.s.KeepCase(ctx, actor, in.ID, func(slug string) string { return h.texts.Text(i18n.Match(actor.Lang), "campaign."+slug, nil) })
	return &madeBody{made}, err
}

type thresholdBody struct {
	Platform string    `json:"platform" required:"false" maxLength:"20" doc:"empty: any"`
	Kind     string    `json:"kind" required:"false" enum:",fact,image,video,live" doc:"empty: any"`
	Industry string    `json:"industry" required:"false" maxLength:"40" doc:"empty: any"`
	Most     int       `json:"most" minimum:"50" maximum:"100" doc:"percent; 100 allows everything"`
	From     clock.Day `json:"from" required:"false" nullable:"true" doc:"null: today"`
	Why      string    `json:"why" maxLength:"200"`
}

type settingLimitBody struct {
	Platform   string    `json:"platform"`
	PerHour    int       `json:"per_hour" doc:"posts with one hashtag an hour, all accounts of the brand together"`
	PerDay     int       `json:"per_day" doc:"posts of one account a day"`
	From       clock.Day `json:"from" required:"false" nullable:"true" doc:"null: today"`
	Source     string    `json:"source" required:"false" maxLength:"200" doc:"where the figure comes from; empty for the program's own estimates"`
	Confidence string    `json:"confidence" enum:"official,observed,estimate"`
}

type settingsBody struct {
	Approval          string             `json:"approval" enum:"other_if_any,other" doc:"other_if_any: somebody who did not write it, unless nobody else could; other: always"`
	Planned           string             `json:"planned" enum:"off,warn,block" doc:"planned texts that are too much alike"`
	Submitted         string             `json:"submitted" enum:"off,look,reject" doc:"texts handed in that are too much alike"`
	Thresholds        []thresholdBody    `json:"thresholds" doc:"the brand's own"`
	Limits            []settingLimitBody `json:"limits" doc:"the brand's own"`
	ShippedThresholds []thresholdBody    `json:"shipped_thresholds"`
	ShippedLimits     []settingLimitBody `json:"shipped_limits"`
	Industry          string             `json:"industry" doc:"of the brand"`
	At                clock.Ms           `json:"at" nullable:"true"`
	By                string             `json:"by"`
	Rev               int                `json:"rev" doc:"for If-Match"`
}

// ETag is the version for edits.
func (b *settingsBody) ETag() string { return web.ETag(revTag(b.Rev)) }

func thresholdsOut(list []Threshold) []thresholdBody {
	out := make([]thresholdBody, len(list))
	for i, t := range list {
		out[i] = thresholdBody{t.Platform, t.Kind, t.Industry, percentOf(t.Most), t.From, t.Why}
	}
	return out
}

func limitsOut(list []Limit) []settingLimitBody {
	out := make([]settingLimitBody, len(list))
	for i, l := range list {
		out[i] = settingLimitBody(l)
	}
	return out
}

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *nothing) (*settingsBody, error) {
	set, m, err := h.s.Settings(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &settingsBody{
		Approval: set.Approval, Planned: set.Planned, Submitted: set.Submitted, Thresholds: thresholdsOut(set.Thresholds), Limits: limitsOut(set.Limits),
		ShippedThresholds: thresholdsOut(m.Table), ShippedLimits: limitsOut(Limits()), Industry: m.Industry, At: set.At, By: set.By, Rev: set.Rev,
	}, nil
}

type setSettingsIn struct {
	IfMatch string `header:"If-Match" doc:"ETag of the settings that were edited"`
	Body    struct {
		Approval   string             `json:"approval" enum:"other_if_any,other"`
		Planned    string             `json:"planned" enum:"off,warn,block"`
		Submitted  string             `json:"submitted" enum:"off,look,reject"`
		Thresholds []thresholdBody    `json:"thresholds" required:"false" maxItems:"100"`
		Limits     []settingLimitBody `json:"limits" required:"false" maxItems:"100"`
	}
}

func (h handlers) setSettings(ctx context.Context, actor authz.Actor, in *setSettingsIn) (*settingsBody, error) {
	b := &in.Body
	set := Settings{Approval: b.Approval, Planned: b.Planned, Submitted: b.Submitted}
	for _, t := range b.Thresholds {
		set.Thresholds = append(set.Thresholds, Threshold{t.Platform, t.Kind, t.Industry, float64(t.Most) / 100, t.From, t.Why})
	}
	for _, l := range b.Limits {
		set.Limits = append(set.Limits, Limit(l))
	}
	if err := h.s.SetSettings(ctx, actor, in.IfMatch, set); err != nil {
		return nil, err
	}
	return h.settings(ctx, actor, nil)
}
