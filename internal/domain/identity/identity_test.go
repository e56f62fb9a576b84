package identity

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/event"
)

// units is a small fixed tree: 1 root > 10 region > 100 store, 101 store; 1 > 20 region > 200 store.
type units struct{}

func parents() map[id.ID]id.ID { return map[id.ID]id.ID{1: 0, 10: 1, 20: 1, 100: 10, 101: 10, 200: 20} }

func (units) EnsureRoot(context.Context, *db.Tx, id.ID, string) (id.ID, error) { return 1, nil }

func (units) RenameRoot(context.Context, *db.Tx, id.ID, string) error { return nil }

// Member knows 77, who works in store 100, and 78, who works in store 200 and is user 5 already.
func (units) Member(_ context.Context, _ db.Querier, _, member id.ID) (unit, user id.ID, err error) {
	switch member {
	case 77:
		return 100, 0, nil
	case 78:
		return 200, 5, nil
	}
	return 0, 0, errs.New(errs.NotFound, "org.member_not_found")
}

func (units) LinkUser(context.Context, *db.Tx, id.ID, id.ID, id.ID) error { return nil }

func (units) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, _ string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	s := authz.Scope{BrandID: actor.BrandID, All: all, Roots: roots, Units: []id.ID{}}
	for u := range parents() {
		if s.Allows(up(u)) {
			s.Units = append(s.Units, u)
		}
	}
	slices.Sort(s.Units)
	return s, nil
}

func up(u id.ID) []id.ID {
	var out []id.ID
	for p, ok := u, true; ok && p != 0; p, ok = parents()[p] {
		out = append(out, p)
	}
	return out
}

func (units) Ancestors(_ context.Context, _ db.Querier, _ id.ID, list []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range list {
		if _, ok := parents()[u]; ok {
			out[u] = up(u)
		}
	}
	return out, nil
}

func (units) Describe(_ context.Context, _ db.Querier, _ id.ID, list []id.ID) (map[id.ID]Unit, error) {
	out := map[id.ID]Unit{}
	for _, u := range list {
		out[u] = Unit{ID: u, Name: "店" + u.String(), Path: "大区/店" + u.String()}
	}
	return out, nil
}

func (units) Find(_ context.Context, _ db.Querier, _ id.ID, path string) (id.ID, error) {
	if path == "大区/店100" {
		return 100, nil
	}
	return 0, errs.New(errs.NotFound, "org.unit_unknown")
}

type world struct {
	*Service
	clock *clock.Fake
	brand Brand
	admin authz.Actor
}

const goodPassword = "correct horse 9"

var home = Visitor{Address: "192.0.2.9", UserAgent: "Mozilla/5.0 (Windows NT 10.0) Chrome/140"}

