package identity

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type userOut struct {
	ID       id.ID      `json:"id"`
	Name     string     `json:"name"`
	Login    string     `json:"login" doc:"E-mail address or masked phone number"`
	TOTP     bool       `json:"totp"`
	State    State      `json:"state" enum:"active,disabled"`
	MemberID id.ID      `json:"member_id" nullable:"true"`
	Grants   []grantOut `json:"grants"`
	Editable bool       `json:"editable" doc:"The caller may change roles and state"`
	Seen     clock.Ms   `json:"seen_at" nullable:"true"`
	Created  clock.Ms   `json:"created_at"`
}

func (s *Service) outUsers(ctx context.Context, a authz.Actor, rows []UserRow) ([]userOut, error) {
	var units []id.ID
	for _, u := range rows {
		for _, g := range u.Grants {
			units = append(units, g.UnitID)
		}
	}
	unit, err := s.named(ctx, a, units...)
	if err != nil {
		return nil, err
	}
	out := make([]userOut, 0, len(rows))
	for _, u := range rows {
		o := userOut{
			ID: u.ID, Name: u.Name, Login: u.Login, TOTP: u.TOTP, State: u.State, MemberID: u.MemberID,
			Grants: []grantOut{}, Editable: u.Mine && u.ID != a.UserID, Seen: u.Seen, Created: u.Created,
		}
		for _, g := range u.Grants {
			o.Grants = append(o.Grants, grantOut{Role: g.Role, Unit: unit(g.UnitID)})
		}
		out = append(out, o)
	}
	return out, nil
}

