package pack_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

func shipped(t testing.TB) *pack.Checker {
	t.Helper()
	packs, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	model, err := pack.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	c, err := pack.NewChecker(packs, model)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// one makes a checker of one rule.
func one(t testing.TB, r pack.Rule, model *rank.Model) *pack.Checker {
	t.Helper()
	if r.ID == "" {
		r.ID = "mine/rule"
	}
	r.Category, r.Reason, r.Article = or(r.Category, "brand"), pack.Text{Zh: "因为"}, "品牌规定"
	r.Severity = or(r.Severity, pack.Medium)
	c, err := pack.NewChecker([]pack.Pack{{Name: "mine", Rules: []pack.Rule{r}}}, model)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

func rulesOf(r pack.Result) []string {
	var out []string
	for _, f := range r.Findings {
		if !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return out
}

// TestShipped holds what every shipped rule owes its reader.
func TestShipped(t *testing.T) {
	t.Parallel()
	packs, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	ids, categories := map[string]bool{}, map[string]bool{}
	for _, p := range packs {
		if p.Title.En == "" || p.Source == "" {
			t.Errorf("%s: needs an English title and its source", p.Name)
		}
		for _, r := range p.Rules {
			if ids[r.ID] {
				t.Errorf("%s is there twice", r.ID)
			}
			ids[r.ID], categories[r.Category] = true, true
			if !strings.HasPrefix(r.ID, p.Name+"/") || r.Reason.En == "" || r.Rewrite == "" || r.Source == "" {
				t.Errorf("%s: needs a reason in English, advice and a source", r.ID)
			}
		}
	}
	for _, c := range pack.Categories() {
		if !categories[c] {
			t.Errorf("no shipped rule is of category %s", c)
		}
	}
}

// TestRulesSurviveJSON holds that a room may keep rules as JSON.
func TestRulesSurviveJSON(t *testing.T) {
	t.Parallel()
	packs, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packs {
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back pack.Pack
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		again, _ := json.Marshal(back)
		if string(again) != string(b) {
			t.Errorf("%s changes on its way through JSON", p.Name)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for _, tt := range []struct {
		text, verdict, rule string
		ctx                 scan.Context
	}{
		{text: "今天天气好", verdict: pack.Pass},
		{text: "", verdict: pack.Pass},
		{text: "全网最低价", verdict: pack.Block, rule: "ad-law/lowest-price"},
		{text: "这款是国家级非物质文化遗产的纹样", verdict: pack.Pass},
		{text: "国家级品质", verdict: pack.Block, rule: "ad-law/national-level"},
		{text: "加 我 微 信 聊", verdict: pack.Block, rule: "diversion/add-near"},
		{text: "微信支付记得领小票", verdict: pack.Pass},
		{text: "三天见效，彻底根治痘痘", verdict: pack.Block, rule: "medical/root-out"},
		{text: "不保本，投资有风险", verdict: pack.Pass},
		{text: "保本保息，稳赚不赔", verdict: pack.Block, rule: "finance/sure-gain"},
		{text: "保过班，不过退款", verdict: pack.Block, rule: "education/sure-pass"},
		{text: "书包过安检", verdict: pack.Pass},
		{text: "点赞关注抽免单", verdict: pack.Review, rule: "bait/follow-for-prize"},
		{text: "手机号 一三八 零零一三 八零零零", verdict: pack.Block, rule: "diversion/mobile"},
		{text: "开光转运珠，旺财招财", verdict: pack.Review, rule: "superstition/luck"},
		{text: "这台车可以脱手开", verdict: pack.Block, rule: "automotive/hands-off"},
		{text: "母乳级配方", verdict: pack.Block, rule: "infant/replaces-milk"},
		{text: "配方奶粉不能替代母乳", verdict: pack.Pass},
		{text: "这套房保证升值", verdict: pack.Block, rule: "property/will-rise"},
		{text: "最好先做皮试", verdict: pack.Pass},
		{text: "这是最好的面霜", verdict: pack.Warn, rule: "ad-law/bare-most"},
		{text: "抖音搜同名账号", verdict: pack.Review, rule: "xiaohongshu/other-platforms", ctx: scan.Context{Platform: "xiaohongshu"}},
		{text: "抖音搜同名账号", verdict: pack.Pass, ctx: scan.Context{Platform: "douyin"}},
		{text: "解放双手，闭眼开", verdict: pack.Block, rule: "automotive/hands-off", ctx: scan.Context{Day: 20260101}},
		{text: "解放双手，闭眼开", verdict: pack.Pass, ctx: scan.Context{Day: 20240101}},
		{text: "热销试用推荐", verdict: pack.Warn, rule: "medical/general-praise", ctx: scan.Context{Industry: "medical"}},
		{text: "刘伟", verdict: pack.Pass, ctx: scan.Context{Kind: "profile"}},
		{text: "销售顾问佳伟", verdict: pack.Pass, ctx: scan.Context{Kind: "profile", Field: "name"}},
		{text: "杜师傅", verdict: pack.Pass, ctx: scan.Context{Field: "name"}},
		{text: "加薇信看价", verdict: pack.Block, rule: "diversion/add-wechat", ctx: scan.Context{Field: "name"}},
		{text: "加薇看价", verdict: pack.Block, rule: "diversion/add-short", ctx: scan.Context{Field: "name"}},
		{text: "%0AQQ群:256017599", verdict: pack.Block, rule: "diversion/qq"},
	} {
		r := c.Check(tt.text, tt.ctx)
		if r.Verdict != tt.verdict || tt.rule != "" && !slices.Contains(rulesOf(r), tt.rule) {
			t.Errorf("%s %+v: %s %v, want %s %s", tt.text, tt.ctx, r.Verdict, rulesOf(r), tt.verdict, tt.rule)
		}
		if (r.Score == 0) != (r.Verdict == pack.Pass) && r.Verdict != pack.Pass || r.Score < 0 || r.Score > 1 {
			t.Errorf("%s: score %v with verdict %s", tt.text, r.Score, r.Verdict)
		}
	}
}

// TestEveryday holds the goal of docs/risk-quality.md for people who sell in plain words.
func TestEveryday(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	b, err := os.ReadFile("testdata/everyday.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"post", "reply", ""} {
		n, verdicts := 0, map[string]int{}
		for line := range strings.Lines(string(b)) {
			if line[0] != '#' {
				n++
				verdicts[c.Check(strings.TrimSpace(line), scan.Context{Platform: "xiaohongshu", Kind: kind}).Verdict]++
			}
		}
		if n != 300 || verdicts[pack.Block]*50 > n || (n-verdicts[pack.Pass])*20 > n {
			t.Errorf("%q: %v of %d sentences", kind, verdicts, n)
		}
	}
}

// TestAccidents tells disguise from chance.
func TestAccidents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		terms []string
		text  string
		hit   bool
	}{
		{[]string{"高效"}, "真搞笑", false},
		{[]string{"高效"}, "高笑", true},
		{[]string{"极佳"}, "急加速", false},
		{[]string{"一流"}, "买一送一，流程简单", false},
		{[]string{"一流"}, "一·流", true},
		{[]string{"一流"}, "第16页", false},
		{[]string{"顶级"}, "顶 级", true},
		{[]string{"顶级"}, "鼎级", true},
		{[]string{"顶级"}, "dingji", true},
		{[]string{"国家级"}, "国家家级", true},
		{[]string{"包赚"}, "藍色包裝", false},
		{[]string{"加微信"}, "➕薇信", true},
		{[]string{"搞笑"}, "真搞笑", true},
	} {
		r := one(t, pack.Rule{Terms: tt.terms, Fold: []string{"soundalike", "lookalike", "pinyin"}}, nil).Check(tt.text, scan.Context{})
		if (len(r.Findings) > 0) != tt.hit {
			t.Errorf("%v in %s: %v", tt.terms, tt.text, r.Findings)
		}
	}
}

// ads is a ranker that knows advertising from talk.
func ads(t testing.TB) *rank.Model {
	t.Helper()
	var rows []rank.Example
	for _, s := range []string{"出售账号低价", "群里招代理加我", "便宜出号私聊", "日结兼职加我"} {
		for _, n := range []string{"一", "二", "三", "四", "五"} {
			rows = append(rows, rank.Example{Text: s + n, Label: "ad"})
		}
	}
	for _, s := range []string{"今天天气不错", "晚上吃什么", "作业写完了吗", "周末去爬山"} {
		for _, n := range []string{"呀", "呢", "啊", "吧", "啦"} {
			rows = append(rows, rank.Example{Text: s + n})
		}
	}
	m, err := rank.Train(rows, rank.Options{Seed: 1, Bits: 12}, 20261122, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRankerNeverBlocks holds what the ranker may do: ask for a review of talk, lower noisy rules, and no more.
func TestRankerNeverBlocks(t *testing.T) {
	t.Parallel()
	rule := pack.Rule{Terms: []string{"兼职"}, Category: "bait", Severity: pack.High}
	noisy := rule
	noisy.Noisy = true
	for _, tt := range []struct {
		name, text, kind, verdict string
		rule                      pack.Rule
	}{
		{"talk like an ad", "出售账号低价加我", "comment", pack.Review, rule},
		{"a post is written to sell", "出售账号低价加我", "post", pack.Pass, rule},
		{"plain talk", "今天天气不错呀", "comment", pack.Pass, rule},
		{"a rule blocks whatever the ranker thinks", "今天天气不错吧兼职", "comment", pack.Block, rule},
		{"a noisy one is lowered in harmless talk", "今天天气不错呀作业写完了吗兼职", "comment", pack.Review, noisy},
		{"and not in an ad", "日结兼职加我", "comment", pack.Block, noisy},
	} {
		r := one(t, tt.rule, ads(t)).Check(tt.text, scan.Context{Kind: tt.kind})
		if r.Verdict != tt.verdict {
			t.Errorf("%s: %s %+v", tt.name, r.Verdict, r.Findings)
		}
		for _, f := range r.Findings {
			if strings.HasPrefix(f.Rule, "rank/") && (f.Severity != pack.Medium || len(f.Top) == 0) {
				t.Errorf("%s: the ranker's finding is medium and explains itself: %+v", tt.name, f)
			}
		}
	}
}

// TestLaterPacksReplace holds how a brand overrides a shipped rule.
func TestLaterPacksReplace(t *testing.T) {
	t.Parallel()
	packs, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	before, err := pack.NewChecker(packs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mild pack.Rule
	for _, r := range before.Rules() {
		if r.ID == "ad-law/lowest-price" {
			mild = r
		}
	}
	mild.Severity = pack.Low
	after, err := pack.NewChecker(append(packs, pack.Pack{Name: "acme", Rules: []pack.Rule{mild}}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := after.Check("全网最低价", scan.Context{}).Verdict; v != pack.Warn || after.Version() == before.Version() {
		t.Errorf("%s, version %s after %s", v, after.Version(), before.Version())
	}
	again, err := pack.NewChecker(packs, nil)
	if err != nil || again.Version() != before.Version() {
		t.Errorf("the same packs have the same version: %s %s %v", again.Version(), before.Version(), err)
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	const head = "name: mine\nversion: '1'\ntitle: {zh: 我的}\nsource: 内部\ncategory: brand\ngroups:\n  - id: g\n    severity: low\n    article: 规定\n    reason: {zh: 因为}\n    rules:\n"
	for _, tt := range []struct{ name, yaml, want string }{
		{"empty", "", "a pack begins with"},
		{"not yaml", "a: [", "mine.yaml"},
		{"a list", "- a", "a pack begins with"},
		{"unknown field", head + "      - {id: a, terms: [x], colour: red}\n", "mine.yaml:12: a: colour: there is no such field"},
		{"no words", head + "      - {id: a}\n", "mine.yaml:12: a: terms: a rule has either"},
		{"two ways", head + "      - {id: a, terms: [x], pattern: mobile}\n", "either terms, pattern or near"},
		{"twice", head + "      - {id: a, terms: [x]}\n      - {id: a, terms: [y]}\n", "mine.yaml:13: a: id: used on line 12"},
		{"bad id", head + "      - {id: 一, terms: [x]}\n", "small letters"},
		{"bad pattern", head + "      - {id: a, pattern: fax}\n", "pattern: \"fax\" is none of"},
		{"bad severity", head + "      - {id: a, terms: [x], severity: awful}\n", "severity: \"awful\""},
		{"bad category", head + "      - {id: a, terms: [x], category: food}\n", "category: \"food\""},
		{"bad day", head + "      - {id: a, terms: [x], from: yesterday}\n", "from: a day is written"},
		{"bad fold", head + "      - {id: a, terms: [x], fold: [rot13]}\n", "fold: \"rot13\""},
		{"backwards", head + "      - {id: a, terms: [x], from: 2026-02-01, until: 2026-01-01}\n", "until: lies before from"},
		{"half a near", head + "      - {id: a, near: {a: [x], within: 3}}\n", "near: needs words in a and in b"},
		{"a wrong shape", head + "      - {id: a, terms: {x: 1}}\n", "mine.yaml:12: a"},
		{"a rule that is a word", head + "      - x\n", "expected fields"},
		{"no name", strings.Replace(head, "name: mine", "name: Mine!", 1) + "      - {id: a, terms: [x]}\n", "name: small letters"},
	} {
		_, err := pack.Parse("mine.yaml", []byte(tt.yaml))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	p, err := pack.Parse("mine.yaml", []byte(head+"      - {id: a, near: {a: [x], b: [y], within: 3}, kinds: [post], from: 2026-01-02}\n      - {id: b, terms: [' q '], severity: high, fold: [pinyin]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []pack.Rule{
		{ID: "mine/a", Near: &pack.Near{A: []string{"x"}, B: []string{"y"}, Within: 3}, Kinds: []string{"post"}, From: 20260102, Category: "brand", Severity: "low", Reason: pack.Text{Zh: "因为"}, Article: "规定", Source: "内部"},
		{ID: "mine/b", Terms: []string{"q"}, Fold: []string{"pinyin"}, Category: "brand", Severity: "high", Reason: pack.Text{Zh: "因为"}, Article: "规定", Source: "内部"},
	}
	if !reflect.DeepEqual(p.Rules, want) {
		t.Errorf("got %+v", p.Rules)
	}
}

// FuzzParse: no bytes make the parser panic, and what it takes in whole can be compiled or is refused with a reason.
func FuzzParse(f *testing.F) {
	b, err := os.ReadFile("packs/brand.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("name: a\nversion: 1\ntitle: {zh: a}\ngroups: [{severity: low, category: brand, article: a, reason: {zh: a}, rules: [{id: a, terms: [好]}]}]"))
	f.Add([]byte("groups: [{rules: [&a {id: *a}]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := pack.Parse("f.yaml", data)
		if err == nil && len(p.Rules) < 3 {
			_, _ = pack.NewChecker([]pack.Pack{p}, nil)
		}
	})
}

// FuzzCheck: offsets are code points of the original, in order, whatever the text.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"😀😀全網最低價", "加\u200bV\u200b信 abc_123", "%0AQQ群:256017599", "\xff\xfe顶级", "顶顶级级，一流", "a\u0301最\ufe0f好"} {
		f.Add(s, "comment")
	}
	c := shipped(f)
	f.Fuzz(func(t *testing.T, text, kind string) {
		r := c.Check(text, scan.Context{Kind: kind})
		rs := []rune(text)
		for _, g := range r.Findings {
			if g.Start < 0 || g.End > len(rs) || g.Start >= g.End {
				t.Fatalf("%q: %+v", text, g)
			}
			if utf8.ValidString(text) && string(rs[g.Start:g.End]) != g.Text {
				t.Fatalf("%q: %q is not %q", text, string(rs[g.Start:g.End]), g.Text)
			}
		}
		if r.Score < 0 || r.Score > 1 || !slices.Contains([]string{pack.Pass, pack.Warn, pack.Review, pack.Block}, r.Verdict) {
			t.Fatalf("%q: %+v", text, r)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	c := shipped(b)
	text := strings.Repeat("今天店里来了三款新车，试驾的时候师傅讲得很细，后备箱放两个行李箱没问题。", 28)
	b.ReportMetric(float64(utf8.RuneCountInString(text)), "chars")
	for b.Loop() {
		c.Check(text, scan.Context{Platform: "xiaohongshu", Kind: "post", Day: 20261122})
	}
}

// TestIndustries: one vocabulary for shipped rules, brands and the command line; a rule kept to another word never fires.
func TestIndustries(t *testing.T) {
	t.Parallel()
	packs, err := pack.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, p := range packs {
		for _, r := range p.Rules {
			for _, i := range r.Industries {
				if kept++; !slices.Contains(pack.Industries(), i) {
					t.Errorf("%s is kept to %q, which no brand can be of", r.ID, i)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no rule is kept to an industry")
	}
	for word, want := range map[string]string{"medical": "medical", " Health ": "medical", "汽车": "automotive", "pharmacy": "medical", "母婴": "infant", "rockets": "", "": ""} {
		if got := pack.IndustryOf(word); got != want {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
}