func bare(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(webtest.Time())
	ids := id.NewSource(1, c.Now)
	s := newService(Deps{DB: d, IDs: ids, Clock: c, Box: box, Audit: audit.New(d, ids, c), Cursors: webtest.Cursors(), Units: units{}, Tree: units{}, Members: units{}}, 64)
	perms, err := authz.NewSet(append(Permissions(), authz.Permission{Key: "post.read", Roles: authz.Roles()}, authz.Permission{Key: "post.write"})...)
	if err != nil {
		t.Fatal(err)
	}
	s.UsePermissions(perms)
	return &world{Service: s, clock: c}
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := bare(t, d)
	var err error
	if w.brand, err = w.CreateBrand(t.Context(), NewBrand{Slug: "acme", Name: "极光汽车", AdminLogin: "admin@acme.cn", AdminName: "王管理", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	w.admin = w.in(t, "admin@acme.cn")
	return w
}

// in signs in and resolves the actor the way a request does.
func (w *world) in(t testing.TB, login string) authz.Actor {
	t.Helper()
	out, err := w.Login(t.Context(), Credentials{Login: login, Password: goodPassword}, home)
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Authenticate(t.Context(), withCookie(out.Cookie))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) user(t testing.TB, login string, grants ...authz.Grant) User {
	t.Helper()
	u, err := w.CreateUser(t.Context(), authz.SystemActor(w.brand.ID, clock.Shanghai()), NewUser{Login: login, Password: goodPassword, Name: "用户" + login, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func withCookie(v string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: v})
	return r
}

func withBearer(v string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+v)
	return r
}

func want(t *testing.T, err error, slug string) {
	t.Helper()
	if slug == "" && err != nil || slug != "" && !errs.Is(err, slug) {
		t.Fatalf("error %v, want %q", err, slug)
	}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, []migrate.Set{Migrations()}, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func TestTwoSetUpsAtOnceMakeOneBrand(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{Migrations()}, func(t *testing.T, d *db.DB) {
		w := bare(t, d)
		var wg sync.WaitGroup
		errors := make([]error, 4)
		for i := range errors {
			wg.Go(func() {
				_, errors[i] = w.Setup(t.Context(), NewBrand{Slug: "brand" + string(rune('a'+i)), Name: "品牌", AdminLogin: "a@b.cn", AdminName: "甲", Password: goodPassword}, w.SetupCode(), home)
			})
		}
		wg.Wait()
		ok := 0
		for _, err := range errors {
			if err == nil {
				ok++
			} else if !errs.Is(err, "identity.already_set_up") {
				t.Error(err)
			}
		}
		brands, err := w.Brands(t.Context())
		if ok != 1 || len(brands) != 1 || err != nil {
			t.Fatal(ok, brands, err)
		}
	})
}

func TestTwoAcceptancesAtOnceMakeOneUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		secret, _, err := w.Invite(t.Context(), w.admin, NewInvitation{Role: authz.StoreManager, UnitID: 100})
		want(t, err, "")
		var wg sync.WaitGroup
		errors := make([]error, 4)
		for i := range errors {
			wg.Go(func() {
				_, errors[i] = w.Accept(t.Context(), Acceptance{Secret: secret, Login: "new@acme.cn", Name: "新店长", Password: goodPassword}, home)
			})
		}
		wg.Wait()
		ok := 0
		for _, err := range errors {
			if err == nil {
				ok++
			} else if !errs.Is(err, "identity.invitation_over") && !errs.Is(err, "identity.login_taken") {
				t.Error(err)
			}
		}
		rows, err := w.ListUsers(t.Context(), w.admin, UserFilter{Limit: 50})
		if ok != 1 || len(rows) != 2 || err != nil {
			t.Fatal(ok, len(rows), err)
		}
	})
}

func TestBrand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, row := range []struct {
			name string
			in   NewBrand
			slug string
		}{
			{"slug taken", NewBrand{Slug: "acme", Name: "另一个", AdminLogin: "b@b.cn", Password: goodPassword}, "identity.brand_exists"},
			{"bad slug", NewBrand{Slug: "极光", Name: "x", AdminLogin: "b@b.cn", Password: goodPassword}, "identity.slug_format"},
			{"bad login", NewBrand{Slug: "b2", Name: "x", AdminLogin: "nobody", Password: goodPassword}, "identity.login_format"},
			{"short password", NewBrand{Slug: "b2", Name: "x", AdminLogin: "b@b.cn", Password: "short"}, "identity.password_short"},
			{"well-known password", NewBrand{Slug: "b2", Name: "x", AdminLogin: "b@b.cn", Password: "1q2w3e4r5t"}, "identity.password_weak"},
			{"second brand of one login", NewBrand{Slug: "b2", Name: "第二品牌", AdminLogin: "Admin@Acme.cn", Password: "another pass 7"}, ""},
		} {
			t.Run(row.name, func(t *testing.T) {
				_, err := w.CreateBrand(t.Context(), row.in)
				want(t, err, row.slug)
			})
		}
		_, err := w.Setup(t.Context(), NewBrand{Slug: "b3", Name: "x", AdminLogin: "b@b.cn", Password: goodPassword}, w.SetupCode(), home)
		want(t, err, "identity.already_set_up")
		me, err := w.Me(t.Context(), w.admin)
		if err != nil || len(me.Brands) != 2 || !me.All || !slices.Contains(me.Permissions, "post.write") {
			t.Fatalf("%+v %v", me, err)
		}
		out, err := w.Login(t.Context(), Credentials{Login: "admin@acme.cn", Password: goodPassword}, home)
		want(t, err, "")
		other, err := w.Switch(t.Context(), w.admin, me.Brands[slices.IndexFunc(me.Brands, func(p place) bool { return p.Slug == "b2" })].ID, out.Cookie, home)
		want(t, err, "")
		if other.Brand.Slug != "b2" {
			t.Fatal(other.Brand)
		}
		_, err = w.Authenticate(t.Context(), withCookie(out.Cookie))
		want(t, err, "identity.session_over")
	})
}

