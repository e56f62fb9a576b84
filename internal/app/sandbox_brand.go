package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/identity"
	"kosmos/internal/fake/sandbox"
)

// SandboxOptions say what brand to invent; see package sandbox.
type SandboxOptions struct {
	Brand    string // slug; made when it does not exist
	Name     string // of a brand that is made
	Members  int
	Days     int
	Seed     uint64
	Progress func(stage string, done, all int) // may be nil
}

// SandboxDone is what was made. AdminLogin and AdminPassword are set when the brand was made.
type SandboxDone struct {
	Brand         string  `json:"brand"`
	Units         int     `json:"units"`
	Members       int     `json:"members"`
	Accounts      int     `json:"accounts"`
	Seconds       float64 `json:"seconds"`
	AdminLogin    string  `json:"admin_login,omitempty"`
	AdminPassword string  `json:"admin_password,omitempty"`
	loader        *sandboxLoader
}

// Sandbox invents a brand into the store through the rooms' own bulk entry points, closes its days and judges its
// accounts. Errors: "base.sandbox_not_empty" when the brand has accounts already.
func (a *App) Sandbox(ctx context.Context, o SandboxOptions) (SandboxDone, error) {
	a.loading.Store(true)
	defer a.loading.Store(false)
	start := a.Clock.Now()
	done := SandboxDone{Brand: o.Brand}
	brand, err := a.Identity.BrandBySlug(ctx, o.Brand)
	if errs.CodeOf(err) == errs.NotFound {
		done.AdminLogin, done.AdminPassword = "admin@"+o.Brand+".example", newPassword()
		brand, err = a.Identity.CreateBrand(ctx, identity.NewBrand{Slug: o.Brand, Name: o.Name, AdminName: "品牌管理员", AdminLogin: done.AdminLogin, Password: done.AdminPassword})
	}
	if err != nil {
		return done, err
	}
	actor, err := a.Identity.System(ctx, brand.ID)
	if err != nil {
		return done, err
	}
	if some, err := a.Account.WalkFacts(ctx, a.DB, brand.ID, 0, 1); err != nil || len(some) > 0 {
		if err == nil {
			err = errs.New(errs.Conflict, "base.sandbox_not_empty", "brand", o.Brand)
		}
		return done, err
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	today := clock.DayOf(a.Clock.Now(), actor.Zone)
	l := &sandboxLoader{
		db: a.DB, ids: a.IDs, clock: a.Clock, org: a.Org, account: a.Account, post: a.Post, insight: a.Insight, progress: o.Progress, actor: actor,
		brand: sandbox.Generate(sandbox.Config{Members: o.Members, Days: o.Days, Seed: o.Seed, Today: today}),
	}
	if err := l.load(ctx); err != nil {
		return done, err
	}
	o.Progress("health", 0, 1)
	if _, err := a.Health.Judge(ctx, actor); err != nil {
		return done, err
	}
	o.Progress("health", 1, 1)
	done.Units, done.Members, done.Accounts = len(l.brand.Units), len(l.brand.Members), len(l.brand.Accounts)
	done.Seconds, done.loader = a.Clock.Now().Sub(start).Round(time.Millisecond).Seconds(), l
	return done, nil
}

// newPassword makes a password that is easy to type: 20 letters and digits in groups.
func newPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	raw := make([]byte, 20)
	_, _ = rand.Read(raw) // never fails
	var b strings.Builder
	for i, x := range raw {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(x)%len(letters)])
	}
	return b.String()
}

// demoLogin is a person of the demo brand.
type demoLogin struct {
	Login, Name string
	Role        authz.Role
	Unit        id.ID
	Member      id.ID
}

// firstOf finds the first account of a person with the role; 0 when there is none.
func (l *sandboxLoader) firstOf(role string) int {
	for i, a := range l.brand.Accounts {
		if l.brand.Members[a.Member].Role == role {
			return i
		}
	}
	return 0
}

// managerOf finds an account of the manager of a unit, else of any store manager.
func (l *sandboxLoader) managerOf(unit int) int {
	for i, a := range l.brand.Accounts {
		if m := l.brand.Members[a.Member]; m.Role == "store_manager" && m.Unit == unit {
			return i
		}
	}
	return l.firstOf("store_manager")
}

// demoKOS chooses the member whom the phone is shown with: an account that posts, a manager above, and something to do.
func (a *App) demoKOS(ctx context.Context, l *sandboxLoader) (int, error) {
	busy, err := a.Todo.BusyMembers(ctx, l.actor.BrandID)
	if err != nil {
		return 0, err
	}
	facts, err := a.Account.Facts(ctx, a.DB, l.actor.BrandID, l.accounts)
	if err != nil {
		return 0, err
	}
	best, points := 0, -1
	for i, x := range l.brand.Accounts {
		m := l.brand.Members[x.Member]
		if m.Role != "kos" || x.Behaviour != sandbox.Active {
			continue
		}
		n := 0
		if _, found := slices.BinarySearch(busy, facts[l.accounts[i]].MemberID); found {
			n += 2
		}
		if l.brand.Members[l.brand.Accounts[l.managerOf(m.Unit)].Member].Unit == m.Unit {
			n++
		}
		if n > points {
			best, points = i, n
		}
	}
	return best, nil
}

// demoLogins makes one login per role of the demo brand, with one password for all, and what these people have before them.
func (a *App) demoLogins(ctx context.Context, l *sandboxLoader, password string) error {
	kos, err := a.demoKOS(ctx, l)
	if err != nil {
		return err
	}
	boss := l.managerOf(l.brand.Members[l.brand.Accounts[kos].Member].Unit)
	manager := l.brand.Accounts[boss]
	facts, err := a.Account.Facts(ctx, a.DB, l.actor.BrandID, []id.ID{l.accounts[boss], l.accounts[kos]})
	if err != nil {
		return err
	}
	region, err := a.Org.ResolvePath(ctx, a.DB, l.actor.BrandID, l.brand.Units[0].Path[0])
	if err != nil {
		return err
	}
	first, self := facts[l.accounts[boss]], facts[l.accounts[kos]]
	people := []demoLogin{
		{Login: "hq@demo.example", Name: "总部运营", Role: authz.HQOps},
		{Login: "compliance@demo.example", Name: "合规专员", Role: authz.Compliance},
		{Login: "region@demo.example", Name: l.brand.Units[0].Path[0] + "大区经理", Role: authz.RegionManager, Unit: region.ID},
		{Login: "store@demo.example", Name: l.brand.Members[manager.Member].Name, Role: authz.StoreManager, Unit: first.UnitID, Member: first.MemberID},
		{Login: "kos@demo.example", Name: l.brand.Members[l.brand.Accounts[kos].Member].Name, Role: authz.KOS, Unit: self.UnitID, Member: self.MemberID},
	}
	for _, p := range people {
		_, err := a.Identity.CreateUser(ctx, l.actor, identity.NewUser{
			Login: p.Login, Password: password, Name: p.Name, MemberID: p.Member, Grants: []authz.Grant{{Role: p.Role, UnitID: p.Unit}},
		})
		if err != nil {
			return fmt.Errorf("demo login %s: %w", p.Login, err)
		}
	}
	return a.demoContent(ctx, l, kos)
}
