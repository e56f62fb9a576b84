package layout

// common maps normalised headers to fields wherever a kind does not say
// otherwise. The same word never means two things here; where it does, the
// kinds' own columns decide.
func common() map[string]meaning {
	out := map[string]meaning{}
	for f, names := range map[Field][]string{
		Title:         {"笔记标题", "笔记名称", "作品名称", "作品标题", "作品描述", "视频标题", "视频名称", "视频描述", "动态描述", "稿件标题", "文章标题", "内容标题", "图文标题", "标题", "文案", "正文", "内容", "title", "desc", "content"},
		PostID:        {"笔记id", "作品id", "视频id", "稿件id", "bv号", "稿件id/bv号", "bvid", "avid", "微博id", "内容id", "item_id", "note_id", "video_id", "post_id"},
		Published:     {"首次发布时间", "发布时间", "发布日期", "发表时间", "发表日期", "投稿时间", "创建时间", "published_at", "published", "publish_time", "timestamp_ms", "time"},
		Form:          {"体裁", "类型", "内容类型", "作品类型", "笔记类型", "type", "media"},
		Link:          {"笔记链接", "作品链接", "视频链接", "链接", "内容url", "url", "微博链接", "稿件链接"},
		Audit:         {"审核状态", "发布状态", "状态", "笔记状态"},
		AccountHandle: {"账号", "账号名", "账号名称", "账号昵称", "昵称", "作者", "作者昵称", "达人昵称", "博主昵称", "博主", "主播昵称", "用户昵称", "公众号", "视频号", "发布账号", "handle", "account", "author", "抖音号", "小红书号", "快手号", "视频号id", "微博昵称", "up主"},
		AccountID:     {"账号id", "平台id", "用户id", "作者id", "博主id", "达人id", "小红书id", "抖音id", "快手id", "uid", "external_id", "author_id", "account_id", "user_id"},
		AccountIDs:    {"账号id列表"},
		AccountBio:    {"账号简介", "个人简介", "主页简介", "博主简介", "达人简介", "个性签名", "bio"},
		Platform:      {"平台", "平台名称", "渠道", "platform"},
		Day:           {"日期", "统计日期", "数据日期", "date", "day", "开播日期"},
		Started:       {"直播开始时间", "开播时间", "started_at"},

		Views:           {"总播放量", "总阅读次数", "观看量", "观看数", "观看次数", "播放量", "播放次数", "播放数", "播放", "观看", "阅读量", "阅读次数", "阅读数", "图文页阅读次数", "直播间观看次数", "视频播放量", "短-播放量", "短视频播放量", "浏览量", "est_reads", "views"},
		Viewers:         {"阅读人数", "总阅读人数", "图文页阅读人数", "直播间观看人数", "观看人数", "场观", "播放人数"},
		Likes:           {"点赞", "点赞量", "点赞数", "获赞", "点赞次数", "直播间点赞次数", "赞", "likes"},
		Comments:        {"评论", "评论量", "评论数", "评论次数", "留言次数", "留言数", "留言量", "直播间评论次数", "comments"},
		Saves:           {"收藏", "收藏量", "收藏数", "收藏次数", "saves", "collects", "stars"},
		Shares:          {"分享", "分享量", "分享数", "分享次数", "笔记分享数", "转发", "转发数", "转发量", "直播间分享次数", "shares", "reposts"},
		FollowersGained: {"涨粉", "涨粉数", "涨粉量", "粉丝增量", "新增粉丝", "新增粉丝数", "粉丝净增", "净增粉丝", "净增粉丝数", "净涨粉", "净增关注", "净增关注人数", "新增关注", "新增关注人数", "阅读后关注人数", "关注量", "直播间新增粉丝数", "新增关注数", "followers_gained"},
		FollowersLost:   {"取关粉丝", "取消关注", "取消关注人数", "掉粉", "掉粉数", "脱粉量", "取关数"},
		Followers:       {"粉丝数", "总粉丝数", "粉丝总数", "累计粉丝", "累计粉丝数", "粉丝量", "粉丝", "累计关注人数", "关注者总数", "总粉丝", "followers", "fans"},
		Impressions:     {"曝光", "曝光量", "曝光数", "曝光次数", "展现量", "展示量", "封面曝光数", "impressions"},
		Reach:           {"直播间曝光人数", "曝光人数"},
		Danmaku:         {"弹幕", "弹幕量", "弹幕数"},
		Coins:           {"投币", "投币量", "投币数", "硬币", "硬币数"},
		Forwards:        {"转发聊天和朋友圈"},
		Recommends:      {"在看次数", "在看人数", "在看数", "在看"},
		HomeVisits:      {"主页访问量", "主页访客", "主页访问人数", "主页访问"},
		LinkClicks:      {"企微链接点击次数", "小风车点击次数(不含小雪花)", "小风车点击次数", "链接点击次数"},
		LinkClickers:    {"企微链接点击人数", "小风车/讲解卡点击人数"},
		ContactAdds:     {"添加到通讯录次数"},
		ContactAdders:   {"添加到通讯录人数"},
		AnchorViews:     {"锚点曝光次数"},
		AnchorClicks:    {"锚点点击次数"},
		Leads:           {"线索数", "线索量", "留资数", "留资量", "留资人数", "商机量", "全场景线索人数", "leads"},
		LeadsVideo:      {"短视频表单提交商机量"},
		LeadsLive:       {"直播间表单提交商机量(去重)", "直播间表单提交商机量"},
		LeadsMessage:    {"私信留资客户数", "私信留资数"},
		MessageUsers:    {"进入私信客户数", "私信人数", "私信进线数"},
		Inquiries:       {"主动咨询客户数", "主动咨询人数", "咨询客户数", "咨询人数", "私信咨询数", "私信开口数", "inquiries"},
		Replies:         {"回复客户数", "已回复客户数", "私信回复客户数", "回复咨询客户数", "已回复人数", "私信回复人数", "replies"},
		Orders:          {"直播间成交人数", "成交人数", "订单数"},
		ProductViewers:  {"直播间商品曝光人数", "商品曝光人数"},
		ProductClicks:   {"直播间商品点击人数", "商品点击人数"},
		Peak:            {"人数峰值", "在线峰值", "最高在线人数"},
		Online:          {"平均在线人数"},
		Posts:           {"新发布视频数", "发布数", "发布量", "发文数", "作品数", "投稿量", "发布作品数", "发布笔记数", "新增作品数", "周期内投稿量", "posts"},
		Lives:           {"直播场次", "开播场次", "开播次数", "超25min直播总场次", "lives"},

		CoverRate:  {"封面点击率", "封标点击率", "条均点击率", "点击率"},
		FinishRate: {"完播率", "整体完播率"},
		Finish5s:   {"5s完播率", "5秒完播率", "条均5s完播率"},
		Bounce2s:   {"2s跳出率", "2秒跳出率", "条均2s跳出率"},
		Bounce3s:   {"3s跳出率", "3秒跳出率"},
		Progress:   {"平均播放进度"},
		EnterRate:  {"曝光-进入率", "曝光进入率"},
		WatchTime:  {"人均观看时长", "平均播放时长", "平均观看时长", "条均播放时长"},
		Length:     {"作品时长", "视频时长", "时长", "duration"},
		LiveTime:   {"超25分钟直播时长", "直播有效时长", "直播时长", "有效直播时长"},
		Revenue:    {"直播间用户支付金额", "用户支付金额", "成交金额", "支付金额"},

		UnitPath:    {"单位路径", "unit_path"},
		UnitKind:    {"单位类型", "unit_kind"},
		Member:      {"姓名", "member"},
		Phone:       {"手机", "手机号", "phone"},
		Role:        {"角色", "role"},
		AccountKind: {"账号类型", "account_kind"},
		Ownership:   {"归属", "ownership"},
	} {
		for i, n := range names {
			out[n] = meaning{field: f, rank: i + 1}
		}
	}
	return out
}

// meaning is a field and how good a name for it the header is: of two columns
// meaning the same, the lower rank is read.
type meaning struct {
	field Field
	rank  int
}

var vocabulary = common()

// meaningOf finds what a normalised header means in a kind; unit is what a
// trailing bracket said ("分", "小时", "万"). A header whose bracket is part of
// its name is found whole first.
func (k Kind) meaningOf(h string) (m meaning, unit string) {
	name, u := splitUnit(h)
	for _, try := range []string{h, name} {
		if f, ok := k.Columns[try]; ok {
			return meaning{field: f}, u
		}
		if m, ok := vocabulary[try]; ok && !k.Only {
			return m, u
		}
	}
	return meaning{}, ""
}

// durationUnit is the length in milliseconds of one unit named in a header;
// what carries no name is seconds, as all platforms write it.
func durationUnit(unit string) int64 {
	switch unit {
	case "分", "分钟", "min", "m":
		return 60_000
	case "小时", "时", "h":
		return 3_600_000
	case "毫秒", "ms":
		return 1
	}
	return 1000
}
