package match

import (
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// phrases are what sellers' posts are made of.
const phrases = "姐妹们 今天 给大家 分享 一款 真的 好用 的 面霜 我 用了 一个月 皮肤 明显 变好 了 质地 很 清爽 不油腻 推荐 给 敏感肌 新车 到店 欢迎 试驾 空间 特别 大 油耗 低 周末 带 家人 出去 玩 非常 合适 优惠 活动 只剩 三天 名额 有限 先到先得 价格 可以 聊 保险 怎么 买 才 不踩坑 重疾险 医疗险 区别 孩子 奶粉 选择 建议 看 配料表 宝妈 必看 户型 南北通透 地铁 十分钟 学区 样板间 装修 风格 简约 大气 预约 看房 门店 地址 在 评论区 喜欢 记得 点赞 收藏 关注 下期 再见 这个 那个 就是 因为 所以 但是 如果 还是 已经 觉得 其实 一直 然后 时候 东西 问题 朋友 老公 老板 客户 同事 上海 北京 成都 广州 早上 晚上 春天 夏天 口红 粉底 眼影 防晒 精华 面膜 香水 包包 裙子 鞋子 好看 便宜 质量 服务 态度 专业 放心 安全 舒服 漂亮 可爱 温柔 实用 划算"

const latin = "OOTD BMW iPhone SUV vlog SPF50 VIP ins AirPods cpb plus L3 Type-C ok 24h 100ml A6L Model3 "

const (
	stops = "，。！？、～…：；"
	emoji = "😊🎉👍❤🔥✨💰🚗🏠💄"
)

// Sample makes count rules of two to six characters and a text of size bytes, the same for the same numbers: half of the
// rules are where two words of the text may meet, half are characters of the 3,755 most used ones at random. About one
// rule in 500 bytes of text is written out, one of four of them disguised.
func Sample(count, size int) (terms []string, text string) {
	r := rand.New(rand.NewPCG(20261122, 7)) //nolint:gosec // the same numbers on every machine are what is wanted
	level1 := common()
	words := vocabulary(r, level1)
	seen := map[string]bool{}
	for len(terms) < count {
		if term := invent(r, words, level1, len(terms)%2 == 0); !seen[term] {
			seen[term] = true
			terms = append(terms, term)
		}
	}
	var b strings.Builder
	b.Grow(size + 64)
	foreign := strings.Fields(latin)
	for next := 500; b.Len() < size; {
		switch k := r.IntN(100); {
		case k < 10:
			b.WriteRune(pick(r, stops))
		case k < 12:
			b.WriteRune(pick(r, emoji))
		case k < 15:
			b.WriteString(foreign[r.IntN(len(foreign))])
		case k < 16:
			b.WriteByte("\n 0123456789"[r.IntN(12)])
		case k < 45:
			b.WriteRune(level1[low(r, 3, len(level1))])
		default:
			b.WriteString(words[low(r, 4, len(words))])
		}
		if b.Len() > next {
			next += 250 + r.IntN(500)
			b.WriteString(disguise(r, terms[r.IntN(len(terms))]))
		}
	}
	return terms, strings.ToValidUTF8(b.String()[:size], "")
}

// vocabulary gives the phrases and 8,000 invented words of two or three characters.
func vocabulary(r *rand.Rand, level1 []rune) []string {
	words := strings.Fields(phrases)
	for range 8000 {
		rs := make([]rune, 2+r.IntN(2))
		for i := range rs {
			rs[i] = level1[low(r, 2, len(level1))]
		}
		words = append(words, string(rs))
	}
	return words
}

// low gives a number below n, the low ones far more often.
func low(r *rand.Rand, power float64, n int) int {
	return int(math.Pow(r.Float64(), power) * float64(n))
}

// invent makes a term of two to six characters: where two words of the text meet, or any characters.
func invent(r *rand.Rand, words []string, level1 []rune, meeting bool) string {
	n := 2 + r.IntN(5)
	var rs []rune
	if meeting {
		a, b := []rune(words[r.IntN(len(words))]), []rune(words[r.IntN(len(words))])
		rs = append(a[len(a)-1-r.IntN(min(len(a), n-1)):], b...)
	}
	for len(rs) < n {
		rs = append(rs, level1[r.IntN(len(level1))])
	}
	return string(rs[:n])
}

func pick(r *rand.Rand, from string) rune {
	rs := []rune(from)
	return rs[r.IntN(len(rs))]
}

// disguise puts filler into one term of four.
func disguise(r *rand.Rand, term string) string {
	if r.IntN(4) > 0 {
		return term
	}
	rs := []rune(term)
	cut := 1 + r.IntN(len(rs)-1)
	return string(rs[:cut]) + []string{" ", "*", "\u200b", "。", "🔥"}[r.IntN(5)] + string(rs[cut:])
}

// common gives the characters of the first level of GB 2312.
func common() []rune {
	var out []rune
	decoder := simplifiedchinese.GBK.NewDecoder()
	for row := 0xB0; row <= 0xD7; row++ {
		for cell := 0xA1; cell <= 0xFE && (row < 0xD7 || cell <= 0xF9); cell++ {
			if s, err := decoder.Bytes([]byte{byte(row), byte(cell)}); err == nil {
				out = append(out, []rune(string(s))[0])
			}
		}
	}
	return out
}
