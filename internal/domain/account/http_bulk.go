package account

import (
	"context"
	"io"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h *handlers) bulkRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "POST", Path: url + "/bulk", Summary: "Do one thing to many accounts", Permission: PermEdit, Idempotent: true}, h.bulk)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/bulk/{id}/undo", Summary: "Take a bulk action back", Permission: PermEdit}, h.undoBulk)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/tags", Summary: "Tags in use", Permission: PermRead}, h.tags)
	web.HandleDownload(r, web.Route{Method: "GET", Path: url + "/export", Summary: "The filtered list as XLSX", Permission: PermExport, Produces: web.XLSX, Timeout: -1}, h.export)
	web.HandleDownload(r, web.Route{Method: "GET", Path: url + "/roster-template", Summary: "Empty roster with sample rows as XLSX", Permission: PermRead, Produces: web.XLSX}, h.template)
}

func langOf(actor authz.Actor) i18n.Lang { return i18n.Match(actor.Lang) }

type bulkIn struct {
	Body struct {
		IDs    []id.ID `json:"ids" minItems:"1" maxItems:"1000"`
		What   string  `json:"what" enum:"move,tag,untag,status,level,kind"`
		Unit   string  `json:"unit,omitempty" maxLength:"400"`
		Tag    string  `json:"tag,omitempty" maxLength:"60"`
		Status Status  `json:"status,omitempty" enum:"ok,token_expired,authorisation_cancelled,banned,private,handed_over,closed"`
		Level  Level   `json:"level,omitempty" enum:",junior,middle,senior"`
		Kind   Kind    `json:"kind,omitempty" enum:"brand,business_line,region,dealer,agent,store,employee,persona,benchmark,adviser,hq_service,koc"`
		Reason string  `json:"reason,omitempty" maxLength:"500"`
	}
}

func (h *handlers) bulk(ctx context.Context, actor authz.Actor, in *bulkIn) (*BulkDone, error) {
	b := in.Body
	done, err := h.s.DoBulk(ctx, actor, Bulk{IDs: b.IDs, What: b.What, Unit: b.Unit, Tag: b.Tag, Status: b.Status, Level: b.Level, Kind: b.Kind, Reason: b.Reason})
	h.explain(actor, done.Kept)
	return &done, err
}

// explain renders why accounts were left as they are.
func (h *handlers) explain(actor authz.Actor, kept []KeptRow) {
	for i := range kept {
		kept[i].Message = h.texts.Text(langOf(actor), kept[i].Slug, nil)
	}
}

// UndoneBody tells what an undo did.
type UndoneBody struct {
	Restored int       `json:"restored"`
	Kept     []KeptRow `json:"kept"`
}

func (h *handlers) undoBulk(ctx context.Context, actor authz.Actor, in *idIn) (*UndoneBody, error) {
	u, err := h.s.UndoBulk(ctx, actor, in.ID)
	if u.Kept == nil {
		u.Kept = []KeptRow{}
	}
	h.explain(actor, u.Kept)
	return &UndoneBody{u.Restored, u.Kept}, err
}

// TagsBody lists tags.
type TagsBody struct {
	Items []TagCount `json:"items"`
}

func (h *handlers) tags(ctx context.Context, actor authz.Actor, _ *struct{}) (*TagsBody, error) {
	rows, err := h.s.Tags(ctx, actor)
	return &TagsBody{rows}, err
}

type exportIn struct {
	filterIn
	Sort string `query:"sort" default:"name" maxLength:"20"`
}

func (h *handlers) export(ctx context.Context, actor authz.Actor, in *exportIn) (*web.Download, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	e, err := h.s.export(ctx, actor, Query{Filter: f, Sort: Sort(in.Sort)})
	if err != nil {
		return nil, err
	}
	text := func(slug string, params map[string]any) string { return h.texts.Text(langOf(actor), slug, params) }
	return &web.Download{
		Name: text("account.export_name", nil) + ".xlsx", ContentType: web.XLSX,
		Write: func(w io.Writer) error { return e.write(ctx, w, text) },
	}, nil
}

func (h *handlers) template(_ context.Context, actor authz.Actor, _ *struct{}) (*web.Download, error) {
	header, rows := RosterTemplate(string(langOf(actor)))
	return &web.Download{
		Name: h.texts.Text(langOf(actor), "account.template_name", nil) + ".xlsx", ContentType: web.XLSX,
		Write: func(w io.Writer) error { return writeTemplate(w, header, rows) },
	}, nil
}