func TestLoginAndThrottling(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		try := func(login, password string) error {
			_, err := w.Login(t.Context(), Credentials{Login: login, Password: password}, home)
			return err
		}
		want(t, try("nobody@acme.cn", goodPassword), "identity.login_wrong")
		want(t, try("not a login", goodPassword), "identity.login_wrong")
		for range freeLogin {
			want(t, try("admin@acme.cn", "wrong"), "identity.login_wrong")
		}
		want(t, try("ADMIN@acme.cn", goodPassword), "identity.too_many_tries")
		w.clock.Advance(2 * time.Second)
		want(t, try("admin@acme.cn", "wrong"), "identity.login_wrong")
		w.clock.Advance(time.Second)
		want(t, try("admin@acme.cn", goodPassword), "identity.too_many_tries")
		w.clock.Advance(2 * time.Second)
		want(t, try("admin@acme.cn", goodPassword), "")
		want(t, try("admin@acme.cn", "wrong"), "identity.login_wrong") // forgiven: counts from one again
		want(t, try("admin@acme.cn", goodPassword), "")
		w.user(t, "13800138000", authz.Grant{Role: authz.KOS, UnitID: 100})
		want(t, try("+86 138 0013 8000", goodPassword), "")
		for i := range freeAddress { // one address against many logins
			_ = try("x"+string(rune('a'+i))+"@acme.cn", "wrong")
		}
		want(t, try("admin@acme.cn", goodPassword), "identity.too_many_tries")
	})
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		_, err := w.BeginTOTP(t.Context(), w.admin, "wrong")
		want(t, err, "identity.password_wrong")
		e, err := w.BeginTOTP(t.Context(), w.admin, goodPassword)
		want(t, err, "")
		_, err = w.ConfirmTOTP(t.Context(), w.admin, "000000")
		want(t, err, "identity.totp_wrong")
		code := func() string {
			c, err := totp.GenerateCode(e.Secret, w.clock.Now())
			want(t, err, "")
			return c
		}
		codes, err := w.ConfirmTOTP(t.Context(), w.admin, code())
		if err != nil || len(codes) != recoveryCodes {
			t.Fatal(codes, err)
		}
		login := func(code string) error {
			_, err := w.Login(t.Context(), Credentials{Login: "admin@acme.cn", Password: goodPassword, Code: code}, home)
			return err
		}
		want(t, login(""), "identity.totp_needed")
		want(t, login(code()), "identity.totp_wrong") // spent by the confirmation
		w.clock.Advance(31 * time.Second)
		want(t, login(code()), "")
		want(t, login(code()), "identity.totp_wrong")
		want(t, login(codes[3]), "")
		want(t, login(codes[3]), "identity.totp_wrong")
		sec, err := w.Security(t.Context(), w.admin)
		if err != nil || !sec.TOTP || sec.RecoveryLeft != recoveryCodes-1 {
			t.Fatal(sec, err)
		}
		fresh, err := w.RenewRecovery(t.Context(), w.admin, goodPassword)
		want(t, err, "")
		want(t, login(codes[4]), "identity.totp_wrong")
		want(t, login(fresh[0]), "")
		want(t, w.EndTOTP(t.Context(), w.admin, goodPassword), "")
		want(t, login(""), "")
	})
}

