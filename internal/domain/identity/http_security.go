package identity

import (
	"context"
	"encoding/json"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type securityOut struct {
	Login        string   `json:"login"`
	TOTP         bool     `json:"totp"`
	RecoveryLeft int      `json:"recovery_left"`
	PasswordAt   clock.Ms `json:"password_at"`
}

type sessionOut struct {
	ID      id.ID    `json:"id"`
	Device  string   `json:"device"`
	Address string   `json:"address"`
	Created clock.Ms `json:"created_at"`
	Seen    clock.Ms `json:"seen_at"`
	Current bool     `json:"current"`
}

type codesOut struct {
	Codes []string `json:"recovery_codes" doc:"Shown this once"`
}

type passwordIn struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"512"`
	}
}

// securityRoutes are about the caller's own doors.
func (s *Service) securityRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: base + "/security", Summary: "State of my password and two-step sign-in", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, _ *struct{}) (*securityOut, error) {
			sec, err := s.Security(ctx, a)
			return &securityOut{Login: sec.Login, TOTP: sec.TOTP, RecoveryLeft: sec.RecoveryLeft, PasswordAt: sec.PasswordAt}, err
		})
	type changeIn struct {
		visitorIn
		Body struct {
			Password string `json:"password" minLength:"1" maxLength:"512" doc:"The present one"`
			New      string `json:"new_password" minLength:"1" maxLength:"512"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/password", Summary: "Change my password and sign out my other browsers", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *changeIn) (*struct{}, error) {
			return nil, s.ChangePassword(ctx, a, in.Body.Password, in.Body.New, in.Cookie)
		})
	s.totpRoutes(r)
	s.sessionRoutes(r)
	s.tokenRoutes(r)
}

