package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// brandName is the invented car brand; it exists nowhere.
const brandName = "星屿汽车"

var (
	groupNames = []string{"远途", "恒川", "金帆", "瑞泽", "嘉禾", "广利", "华宸", "同舟", "景行", "盛驰", "启明", "永达源", "宏图", "博睿", "信诚", "百川"}
	districts  = []string{"中心", "东城", "西城", "南湖", "北苑", "高新", "开发区", "滨江", "新城", "老城", "大学城", "火车站", "体育馆", "会展", "机场路", "环城", "人民路", "解放路", "科技园", "奥体"}
	surnames   = []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严")
	givens     = []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文林辉玲飞雪晨宇浩轩然子涵梓怡欣悦嘉佳思雨琪萱彤倩雯婷颖慧琳璐瑶晓东海波斌鹏凯旭阳昊天博睿航铭泽诚志远")
	models     = []string{"星屿L7", "星屿S5", "澜图E5", "澜图E3", "北辰X9", "北辰X6"}
	features   = []string{"后排空间", "智能座舱", "零重力座椅", "城市领航", "能耗表现", "全景天幕", "音响系统", "后备厢", "自动泊车", "冬季续航", "底盘质感", "儿童安全座椅接口"}
	scenes     = []string{"带娃出行", "通勤一周", "自驾川西", "周末露营", "跑高速回老家", "雨天夜路", "接送孩子", "一家五口出游", "市区早高峰", "地库窄车位"}
	colours    = []string{"曜石黑", "月光银", "海湾蓝", "暖雾白", "晨曦粉", "远山青"}
)

var handlePrefix = map[string]string{
	"xiaohongshu": "xy_note_", "douyin": "xydy", "channels": "xych_", "kuaishou": "xyks", "bilibili": "xybili_", "weibo": "xywb_", "wechat_oa": "xy_oa_",
}

// patterns are titles as dealers' staff write them; {m} model, {f} feature, {s} scene, {c} city, {k} colour, {n} number.
var patterns = []string{
	"{m}{f}到底怎么样？开了{n}天说实话", "{c}提车{n}天，{m}真实油耗电耗", "{s}，{m}够用吗", "坐标{c}，{m}落地清单分享", "{m}{k}实拍，比图片好看",
	"新手司机看过来：{m}{f}这样用", "{c}车主的{n}个用车小技巧", "试驾{m}，{f}让我意外", "和老公吵了一架后我们定了{m}", "{m}和同级比，{f}赢在哪",
	"店里今天到了{k}的{m}", "交车日记第{n}集：恭喜{c}的刘姐", "{s}装备清单，后备厢全塞下了", "销售顾问的一天｜{c}", "为什么有人从燃油车换到{m}",
	"{m}保养一次多少钱？到店问清楚了", "{f}隐藏功能，{n}个你可能不知道", "{c}周末试驾活动，带娃来玩", "冬天开电车怕冷？{m}实测", "第一次买车必看的{n}个坑",
	"{m}提车前检查清单，收藏就行", "女生开{m}好停车吗", "{s}vlog｜这台车治好了我的晕车", "老车主回访：{m}一年后的真心话", "{k}还是{k2}？评论区选一个",
	"{m}的{f}，一条视频讲明白", "在{c}卖车{n}年，说点大实话", "{c}这条路太适合试驾了", "爸妈坐{m}后排的反应", "置换流程一次说清楚｜{c}",
}

var suffixes = []string{"", "", "", "", "🚗", "✨", " #星屿", " #购车攻略", "｜建议收藏", "！"}

func title(r *rand.Rand, b *Brand, a *Account) string {
	unit := b.Units[b.Members[a.Member].Unit]
	city := unit.City.Short()
	switch unit.Kind {
	case "team":
		city = "全国"
	case "region":
		city = unit.Path[0]
	}
	k := r.IntN(len(colours))
	t := strings.NewReplacer(
		"{m}", models[r.IntN(len(models))], "{f}", features[r.IntN(len(features))], "{s}", scenes[r.IntN(len(scenes))],
		"{c}", city, "{k2}", colours[(k+1)%len(colours)], "{k}", colours[k], "{n}", fmt.Sprint(3+r.IntN(97)),
	).Replace(patterns[r.IntN(len(patterns))])
	return t + suffixes[r.IntN(len(suffixes))]
}

func personName(r *rand.Rand) string {
	s := string(surnames[r.IntN(len(surnames))]) + string(givens[r.IntN(len(givens))])
	if r.IntN(3) > 0 {
		s += string(givens[r.IntN(len(givens))])
	}
	return s
}

func nickname(r *rand.Rand, name string) string {
	first := string([]rune(name)[:1])
	last := string([]rune(name)[len([]rune(name))-1:])
	return []string{"小" + first + "说车", first + "姐选车", last + last + "的用车日记", "顾问" + name, first + "师傅聊车", last + "仔看车"}[r.IntN(6)]
}

// storeName finds a name no other store has: city and district first, then numbered branches.
func storeName(r *rand.Rand, c City, taken map[string]bool) string {
	name := c.Short() + districts[r.IntN(len(districts))]
	full := name + "店"
	for k := 2; taken[full]; k++ {
		full = fmt.Sprintf("%s%d店", name, k)
	}
	taken[full] = true
	return full
}

func externalID(a *Account, k int) string {
	if a.Platform == "bilibili" {
		return fmt.Sprintf("BV1%08x%03x", a.index, k)
	}
	return fmt.Sprintf("export/%08x%04x", a.index, k)
}
