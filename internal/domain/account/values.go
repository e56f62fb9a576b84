package account

import (
	"strings"

	"kosmos/internal/base/errs"
	"kosmos/internal/base/search"
)

// Platform is a social platform.
type Platform string

// The platforms the registry knows.
const (
	Xiaohongshu Platform = "xiaohongshu"
	Douyin      Platform = "douyin"
	Channels    Platform = "channels"
	Kuaishou    Platform = "kuaishou"
	Bilibili    Platform = "bilibili"
	Weibo       Platform = "weibo"
	WechatOA    Platform = "wechat_oa"
)

// Platforms lists every platform in the order pages show them.
func Platforms() []Platform {
	return []Platform{Xiaohongshu, Douyin, Channels, Kuaishou, Bilibili, Weibo, WechatOA}
}

// ParsePlatform reads a slug or one of the names people write in sheets. Error: account.platform_unknown.
func ParsePlatform(text string) (Platform, error) {
	switch plain(text) {
	case "xiaohongshu", "小红书", "xhs", "red", "rednote", "小红薯":
		return Xiaohongshu, nil
	case "douyin", "抖音", "dy", "抖音号":
		return Douyin, nil
	case "channels", "视频号", "微信视频号", "wechatchannels", "sph":
		return Channels, nil
	case "kuaishou", "快手", "ks", "快手号":
		return Kuaishou, nil
	case "bilibili", "b站", "哔哩哔哩", "bili":
		return Bilibili, nil
	case "weibo", "微博", "新浪微博", "wb":
		return Weibo, nil
	case "wechatoa", "公众号", "微信公众号", "订阅号", "服务号", "gzh":
		return WechatOA, nil
	}
	return "", errs.New(errs.Invalid, "account.platform_unknown", "value", text)
}

// Kind is what an account is to the brand.
type Kind string

// The kinds of accounts.
const (
	KindBrand        Kind = "brand"
	KindBusinessLine Kind = "business_line"
	KindRegion       Kind = "region"
	KindDealer       Kind = "dealer"
	KindAgent        Kind = "agent"
	KindStore        Kind = "store"
	KindEmployee     Kind = "employee"
	KindPersona      Kind = "persona"
	KindBenchmark    Kind = "benchmark"
	KindAdviser      Kind = "adviser"
	KindHQService    Kind = "hq_service"
	KindKOC          Kind = "koc"
)

// Kinds lists every kind, from headquarters outwards.
func Kinds() []Kind {
	return []Kind{
		KindBrand, KindBusinessLine, KindRegion, KindDealer, KindAgent, KindStore, KindEmployee, KindPersona,
		KindBenchmark, KindAdviser, KindHQService, KindKOC,
	}
}

// ParseKind reads a slug or one of the names people write in sheets. Error: account.kind_unknown.
func ParseKind(text string) (Kind, error) {
	switch plain(text) {
	case "brand", "品牌", "品牌号", "官方号", "官方", "品牌官方号":
		return KindBrand, nil
	case "businessline", "业务线", "业务线号", "事业部", "事业部号":
		return KindBusinessLine, nil
	case "region", "区域", "大区", "区域号", "大区号":
		return KindRegion, nil
	case "dealer", "经销商", "经销商号":
		return KindDealer, nil
	case "agent", "代理", "代理商", "代理商号":
		return KindAgent, nil
	case "store", "门店", "店铺", "门店号", "店铺号":
		return KindStore, nil
	case "employee", "员工", "员工号", "导购", "销售", "kos", "顾问", "主播":
		return KindEmployee, nil
	case "persona", "人设", "人设号", "ip号", "ip":
		return KindPersona, nil
	case "benchmark", "标杆", "标杆号":
		return KindBenchmark, nil
	case "adviser", "advisor", "素人", "素人顾问", "素人顾问号":
		return KindAdviser, nil
	case "hqservice", "总部服务号", "服务账号", "总部服务", "体验馆", "福利官", "会员管家":
		return KindHQService, nil
	case "koc", "koc号", "消费者", "达人客户":
		return KindKOC, nil
	}
	return "", errs.New(errs.Invalid, "account.kind_unknown", "value", text)
}

// Ownership says whose account it is in law.
type Ownership string

// The two forms of ownership.
const (
	Company  Ownership = "company"
	Personal Ownership = "personal"
)

// ParseOwnership reads a slug or 公司/企业/个人. Error: account.ownership_unknown.
func ParseOwnership(text string) (Ownership, error) {
	switch plain(text) {
	case "company", "公司", "企业", "公司所有", "企业所有", "公司号", "企业号":
		return Company, nil
	case "personal", "个人", "个人授权", "个人所有", "员工个人", "个人号":
		return Personal, nil
	}
	return "", errs.New(errs.Invalid, "account.ownership_unknown", "value", text)
}

// Status is the state an account is in.
type Status string

// The states of an account; see canTurn for the moves between them.
const (
	StatusOK          Status = "ok"
	TokenExpired      Status = "token_expired"
	AuthorisationGone Status = "authorisation_cancelled"
	Banned            Status = "banned"
	Private           Status = "private"
	HandedOver        Status = "handed_over"
	Closed            Status = "closed"
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{StatusOK, TokenExpired, AuthorisationGone, Banned, Private, HandedOver, Closed}
}

