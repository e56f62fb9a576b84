package jobs

import (
	"context"
	"embed"
	"io/fs"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

//go:embed i18n/*.json
var messages embed.FS

// Messages are the texts of the slugs "jobs.…".
func Messages() fs.FS { return messages }

// Permissions guard the dead letters.
func Permissions() []authz.Permission {
	return []authz.Permission{{Key: "jobs.manage", Roles: []authz.Role{authz.HQOps}}}
}

// Routes lists dead letters and drives them again.
func Routes(c *Client) func(*web.Router) {
	const manage = "jobs.manage"
	return func(r *web.Router) {
		h := handlers{c}
		web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/jobs/dead", Summary: "Jobs that failed for good, newest first", Permission: manage}, h.dead)
		web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/jobs/dead/{id}/retry", Summary: "Drive a failed job again", Permission: manage}, h.retry)
		web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/jobs/dead/retry", Summary: "Drive all failed jobs again", Permission: manage}, h.retryAll)
	}
}

type handlers struct{ c *Client }

type deadIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"2048"`
}

func (h handlers) dead(ctx context.Context, actor authz.Actor, in *deadIn) (*web.Page[Letter], error) {
	page, err := h.c.Dead(ctx, actor.BrandID, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return web.NewPage(page.Items, page.Next), nil
}

type letterIn struct {
	ID id.ID `path:"id"`
}

type none struct{}

func (h handlers) retry(ctx context.Context, actor authz.Actor, in *letterIn) (*none, error) {
	return nil, h.c.Retry(ctx, actor.BrandID, in.ID)
}

// RetriedBody tells how many jobs were driven again.
type RetriedBody struct {
	Retried int `json:"retried"`
}

func (h handlers) retryAll(ctx context.Context, actor authz.Actor, _ *none) (*RetriedBody, error) {
	n, err := h.c.RetryAll(ctx, actor.BrandID)
	return &RetriedBody{n}, err
}
