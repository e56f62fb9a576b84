package identity

import (
	"context"
	"net/http"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const base = "/api/v1/identity"

// Routes declares the room's part of the API.
func (s *Service) Routes(r *web.Router) {
	s.doorRoutes(r)
	s.meRoutes(r)
	s.securityRoutes(r)
	s.userRoutes(r)
	s.resetRoutes(r)
	s.invitationRoutes(r)
}

type visitorIn struct {
	Address   string `from:"address"`
	Secure    bool   `from:"secure"`
	Local     bool   `from:"local"`
	UserAgent string `header:"User-Agent"`
	Cookie    string `cookie:"kosmos_session"`
}

func (v visitorIn) visitor() Visitor {
	return Visitor{Address: v.Address, UserAgent: v.UserAgent, Local: v.Local}
}

type brandOut struct {
	ID   id.ID  `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
	Zone string `json:"zone"`
}

func outBrand(b Brand) brandOut { return brandOut{ID: b.ID, Slug: b.Slug, Name: b.Name, Zone: b.Zone} }

// signedOut is the answer of every way in; the cookie is the session's only copy.
type signedOut struct {
	Brand  brandOut `json:"brand"`
	UserID id.ID    `json:"user_id"`
	cookie *http.Cookie
}

// Cookies implements web.WithCookies.
func (o *signedOut) Cookies() []*http.Cookie { return []*http.Cookie{o.cookie} }

func outSignedIn(in SignedIn, err error, from visitorIn) (*signedOut, error) {
	if err != nil {
		return nil, err
	}
	return &signedOut{Brand: outBrand(in.Brand), UserID: in.UserID, cookie: sessionCookie(in.Cookie, int(SessionFor.Seconds()), from.Secure)}, nil
}

func sessionCookie(value string, maxAge int, secure bool) *http.Cookie {
	//nolint:gosec // Secure follows the connection: the program also serves plain HTTP on loopback
	return &http.Cookie{Name: web.SessionCookie, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
}

type doneOut struct {
	Done   bool `json:"done"`
	cookie *http.Cookie
}

// Cookies implements web.WithCookies.
func (o *doneOut) Cookies() []*http.Cookie {
	if o.cookie == nil {
		return nil
	}
	return []*http.Cookie{o.cookie}
}

// doorRoutes are open to everybody.
func (s *Service) doorRoutes(r *web.Router) {
	type neededOut struct {
		Needed     bool `json:"needed"`
		CodeNeeded bool `json:"code_needed" doc:"The caller does not sit at the machine itself: the code that the program printed is asked for"`
	}
	type fromIn struct {
		Local bool `from:"local"`
	}
	web.Handle(r, web.Route{Method: "GET", Path: base + "/setup", Summary: "Whether the store has no brand yet", Public: true},
		func(ctx context.Context, _ authz.Actor, in *fromIn) (*neededOut, error) {
			needed, err := s.NeedsSetup(ctx)
			return &neededOut{needed, needed && !in.Local}, err
		})
	type setupIn struct {
		visitorIn
		Body struct {
			BrandName string `json:"brand_name" minLength:"1" maxLength:"60"`
			Slug      string `json:"slug" minLength:"2" maxLength:"40"`
			Name      string `json:"name" minLength:"1" maxLength:"60" doc:"Of the administrator"`
			Login     string `json:"login" minLength:"3" maxLength:"254" doc:"E-mail address or phone number"`
			Password  string `json:"password" minLength:"1" maxLength:"512"`
			Code      string `json:"code,omitempty" maxLength:"40" doc:"The code that the program printed, unless the caller sits at the machine itself"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/setup", Summary: "Make the first brand and its administrator", Public: true},
		func(ctx context.Context, _ authz.Actor, in *setupIn) (*signedOut, error) {
			b := in.Body
			out, err := s.Setup(ctx, NewBrand{Slug: b.Slug, Name: b.BrandName, AdminName: b.Name, AdminLogin: b.Login, Password: b.Password}, b.Code, in.visitor())
			return outSignedIn(out, err, in.visitorIn)
		})
	type loginIn struct {
		visitorIn
		Body struct {
			Login    string `json:"login" minLength:"1" maxLength:"254" doc:"E-mail address or phone number"`
			Password string `json:"password" minLength:"1" maxLength:"512"`
			Code     string `json:"code,omitempty" maxLength:"32" doc:"One-time or recovery code, when identity.totp_needed was answered"`
			Brand    string `json:"brand,omitempty" maxLength:"40" doc:"Slug; the last one used when absent"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/login", Summary: "Sign in", Public: true},
		func(ctx context.Context, _ authz.Actor, in *loginIn) (*signedOut, error) {
			b := in.Body
			out, err := s.Login(ctx, Credentials{Login: b.Login, Password: b.Password, Code: b.Code, Brand: b.Brand}, in.visitor())
			return outSignedIn(out, err, in.visitorIn)
		})
	web.Handle(r, web.Route{Method: "POST", Path: base + "/logout", Summary: "Sign out of this browser", Public: true},
		func(ctx context.Context, _ authz.Actor, in *visitorIn) (*doneOut, error) {
			return &doneOut{Done: true, cookie: sessionCookie("", -1, in.Secure)}, s.Logout(ctx, in.Cookie)
		})
}

type meOut struct {
	User struct {
		ID    id.ID  `json:"id" nullable:"true"`
		Name  string `json:"name"`
		Login string `json:"login" doc:"E-mail address or masked phone number"`
		Email string `json:"email" doc:"The same as login, when it is an e-mail address"`
	} `json:"user"`
	MemberID    id.ID        `json:"member_id" nullable:"true"`
	Brand       brandOut     `json:"brand"`
	Brands      []brandOut   `json:"brands"`
	Permissions []string     `json:"permissions"`
	Roles       []authz.Role `json:"roles"`
	Grantable   []authz.Role `json:"grantable" doc:"Roles that the caller may hand on"`
	All         bool         `json:"all" doc:"The scope is the whole brand"`
	Units       []Unit       `json:"units" doc:"Tops of the scope; empty with all"`
	Lang        string       `json:"lang"`
}

func outMe(m Me, err error) (*meOut, error) {
	if err != nil {
		return nil, err
	}
	out := &meOut{
		MemberID: m.User.MemberID, Brand: outBrand(m.Brand), Brands: []brandOut{}, Permissions: m.Permissions, Lang: m.User.Lang,
		Roles: orEmpty(m.Roles), Grantable: orEmpty(m.Grantable), Units: orEmpty(m.Units), All: m.All,
	}
	out.User.ID, out.User.Name, out.User.Login = m.User.ID, m.User.Name, m.Login
	if h, ok := parseHandle(m.Login); ok {
		out.User.Email = h.email
	}
	for _, p := range m.Brands {
		out.Brands = append(out.Brands, outBrand(p.Brand))
	}
	return out, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Service) meRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: base + "/me", Summary: "Who I am and what I may do", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, _ *struct{}) (*meOut, error) { return outMe(s.Me(ctx, a)) })
	type editIn struct {
		Body struct {
			Name string `json:"name,omitempty" maxLength:"60"`
			Lang string `json:"lang,omitempty" enum:"zh,en"`
		}
	}
	web.Handle(r, web.Route{Method: "PATCH", Path: base + "/me", Summary: "Change my name or language", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *editIn) (*meOut, error) {
			return outMe(s.EditMe(ctx, a, in.Body.Name, in.Body.Lang))
		})
	type switchIn struct {
		visitorIn
		Body struct {
			BrandID id.ID `json:"brand_id"`
		}
	}
	web.Handle(r, web.Route{Method: "POST", Path: base + "/switch", Summary: "Go to another of my brands", Permission: permSelf},
		func(ctx context.Context, a authz.Actor, in *switchIn) (*signedOut, error) {
			out, err := s.Switch(ctx, a, in.Body.BrandID, in.Cookie, in.visitor())
			return outSignedIn(out, err, in.visitorIn)
		})
	type brandIn struct {
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"60"`
		}
	}
	web.Handle(r, web.Route{Method: "PATCH", Path: base + "/brand", Summary: "Rename the brand", Permission: permBrand},
		func(ctx context.Context, a authz.Actor, in *brandIn) (*brandOut, error) {
			b, err := s.RenameBrand(ctx, a, in.Body.Name)
			out := outBrand(b)
			return &out, err
		})
}

type grantOut struct {
	Role authz.Role `json:"role"`
	Unit *Unit      `json:"unit,omitempty" doc:"Absent for the whole brand"`
}

// named describes the units of grants; one that is gone keeps its place without a name.
func (s *Service) named(ctx context.Context, actor authz.Actor, units ...id.ID) (func(id.ID) *Unit, error) {
	slices.Sort(units)
	units = slices.DeleteFunc(slices.Compact(units), func(u id.ID) bool { return u == 0 })
	if len(units) == 0 {
		return func(id.ID) *Unit { return nil }, nil
	}
	m, err := s.Units.Describe(ctx, s.DB, actor.BrandID, units)
	return func(u id.ID) *Unit {
		if u == 0 {
			return nil
		}
		if n, ok := m[u]; ok {
			return &n
		}
		return &Unit{ID: u, Name: "—", Path: "—"}
	}, err
}