// Abnormal tells whether somebody has to do something about an account in this state.
func (s Status) Abnormal() bool {
	return s == TokenExpired || s == AuthorisationGone || s == Banned || s == Private
}

// Ended tells whether the account no longer belongs to the matrix: its history stays, new figures do not count.
func (s Status) Ended() bool { return s == HandedOver || s == Closed }

// ParseStatus reads a slug or its Chinese name. Error: account.status_unknown.
func ParseStatus(text string) (Status, error) {
	switch plain(text) {
	case "ok", "正常":
		return StatusOK, nil
	case "tokenexpired", "授权过期", "令牌过期":
		return TokenExpired, nil
	case "authorisationcancelled", "authorizationcancelled", "取消授权", "授权取消":
		return AuthorisationGone, nil
	case "banned", "封禁", "封号":
		return Banned, nil
	case "private", "私密", "设为私密":
		return Private, nil
	case "handedover", "已移交", "移交":
		return HandedOver, nil
	case "closed", "注销", "已注销", "关闭":
		return Closed, nil
	}
	return "", errs.New(errs.Invalid, "account.status_unknown", "value", text)
}

// Side says whether an account wins attention in public or receives people in private.
type Side string

// The two sides of a pair.
const (
	PublicSide  Side = "public"
	PrivateSide Side = "private"
)

// SideOf gives the side: the pool accounts (公众号, 视频号) and headquarters' service accounts receive, all others win.
func SideOf(p Platform, k Kind) Side {
	if p == WechatOA || p == Channels || k == KindHQService {
		return PrivateSide
	}
	return PublicSide
}

// CertKind is a platform's way of certifying that a person works for the brand.
type CertKind string

// The staff certifications.
const (
	CertDouyinStaff   CertKind = "douyin_staff"   // 抖音职人
	CertXHSKos        CertKind = "xhs_kos"        // 小红书 KOS 授权
	CertChannelsStaff CertKind = "channels_staff" // 视频号员工
)

// CertKindOf gives the certification a platform offers, "" when it offers none.
func CertKindOf(p Platform) CertKind {
	switch p {
	case Douyin:
		return CertDouyinStaff
	case Xiaohongshu:
		return CertXHSKos
	case Channels:
		return CertChannelsStaff
	}
	return ""
}

// CertState is how far a staff certification has come.
type CertState string

// The states of a certification; CertNone is the empty value of an account never certified.
const (
	CertNone    CertState = ""
	CertPending CertState = "pending"
	Certified   CertState = "certified"
	CertExpired CertState = "expired"
	CertRevoked CertState = "revoked"
)

// Level is an account's own level 初 / 中 / 高.
type Level string

// The levels; empty is not yet rated.
const (
	LevelNone   Level = ""
	LevelJunior Level = "junior"
	LevelMiddle Level = "middle"
	LevelSenior Level = "senior"
)

// ParseLevel reads a slug or 初/中/高; empty is LevelNone. Error: account.level_unknown.
func ParseLevel(text string) (Level, error) {
	switch plain(text) {
	case "":
		return LevelNone, nil
	case "junior", "初", "初级":
		return LevelJunior, nil
	case "middle", "中", "中级":
		return LevelMiddle, nil
	case "senior", "高", "高级":
		return LevelSenior, nil
	}
	return LevelNone, errs.New(errs.Invalid, "account.level_unknown", "value", text)
}

// maxHandle bounds handles and external ids, in runes.
const maxHandle = 120

// ParseHandle trims what people paste around a handle (@, 抖音号：, spaces) and gives the form to show and the form to
// match by. Errors: account.handle_missing, account.handle_long.
func ParseHandle(text string) (shown, norm string, err error) {
	shown = strings.TrimSpace(search.Visible(text))
	for _, lead := range []string{"@", "＠", "小红书号", "抖音号", "快手号", "视频号", "微信号", "ID", "id", "UID", "uid"} {
		rest, ok := strings.CutPrefix(shown, lead)
		if !ok || rest == "" {
			continue
		}
		if lead == "@" || lead == "＠" {
			shown = strings.TrimSpace(rest)
			continue
		}
		if after := strings.TrimLeft(rest, " "); strings.HasPrefix(after, ":") || strings.HasPrefix(after, "：") {
			shown = strings.TrimSpace(strings.TrimLeft(after, ":： "))
		}
	}
	norm = search.Normal(shown)
	switch {
	case norm == "" || norm == "-":
		return "", "", errs.New(errs.Invalid, "account.handle_missing")
	case len([]rune(norm)) > maxHandle:
		return "", "", errs.New(errs.Invalid, "account.handle_long", "max", maxHandle)
	}
	return shown, norm, nil
}

// plain folds a cell for look-up: width, case, inner spaces, hyphens and underscores do not matter.
func plain(s string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "", "\u200b", "").Replace(search.Normal(s))
}