func (s *Service) totpRoutes(r *web.Router) {
	type enrolOut struct {
		Secret string `json:"secret"`
		URI    string `json:"uri" doc:"For the QR code"`
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/totp/begin", Summary: "Begin two-step sign-in", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *passwordIn) (*enrolOut, error) {
			e, err := s.BeginTOTP(ctx, a, in.Body.Password)
			return &enrolOut{Secret: e.Secret, URI: e.URI}, err
		})
	type codeIn struct {
		Body struct {
			Code string `json:"code" minLength:"6" maxLength:"10"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/totp/confirm", Summary: "Turn two-step sign-in on with a first code", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *codeIn) (*codesOut, error) {
			codes, err := s.ConfirmTOTP(ctx, a, in.Body.Code)
			return &codesOut{codes}, err
		})
	web.Handle(r, web.Route{Method: "POST", Path: base + "/totp/end", Summary: "Turn two-step sign-in off", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *passwordIn) (*struct{}, error) {
			return nil, s.EndTOTP(ctx, a, in.Body.Password)
		})
	web.Handle(r, web.Route{Method: "POST", Path: base + "/totp/recovery", Summary: "Replace my recovery codes", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *passwordIn) (*codesOut, error) {
			codes, err := s.RenewRecovery(ctx, a, in.Body.Password)
			return &codesOut{codes}, err
		})
}

func (s *Service) sessionRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: base + "/sessions", Summary: "Where I am signed in", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *visitorIn) (*web.Page[sessionOut], error) {
			list, err := s.Sessions(ctx, a)
			if err != nil {
				return nil, err
			}
			_, mine, _ := secretOf(in.Cookie)
			out := make([]sessionOut, 0, len(list))
			for _, x := range list {
				out = append(out, sessionOut{ID: x.ID, Device: x.Device, Address: x.Address, Created: x.Created, Seen: x.Seen, Current: x.Hash == mine})
			}
			return web.NewPage(out, ""), nil
		})
	type endIn struct {
		visitorIn
		ID id.ID `path:"id"`
	}
	web.Handle(r, web.Route{Method: "DELETE", Path: base + "/sessions/{id}", Summary: "Sign one of my browsers out", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *endIn) (*struct{}, error) {
			return nil, s.EndSession(ctx, a, in.ID, in.Cookie)
		})
	web.Handle(r, web.Route{Method: "DELETE", Path: base + "/sessions", Summary: "Sign my other browsers out", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *visitorIn) (*struct{}, error) {
			return nil, s.EndSession(ctx, a, 0, in.Cookie)
		})
}

type tokenOut struct {
	ID      id.ID      `json:"id"`
	Name    string     `json:"name"`
	Hint    string     `json:"hint" doc:"The last characters of the token"`
	Owner   string     `json:"owner" doc:"Empty when made by the operator"`
	Role    authz.Role `json:"role"`
	Unit    *Unit      `json:"unit,omitempty"`
	Scopes  []string   `json:"scopes"`
	Created clock.Ms   `json:"created_at"`
	Seen    clock.Ms   `json:"seen_at" nullable:"true"`
	Expires clock.Ms   `json:"expires_at"`
}

func outToken(t Token, owner string, unit func(id.ID) *Unit) tokenOut {
	out := tokenOut{
		ID: t.ID, Name: t.Name, Hint: t.Hint, Owner: owner, Role: t.Role, Unit: unit(t.UnitID), Scopes: []string{},
		Created: t.Created, Seen: t.Seen, Expires: t.Expires,
	}
	_ = json.Unmarshal([]byte(t.Scopes), &out.Scopes)
	return out
}

func (s *Service) tokenRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: base + "/tokens", Summary: "API tokens: mine, or all for an administrator", Permission: permToken},
		func(ctx context.Context, a authz.Actor, _ *struct{}) (*web.Page[tokenOut], error) {
			list, err := s.Tokens(ctx, a)
			if err != nil {
				return nil, err
			}
			var units []id.ID
			for _, t := range list {
				units = append(units, t.UnitID)
			}
			unit, err := s.named(ctx, a, units...)
			if err != nil {
				return nil, err
			}
			out := make([]tokenOut, 0, len(list))
			for _, t := range list {
				out = append(out, outToken(t.Token, t.Owner, unit))
			}
			return web.NewPage(out, ""), nil
		})
	type makeIn struct {
		Body struct {
			Name   string     `json:"name" minLength:"1" maxLength:"60"`
			Role   authz.Role `json:"role" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
			UnitID id.ID      `json:"unit_id,omitempty" nullable:"true" doc:"Null for the whole brand"`
			Scopes []string   `json:"scopes,omitempty" maxItems:"50" doc:"Permission keys or room.*; absent: all of the role's"`
			Days   int        `json:"days" minimum:"1" maximum:"366"`
		}
	}
	type madeOut struct {
		Secret string   `json:"secret" doc:"The token itself, shown this once"`
		Token  tokenOut `json:"token"`
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/tokens", Summary: "Make an API token", Permission: permToken, Status: 201},
		func(ctx context.Context, a authz.Actor, in *makeIn) (*madeOut, error) {
			b := in.Body
			secret, t, err := s.MakeToken(ctx, a, NewToken{Name: b.Name, Role: b.Role, UnitID: b.UnitID, Scopes: b.Scopes, TTL: time.Duration(b.Days) * 24 * time.Hour})
			if err != nil {
				return nil, err
			}
			unit, err := s.named(ctx, a, t.UnitID)
			if err != nil {
				return nil, err
			}
			return &madeOut{Secret: secret, Token: outToken(t, a.Name, unit)}, nil
		})
	web.Handle(r, web.Route{Method: "DELETE", Path: base + "/tokens/{id}", Summary: "Revoke an API token", Permission: permToken},
		func(ctx context.Context, a authz.Actor, in *struct {
			ID id.ID `path:"id"`
		},
		) (*struct{}, error) {
			return nil, s.RevokeToken(ctx, a, in.ID)
		})
}
