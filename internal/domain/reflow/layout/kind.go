package layout

// Grain says what one row of a layout is about.
type Grain string

// The grains.
const (
	Roster     Grain = "roster"      // a member and an account
	Post       Grain = "post"        // a post's counters so far
	AccountDay Grain = "account_day" // what an account did on a day
	Session    Grain = "live"        // a live session
	Series     Grain = "series"      // a post's counter over time, one sheet a counter
)

// Kind is a layout met in the wild.
type Kind struct {
	Slug     string
	Grain    Grain
	Platform string // fixed by the layout, "" when the file or caller says
	// Needs lists groups of normalised headers; one of each must be there.
	Needs [][]string
	// Marks are headers only this layout has; they decide between look-alikes.
	Marks []string
	// Not are headers that rule the layout out.
	Not []string
	// Columns maps normalised headers where this layout differs from the
	// common vocabulary.
	Columns map[string]Field
	// Bare is how a ratio without a percent sign is written.
	Bare RatioUnit
	// Only keeps the common vocabulary out: a saved mapping says all there is.
	Only  bool
	units map[string]string // of a mapping's columns, by header
	// Part marks sheets that belong together in one workbook.
	Part string
}

// Platform slugs this package fixes.
const (
	Xiaohongshu = "xiaohongshu"
	Douyin      = "douyin"
	Channels    = "channels"
	Kuaishou    = "kuaishou"
	Bilibili    = "bilibili"
	Weibo       = "weibo"
	WechatOA    = "wechat_oa"
)

// platformName is a platform's name for messages in either language.
func platformName(slug string) string {
	switch slug {
	case Xiaohongshu:
		return "小红书 Xiaohongshu"
	case Douyin:
		return "抖音 Douyin"
	case Channels:
		return "视频号 Channels"
	case Kuaishou:
		return "快手 Kuaishou"
	case Bilibili:
		return "B站 Bilibili"
	case Weibo:
		return "微博 Weibo"
	case WechatOA:
		return "公众号 WeChat OA"
	}
	return slug
}

// Slugs of kinds the rest of the room names.
const (
	KindRoster  = "roster"
	KindGeneric = "generic"
	KindSeries  = "xhs_note_series"
	KindMatrix  = "dealer_matrix"
)

// kinds lists the layouts; the order decides between equals.
func kinds() []Kind { return append(workKinds(), dayKinds()...) }

// workKinds are the roster and the lists of works.
func workKinds() []Kind {
	return []Kind{
		{
			Slug: KindRoster, Grain: Roster,
			Needs: [][]string{{"单位路径", "unit_path"}, {"姓名", "member", "平台", "platform"}},
			Marks: []string{"单位路径", "单位类型", "账号类型", "归属", "unit_path", "unit_kind", "account_kind", "ownership"},
		},
		{
			Slug: "xhs_notes", Grain: Post, Platform: Xiaohongshu,
			Needs: [][]string{{"笔记标题", "笔记名称"}, figures()},
			Marks: []string{"笔记标题", "首次发布时间", "人均观看时长", "曝光", "观看量", "涨粉", "笔记id", "笔记链接"},
		},
		{
			Slug: "channels_videos", Grain: Post, Platform: Channels,
			Needs: [][]string{{"视频描述", "视频id", "动态描述"}, figures()},
			Marks: []string{"视频描述", "视频id", "推荐", "喜欢", "关注量", "转发聊天和朋友圈", "设为铃声", "设为状态", "设为朋友圈封面", "企微链接点击次数", "添加到通讯录次数"},
			// 推荐 is the thumb, 喜欢 the heart: checked against the platform's own API fields.
			Columns: map[string]Field{"推荐": Likes, "喜欢": Saves, "关注量": FollowersGained, "转发聊天和朋友圈": Forwards},
			Bare:    Percent,
		},
		{
			Slug: "bilibili_videos", Grain: Post, Platform: Bilibili,
			Needs:   [][]string{{"稿件标题", "稿件id", "bv号", "稿件id/bv号", "bvid", "标题"}, {"投币量", "投币", "投币数", "弹幕量", "稿件标题", "封标点击率", "bv号", "bvid"}, figures()},
			Marks:   []string{"稿件标题", "稿件id", "bv号", "稿件id/bv号", "bvid", "投币量", "投币", "投币数", "硬币", "封标点击率", "平均播放进度"},
			Columns: map[string]Field{"弹幕量": Danmaku},
			Bare:    Percent,
		},
		{
			Slug: "wechat_oa_articles", Grain: Post, Platform: WechatOA,
			Needs: [][]string{{"标题", "文章标题", "内容标题", "图文标题"}, {"阅读次数", "图文页阅读次数", "总阅读次数", "阅读人数", "总阅读人数", "阅读量"}},
			Marks: []string{"发表时间", "图文页阅读次数", "总阅读次数", "在看次数", "在看人数", "新增关注人数", "阅读后关注人数", "阅读人数", "留言次数", "内容url"},
			Not:   []string{"笔记标题"},
		},
		{
			Slug: "douyin_works", Grain: Post, Platform: Douyin,
			Needs: [][]string{{"作品名称", "作品标题", "视频标题", "视频名称", "作品描述"}, figures()},
			Marks: []string{"审核状态", "发布状态", "2s跳出率", "2秒跳出率", "主页访问量", "粉丝增量", "5s完播率", "5秒完播率", "作品时长", "体裁", "文案展开率", "划走率", "平均浏览图片数"},
			Not:   []string{"3s跳出率", "3秒跳出率"},
		},
		{
			Slug: "kuaishou_works", Grain: Post, Platform: Kuaishou,
			Needs:   [][]string{{"作品", "作品名称", "作品标题", "标题"}, {"3s跳出率", "3秒跳出率", "粉丝播放占比", "来源占比", "涨粉量", "快手id", "作品"}, figures()},
			Marks:   []string{"3s跳出率", "3秒跳出率", "粉丝播放占比", "来源占比", "涨粉量", "快手id"},
			Columns: map[string]Field{"作品": Title},
			Bare:    Percent,
		},
		{
			Slug: "weibo_posts", Grain: Post, Platform: Weibo,
			Needs:   [][]string{{"微博内容", "博文内容", "微博正文", "微博链接", "微博id", "博文", "mid"}, figures()},
			Marks:   []string{"微博内容", "博文内容", "微博正文", "微博链接", "微博id", "转发数", "mid"},
			Columns: map[string]Field{"微博内容": Title, "博文内容": Title, "微博正文": Title, "博文": Title, "mid": PostID},
		},
	}
}

