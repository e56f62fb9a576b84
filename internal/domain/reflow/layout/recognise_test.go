package layout

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/sheet"
)

func asOf() time.Time { return time.Date(2026, 7, 1, 9, 0, 0, 0, clock.Shanghai()) }

// tab is one sheet of a test workbook.
type tab struct {
	name string
	rows [][]string
}

func csvBook(t testing.TB, rows [][]string) *sheet.Book {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return open(t, b.Bytes())
}

func xlsxBook(t testing.TB, tabs ...tab) *sheet.Book {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewXLSX(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range tabs {
		if err := w.Sheet(s.name, nil); err != nil {
			t.Fatal(err)
		}
		for _, r := range s.rows {
			cells := make([]any, len(r))
			for i, c := range r {
				if c != "" {
					cells[i] = c
				}
			}
			if err := w.Row(cells...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, b.Bytes())
}

func open(t testing.TB, data []byte) *sheet.Book {
	t.Helper()
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readAll(t testing.TB, b *sheet.Book, u *Understanding) []*Record {
	t.Helper()
	var out []*Record
	if err := u.Read(b, asOf(), func(r *Record) error { out = append(out, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// line renders a record for comparison.
func line(r *Record) string {
	var parts []string
	for _, a := range r.Accounts {
		parts = append(parts, "@"+a.Platform+":"+a.Handle+a.ID)
	}
	if r.ID != "" {
		parts = append(parts, "#"+r.ID)
	}
	if r.Title != "" {
		parts = append(parts, r.Title)
	}
	if !r.Published.IsZero() {
		parts = append(parts, r.Published.Format("2006-01-02T15:04:05"))
	}
	if !r.Day.IsZero() {
		parts = append(parts, r.Day.Format("2006-01-02"))
	}
	figs := slices.Clone(r.Figures)
	slices.SortFunc(figs, func(a, b Figure) int { return strings.Compare(string(a.Field), string(b.Field)) })
	for _, f := range figs {
		parts = append(parts, fmt.Sprintf("%s=%d", f.Field, f.Value))
	}
	for _, f := range r.Faults {
		mark := "!"
		if f.Warn {
			mark = "?"
		}
		parts = append(parts, mark+f.Column+":"+f.Slug)
	}
	return strings.Join(parts, " ")
}

func words(s string) []string { return strings.Split(s, ",") }

func TestRecogniseLayouts(t *testing.T) {
	t.Parallel()
	xhs := words("笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕")
	xhsRow := words("夏天的店,2026年06月01日12时00分00秒,图文,1.4万,3500,6.50%,12,-,3,-2,0,15.20秒,0")
	banner := []string{"最多导出排序后前1000条笔记"}
	cases := []struct {
		name, kind, platform string
		rows                 [][]string
		want                 string
	}{
		{"xhs 13 with banner", "xhs_notes", "", [][]string{banner, xhs, xhsRow}, "夏天的店 2026-06-01T12:00:00 comments= "},
		{"xhs 12", "xhs_notes", "", [][]string{banner, xhs[:12], xhsRow[:12]}, ""},
		{"xhs 11, blank lines above", "xhs_notes", "", [][]string{{"导出"}, {}, banner, xhs[:11], xhsRow[:11]}, ""},
		{
			"douyin A", "douyin_works", "",
			[][]string{words("作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,主页访问量,粉丝增量"), words("上新,2026-06-01 12:03,1-3min视频,公开,1003,0.286400,0.5,-,0.2,6.5,3,1,2,3,4,5")},
			"上新 2026-06-01T12:03:00 comments=2 finish_5s_rate=500000 finish_rate=286400 followers_gained=5 home_visits=4 likes=3 bounce_2s_rate=200000 saves=3 shares=1 views=1003 watch_ms=6500",
		},
		{
			"douyin B", "douyin_works", "",
			[][]string{words("作品名称,发布时间,体裁,发布状态,播放量,完播率,5s完播率,作品时长,2s跳出率,平均播放时长,点赞量,评论量,分享量,收藏量,主页访问量,粉丝增量"), words("上新,2026-06-01 12:03,1-3min视频,公开,1.2万,0.28,0.5,32,0.2,6.5,3,2,1,3,4,-5")},
			"上新 2026-06-01T12:03:00 bounce_2s_rate=200000 comments=2 finish_5s_rate=500000 finish_rate=280000 followers_gained=-5 home_visits=4 length_ms=32000 likes=3 saves=3 shares=1 views=12000 watch_ms=6500",
		},
		{
			"douyin aliases", "douyin_works", "douyin",
			[][]string{words("视频标题,发布时间,总播放量,点赞数,整体完播率,5秒完播率,2秒跳出率,平均观看时长,新增粉丝"), words("上新,2026-06-01 12:03,99,3,30%,50%,20%,6.5,1")},
			"上新 2026-06-01T12:03:00 bounce_2s_rate=200000 finish_5s_rate=500000 finish_rate=300000 followers_gained=1 likes=3 views=99 watch_ms=6500",
		},
		{
			"channels 2026", "channels_videos", "",
			[][]string{words("视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量,转发聊天和朋友圈,设为铃声,设为状态,设为朋友圈封面,企微链接点击次数,企微链接点击人数,添加到通讯录次数,添加到通讯录人数"), words("门店日常,export/AbC_1,2026/06/23,28.64%,10.59秒,900,31,12,4,5,6,7,0,0,0,8,7,3,2")},
			"#export/AbC_1 门店日常 2026-06-23T00:00:00 comments=4 contact_adders=2 contact_adds=3 finish_rate=286400 followers_gained=6 forwards=7 likes=31 link_clickers=7 link_clicks=8 saves=12 shares=5 views=900 watch_ms=10590",
		},
		{
			"bilibili", "bilibili_videos", "",
			[][]string{words("稿件标题,BV号,发布时间,播放量,弹幕量,评论数,点赞,投币量,收藏,分享,封标点击率,平均播放进度,涨粉"), words("开箱,BV1xx411c7mD,2026-06-02 20:00,1.2万,45,6,700,80,90,10,3.5%,41%,12")},
			"#BV1xx411c7mD 开箱 2026-06-02T20:00:00 coins=80 comments=6 cover_rate=35000 danmaku=45 followers_gained=12 likes=700 progress_rate=410000 saves=90 shares=10 views=12000",
		},
		{
			"wechat oa", "wechat_oa_articles", "",
			[][]string{words("标题,发表时间,总阅读次数,阅读人数,分享次数,收藏次数,留言次数,在看次数,新增关注人数"), words("本周活动,20260603,1200,1000,33,12,4,5,6")},
			"本周活动 2026-06-03T00:00:00 comments=4 followers_gained=6 recommends=5 saves=12 shares=33 viewers=1000 views=1200",
		},
		{
			"kuaishou", "kuaishou_works", "",
			[][]string{words("作品,发布时间,播放量,完播率,平均播放时长,3s跳出率,5s完播率,点赞量,评论量,分享量,收藏量,涨粉量,粉丝播放占比"), words("炒菜,2026-06-04 08:00,2.1w,31.2%,9.8,12%,44%,300,20,10,5,7,30%")},
			"炒菜 2026-06-04T08:00:00 bounce_3s_rate=120000 comments=20 finish_5s_rate=440000 finish_rate=312000 followers_gained=7 likes=300 saves=5 shares=10 views=21000 watch_ms=9800",
		},
		{
			"weibo", "weibo_posts", "",
			[][]string{words("微博内容,发布时间,阅读量,转发数,评论数,点赞数"), words("新品来了,2026-06-05 10:00,5万,12,3,99")},
			"新品来了 2026-06-05T10:00:00 comments=3 likes=99 shares=12 views=50000",
		},
		{
			"douyin live", "douyin_live", "",
			[][]string{words("排名,主播昵称,直播间标题,直播开始时间,直播结束时间,备注,直播间曝光人数,曝光-进入率,直播间观看人数,直播间观看次数,人数峰值,平均在线人数,直播间新增粉丝数,直播间评论次数,直播间点赞次数,直播间用户支付金额,直播间成交人数"), words("1,静安店小王,晚场,2026-06-06 19:30,2026-06-06 22:00,,12000,12.5%,1500,1800,210,88,36,420,1.2万,\"12345.67\",40")},
			"",
		},
		{
			"account daily", "account_daily", "",
			[][]string{words("日期,账号,平台,总粉丝数,净增粉丝,播放量,点赞,评论,分享,发布数,直播场次"), words("2026-06-07,kos_01,小红书,1.2万,-3,3400,12,3,4,2,1")},
			"@小红书:kos_01 2026-06-07 comments=3 followers=12000 followers_gained=-3 likes=12 lives=1 posts=2 shares=4 views=3400",
		},
		{
			"generic with an account column", "generic_posts", "",
			[][]string{words("平台,账号名称,标题,发布时间,播放量,点赞数"), words("抖音,kos_dy,你好,06-08 10:00,12,3")},
			"@抖音:kos_dy 你好 2026-06-08T10:00:00 likes=3 views=12",
		},
		{
			"roster", "roster", "",
			[][]string{words("单位路径,单位类型,姓名,手机,角色,平台,账号名,平台ID,账号类型,归属"), words("华东/上海/静安店,store,王小明,13800138000,kos,xiaohongshu,kos_sh_01,5f00aa,employee,personal")},
			"",
		},
		{
			"roster in English", "roster", "",
			[][]string{words("unit_path,unit_kind,member,phone,role,platform,handle,external_id,account_kind,ownership"), words("a/b,store,Wang,1,kos,douyin,x,y,employee,company")},
			"",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, b := range []*sheet.Book{csvBook(t, c.rows), xlsxBook(t, tab{"工作表", c.rows})} {
				u, err := Recognise(b, Hint{Platform: c.platform})
				if err != nil {
					t.Fatal(err)
				}
				if u.Kind != c.kind || len(u.Plans) != 1 {
					t.Fatalf("kind %s, %d plans, ignored %v", u.Kind, len(u.Plans), u.Plans[0].Ignored)
				}
				recs := readAll(t, b, u)
				if len(recs) != 1 || recs[0].Bad() {
					t.Fatalf("%d records: %s", len(recs), line(recs[0]))
				}
				if c.want != "" && !strings.HasSuffix(c.want, "= ") {
					if got, want := sorted(line(recs[0])), sorted(c.want); got != want {
						t.Errorf("\n got %s\nwant %s", got, want)
					}
				}
			}
		})
	}
}

func sorted(s string) string {
	f := strings.Fields(s)
	slices.Sort(f)
	return strings.Join(f, " ")
}

func TestXhsRowValues(t *testing.T) {
	t.Parallel()
	b := csvBook(t, [][]string{{"最多导出排序后前1000条笔记"}, words("笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕"), words("夏天的店,2026年06月01日12时00分00秒,图文,1.4万,3500,0.0520,12,-,3,-2,0,15.20秒,0"), {"合计", "", "", "9", "9"}, {"", "2026年06月02日12时00分00秒", "视频", "1", "bad"}})
	u, err := Recognise(b, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	recs := readAll(t, b, u)
	if len(recs) != 2 {
		t.Fatalf("%d records", len(recs))
	}
	want := "夏天的店 2026-06-01T12:00:00 impressions=14000 views=3500 cover_rate=52000 likes=12 saves=3 followers_gained=-2 shares=0 watch_ms=15200 danmaku=0"
	if got := line(recs[0]); sorted(got) != sorted(want) {
		t.Errorf("got %s", got)
	}
	if f := recs[1].Faults; len(f) != 1 || f[0].Row != 5 || f[0].Column != "观看量" {
		t.Errorf("faults %+v", f)
	}
}

func TestLiveValues(t *testing.T) {
	t.Parallel()
	b := csvBook(t, [][]string{words("主播昵称,直播开始时间,直播间曝光人数,曝光-进入率,直播间观看人数,直播间观看次数,直播间用户支付金额"), {"小王", "2026-06-06 19:30", "12000", "12.5%", "1500", "1,800", "12,345.67"}})
	u, err := Recognise(b, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	got := line(readAll(t, b, u)[0])
	if want := "@douyin:小王 2026-06-06T19:30:00 enter_rate=125000 live_reach=12000 revenue_fen=1234567 viewers=1500 views=1800"; sorted(got) != sorted(want) {
		t.Errorf("got %s", got)
	}
}

func TestDealerMatrix(t *testing.T) {
	t.Parallel()
	b := xlsxBook(t,
		tab{"短视频", [][]string{words("主机厂经销商id,日期,锚点曝光次数,锚点点击次数,新发布视频数,短视频表单提交商机量"), words("D1,2026-06-01,100,10,3,2"), {"D2；D3、D1", "2026/06/01", "50", "5", "1", "1"}}},
		tab{"直播", [][]string{words("主机厂经销商id列表,开播日期,超25分钟直播时长(分),直播有效时长（小时）,超25min直播总场次,曝光人数,场观,小风车点击次数（不含小雪花）"), {"D1", "2026-06-01", "90", "1.5", "2", "8000", "700", "31"}}},
		tab{"2026-06-01", [][]string{words("主机厂经销商ID,进入私信客户数,主动咨询客户数,私信留资客户数"), words("D1,12,8,3")}},
		tab{"账号", [][]string{words("主机厂经销商id列表,日期,直播间表单提交商机量,短-播放量"), words("D1|D4,06-01,6,9000")}},
		tab{"线索", [][]string{words("主机厂经销商id列表,留资日期,直播间表单提交商机量(去重)"), words("D1/D4,2026-06-01,5")}},
		tab{"说明", [][]string{{"仅供内部使用"}}},
	)
	u, err := Recognise(b, Hint{Platform: "douyin"})
	if err != nil {
		t.Fatal(err)
	}
	if u.Kind != KindMatrix || len(u.Plans) != 5 || !reflect.DeepEqual(u.Skipped, []string{"说明"}) {
		t.Fatalf("%s %d %v", u.Kind, len(u.Plans), u.Skipped)
	}
	var got []string
	for _, r := range readAll(t, b, u) {
		got = append(got, sorted(line(r)))
	}
	want := []string{
		"@douyin:D1 2026-06-01 anchor_clicks=10 anchor_impressions=100 leads_video=2 posts=3",
		"@douyin:D2 @douyin:D3 @douyin:D1 2026-06-01 anchor_clicks=5 anchor_impressions=50 leads_video=1 posts=1",
		"@douyin:D1 2026-06-01 link_clicks=31 live_ms=5400000 live_reach=8000 lives=2 viewers=700",
		"@douyin:D1 2026-06-01 inquiries=8 leads_message=3 message_users=12",
		"@douyin:D1 @douyin:D4 2026-06-01 leads_live=6 views=9000",
		"@douyin:D1 @douyin:D4 2026-06-01 leads_live=5",
	}
	for i := range want {
		if i >= len(got) || got[i] != sorted(want[i]) {
			t.Errorf("row %d\n got %v\nwant %s", i, got[min(i, len(got)-1)], sorted(want[i]))
		}
	}
}

func TestSingleNoteSeries(t *testing.T) {
	t.Parallel()
	b := xlsxBook(t,
		tab{"曝光数（天）", [][]string{words("时间,曝光数"), words("2026-06-01,100"), words("2026-06-02,50"), words("2026-07-01,5")}},
		tab{"观看数（天）", [][]string{words("时间,观看数"), words("2026-06-01,40"), words("2026-06-02,10")}},
		tab{"观看数（小时）", [][]string{words("时间,观看数"), words("2026-06-01 10:00,40")}},
		tab{"封面点击率（天）", [][]string{words("时间,封面点击率"), words("2026-06-01,12%")}},
	)
	u, err := Recognise(b, Hint{Platform: Xiaohongshu})
	if err != nil {
		t.Fatal(err)
	}
	if u.Kind != KindSeries || len(u.Plans) != 3 {
		t.Fatalf("%s %d", u.Kind, len(u.Plans))
	}
	var got []string
	for _, r := range readAll(t, b, u) {
		got = append(got, r.AsOf.Format("01-02T15:04 ")+line(r))
	}
	want := []string{
		"06-01T23:59 2026-06-01T00:00:00 2026-06-01 impressions=100 views=40",
		"06-02T23:59 2026-06-01T00:00:00 2026-06-02 impressions=150 views=50",
		"07-01T09:00 2026-06-01T00:00:00 2026-07-01 impressions=155 views=50",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestRefusalsAndHints(t *testing.T) {
	t.Parallel()
	douyin := [][]string{words("作品名称,发布时间,体裁,审核状态,播放量,完播率,2s跳出率,点赞量,粉丝增量"), words("x,2026-06-01,1-3min视频,公开,1,0.5,0.1,1,1")}
	if _, err := Recognise(csvBook(t, douyin), Hint{Platform: Xiaohongshu}); !errs.Is(err, "reflow.wrong_platform") {
		t.Errorf("a douyin file for a xiaohongshu account: %v", err)
	}
	if _, err := Recognise(csvBook(t, [][]string{words("甲,乙"), words("1,2")}), Hint{}); !errs.Is(err, "reflow.not_recognised") {
		t.Errorf("unknown file: %v", err)
	}
	plain := [][]string{words("作品名称,发布时间,播放量,点赞量"), words("x,2026-06-01,1,1")}
	for _, p := range []string{Douyin, Kuaishou, ""} {
		u, err := Recognise(csvBook(t, plain), Hint{Platform: p})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]string{Douyin: "douyin_works", Kuaishou: "generic_posts", "": "douyin_works"}[p]; u.Kind != want {
			t.Errorf("%s: %s, want %s", p, u.Kind, want)
		}
	}
}

func TestMappings(t *testing.T) {
	t.Parallel()
	m := Mapping{Name: "代理商周报", Platform: Kuaishou, Grain: Post, Columns: []MapColumn{
		{Header: "视频", Field: Title}, {Header: "日子", Field: Published}, {Header: "曝光(万)", Field: Views, Unit: "wan"}, {Header: "完播", Field: FinishRate, Unit: "percent"}, {Header: "门店号", Field: AccountHandle},
	}}
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	b := csvBook(t, [][]string{words("门店号,视频,日子,曝光（万）,完播,播放量"), words("s1,你好,2026.06.01,1.5,0.9,77")})
	if _, err := Recognise(b, Hint{Use: "代理商周报"}); !errs.Is(err, "reflow.mapping_unfit") {
		t.Errorf("a mapping that is not there: %v", err)
	}
	u, err := Recognise(b, Hint{Mappings: []Mapping{m}})
	if err != nil {
		t.Fatal(err)
	}
	if u.Kind != KindGeneric || u.Plans[0].Mapping != m.Name {
		t.Errorf("%s by %q", u.Kind, u.Plans[0].Mapping)
	}
	if got, want := line(readAll(t, b, u)[0]), "@kuaishou:s1 你好 2026-06-01T00:00:00 finish_rate=9000 views=15000"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	bad := Mapping{Grain: "x", Columns: []MapColumn{{Header: "", Field: "nope", Unit: "wan"}, {Header: "a", Field: Views}, {Header: "A", Field: Views, Unit: "h"}}}
	err = bad.Validate()
	for _, slug := range []string{"reflow.mapping_name", "reflow.mapping_grain", "reflow.mapping_field", "reflow.mapping_header", "reflow.mapping_twice", "reflow.mapping_unit", "reflow.mapping_needs"} {
		if !errs.Is(err, slug) {
			t.Errorf("no %s in %v", slug, err)
		}
	}
}

func TestCutOffAndRepeatedHeaders(t *testing.T) {
	t.Parallel()
	b := open(t, []byte("作品名称,发布时间,播放量,点赞量,粉丝增量\na,2026-06-01,1,1,1\n作品名称,发布时间,播放量,点赞量,粉丝增量\n合计,,2,2,2\nb,2026-06-02,1"))
	u, err := Recognise(b, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	recs := readAll(t, b, u)
	if len(recs) != 2 || recs[0].Bad() || !recs[1].Bad() || recs[1].Faults[0].Slug != "reflow.row_cut_off" || recs[1].Row != 5 {
		t.Errorf("%d records, last %s", len(recs), line(recs[len(recs)-1]))
	}
}

// A note may be called what exports call their last line; with a date it is a note.
func TestTitleLikeATotal(t *testing.T) {
	t.Parallel()
	b := open(t, []byte("作品名称,发布时间,播放量,点赞量,粉丝增量\n汇总,2026-06-01,7,1,1\n平均,2026-06-02,9,1,1\n合计,,16,2,2\n汇总,2026-06-01至2026-06-02,16,2,2\n"))
	u, err := Recognise(b, Hint{})
	if err != nil {
		t.Fatal(err)
	}
	recs := readAll(t, b, u)
	if len(recs) != 2 || recs[0].Title != "汇总" || recs[1].Title != "平均" || recs[0].Bad() {
		t.Errorf("%d records: %+v", len(recs), recs)
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("笔记标题,首次发布时间,观看量\n你好,2026-06-01,1\n")
	f.Add("主机厂经销商id列表,日期,直播间表单提交商机量\nD1|D2,06-01,3\n")
	f.Add("单位路径,姓名,平台\na/b,王,抖音\n")
	f.Add("日期,账号,粉丝数\n46198,x,1.2万\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := sheet.Open(strings.NewReader(text), int64(len(text)), sheet.DefaultLimits())
		if err != nil {
			return
		}
		u, err := Recognise(b, Hint{})
		if err != nil {
			if errs.SlugOf(err) == "" {
				t.Fatalf("error without a slug: %v", err)
			}
			return
		}
		_ = u.Read(b, asOf(), func(r *Record) error {
			if !r.Bad() && r.Grain == Post && r.Published.IsZero() {
				t.Fatalf("a post without a date passed: %s", line(r))
			}
			return nil
		})
	})
}