func (s *Service) outUser(ctx context.Context, a authz.Actor, row UserRow, err error) (*userOut, error) {
	if err != nil {
		return nil, err
	}
	out, err := s.outUsers(ctx, a, []UserRow{row})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

func (s *Service) userRoutes(r *web.Router) {
	type listIn struct {
		web.Paging
		Query string     `query:"q" maxLength:"60" doc:"Part of the name"`
		Role  authz.Role `query:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
		State State      `query:"state" enum:"active,disabled"`
		Unit  string     `query:"unit" maxLength:"500" doc:"Id or path"`
	}
	type place struct {
		Brand             id.ID
		Query, Role, Unit string
		State             State
	}
	web.Handle(r, web.Route{Method: "GET", Path: base + "/users", Summary: "Users within my units", Permission: permRead},
		func(ctx context.Context, a authz.Actor, in *listIn) (*web.Page[userOut], error) {
			f := UserFilter{Query: in.Query, Role: in.Role, State: in.State, Unit: in.Unit, Limit: in.Limit}
			where := place{a.BrandID, in.Query, string(in.Role), in.Unit, in.State}
			if _, err := s.Cursors.Read(in.Cursor, "id", where, &f.After); err != nil {
				return nil, err
			}
			rows, err := s.ListUsers(ctx, a, f)
			if err != nil {
				return nil, err
			}
			next := ""
			rows, more := web.Cut(rows, in.Limit)
			if more {
				next = s.Cursors.Next("id", where, rows[len(rows)-1].ID)
			}
			out, err := s.outUsers(ctx, a, rows)
			return web.NewPage(out, next), err
		})
	type grantIn struct {
		Role   authz.Role `json:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
		UnitID id.ID      `json:"unit_id,omitempty" nullable:"true" doc:"Null for the whole brand"`
	}
	type grantsIn struct {
		ID   id.ID `path:"id"`
		Body struct {
			Grants []grantIn `json:"grants" minItems:"1" maxItems:"50"`
		}
	}
	web.Handle(r, web.Route{Method: "PUT", Path: base + "/users/{id}/grants", Summary: "Replace a user's roles", Permission: permManage},
		func(ctx context.Context, a authz.Actor, in *grantsIn) (*userOut, error) {
			grants := make([]authz.Grant, 0, len(in.Body.Grants))
			for _, g := range in.Body.Grants {
				grants = append(grants, authz.Grant{Role: g.Role, UnitID: g.UnitID})
			}
			row, err := s.SetGrants(ctx, a, in.ID, grants)
			return s.outUser(ctx, a, row, err)
		})
	type stateIn struct {
		ID   id.ID `path:"id"`
		Body struct {
			State State `json:"state" enum:"active,disabled"`
		}
	}
	web.Handle(r, web.Route{Method: "PUT", Path: base + "/users/{id}/state", Summary: "Disable or enable a user", Permission: permManage},
		func(ctx context.Context, a authz.Actor, in *stateIn) (*userOut, error) {
			row, err := s.SetState(ctx, a, in.ID, in.Body.State)
			return s.outUser(ctx, a, row, err)
		})
}

// resetRoutes help people who lost their password or phone.
func (s *Service) resetRoutes(r *web.Router) {
	type resetIn struct {
		ID id.ID `path:"id"`
	}
	type resetOut struct {
		Secret  string   `json:"secret" doc:"Goes into the link /invite#<secret>; shown this once"`
		Expires clock.Ms `json:"expires_at"`
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/users/{id}/reset", Summary: "Make a link for a user to choose a new password", Permission: permManage, Status: 201},
		func(ctx context.Context, a authz.Actor, in *resetIn) (*resetOut, error) {
			secret, i, err := s.Reset(ctx, a, in.ID)
			return &resetOut{Secret: secret, Expires: i.Expires}, err
		})
}

type invitationOut struct {
	ID      id.ID      `json:"id"`
	Name    string     `json:"name"`
	Role    authz.Role `json:"role"`
	Unit    *Unit      `json:"unit,omitempty"`
	Created clock.Ms   `json:"created_at"`
	Expires clock.Ms   `json:"expires_at"`
}

func outInvitation(i Invitation, unit func(id.ID) *Unit) invitationOut {
	return invitationOut{ID: i.ID, Name: i.Name, Role: i.Role, Unit: unit(i.UnitID), Created: i.Created, Expires: i.Expires}
}

func (s *Service) invitationRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: base + "/invitations", Summary: "Open invitations within my units", Permission: permManage},
		func(ctx context.Context, a authz.Actor, _ *struct{}) (*web.Page[invitationOut], error) {
			list, err := s.Invitations(ctx, a)
			if err != nil {
				return nil, err
			}
			var units []id.ID
			for _, i := range list {
				units = append(units, i.UnitID)
			}
			unit, err := s.named(ctx, a, units...)
			if err != nil {
				return nil, err
			}
			out := make([]invitationOut, 0, len(list))
			for _, i := range list {
				out = append(out, outInvitation(i, unit))
			}
			return web.NewPage(out, ""), nil
		})
	type inviteIn struct {
		Body struct {
			Name     string     `json:"name,omitempty" maxLength:"60"`
			Role     authz.Role `json:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
			UnitID   id.ID      `json:"unit_id,omitempty" nullable:"true" doc:"Null for the whole brand"`
			MemberID id.ID      `json:"member_id,omitempty" nullable:"true" doc:"The member whose user this will be"`
			Days     int        `json:"days,omitempty" minimum:"1" maximum:"30"`
		}
	}
	type invitedOut struct {
		Secret     string        `json:"secret" doc:"Goes into the link /invite#<secret>; shown this once"`
		Invitation invitationOut `json:"invitation"`
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/invitations", Summary: "Invite someone by link", Permission: permManage, Status: 201},
		func(ctx context.Context, a authz.Actor, in *inviteIn) (*invitedOut, error) {
			b := in.Body
			secret, i, err := s.Invite(ctx, a, NewInvitation{Name: b.Name, Role: b.Role, UnitID: b.UnitID, MemberID: b.MemberID, Days: b.Days})
			if err != nil {
				return nil, err
			}
			unit, err := s.named(ctx, a, i.UnitID)
			if err != nil {
				return nil, err
			}
			return &invitedOut{Secret: secret, Invitation: outInvitation(i, unit)}, nil
		})
	web.Handle(r, web.Route{Method: "DELETE", Path: base + "/invitations/{id}", Summary: "Withdraw an invitation", Permission: permManage},
		func(ctx context.Context, a authz.Actor, in *struct {
			ID id.ID `path:"id"`
		},
		) (*struct{}, error) {
			return nil, s.Withdraw(ctx, a, in.ID)
		})
	s.acceptRoutes(r)
}

// acceptRoutes are open: the secret of the link is the key. It travels in the body so that no log of paths holds it.
func (s *Service) acceptRoutes(r *web.Router) {
	type showIn struct {
		Body struct {
			Secret string `json:"secret" minLength:"1" maxLength:"200"`
		}
	}
	type showOut struct {
		Brand   string     `json:"brand"`
		Name    string     `json:"name"`
		Role    authz.Role `json:"role"`
		Unit    string     `json:"unit" doc:"Empty for the whole brand"`
		Expires clock.Ms   `json:"expires_at"`
		Reset   bool       `json:"reset" doc:"A new password for a user who is one already"`
		Login   string     `json:"login" doc:"Of that user"`
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/invitations/show", Summary: "What an invitation offers", Public: true},
		func(ctx context.Context, _ authz.Actor, in *showIn) (*showOut, error) {
			i, err := s.ShowInvitation(ctx, in.Body.Secret)
			return &showOut{Brand: i.Brand, Name: i.Name, Role: i.Role, Unit: i.Unit, Expires: i.Expires, Reset: i.Reset, Login: i.Login}, err
		})
	type acceptIn struct {
		visitorIn
		Body struct {
			Secret   string `json:"secret" minLength:"1" maxLength:"200"`
			Login    string `json:"login,omitempty" maxLength:"254" doc:"E-mail address or phone number; not looked at by a reset link"`
			Name     string `json:"name,omitempty" maxLength:"60" doc:"Needed unless the login exists"`
			Password string `json:"password" minLength:"1" maxLength:"512" doc:"Of the login when it exists, else a new one"`
			Code     string `json:"code,omitempty" maxLength:"32"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/invitations/accept", Summary: "Accept an invitation and sign in", Public: true},
		func(ctx context.Context, _ authz.Actor, in *acceptIn) (*signedOut, error) {
			b := in.Body
			out, err := s.Accept(ctx, Acceptance{Secret: b.Secret, Login: b.Login, Name: b.Name, Password: b.Password, Code: b.Code}, in.visitor())
			return outSignedIn(out, err, in.visitorIn)
		})
}
