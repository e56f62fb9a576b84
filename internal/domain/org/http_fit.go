package org

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func fitRoutes(r *web.Router, h handlers) {
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/fit/pack", Summary: "The dated knowledge behind the start guide", Permission: "org.fit"}, h.pack)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/fit", Summary: "The newest result of the start guide", Permission: "org.fit"}, h.fit)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/fit", Summary: "Weigh the answers of the start guide and keep the result", Permission: "org.fit", Status: 201}, h.judge)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/fit/{id}/apply", Summary: "Create the units that the result proposes", Permission: "org.fit"}, h.applyFit)
}

type packIn struct{}

func (h handlers) pack(context.Context, authz.Actor, *packIn) (*Pack, error) { return LoadPack() }

// NewestFit is the newest result, or null before the guide was ever walked through.
type NewestFit struct {
	Fit *Fit `json:"fit"`
}

func (h handlers) fit(ctx context.Context, actor authz.Actor, _ *packIn) (*NewestFit, error) {
	f, err := h.s.Fit(ctx, actor)
	if errs.Is(err, "org.fit_not_found") {
		return &NewestFit{}, nil
	}
	return &NewestFit{&f}, err
}

type judgeIn struct{ Body Answers }

func (h handlers) judge(ctx context.Context, actor authz.Actor, in *judgeIn) (*Fit, error) {
	f, err := h.s.Judge(ctx, actor, in.Body)
	return &f, err
}

type applyFitIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Layout    string `json:"layout,omitempty" doc:"another layout than proposed"`
		Structure string `json:"structure,omitempty" doc:"another structure than proposed"`
	} `required:"false"`
}

func (h handlers) applyFit(ctx context.Context, actor authz.Actor, in *applyFitIn) (*web.Page[Unit], error) {
	units, err := h.s.ApplyFit(ctx, actor, ApplyFit{ID: in.ID, Layout: in.Body.Layout, Structure: in.Body.Structure})
	return web.NewPage(units, ""), err
}
