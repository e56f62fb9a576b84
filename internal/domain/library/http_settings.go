package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/web"
)

func (h handlers) settingRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/settings", Summary: "The endpoint that may rewrite personal texts, without its key", Permission: permSettings}, h.settings)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "/settings", Summary: "Choose the endpoint that may rewrite personal texts", Permission: permSettings}, h.setSettings)
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
