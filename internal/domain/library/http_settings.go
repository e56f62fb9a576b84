package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web"
)

func (h handlers) settingRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/settings", Summary: "The endpoint that may rewrite personal texts, without its key", Permission: permSettings}, h.settings)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "/settings", Summary: "Choose the endpoint that may rewrite personal texts", Permission: permSettings}, h.setSettings)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "/settings/try", Summary: "Send a sample to an endpoint before it is chosen; keeps nothing", Permission: permSettings}, h.tryEndpoint)
}

type sampleBody struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

type trialBody struct {
	OK     bool       `json:"ok"`
	Slug   string     `json:"slug" doc:"library.trial_…: how it went"`
	Says   string     `json:"says" doc:"how it went, in words"`
	Status int        `json:"status" doc:"of the answer when it was refused; 0 else"`
	Sent   sampleBody `json:"sent"`
	Got    sampleBody `json:"got"`
	TookMs int64      `json:"took_ms"`
}

func (h handlers) tryEndpoint(ctx context.Context, actor authz.Actor, in *setSettingsIn) (*trialBody, error) {
	b := &in.Body
	t, err := h.s.TryEndpoint(ctx, actor, Settings{URL: b.URL, Model: b.Model, Instruction: b.Instruction}, b.Key)
	if err != nil {
		return nil, err
	}
	says := h.texts.Text(i18n.Match(actor.Lang), t.Slug, map[string]any{"status": t.Status})
	return &trialBody{t.OK, t.Slug, says, t.Status, sampleBody(t.Sent), sampleBody(t.Got), t.Took.Milliseconds()}, nil
}

type settingsBody struct {
	Enabled     bool   `json:"enabled"`
	URL         string `json:"url" doc:"OpenAI-compatible, up to and without /chat/completions"`
	Model       string `json:"model"`
	Instruction string `json:"instruction"`
	HasKey      bool   `json:"has_key"`
}

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *nothing) (*settingsBody, error) {
	s, err := h.s.Settings(ctx, actor)
	return &settingsBody{s.Enabled, s.URL, s.Model, s.Instruction, s.HasKey}, err
}

type setSettingsIn struct {
	Body struct {
		Enabled     bool    `json:"enabled"`
		URL         string  `json:"url" maxLength:"500"`
		Model       string  `json:"model" maxLength:"200"`
		Instruction string  `json:"instruction" required:"false" maxLength:"4000"`
		Key         *string `json:"key" required:"false" nullable:"true" doc:"null keeps it, empty removes it"`
	}
}

func (h handlers) setSettings(ctx context.Context, actor authz.Actor, in *setSettingsIn) (*settingsBody, error) {
	b := &in.Body
	if err := h.s.SetSettings(ctx, actor, Settings{Enabled: b.Enabled, URL: b.URL, Model: b.Model, Instruction: b.Instruction}, b.Key); err != nil {
		return nil, err
	}
	return h.settings(ctx, actor, &nothing{})
}
