package org

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func memberRoutes(r *web.Router, h handlers) {
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/members", Summary: "Members with filters, phones masked", Permission: "org.member_read"}, h.members)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/member-count", Summary: "How many members the same filters find, up to 10,000", Permission: "org.member_read"}, h.countMembers)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/members", Summary: "Add a member to a unit", Permission: "org.member_write", Status: 201}, h.addMember)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/members/{id}", Summary: "One member, phone masked", Permission: "org.self"}, h.member)
	web.Handle(r, web.Route{Method: "PATCH", Path: "/api/v1/org/members/{id}", Summary: "Edit a member", Permission: "org.member_write"}, h.editMember)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/members/{id}/history", Summary: "What happened to a member, newest first", Permission: "org.member_read"}, h.memberHistory)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/members/{id}/reveal", Summary: "A member's phone in the clear; leaves a row on the audit trail", Permission: "org.reveal"}, h.reveal)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/members/{id}/rejoin", Summary: "Take a leaver back", Permission: "org.member_write"}, h.rejoin)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/member-moves", Summary: "Let members work in another unit from today on", Permission: "org.member_write"}, h.moveMembers)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/member-leaves", Summary: "End memberships; what becomes of the accounts is settled in account", Permission: "org.member_write"}, h.leave)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/member-labels", Summary: "Labels of members in use", Permission: "org.member_read"}, h.memberLabels)
	web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/org/member-export", Summary: "The list of members as a workbook, phones masked", Permission: "org.export", Produces: web.XLSX}, h.exportMembers)
}

// memberFilterIn are the filters that the list, its count and its export share.
type memberFilterIn struct {
	Unit    string       `query:"unit" maxLength:"600" doc:"id or path; empty: everything you may see"`
	Q       string       `query:"q" maxLength:"60" doc:"name, pinyin, initials, title, number, whole phone or its last four digits"`
	Status  MemberStatus `query:"status" enum:"active,left,all" default:"active"`
	Role    authz.Role   `query:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
	Persona Persona      `query:"persona" enum:"shopping_assistant,topic_expert,private_partner"`
	Tag     string       `query:"tag" maxLength:"20"`
}

func (in memberFilterIn) filter() MemberFilter {
	f := MemberFilter{Unit: in.Unit, Query: in.Q, Status: in.Status, Role: in.Role, Persona: in.Persona, Tag: in.Tag}
	if f.Status == "all" {
		f.Status = ""
	}
	return f
}

type membersIn struct {
	web.Paging
	memberFilterIn
	Sort string `query:"sort" enum:"name,-name,joined,-joined" default:"name"`
}

func (h handlers) members(ctx context.Context, actor authz.Actor, in *membersIn) (*web.Page[Member], error) {
	f := in.filter()
	f.Sort, f.Limit = in.Sort, in.Limit
	filter := []any{actor.BrandID, actor.UserID, in.memberFilterIn}
	if _, err := h.cursors.Read(in.Cursor, in.Sort, filter, &f.After); err != nil {
		return nil, err
	}
	ms, more, err := h.s.Members(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		last := ms[len(ms)-1]
		next = h.cursors.Next(in.Sort, filter, MemberPlace{last.NameKey, last.JoinedDay, last.ID})
	}
	return web.NewPage(ms, next), nil
}

// CountBody is a count; 10001 means more than 10,000.
type CountBody struct {
	N int64 `json:"n"`
}

type memberCountIn struct{ memberFilterIn }

func (h handlers) countMembers(ctx context.Context, actor authz.Actor, in *memberCountIn) (*CountBody, error) {
	n, err := h.s.CountMembers(ctx, actor, in.filter())
	return &CountBody{n}, err
}

// MemberBody is a member whose version is its ETag.
type MemberBody struct{ Member }

// ETag is the member's version.
func (m MemberBody) ETag() string { return versionTag(m.Version) }

func memberBody(m Member, err error) (*MemberBody, error) {
	if err != nil {
		return nil, err
	}
	return &MemberBody{m}, nil
}

type addMemberIn struct {
	Body struct {
		UnitID    id.ID      `json:"unit_id"`
		Name      string     `json:"name" minLength:"1" maxLength:"60"`
		Phone     string     `json:"phone,omitempty" maxLength:"30"`
		Role      authz.Role `json:"role,omitempty"`
		Title     string     `json:"title,omitempty"`
		Code      string     `json:"code,omitempty"`
		Personas  []string   `json:"personas,omitempty" nullable:"true"`
		Tags      []string   `json:"tags,omitempty" nullable:"true"`
		JoinedDay clock.Day  `json:"joined_day,omitempty" nullable:"true"`
	}
}

func (h handlers) addMember(ctx context.Context, actor authz.Actor, in *addMemberIn) (*MemberBody, error) {
	b := in.Body
	return memberBody(h.s.AddMember(ctx, actor, NewMember{
		UnitID: b.UnitID, Name: b.Name, Phone: b.Phone, Role: b.Role, Title: b.Title, Code: b.Code,
		Personas: b.Personas, Tags: b.Tags, JoinedDay: b.JoinedDay,
	}))
}

type memberIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) member(ctx context.Context, actor authz.Actor, in *memberIn) (*MemberBody, error) {
	return memberBody(h.s.Member(ctx, actor, in.ID))
}

type editMemberIn struct {
	ID      id.ID  `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name      *string     `json:"name,omitempty" maxLength:"60"`
		Phone     *string     `json:"phone,omitempty" maxLength:"30" doc:"empty takes it away; leave it out to keep it"`
		Role      *authz.Role `json:"role,omitempty"`
		Title     *string     `json:"title,omitempty"`
		Code      *string     `json:"code,omitempty"`
		Personas  *[]string   `json:"personas,omitempty"`
		Tags      *[]string   `json:"tags,omitempty"`
		JoinedDay *clock.Day  `json:"joined_day,omitempty"`
	}
}