// dayKinds are live sessions, days of accounts, and what is left.
func dayKinds() []Kind {
	return []Kind{
		{
			Slug: "douyin_live", Grain: Session, Platform: Douyin,
			Needs: [][]string{{"直播开始时间", "开播时间", "开始时间"}, {"直播间观看人数", "直播间观看次数", "直播间曝光人数", "观看人数", "场观", "观看次数"}},
			Marks: []string{"主播昵称", "直播开始时间", "直播间曝光人数", "直播间观看人数", "直播间观看次数", "直播间用户支付金额", "直播间新增粉丝数", "直播间评论次数", "直播间点赞次数", "直播间商品曝光人数", "平均在线人数", "人数峰值"},
			Columns: map[string]Field{
				"开始时间": Started, "观看人数": Viewers, "观看次数": Views, "曝光人数": Reach,
				"主播昵称": AccountHandle, "主播": AccountHandle,
			},
		},
		dealer("dealer_video", [][]string{dealerID(), {"短视频表单提交商机量", "锚点曝光次数", "锚点点击次数", "新发布视频数"}}, nil),
		dealer("dealer_live", [][]string{dealerID(), {"开播日期"}, {"超25分钟直播时长(分)", "直播有效时长(小时)", "超25min直播总场次", "场观", "小风车点击次数(不含小雪花)"}}, map[string]Field{"开播日期": Day, "曝光人数": Reach}),
		dealer("dealer_messages", [][]string{dealerID(), {"进入私信客户数", "主动咨询客户数", "私信留资客户数"}}, nil),
		dealer("dealer_leads", [][]string{dealerID(), {"留资日期"}}, map[string]Field{"留资日期": Day}),
		dealer("dealer_account", [][]string{dealerID(), {"日期"}, {"直播间表单提交商机量", "短-播放量"}}, nil),
		{
			Slug: "account_daily", Grain: AccountDay,
			Needs: [][]string{{"日期", "时间", "统计日期", "数据日期", "date", "day"}, append([]string{"粉丝数", "总粉丝数", "粉丝总数", "累计粉丝", "粉丝量", "粉丝", "净增粉丝", "新增粉丝", "followers", "发布数", "作品数", "投稿量", "直播场次"}, figures()...)},
			Marks: []string{"总粉丝数", "粉丝总数", "累计粉丝", "粉丝数", "净增粉丝", "取关粉丝", "投稿量", "直播场次"},
			Not:   []string{"作品名称", "笔记标题", "视频描述", "稿件标题", "标题", "单位路径"},
			Columns: map[string]Field{
				"日期": Day, "时间": Day, "统计日期": Day, "数据日期": Day, "date": Day, "day": Day,
				"新增粉丝": FollowersGained, "新增关注": FollowersGained,
			},
		},
		{
			Slug: "generic_posts", Grain: Post,
			Needs: [][]string{{"标题", "作品标题", "内容标题", "视频标题", "文案", "正文", "title", "desc", "content", "内容", "作品名称"}, {"发布时间", "发布日期", "发表时间", "发表日期", "published_at", "published", "time"}, figures()},
		},
	}
}

// figures are headers that make a table one of counters.
func figures() []string {
	return []string{
		"观看量", "观看数", "播放量", "播放次数", "播放数", "总播放量", "播放", "阅读量", "阅读次数", "阅读数", "曝光", "曝光量", "曝光数",
		"点赞", "点赞量", "点赞数", "评论", "评论量", "评论数", "收藏", "收藏量", "收藏数", "分享", "分享量", "分享数", "转发", "转发数", "转发量",
		"推荐", "喜欢", "likes", "views", "comments", "shares", "collects", "reposts",
	}
}

func dealerID() []string {
	return []string{"主机厂经销商id", "主机厂经销商id列表", "经销商id", "经销商id列表"}
}

// dealer describes one sheet of the dealers' matrix workbook. All of them give
// the figures of a dealer's account on a day.
func dealer(slug string, needs [][]string, columns map[string]Field) Kind {
	all := map[string]Field{
		"主机厂经销商id": AccountIDs, "主机厂经销商id列表": AccountIDs, "经销商id": AccountIDs, "经销商id列表": AccountIDs,
		"日期": Day,
	}
	for h, f := range columns {
		all[h] = f
	}
	return Kind{Slug: slug, Grain: AccountDay, Platform: Douyin, Needs: needs, Marks: dealerID(), Columns: all, Part: KindMatrix}
}

// Kinds lists the layouts this package knows.
func Kinds() []Kind { return kinds() }

// KindBySlug finds a layout.
func KindBySlug(slug string) (Kind, bool) {
	for _, k := range kinds() {
		if k.Slug == slug {
			return k, true
		}
	}
	return Kind{}, false
}
