package account_test

import (
	"testing"

	"kosmos/internal/base/i18n"
	"kosmos/internal/domain/account"
)

func TestWordsOfSheets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]account.Platform{
		"小红书": "xiaohongshu", " XHS ": "xiaohongshu", "抖音": "douyin", "微信视频号": "channels", "Ｂ站": "bilibili",
		"wechat_oa": "wechat_oa", "公众号": "wechat_oa", "新浪微博": "weibo", "快手": "kuaishou", "nowhere": "", "": "",
	} {
		if got, _ := account.ParsePlatform(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for text, want := range map[string]account.Kind{"员工": "employee", "门店号": "store", "hq_service": "hq_service", "business-line": "business_line", "官方号": "brand", "x": ""} {
		if got, _ := account.ParseKind(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for text, want := range map[string]account.Ownership{"公司": "company", "企业": "company", "个人": "personal", "personal": "personal", "我": ""} {
		if got, _ := account.ParseOwnership(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, k := range account.Kinds() {
		if got, err := account.ParseKind(string(k)); err != nil || got != k {
			t.Errorf("%s: %v", k, err)
		}
	}
	for _, p := range account.Platforms() {
		if got, err := account.ParsePlatform(string(p)); err != nil || got != p {
			t.Errorf("%s: %v", p, err)
		}
	}
	for _, s := range account.Statuses() {
		if got, err := account.ParseStatus(string(s)); err != nil || got != s {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestParseHandle(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"@Kos_SH": {"Kos_SH", "kos_sh"}, " 抖音号：dy 01 ": {"dy 01", "dy 01"}, "小红书号: 123": {"123", "123"},
		"ＡＢＣ": {"ＡＢＣ", "abc"}, "王\u200b测\x00": {"王测", "王测"}, "\u202eabc": {"abc", "abc"}, "\u200b": {"", ""}, "": {"", ""}, "-": {"", ""}, "id_of_me": {"id_of_me", "id_of_me"}, "视频号小王": {"视频号小王", "视频号小王"},
	} {
		shown, norm, _ := account.ParseHandle(in)
		if shown != want[0] || norm != want[1] {
			t.Errorf("%q: %q %q", in, shown, norm)
		}
	}
}

func FuzzRosterRow(f *testing.F) {
	f.Add("华东/上海", "小红书", "@a", "员工", "个人", "13800138000")
	s := &account.Service{}
	f.Fuzz(func(t *testing.T, path, platform, handle, kind, ownership, phone string) {
		got := s.RosterCheck(account.RosterSeen{}, []account.RosterRow{{Row: 2, UnitPath: path, Platform: platform, Handle: handle, AccountKind: kind, Ownership: ownership, Phone: phone}})
		if len(got.Rows) == 1 == (len(got.Errors) > 0) {
			t.Errorf("a row is sound or has errors, not both: %+v", got)
		}
	})
}

func TestTexts(t *testing.T) {
	t.Parallel()
	m := account.Module(nil, nil, nil)
	for _, fault := range i18n.Check(i18n.Source{Room: "account", FS: m.Messages}) {
		t.Error(fault)
	}
}