func (h handlers) editMember(ctx context.Context, actor authz.Actor, in *editMemberIn) (*MemberBody, error) {
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return memberBody(h.s.UpdateMember(ctx, actor, EditMember{
		ID: in.ID, Version: version, Name: b.Name, Phone: b.Phone, Role: b.Role, Title: b.Title,
		Code: b.Code, Personas: b.Personas, Tags: b.Tags, JoinedDay: b.JoinedDay,
	}))
}

func (h handlers) memberHistory(ctx context.Context, actor authz.Actor, in *historyIn) (*web.Page[Entry], error) {
	return h.history(ctx, actor, in, "member", h.s.MemberHistory)
}

type revealIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Why string `json:"why,omitempty" maxLength:"500"`
	} `required:"false"`
}

// PhoneBody is a phone in the clear.
type PhoneBody struct {
	Phone string `json:"phone"`
}

func (h handlers) reveal(ctx context.Context, actor authz.Actor, in *revealIn) (*PhoneBody, error) {
	phone, err := h.s.Reveal(ctx, actor, in.ID, in.Body.Why)
	return &PhoneBody{phone}, err
}

type rejoinIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		UnitID id.ID `json:"unit_id"`
	}
}

func (h handlers) rejoin(ctx context.Context, actor authz.Actor, in *rejoinIn) (*MemberBody, error) {
	return memberBody(h.s.Rejoin(ctx, actor, in.ID, in.Body.UnitID))
}

type moveMembersIn struct {
	Body struct {
		MemberIDs []id.ID `json:"member_ids" minItems:"1" maxItems:"200"`
		UnitID    id.ID   `json:"unit_id"`
		Why       string  `json:"why,omitempty" maxLength:"500"`
	}
}

func (h handlers) moveMembers(ctx context.Context, actor authz.Actor, in *moveMembersIn) (*struct{}, error) {
	return nil, h.s.MoveMembers(ctx, actor, in.Body.MemberIDs, in.Body.UnitID, in.Body.Why)
}

type leaveIn struct {
	Body struct {
		MemberIDs []id.ID   `json:"member_ids" minItems:"1" maxItems:"200"`
		Day       clock.Day `json:"day,omitempty" nullable:"true" doc:"last day; today when missing"`
		Why       string    `json:"why,omitempty" maxLength:"500"`
	}
}

func (h handlers) leave(ctx context.Context, actor authz.Actor, in *leaveIn) (*struct{}, error) {
	return nil, h.s.Leave(ctx, actor, in.Body.MemberIDs, in.Body.Day, in.Body.Why)
}

func (h handlers) memberLabels(ctx context.Context, actor authz.Actor, _ *labelsIn) (*web.Page[Label], error) {
	labels, err := h.s.MemberLabels(ctx, actor)
	return web.NewPage(labels, ""), err
}

type exportIn struct{ memberFilterIn }

func (h handlers) exportMembers(ctx context.Context, actor authz.Actor, in *exportIn) (*web.Download, error) {
	texts, err := i18n.Load(i18n.Source{Room: "org", FS: messages})
	if err != nil {
		return nil, errs.Wrap(errs.Internal, "base.internal", err)
	}
	say := func(slug string) string { return texts.Text(i18n.Match(actor.Lang), slug, nil) }
	head := Headings{
		Sheet:  say("org.export_sheet"),
		Role:   func(r authz.Role) string { return say("org.role_" + string(r)) },
		Status: func(st MemberStatus) string { return say("org.member_status_" + string(st)) },
	}
	for _, c := range []string{"name", "unit", "role", "title", "code", "phone", "status", "joined", "left", "tags"} {
		head.Columns = append(head.Columns, say("org.export_"+c))
	}
	write, err := h.s.ExportMembers(ctx, actor, in.filter(), head)
	if err != nil {
		return nil, err
	}
	return &web.Download{Name: head.Sheet + ".xlsx", ContentType: web.XLSX, Write: write}, nil
}
