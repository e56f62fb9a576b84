package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) talkRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/talks", Summary: "Talk tracks stage by stage, with what each answers", Permission: permUse}, h.talks)
}

type talksIn struct {
	Unit    string `query:"unit" maxLength:"500" doc:"id or path"`
	Stage   string `query:"stage" maxLength:"40"`
	Product id.ID  `query:"product"`
	Usable  bool   `query:"usable" doc:"only what may be handed out today"`
	Q       string `query:"q" maxLength:"100"`
}

type talkBody struct {
	*itemBody
	Stage     string `json:"stage" doc:"where the customer stands"`
	Objection string `json:"objection" doc:"what the customer says"`
	Body      string `json:"body" doc:"the answer, with its variables"`
}

type talkList struct {
	Stages []string   `json:"stages" doc:"every stage there is"`
	Items  []talkBody `json:"items"`
}

func (h handlers) talks(ctx context.Context, actor authz.Actor, in *talksIn) (*talkList, error) {
	list, stages, err := h.s.Talks(ctx, actor, TalkFilter{Unit: in.Unit, Stage: in.Stage, ProductID: in.Product, Usable: in.Usable, Query: in.Q})
	out := &talkList{Stages: orEmpty(stages), Items: make([]talkBody, len(list))}
	for i := range list {
		out.Items[i] = talkBody{body(&list[i].Item), list[i].Stage, list[i].Objection, list[i].Body}
	}
	return out, err
}
