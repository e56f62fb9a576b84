package org

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/search"
)

// Limits of what people type.
const (
	maxName   = 60
	maxLabel  = 20
	maxLabels = 20
	maxWhy    = 500
)

// kindWords are the forms of a unit kind accepted on input, besides the slugs; read only.
var kindWords = map[string]Kind{
	"品牌": KindBrand, "总部": KindBrand, "业务线": KindBusinessLine, "事业部": KindBusinessLine, "产品线": KindBusinessLine,
	"大区": KindRegion, "区域": KindRegion, "片区": KindRegion, "省区": KindRegion, "分公司": KindRegion,
	"城市": KindCity, "经销商": KindDealer, "加盟商": KindDealer, "代理": KindAgent, "代理商": KindAgent, "代运营": KindAgent,
	"门店": KindStore, "店铺": KindStore, "专卖店": KindStore, "4s店": KindStore, "团队": KindTeam, "小组": KindTeam, "部门": KindTeam,
}

// roleWords are the forms of a member's role accepted on input, besides the slugs; read only.
var roleWords = map[string]authz.Role{
	"管理员": authz.BrandAdmin, "品牌管理员": authz.BrandAdmin, "总部运营": authz.HQOps, "运营": authz.HQOps,
	"合规": authz.Compliance, "审计": authz.Auditor, "大区经理": authz.RegionManager, "区域经理": authz.RegionManager,
	"店长": authz.StoreManager, "门店经理": authz.StoreManager, "经销商": authz.StoreManager,
	"导购": authz.KOS, "顾问": authz.KOS, "销售": authz.KOS, "员工": authz.KOS, "主播": authz.KOS, "经纪人": authz.KOS,
	"代理人": authz.KOS, "消费者": authz.KOC, "客户": authz.KOC, "会员": authz.KOC,
}

// ParseKind reads a slug or a Chinese word; ok is false for anything else.
func ParseKind(s string) (k Kind, ok bool) {
	s = search.Normal(s)
	if slices.Contains(Kinds(), Kind(s)) {
		return Kind(s), true
	}
	k, ok = kindWords[s]
	return k, ok
}

// ParseRole reads a slug or a Chinese word; ok is false for anything else.
func ParseRole(s string) (r authz.Role, ok bool) {
	s = search.Normal(s)
	if r = authz.Role(s); r.Valid() {
		return r, true
	}
	r, ok = roleWords[s]
	return r, ok
}

// ParsePhone reads a phone as people write it (spaces, dashes, +86, full-width digits, a spreadsheet's ".0") and gives
// E.164; a number without a country is Chinese.
func ParsePhone(s string) (e164 string, ok bool) {
	s = strings.TrimPrefix(strings.TrimSuffix(search.Normal(s), ".0"), "'")
	if n := len(s); n < 5 || n > 30 {
		return "", false
	}
	if isChineseMobile(s) { // nearly every row of a roster: the general parser takes 20 µs
		return "+86" + s, true
	}
	n, err := phonenumbers.Parse(s, "CN")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

func isChineseMobile(s string) bool {
	return len(s) == 11 && s[0] == '1' && s[1] >= '3' && strings.Trim(s, "0123456789") == ""
}

// MaskPhone hides the middle of an E.164 number: "+8613800138000" → "138****8000", "+85251234567" → "+852****4567".
func MaskPhone(e164 string) string {
	if rest, china := strings.CutPrefix(e164, "+86"); china {
		e164 = rest
	}
	if len(e164) < 8 {
		return "****"
	}
	head := 3
	if strings.HasPrefix(e164, "+") {
		head = 4
	}
	return e164[:head] + "****" + e164[len(e164)-4:]
}

// cleanName trims, folds runs of space and full-width slashes, and drops what nobody sees; ok is false for nothing, too
// much, or a slash, which parts the names of a path.
func cleanName(s string) (name string, ok bool) {
	name = strings.Join(strings.Fields(search.Visible(strings.ReplaceAll(s, "／", "/"))), " ")
	return name, name != "" && utf8.RuneCountInString(name) <= maxName && !strings.ContainsRune(name, '/')
}

// SplitPath cuts "华东／上海 / 静安店" into clean names; slug tells what is wrong: org.path_empty, org.path_too_deep,
// org.name_invalid.
func SplitPath(path string) (names []string, slug string) {
	path = strings.Trim(strings.TrimSpace(strings.ReplaceAll(path, "／", "/")), "/")
	if path == "" {
		return nil, "org.path_empty"
	}
	for part := range strings.SplitSeq(path, "/") {
		name, ok := cleanName(part)
		if !ok {
			return nil, "org.name_invalid"
		}
		names = append(names, name)
	}
	if len(names) > MaxDepth {
		return nil, "org.path_too_deep"
	}
	return names, ""
}

// joinPath puts a name below a parent's path.
func joinPath(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "/" + name
}

// cleanLabels trims, sorts and drops doubles; ok is false for too many or too long ones.
func cleanLabels(in []string) (out Labels, ok bool) {
	out = Labels{}
	for _, s := range in {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" {
			continue
		}
		if utf8.RuneCountInString(s) > maxLabel {
			return nil, false
		}
		out = append(out, s)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out, len(out) <= maxLabels
}

// cleanPersonas keeps the known personas in order; ok is false for an unknown one.
func cleanPersonas(in []string) (out Labels, ok bool) {
	for _, s := range in {
		if !slices.Contains(Personas(), Persona(s)) {
			return nil, false
		}
	}
	out = Labels{}
	for _, p := range Personas() {
		if slices.Contains(in, string(p)) {
			out = append(out, string(p))
		}
	}
	return out, true
}

// isAdcode tells whether s is a six-digit division code, or empty.
func isAdcode(s string) bool {
	if s == "" {
		return true
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == 6
}

// pinyinOf gives what a name is found by besides its characters: "jingandian jad".
func pinyinOf(name string) string {
	full, initials := search.Pinyin(name)
	return full + " " + initials
}

// dayFault judges the day of a move: "" = today, carried out at once; later = planned; earlier needs reroll.
func dayFault(day, today clock.Day, reroll bool) (slug string) {
	switch {
	case day < today && !reroll:
		return "org.move_backdated"
	case day > today.Add(366):
		return "org.move_too_far"
	default:
		return ""
	}
}

// TenureMonths gives the whole months from joining to until; 0 when the day of joining is unknown.
func TenureMonths(joined, until clock.Day) int {
	if joined == 0 || until < joined {
		return 0
	}
	months := (int(until)/10000-int(joined)/10000)*12 + int(until)/100%100 - int(joined)/100%100
	if int(until)%100 < int(joined)%100 {
		months--
	}
	return months
}