func TestSessionsAndPassword(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		enter := func() string {
			out, err := w.Login(t.Context(), Credentials{Login: "admin@acme.cn", Password: goodPassword}, home)
			want(t, err, "")
			return out.Cookie
		}
		one, two := enter(), enter()
		list, err := w.Sessions(t.Context(), w.admin)
		if err != nil || len(list) != 3 || list[0].Device != "Chrome Windows" {
			t.Fatal(list, err)
		}
		alive := func(cookie string) error {
			_, err := w.Authenticate(t.Context(), withCookie(cookie))
			return err
		}
		want(t, alive(one), "")
		want(t, w.Logout(t.Context(), one), "")
		want(t, alive(one), "identity.session_over") // at once, not after the cache's life
		three := enter()
		want(t, w.ChangePassword(t.Context(), w.admin, "wrong", "brand new pass", two), "identity.password_wrong")
		want(t, w.ChangePassword(t.Context(), w.admin, goodPassword, "aaaaaaaaaaaa", two), "identity.password_weak")
		want(t, w.ChangePassword(t.Context(), w.admin, goodPassword, "brand new pass", two), "")
		want(t, alive(two), "")
		want(t, alive(three), "identity.session_over")
		w.clock.Advance(SessionFor - time.Hour)
		want(t, alive(two), "")
		w.clock.Advance(SessionFor - time.Hour)
		want(t, alive(two), "") // use prolongs
		w.clock.Advance(SessionFor + time.Second)
		want(t, alive(two), "identity.session_over")
		want(t, w.Sweep(t.Context()), "")
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.user(t, "region@acme.cn", authz.Grant{Role: authz.RegionManager, UnitID: 10})
		region := w.in(t, "region@acme.cn")
		for _, row := range []struct {
			name string
			in   NewToken
			slug string
		}{
			{"own role, own unit", NewToken{Name: "n", Role: authz.RegionManager, UnitID: 10, TTL: time.Hour}, ""},
			{"lower role below", NewToken{Name: "n", Role: authz.KOS, UnitID: 100, TTL: time.Hour, Scopes: []string{"post.*"}}, ""},
			{"whole brand", NewToken{Name: "n", Role: authz.RegionManager, TTL: time.Hour}, "identity.token_not_yours"},
			{"other region", NewToken{Name: "n", Role: authz.KOS, UnitID: 200, TTL: time.Hour}, "identity.token_not_yours"},
			{"higher role", NewToken{Name: "n", Role: authz.HQOps, UnitID: 10, TTL: time.Hour}, "identity.token_not_yours"},
			{"no such unit", NewToken{Name: "n", Role: authz.KOS, UnitID: 9, TTL: time.Hour}, "identity.unit_unknown"},
			{"no such scope", NewToken{Name: "n", Role: authz.KOS, UnitID: 100, TTL: time.Hour, Scopes: []string{"fly.*"}}, "identity.scope_unknown"},
			{"for ever", NewToken{Name: "n", Role: authz.KOS, UnitID: 100}, "identity.ttl"},
		} {
			t.Run(row.name, func(t *testing.T) {
				_, _, err := w.MakeToken(t.Context(), region, row.in)
				want(t, err, row.slug)
			})
		}
		secret, tok, err := w.MakeToken(t.Context(), w.admin, NewToken{Name: "bi", Role: authz.BrandAdmin, TTL: time.Hour, Scopes: []string{"post.read"}})
		want(t, err, "")
		a, err := w.Authenticate(t.Context(), withBearer(secret))
		if err != nil || !a.Can("post.read") || a.Can("post.write") || a.Can(permManage) || a.BrandID != w.brand.ID {
			t.Fatalf("%+v %v", a, err)
		}
		mine, err := w.Tokens(t.Context(), region)
		if err != nil || len(mine) != 2 {
			t.Fatal(mine, err)
		}
		want(t, w.RevokeToken(t.Context(), region, tok.ID), "identity.token_unknown")
		want(t, w.RevokeToken(t.Context(), w.admin, tok.ID), "")
		_, err = w.Authenticate(t.Context(), withBearer(secret))
		want(t, err, "identity.token_wrong")
		cli, err := w.CreateToken(t.Context(), "acme", authz.StoreManager, "大区/店100", time.Hour)
		want(t, err, "")
		a, err = w.Authenticate(t.Context(), withBearer(cli))
		if err != nil || len(a.Grants) != 1 || a.Grants[0].UnitID != 100 || a.Kind != authz.Token {
			t.Fatalf("%+v %v", a, err)
		}
		w.clock.Advance(2 * time.Hour)
		_, err = w.Authenticate(t.Context(), withBearer(cli))
		want(t, err, "identity.token_wrong")
		_, err = w.CreateToken(t.Context(), "acme", authz.StoreManager, "没有", time.Hour)
		want(t, err, "org.unit_unknown")
		for _, bad := range []string{"", "kos_", "kos_1_x", "kos_x_y", "nonsense"} {
			_, err = w.Authenticate(t.Context(), withBearer(bad))
			want(t, err, "identity.token_wrong")
		}
	})
}

func TestGrantsStayWithinOnesOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.user(t, "region@acme.cn", authz.Grant{Role: authz.RegionManager, UnitID: 10})
		region := w.in(t, "region@acme.cn")
		shop := w.user(t, "shop@acme.cn", authz.Grant{Role: authz.StoreManager, UnitID: 100})
		far := w.user(t, "far@acme.cn", authz.Grant{Role: authz.StoreManager, UnitID: 200})
		both := w.user(t, "both@acme.cn", authz.Grant{Role: authz.StoreManager, UnitID: 100}, authz.Grant{Role: authz.StoreManager, UnitID: 200})
		list, err := w.ListUsers(t.Context(), region, UserFilter{Limit: 50})
		if err != nil || len(list) != 3 { // itself, shop, both
			t.Fatal(len(list), err)
		}
		for _, row := range []struct {
			name   string
			user   id.ID
			grants []authz.Grant
			slug   string
		}{
			{"within", shop.ID, []authz.Grant{{Role: authz.KOS, UnitID: 101}}, ""},
			{"beside", shop.ID, []authz.Grant{{Role: authz.KOS, UnitID: 200}}, "identity.grant_not_yours"},
			{"whole brand", shop.ID, []authz.Grant{{Role: authz.KOS}}, "identity.grant_not_yours"},
			{"role above", shop.ID, []authz.Grant{{Role: authz.HQOps, UnitID: 100}}, "identity.grant_not_yours"},
			{"nothing", shop.ID, nil, "identity.grant_needed"},
			{"someone of another region", far.ID, []authz.Grant{{Role: authz.KOS, UnitID: 100}}, "identity.user_unknown"},
			{"someone of two regions", both.ID, []authz.Grant{{Role: authz.KOS, UnitID: 100}}, "identity.user_not_yours"},
			{"the administrator", w.admin.UserID, []authz.Grant{{Role: authz.KOS, UnitID: 100}}, "identity.user_unknown"},
		} {
			t.Run(row.name, func(t *testing.T) {
				_, err := w.SetGrants(t.Context(), region, row.user, row.grants)
				want(t, err, row.slug)
			})
		}
		_, _, err = w.Invite(t.Context(), region, NewInvitation{Role: authz.StoreManager, UnitID: 200})
		want(t, err, "identity.grant_not_yours")
		_, err = w.SetGrants(t.Context(), w.admin, w.admin.UserID, []authz.Grant{{Role: authz.HQOps}})
		want(t, err, "identity.last_admin")
		_, err = w.SetState(t.Context(), w.admin, w.admin.UserID, Disabled)
		want(t, err, "identity.not_yourself")
		shopIn, err := w.Login(t.Context(), Credentials{Login: "shop@acme.cn", Password: goodPassword}, home)
		want(t, err, "")
		_, err = w.Authenticate(t.Context(), withCookie(shopIn.Cookie))
		want(t, err, "")
		_, err = w.SetState(t.Context(), region, shop.ID, Disabled)
		want(t, err, "")
		_, err = w.Authenticate(t.Context(), withCookie(shopIn.Cookie))
		want(t, err, "identity.session_over")
		_, err = w.Login(t.Context(), Credentials{Login: "shop@acme.cn", Password: goodPassword}, home)
		want(t, err, "identity.no_brand")
	})
}

func TestTwoAdministratorsCannotUnseatEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		two := w.user(t, "two@acme.cn", authz.Grant{Role: authz.BrandAdmin})
		second := w.in(t, "two@acme.cn")
		var wg sync.WaitGroup
		var a, b error
		wg.Go(func() { _, a = w.SetState(t.Context(), w.admin, two.ID, Disabled) })
		wg.Go(func() { _, b = w.SetState(t.Context(), second, w.admin.UserID, Disabled) })
		wg.Wait()
		n, err := otherAdmins(t.Context(), w.DB, w.brand.ID, 1)
		if err != nil || n != 1 || (a == nil) == (b == nil) {
			t.Fatal(n, a, b, err)
		}
	})
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		secret, inv, err := w.Invite(t.Context(), w.admin, NewInvitation{Name: "小李", Role: authz.KOS, UnitID: 100})
		want(t, err, "")
		shown, err := w.ShowInvitation(t.Context(), secret)
		if err != nil || shown.Brand != "极光汽车" || shown.Unit != "店100" || shown.Name != "小李" {
			t.Fatal(shown, err)
		}
		_, err = w.Accept(t.Context(), Acceptance{Secret: secret, Login: "admin@acme.cn", Password: "wrong"}, home)
		want(t, err, "identity.login_wrong") // a login that exists must prove itself
		want(t, w.Withdraw(t.Context(), w.admin, inv.ID), "")
		_, err = w.Accept(t.Context(), Acceptance{Secret: secret, Login: "li@acme.cn", Name: "小李", Password: goodPassword}, home)
		want(t, err, "identity.invitation_over")
		secret, _, err = w.Invite(t.Context(), w.admin, NewInvitation{Role: authz.KOS, UnitID: 100, MemberID: 77, Days: 2})
		want(t, err, "")
		for member, slug := range map[id.ID]string{78: "identity.member_has_user", 79: "org.member_not_found"} {
			_, _, err = w.Invite(t.Context(), w.admin, NewInvitation{Role: authz.KOS, UnitID: 100, MemberID: member})
			want(t, err, slug)
		}
		w.user(t, "far@acme.cn", authz.Grant{Role: authz.StoreManager, UnitID: 200})
		_, _, err = w.Invite(t.Context(), w.in(t, "far@acme.cn"), NewInvitation{Role: authz.KOS, UnitID: 200, MemberID: 77})
		want(t, err, "identity.grant_not_yours") // a member of another store
		w.clock.Advance(47 * time.Hour)
		in, err := w.Accept(t.Context(), Acceptance{Secret: secret, Login: "13800138001", Name: "小李", Password: goodPassword}, home)
		want(t, err, "")
		a, err := w.Authenticate(t.Context(), withCookie(in.Cookie))
		if err != nil || a.MemberID != 77 || a.Name != "小李" || a.Can(permManage) {
			t.Fatalf("%+v %v", a, err)
		}
		list, err := w.ListUsers(t.Context(), w.admin, UserFilter{Query: "李", Limit: 5})
		if err != nil || len(list) != 1 || list[0].Login != "+86138****8001" {
			t.Fatal(list, err)
		}
		again, _, err := w.Invite(t.Context(), w.admin, NewInvitation{Role: authz.StoreManager, UnitID: 101})
		want(t, err, "")
		_, err = w.Accept(t.Context(), Acceptance{Secret: again, Login: "13800138001", Password: goodPassword}, home)
		want(t, err, "")
		grants, err := grantsOf(t.Context(), w.DB, w.brand.ID, in.UserID)
		if err != nil || len(grants) != 2 {
			t.Fatal(grants, err)
		}
	})
}

func TestWhoLeavesCannotSignIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		rec, client := jobstest.New(t)
		w.Jobs(client.Registry())
		if _, err := w.CreateUser(t.Context(), authz.SystemActor(w.brand.ID, clock.Shanghai()), NewUser{
			Login: "li@acme.cn", Password: goodPassword, Name: "小李",
			MemberID: 77, Grants: []authz.Grant{{Role: authz.KOS, UnitID: 100}},
		}); err != nil {
			t.Fatal(err)
		}
		w.in(t, "li@acme.cn")
		err := w.DB.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return client.Publish(ctx, tx, event.OrgMemberLeft{BrandID: w.brand.ID, MemberIDs: []id.ID{76, 77}, Day: 20261122})
		})
		want(t, err, "")
		rec.Run(t.Context())
		_, err = w.Login(t.Context(), Credentials{Login: "li@acme.cn", Password: goodPassword}, home)
		want(t, err, "identity.no_brand")
	})
}

func TestReset(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		shop := w.user(t, "shop@acme.cn", authz.Grant{Role: authz.StoreManager, UnitID: 100})
		old, err := w.Login(t.Context(), Credentials{Login: "shop@acme.cn", Password: goodPassword}, home)
		want(t, err, "")
		first, _, err := w.Reset(t.Context(), w.admin, shop.ID)
		want(t, err, "")
		secret, _, err := w.Reset(t.Context(), w.admin, shop.ID)
		want(t, err, "")
		_, err = w.ShowInvitation(t.Context(), first)
		want(t, err, "identity.invitation_over")
		shown, err := w.ShowInvitation(t.Context(), secret)
		if err != nil || !shown.Reset || shown.Login != "shop@acme.cn" {
			t.Fatal(shown, err)
		}
		list, err := w.Invitations(t.Context(), w.admin)
		if err != nil || len(list) != 0 {
			t.Fatal(list, err)
		}
		_, err = w.Accept(t.Context(), Acceptance{Secret: secret, Password: "short"}, home)
		want(t, err, "identity.password_short")
		_, err = w.Accept(t.Context(), Acceptance{Secret: secret, Password: "a new pass 77"}, home)
		want(t, err, "")
		_, err = w.Accept(t.Context(), Acceptance{Secret: secret, Password: "a new pass 78"}, home)
		want(t, err, "identity.invitation_over")
		_, err = w.Authenticate(t.Context(), withCookie(old.Cookie))
		want(t, err, "identity.session_over")
		_, err = w.Login(t.Context(), Credentials{Login: "shop@acme.cn", Password: "a new pass 77"}, home)
		want(t, err, "")
		_, _, err = w.Reset(t.Context(), w.admin, w.admin.UserID)
		want(t, err, "identity.not_yourself")
		if _, err = w.CreateBrand(t.Context(), NewBrand{Slug: "b2", Name: "二", AdminLogin: "shop@acme.cn", Password: goodPassword}); err != nil {
			t.Fatal(err)
		}
		_, _, err = w.Reset(t.Context(), w.admin, shop.ID)
		want(t, err, "identity.reset_elsewhere")
	})
}

func TestTexts(t *testing.T) {
	t.Parallel()
	if bad := i18n.Check(i18n.Source{Room: "identity", FS: messages}); len(bad) > 0 {
		t.Fatal(bad)
	}
}
