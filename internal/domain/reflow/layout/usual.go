package layout

import "strings"

// Usual lists the headers a layout comes with in the wild, as a start for an edited copy of it.
func Usual(kind string) []string {
	h := map[string]string{
		"xhs_notes":          "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕",
		"douyin_works":       "作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,收藏量,主页访问量,粉丝增量",
		"channels_videos":    "视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量,转发聊天和朋友圈",
		"bilibili_videos":    "稿件标题,BV号,发布时间,播放量,弹幕量,评论数,点赞,投币量,收藏,分享,封标点击率,平均播放进度,涨粉",
		"wechat_oa_articles": "标题,发表时间,总阅读次数,阅读人数,分享次数,收藏次数,留言次数,在看次数,新增关注人数",
		"kuaishou_works":     "作品,发布时间,播放量,完播率,平均播放时长,3s跳出率,5s完播率,点赞量,评论量,分享量,收藏量,涨粉量",
		"weibo_posts":        "微博内容,发布时间,阅读量,转发数,评论数,点赞数",
		"douyin_live":        "主播昵称,直播开始时间,直播间曝光人数,直播间观看人数,直播间观看次数,直播间新增粉丝数,直播间评论次数,直播间点赞次数",
		"account_daily":      "日期,账号,平台,总粉丝数,净增粉丝,播放量,点赞,评论,分享,发布数,直播场次",
		"generic_posts":      "平台,账号名称,标题,发布时间,播放量,点赞数,评论数,收藏数,分享数",
		"dealer_video":       "主机厂经销商id,日期,锚点曝光次数,锚点点击次数,新发布视频数,短视频表单提交商机量",
	}[kind]
	if h == "" {
		return nil
	}
	return strings.Split(h, ",")
}
