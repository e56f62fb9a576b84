package account

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account/geo"
)

func (h *handlers) matrixRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: url + "/layout", Summary: "The matrix drawn in a layout", Permission: PermRead}, h.layout)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/coverage", Summary: "Platform × region, city or store type", Permission: PermRead}, h.coverage)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/gaps", Summary: "Stores without an account", Permission: PermRead}, h.gaps)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/cities", Summary: "Cities of China with their tier, for pickers", Permission: PermRead}, h.cities)
	web.HandleRaw(r, web.Route{Method: "GET", Path: url + "/map", Summary: "GeoJSON of China by city; DATA/map.json replaces it", Permission: PermRead, Produces: "application/geo+json"}, h.mapFile)
}

type layoutIn struct {
	Shape string `query:"shape" default:"pyramid" enum:"pyramid,official_kos,benchmark,persona,private"`
	Unit  string `query:"unit" maxLength:"400"`
}

func (h *handlers) layout(ctx context.Context, actor authz.Actor, in *layoutIn) (*Layout, error) {
	l, err := h.s.Layout(ctx, actor, Shape(in.Shape), in.Unit)
	return &l, err
}

type coverageIn struct {
	By   string `query:"by" default:"region" enum:"region,city,store_type"`
	Unit string `query:"unit" maxLength:"400"`
}

func (h *handlers) coverage(ctx context.Context, actor authz.Actor, in *coverageIn) (*Coverage, error) {
	c, err := h.s.Coverage(ctx, actor, By(in.By), in.Unit)
	return &c, err
}

type gapsIn struct {
	web.Paging
	Unit      string `query:"unit" maxLength:"400"`
	Platform  string `query:"platform" maxLength:"40" doc:"empty: stores without any account"`
	City      int    `query:"city"`
	StoreType string `query:"store_type" maxLength:"60" doc:"type:… as in the key of a coverage row"`
}

func (h *handlers) gaps(ctx context.Context, actor authz.Actor, in *gapsIn) (*web.Page[Gap], error) {
	q := GapQuery{Unit: in.Unit, City: in.City, Limit: in.Limit}
	if in.Platform != "" {
		p, err := ParsePlatform(in.Platform)
		if err != nil {
			return nil, err
		}
		q.Platform = p
	}
	if len(in.StoreType) >= len("type:") {
		t := in.StoreType[len("type:"):]
		q.StoreType = &t
	}
	mark := []any{actor.BrandID, in.Unit, in.Platform, in.City, in.StoreType}
	if _, err := h.cursors.Read(in.Cursor, "path", mark, &q.After); err != nil {
		return nil, err
	}
	rows, more, err := h.s.Gaps(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		next = h.cursors.Next("path", mark, rows[len(rows)-1].Unit.Path)
	}
	return web.NewPage(rows, next), nil
}

// CitiesBody lists the shipped cities.
type CitiesBody struct {
	Items     []geo.City `json:"items"`
	Source    string     `json:"source" doc:"where the tiers come from"`
	ValidFrom string     `json:"valid_from"`
}

func (h *handlers) cities(context.Context, authz.Actor, *struct{}) (*CitiesBody, error) {
	a := h.s.atlas
	return &CitiesBody{a.Cities(), a.Source, a.ValidFrom}, nil
}

func (h *handlers) mapFile(_ context.Context, _ authz.Actor, _ *struct{}, w http.ResponseWriter, _ *http.Request) error {
	raw, replaced, err := geo.Map(h.s.DataDir)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	if replaced {
		w.Header().Set("X-Map", "replaced")
	}
	_, err = w.Write(raw)
	return err
}
