package scan

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func lit(id, term string) Rule { return Rule{ID: id, Kind: Literal, Terms: []string{term}} }

// spans gives the texts a rule hits, in order.
func spans(t *testing.T, r Rule, text string) []string {
	t.Helper()
	if r.ID == "" {
		r.ID = "x"
	}
	m, err := Compile([]Rule{r})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range m.Scan(text, Context{}, nil) {
		out = append(out, text[h.Start:h.End])
		if got := string([]rune(text)[h.RuneStart:h.RuneEnd]); strings.ToValidUTF8(text, "\uFFFD") == text && got != text[h.Start:h.End] {
			t.Errorf("code points give %q, bytes %q", got, text[h.Start:h.End])
		}
	}
	return out
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		term, text string
		rule       Rule
		want       []string
	}{
		{"最好", "这是最好的", Rule{}, []string{"最好"}},
		{"最好", "这是最 好的", Rule{}, []string{"最 好"}},
		{"最好", "最……👍！好", Rule{}, []string{"最……👍！好"}},
		{"最好", "最，，，，，好", Rule{}, nil},
		{"最好", "最\u200b\u200b\u200b\u200b\u200b\u200b好", Rule{}, []string{"最\u200b\u200b\u200b\u200b\u200b\u200b好"}},
		{"最好", "最最最好好", Rule{}, []string{"最好"}},
		{"国家级", "国家家家级", Rule{}, []string{"国家家家级"}},
		{"最好", "最,好", Rule{Gap: -1}, nil},
		{"哈哈", "哈哈哈", Rule{}, []string{"哈哈", "哈哈"}},
		{"国家级", "國家級", Rule{}, []string{"國家級"}},
		{"第一", "第1、第①、第壹、第１、第¹", Rule{}, []string{"第1", "第①", "第壹", "第１", "第¹"}},
		{"前10名", "前十名 前１０名 前⑩名 前一〇名", Rule{}, []string{"前十名", "前１０名", "前⑩名", "前一〇名"}},
		{"三十天", "30天见效", Rule{}, []string{"30天"}},
		{"100元", "1000元", Rule{}, nil},
		{"100%", "1００％有效，100 有效", Rule{}, []string{"1００％"}},
		{"9.9元", "99元 9.9元 9。9元", Rule{}, []string{"9.9元", "9。9元"}},
		{"+V", "➕ＶＸ +v", Rule{}, []string{"+v"}},
		{"top", "TOP1 stop topic ⓣⓞⓟ t o p to p", Rule{}, []string{"TOP", "ⓣⓞⓟ", "t o p"}},
		{"top", "stop", Rule{Part: true}, []string{"top"}},
		{"good", "god good goood", Rule{}, []string{"good"}},
		{"god", "good gooood", Rule{}, []string{"gooood"}},
		{"fuck", "ⒻⒻⒻfⓤuⓤ⒰cⓒ⒦ the bad words, fucck", Rule{}, []string{"fⓤuⓤ⒰cⓒ⒦"}},
		{"av", "I have a nice day, I hav, ⓐa\u200bv", Rule{}, []string{"a\u200bv"}},
		{"五星红旗", "5星紅旗迎风飘扬", Rule{}, []string{"5星紅旗"}},
		{"vx", "vxxxx: abc vxx", Rule{}, []string{"vx"}},
		{"best price", "best price bestprice b e s t p r i c e", Rule{}, []string{"best price", "bestprice", "b e s t p r i c e"}},
		{"🐧", "加我🐧吧", Rule{}, []string{"🐧"}},
		{"第一", "第一次 第一名", Rule{Except: []string{"第一次"}}, []string{"第一"}},
		{"第一", "这是我人生第 一 次", Rule{Except: []string{"人生第一次"}}, nil},
		{"微信", "薇信 徽信 V信 卫星 亻言微亻言", Rule{Fold: Lookalike}, []string{"徽信", "V信", "微亻言"}},
		{"微信", "薇信 徽信 V信 卫星 威新", Rule{Fold: Soundalike}, []string{"薇信", "V信", "卫星", "威新"}},
		{"微信", "weixin wei信 微xin WeiXin xweixin", Rule{Fold: Pinyin}, []string{"weixin", "wei信", "微xin", "WeiXin"}},
		{"不肾", "bu shen b u s h e n 不 shen bus hen", Rule{Fold: Pinyin}, []string{"bu shen", "b u s h e n", "不 shen"}},
		{"第一", "第yi diyi di 1 d1", Rule{Fold: Pinyin | Initials}, []string{"第yi", "diyi", "di 1"}},
		{"独一无二", "独独一一一无无二 duyiwuer", Rule{Fold: Pinyin}, []string{"独一一一无无二", "duyiwuer"}},
		{"全网最低价", "quanwang最低价 全网zuidi价", Rule{Fold: Pinyin}, []string{"quanwang最低价", "全网zuidi价"}},
		{"微信", "wx w信 wxy", Rule{Fold: Initials}, []string{"wx", "w信"}},
		{"微信", "威信", Rule{Fold: Soundalike, Except: []string{"威信"}}, nil},
		{"秘密", "㊙密", Rule{}, []string{"㊙密"}},
		{"vip", "ｖｉｐ 🅥🅘🅟 ∨ıр vіp", Rule{}, []string{"ｖｉｐ", "🅥🅘🅟", "∨ıр", "vіp"}},
		{"no1", "No.1 ＮＯ．１", Rule{}, []string{"No.1", "ＮＯ．１"}},
		{"1", "1️⃣", Rule{}, []string{"1"}},
		{"𠮷", "𠮷野家 𠮶", Rule{}, []string{"𠮷"}},
		{"最好", "最\xff好\xff", Rule{}, []string{"最\xff好"}},
	} {
		c.rule.Kind, c.rule.Terms = Literal, []string{c.term}
		if got := spans(t, c.rule, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: %q, want %q", c.term, c.text, got, c.want)
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          []string
	}{
		{"mobile", "电话13800138000。", []string{"13800138000"}},
		{"mobile", "一三八 零零一三八 零零零", []string{"一三八 零零一三八 零零零"}},
		{"mobile", "１３８-００１３-８０００", []string{"１３８-００１３-８０００"}},
		{"mobile", "①③⑧⓪⓪①③⑧⓪⓪⓪", []string{"①③⑧⓪⓪①③⑧⓪⓪⓪"}},
		{"mobile", "vx13800138000 +86 13800138000 l38oo138ooo", []string{"13800138000", "86 13800138000"}},
		{"mobile", "跟1646849259一样，跟13800138000一样，1三八00一38零00", []string{"13800138000", "1三八00一38零00"}},
		{"mobile", "138oo138o00", []string{"138oo138o00"}},
		{"mobile", "幺三八洞洞幺三八零零零", nil},
		{"mobile", "订单号 2024112213800138000 和 1380013800 和 138001380001", nil},
		{"mobile", "1🍎3🍎8🍎0🍎0🍎1🍎3🍎8🍎0🍎0🍎0", []string{"1🍎3🍎8🍎0🍎0🍎1🍎3🍎8🍎0🍎0🍎0"}},
		{"landline", "010-62345678 0755 8234 5678 400-820-8820 2024-01-01", []string{"010-62345678", "0755 8234 5678", "400-820-8820"}},
		{"qq", "QQ：12345678 加扣扣 一二三四五六 12345678@qq.com SUQQU08 12345", []string{"QQ：12345678", "扣扣 一二三四五六", "12345678@qq.com"}},
		{"qq", "交流群:273600984 外部群号876274567 进群578745814，加群 947085836 神秘数字：772157931 找994670812咨询 联系3147821506 找12345", []string{"群:273600984", "群号876274567", "进群578745814", "加群 947085836", "神秘数字：772157931", "找994670812", "联系3147821506"}},
		{"wechat", "V信：abc_2024", []string{"V信：abc_2024"}},
		{"wechat", "微信号是 lily2024 哦", []string{"微信号是 lily2024"}},
		{"wechat", "加薇 13800138000, +v: meimei-88, vxabc12345 wxid_a1b2c3d4e5f6g7", []string{"加薇 13800138000", "v: meimei-88", "vxabc12345", "wxid_a1b2c3d4e5f6g7"}},
		{"wechat", "用微信 facebook 登录，微信 2024 版", nil},
		{"url", "看 https://t.cn/A6abc 和 www.baidu.com/x?y=1，baidu点com 或 taobao。com", []string{"https://t.cn/A6abc", "www.baidu.com/x?y=1", "baidu点com", "taobao。com"}},
		{"url", "点击链接 https://www.baidu.com 查看，双击 http://www.big-image.png 查看", []string{"https://www.baidu.com", "http://www.big-image.png"}},
		{"wechat", "这个是我的微信：9989123456", []string{"微信：9989123456"}},
		{"url", "早上8点pro 见 e.g. this.is a@b.com", nil},
		{"taokouling", "复制￥CZ0001AbCdE￥ (AbC123dEf45) (2024年) ￥12345678￥", []string{"￥CZ0001AbCdE￥", "(AbC123dEf45)"}},
		{"price", "原价199 现价￥99.9，到手三百九十九元，9块9，一块蛋糕，1.98万元，199r, 第3年", []string{"199", "￥99.9", "三百九十九元", "9块", "1.98万元", "199r"}},
	} {
		got := spans(t, Rule{Kind: Pattern, Pattern: c.pattern}, c.text)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s in %q: %q, want %q", c.pattern, c.text, got, c.want)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	r := Rule{Kind: Together, Near: &Near{A: []string{"加"}, B: []string{"微信", "群"}, Within: 3}}
	for text, want := range map[string][]string{
		"加我的微信":       {"加我的微信"},
		"加我的那个小微信":    nil,
		"微信上可以加":      {"微信上可以加"},
		"加群":          {"加群"},
		"加 群 微信 加":    {"加 群", "微信 加"},
		"加，，，，我！！微~信": {"加，，，，我！！微~信"},
	} {
		if got := spans(t, r, text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	m, err := Compile([]Rule{
		{ID: "a", Kind: Set, Terms: []string{"最好", "最佳"}, Platforms: []string{"xhs"}, From: 20260101, Until: 20261231},
		lit("b", "最好"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		c    Context
		want int
	}{
		{Context{}, 2},
		{Context{Platform: "xhs", Day: 20260101}, 2},
		{Context{Platform: "douyin"}, 1},
		{Context{Platform: "xhs", Day: 20270101}, 1},
		{Context{Day: 20261231}, 2},
	} {
		if got := len(m.Scan("最好", c.c, nil)); got != c.want {
			t.Errorf("%+v: %d hits, want %d", c.c, got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	_, err := Compile([]Rule{
		lit("a", "！！"), lit("a", "好"),
		{Kind: "odd"},
		{ID: "p", Kind: Pattern, Pattern: "fax"},
		{ID: "e", Kind: Literal, Terms: []string{"第一"}, Except: []string{"第1"}},
		lit("fine", "最好"),
	})
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	var names []string
	for _, f := range faults {
		names = append(names, f.Rule)
	}
	if want := []string{"a", "a", "#3", "#3", "p", "e"}; !slices.Equal(names, want) {
		t.Errorf("faults of %v, want %v: %v", names, want, err)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ｈello，世界！！": "hello世界", "國家級①壹": "国家级11", "哈哈哈哈": "哈", "哈哈": "哈哈", "1000": "1000", "ｶﾀｶﾅ": "カタカナ", "": "",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
