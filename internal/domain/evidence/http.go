package evidence

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
	program string
}

// checkTimeout lets a check or an export of a long chain end.
const checkTimeout = 10 * time.Minute

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/evidence/steps", Summary: "Steps of the chain, newest first: of an object, a kind, a unit, some days", Permission: permRead}, h.list)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/evidence/head", Summary: "How long the chain is, and its newest anchors", Permission: permRead}, h.head)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/evidence/check", Summary: "Verify the stored chain now", Permission: permRead, Timeout: checkTimeout}, h.check)
	web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/evidence/export", Summary: "The chain as a file that can be verified offline", Permission: permExport, Timeout: checkTimeout}, h.export)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/evidence/erase", Summary: "Erase the personal texts of an object's steps; the chain stays whole", Permission: permErase}, h.erase)
}

type listIn struct {
	web.Paging
	Object   string    `query:"object" maxLength:"40"`
	ObjectID id.ID     `query:"object_id"`
	Kind     string    `query:"kind" maxLength:"80" doc:"one kind, or a room's with a dot at the end: desk."`
	Unit     string    `query:"unit" maxLength:"500" doc:"Unit id or path"`
	From     clock.Day `query:"from"`
	To       clock.Day `query:"to" doc:"this day included"`
}

// StepBody is a step as its reader sees it.
type StepBody struct {
	Seq       int64             `json:"seq"`
	At        clock.Ms          `json:"at"`
	Kind      string            `json:"kind"`
	Title     string            `json:"title"`
	Object    string            `json:"object"`
	ObjectID  id.ID             `json:"object_id"`
	ActorID   string            `json:"actor_id"`
	ActorKind string            `json:"actor_kind"`
	ActorName string            `json:"actor_name" doc:"empty for the program itself, or when it was erased"`
	Body      map[string]any    `json:"body"`
	Texts     map[string]string `json:"texts" doc:"what was not erased"`
	Erased    []string          `json:"erased" doc:"names of the erased texts"`
	Prev      string            `json:"prev"`
	Hash      string            `json:"hash"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[StepBody], error) {
	f := Filter{Object: in.Object, ObjectID: in.ObjectID, Kind: in.Kind, Unit: in.Unit, From: in.From, To: in.To, Limit: in.Limit + 1}
	mark := []any{actor.BrandID, actor.UserID, in.Object, in.ObjectID, in.Kind, in.Unit, in.From, in.To}
	if _, err := h.cursors.Read(in.Cursor, "seq", mark, &f.Below); err != nil {
		return nil, err
	}
	list, err := h.s.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	list, more := web.Cut(list, in.Limit)
	bodies := make([]StepBody, len(list))
	for i, e := range list {
		bodies[i] = h.body(i18n.Match(actor.Lang), e)
	}
	next := ""
	if more {
		next = h.cursors.Next("seq", mark, list[len(list)-1].Seq)
	}
	return web.NewPage(bodies, next), nil
}

func (h handlers) body(lang i18n.Lang, e Entry) StepBody {
	var row struct {
		Actor Actor             `json:"actor"`
		Texts map[string]string `json:"texts"`
		Body  map[string]any    `json:"body"`
	}
	_ = json.Unmarshal([]byte(e.Row), &row) // a damaged row shows what is left of it; the check names it
	b := StepBody{
		Seq: e.Seq, At: e.At, Kind: e.Kind, Object: e.Object, ObjectID: e.ObjectID, ActorID: row.Actor.ID, ActorKind: row.Actor.Kind,
		ActorName: e.Texts[textActor].Text, Body: row.Body, Texts: map[string]string{}, Erased: []string{}, Prev: e.Prev, Hash: e.Hash,
	}
	for name := range row.Texts {
		switch t, kept := e.Texts[name]; {
		case name == textActor:
		case kept:
			b.Texts[name] = t.Text
		default:
			b.Erased = append(b.Erased, name)
		}
	}
	room, word, _ := strings.Cut(e.Kind, ".")
	b.Title = h.texts.Text(lang, room+".evidence_"+word, h.said(lang, row.Body))
	return b
}

// said gives the facts of a step as a sentence says them: verdicts in words.
func (h handlers) said(lang i18n.Lang, body map[string]any) map[string]any {
	verdicts := map[string]string{
		"pass": "evidence.verdict_pass", "warn": "evidence.verdict_warn", "review": "evidence.verdict_review", "block": "evidence.verdict_block",
	}
	out := maps.Clone(body)
	for key, v := range out {
		if name, ok := v.(string); ok && verdicts[name] != "" {
			out[key] = h.texts.Text(lang, verdicts[name], nil)
		}
	}
	return out
}

type none struct{}

// HeadBody tells where a chain stands.
type HeadBody struct {
	Steps   int64        `json:"steps"`
	Hash    string       `json:"hash"`
	At      clock.Ms     `json:"at"`
	Anchors []AnchorBody `json:"anchors" doc:"the newest thirty"`
	Mark    *MarkBody    `json:"mark,omitempty" doc:"the head that was told to the log last"`
}

// MarkBody is a mark as its reader sees it.
type MarkBody struct {
	Steps int64    `json:"steps"`
	Hash  string   `json:"hash"`
	At    clock.Ms `json:"at"`
}

// AnchorBody is an anchor as its reader sees it.
type AnchorBody struct {
	Day       clock.Day `json:"day"`
	Steps     int64     `json:"steps"`
	Hash      string    `json:"hash"`
	Key       string    `json:"key"`
	Signature string    `json:"signature"`
}

func (h handlers) head(ctx context.Context, actor authz.Actor, _ *none) (*HeadBody, error) {
	head, err := h.s.Head(ctx, actor)
	if err != nil {
		return nil, err
	}
	const shown = 30
	anchors, err := h.s.Anchors(ctx, actor, shown)
	out := &HeadBody{Steps: head.Seq, Hash: head.Hash, At: head.At, Anchors: make([]AnchorBody, len(anchors))}
	for i, a := range anchors {
		out.Anchors[i] = AnchorBody{a.Day, a.Seq, a.Hash, a.Key, a.Signature}
	}
	if err != nil {
		return nil, err
	}
	m, err := h.s.LastMark(ctx, actor.BrandID)
	if m.Seq > 0 {
		out.Mark = &MarkBody{m.Seq, m.Hash, m.At}
	}
	return out, err
}

// FaultBody is a fault with its sentence.
type FaultBody struct {
	What string `json:"what"`
	Text string `json:"text"`
	Seq  int64  `json:"seq"`
}

// CheckBody is what a check found.
type CheckBody struct {
	OK      bool        `json:"ok"`
	Steps   int64       `json:"steps"`
	Anchors int64       `json:"anchors"`
	Hash    string      `json:"hash"`
	Faults  []FaultBody `json:"faults"`
	More    int         `json:"more" doc:"faults beyond those listed"`
}

func (h handlers) check(ctx context.Context, actor authz.Actor, _ *none) (*CheckBody, error) {
	v, err := h.s.Check(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &CheckBody{OK: v.OK, Steps: v.Steps, Anchors: v.Anchors, Hash: v.Head, Faults: []FaultBody{}, More: v.More}
	for _, f := range v.Faults {
		out.Faults = append(out.Faults, FaultBody{f.What, f.Words(h.texts, i18n.Match(actor.Lang)), f.Seq})
	}
	return out, nil
}

// Words tells a fault in a language.
func (f Fault) Words(texts web.Texts, lang i18n.Lang) string {
	slug := "evidence.fault_" + f.What
	if f.What == FaultGap && f.To > f.Seq {
		slug += "_many"
	}
	return texts.Text(lang, slug, map[string]any{"line": f.Line, "seq": f.Seq, "to": f.To, "day": f.Day})
}

type exportIn struct {
	From   clock.Day `query:"from"`
	To     clock.Day `query:"to" doc:"this day included"`
	Format string    `query:"format" enum:"jsonl,zip" default:"zip"`
}

func (h handlers) export(ctx context.Context, actor authz.Actor, in *exportIn) (*web.Download, error) {
	e := Export{From: in.From, To: in.To, Zip: in.Format == "zip", Program: h.program}
	if err := h.s.ready(ctx, actor, e); err != nil {
		return nil, err
	}
	b, err := h.s.brand(ctx, actor.BrandID)
	if err != nil {
		return nil, err
	}
	d := &web.Download{Name: "evidence-" + b.Slug + "." + in.Format, ContentType: "application/x-ndjson", Write: func(w io.Writer) error {
		_, err := h.s.write(ctx, actor, e, w)
		return err
	}}
	if e.Zip {
		d.ContentType = "application/zip"
	}
	return d, nil
}

type eraseIn struct {
	Body struct {
		Object   string `json:"object" minLength:"1" maxLength:"40"`
		ObjectID id.ID  `json:"object_id"`
		Reason   string `json:"reason" maxLength:"500"`
	}
}

// ErasedBody counts what was erased.
type ErasedBody struct {
	Texts int64 `json:"texts"`
}

func (h handlers) erase(ctx context.Context, actor authz.Actor, in *eraseIn) (*ErasedBody, error) {
	n, err := h.s.Erase(ctx, actor, in.Body.Object, in.Body.ObjectID, strings.TrimSpace(in.Body.Reason))
	return &ErasedBody{n}, err
}
