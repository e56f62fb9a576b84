package identity

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Permissions are the rights of this room.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: "identity.self", Self: true},
		{Key: "identity.read", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: "identity.manage", Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: "identity.token", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager}},
		{Key: "identity.brand"},
	}
}

const (
	permSelf   = "identity.self"
	permRead   = "identity.read"
	permManage = "identity.manage"
	permToken  = "identity.token"
	permBrand  = "identity.brand"
)

// grantable lists the roles that a holder of role may hand on, over the own units and below.
func grantable(role authz.Role) []authz.Role {
	switch role {
	case authz.BrandAdmin:
		return authz.Roles()
	case authz.HQOps:
		return []authz.Role{authz.HQOps, authz.Auditor, authz.RegionManager, authz.StoreManager, authz.KOS, authz.KOC}
	case authz.RegionManager:
		return []authz.Role{authz.RegionManager, authz.StoreManager, authz.KOS, authz.KOC}
	case authz.StoreManager:
		return []authz.Role{authz.StoreManager, authz.KOS, authz.KOC}
	default:
		return nil
	}
}

// mayGrant tells whether the actor's own grants cover handing role on over a unit with the given ancestors (itself
// included; empty for the whole brand).
func mayGrant(actor authz.Actor, role authz.Role, ancestors []id.ID) bool {
	if actor.Kind == authz.System {
		return true
	}
	return slices.ContainsFunc(actor.Grants, func(g authz.Grant) bool {
		return slices.Contains(grantable(g.Role), role) && covers(g, ancestors)
	})
}

// mayCarry tells whether a token of the actor may have role over a unit: what the actor may hand on, or an own grant.
func mayCarry(actor authz.Actor, role authz.Role, ancestors []id.ID) bool {
	return mayGrant(actor, role, ancestors) || slices.ContainsFunc(actor.Grants, func(g authz.Grant) bool {
		return g.Role == role && covers(g, ancestors)
	})
}

func covers(g authz.Grant, ancestors []id.ID) bool {
	return g.UnitID == 0 || slices.Contains(ancestors, g.UnitID)
}

// handedOn lists the roles an actor may hand on somewhere, from headquarters to customers.
func handedOn(actor authz.Actor) []authz.Role {
	var out []authz.Role
	for _, r := range authz.Roles() {
		if slices.ContainsFunc(actor.Grants, func(g authz.Grant) bool { return slices.Contains(grantable(g.Role), r) }) {
			out = append(out, r)
		}
	}
	return out
}

// handle is a login name in its normal form: an e-mail address or a phone number.
type handle struct {
	email string
	phone string // E.164
}

// parseHandle reads an e-mail address or a phone number (Chinese unless it begins with +).
func parseHandle(s string) (handle, bool) {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "@") {
		a, err := mail.ParseAddress(s)
		if err != nil || a.Address != s || a.Name != "" || len(s) > 254 || !strings.Contains(s[strings.LastIndexByte(s, '@'):], ".") && !strings.HasSuffix(s, "@localhost") {
			return handle{}, false
		}
		return handle{email: strings.ToLower(s)}, true
	}
	n, err := phonenumbers.Parse(s, "CN")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return handle{}, false
	}
	return handle{phone: phonenumbers.Format(n, phonenumbers.E164)}, true
}

// key names the handle in the throttling table's hash.
func (h handle) key() string { return h.email + h.phone }

// masked shows enough of a phone number to recognise one's own.
func masked(phone string) string {
	if len(phone) < 8 {
		return "****"
	}
	return phone[:len(phone)-8] + "****" + phone[len(phone)-4:]
}

const (
	minPassword = 10
	maxPassword = 128
)

// checkPassword adds the faults of a new password to bad.
func checkPassword(bad *errs.Error, path, password string, h handle) {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case n < minPassword:
		bad.Field(path, "identity.password_short", "limit", minPassword)
	case n > maxPassword:
		bad.Field(path, "identity.password_long", "limit", maxPassword)
	case h.email != "" && (lower == h.email || lower == strings.SplitN(h.email, "@", 2)[0]),
		h.phone != "" && strings.HasSuffix(h.phone, lower), monotonous(lower), slices.Contains(wellKnown(), lower):
		bad.Field(path, "identity.password_weak")
	}
}

// monotonous finds passwords of fewer than four different characters.
func monotonous(s string) bool {
	seen := map[rune]bool{}
	for _, c := range s {
		seen[c] = true
	}
	return len(seen) < 4
}

// wellKnown lists the long passwords that every attacker tries first.
func wellKnown() []string {
	return []string{
		"1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "qwertyuiop", "1q2w3e4r5t", "1qaz2wsx3edc",
		"password123", "password1234", "passw0rd123", "iloveyou123", "woaini1314520", "5201314520", "woaini5201314",
		"admin123456", "admin12345", "administrator", "qwerty12345", "kosmos1234", "abcd123456", "abc1234567", "aa12345678",
	}
}

var slugPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)

// checkBrand adds the faults of a new brand to bad.
func checkBrand(bad *errs.Error, slug, name string) {
	if !slugPattern.MatchString(slug) {
		bad.Field("slug", "identity.slug_format")
	}
	checkName(bad, "name", name)
}

func checkName(bad *errs.Error, path, name string) {
	switch n := utf8.RuneCountInString(strings.TrimSpace(name)); {
	case n == 0:
		bad.Field(path, "base.required")
	case n > 60:
		bad.Field(path, "base.too_long", "limit", 60)
	}
}

// deviceOf names a browser for the list of devices.
func deviceOf(userAgent string) string {
	browser, system := "", ""
	for _, b := range [][2]string{{"MicroMessenger", "微信"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"}} {
		if strings.Contains(userAgent, b[0]) {
			browser = b[1]
			break
		}
	}
	for _, s := range [][2]string{{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}} {
		if strings.Contains(userAgent, s[0]) {
			system = s[1]
			break
		}
	}
	if browser == "" && system == "" {
		return shorten(userAgent, 40)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s", browser, system))
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// inScopes tells whether a token limited to scopes (permission keys or "room.*") may use a permission.
func inScopes(scopes []string, permission string) bool {
	if len(scopes) == 0 {
		return true
	}
	room, _, _ := strings.Cut(permission, ".")
	return slices.Contains(scopes, permission) || slices.Contains(scopes, room+".*")
}
