// Package pattern reads how a title is built: what a reader of a feed sees before anything else. Pure, no store.
package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is a pattern of a title.
type Mark string

// The patterns, in the order in which they are told.
const (
	Number      Mark = "number"      // 3 个、十分钟、2026
	Question    Mark = "question"    // ？、吗、怎么、为什么
	Exclamation Mark = "exclamation" // ！
	Brand       Mark = "brand"       // a brand word
	Bracket     Mark = "bracket"     // 【】「」《》（）
	Emoji       Mark = "emoji"
	Contrast    Mark = "contrast" // 却、竟然、居然、没想到、原来
	Person      Mark = "person"   // 你、我、姐妹、家人
	Colon       Mark = "colon"    // topic：what of it
	Hashtag     Mark = "hashtag"
	Warning     Mark = "warning" // 别、千万、避坑、后悔
	Steps       Mark = "steps"   // 教程、攻略、清单、步骤
)

// Title is a title taken apart.
type Title struct {
	Plain   string   // without hashtags
	Length  int      // characters of Plain
	Opening string   // the first clause
	Rest    string   // what follows it
	Tags    []string // hashtags without the sign
	Words   []string // the words that a pattern was seen by, in order, without doubles
	Marks   []Mark
}

// Has tells whether a title has a pattern.
func (t *Title) Has(m Mark) bool {
	for _, x := range t.Marks {
		if x == m {
			return true
		}
	}
	return false
}

// signs are the words that a pattern is seen by.
func signs() []struct {
	mark  Mark
	words []string
} {
	return []struct {
		mark  Mark
		words []string
	}{
		{Question, []string{"？", "?", "吗", "怎么", "为什么", "如何", "什么", "哪个", "哪款", "要不要", "值不值", "能不能", "到底"}},
		{Exclamation, []string{"！", "!"}},
		{Bracket, []string{"【", "「", "《", "（", "(", "["}},
		{Contrast, []string{"竟然", "居然", "没想到", "原来", "反而", "却", "结果"}},
		{Person, []string{"姐妹", "家人", "宝子", "打工人", "新手", "宝妈", "你", "我"}},
		{Colon, []string{"：", ":"}},
		{Warning, []string{"千万", "避坑", "踩坑", "后悔", "别再", "别", "劝退", "慎"}},
		{Steps, []string{"教程", "攻略", "清单", "步骤", "合集", "指南", "一图", "干货"}},
	}
}

// Read takes a title apart. brand finds the brand word in a text, "" when there is none; it may be nil.
func Read(title string, brand func(string) string) Title {
	var t Title
	t.Plain, t.Tags = split(title)
	t.Length = utf8.RuneCountInString(t.Plain)
	t.Opening, t.Rest = opening(t.Plain)
	add := func(m Mark, word string) {
		if !t.Has(m) {
			t.Marks = append(t.Marks, m)
		}
		for _, w := range t.Words {
			if w == word {
				return
			}
		}
		if word != "" {
			t.Words = append(t.Words, word)
		}
	}
	for _, n := range numbers(t.Plain) {
		add(Number, n)
	}
	if brand != nil {
		if w := brand(t.Plain); w != "" {
			add(Brand, w)
		}
	}
	for _, s := range signs() {
		for _, w := range s.words {
			if strings.Contains(t.Plain, w) {
				if s.mark == Exclamation || s.mark == Bracket || s.mark == Colon || w == "？" || w == "?" {
					w = ""
				}
				add(s.mark, w)
			}
		}
	}
	if strings.ContainsFunc(t.Plain, emoji) {
		add(Emoji, "")
	}
	if len(t.Tags) > 0 {
		add(Hashtag, "")
	}
	return t
}

// split takes the hashtags off: "#新车 试驾 #周末#" gives "试驾" and 新车, 周末.
func split(title string) (plain string, tags []string) {
	var b strings.Builder
	r := []rune(title)
	for i := 0; i < len(r); i++ {
		if r[i] != '#' && r[i] != '＃' {
			b.WriteRune(r[i])
			continue
		}
		end := i + 1
		for end < len(r) && (unicode.IsLetter(r[end]) || unicode.IsDigit(r[end]) || r[end] == '_') {
			end++
		}
		if end > i+1 {
			tags = append(tags, string(r[i+1:end]))
		}
		if end < len(r) && (r[end] == '#' || r[end] == '＃') && !letterAfter(r, end) {
			end++
		}
		i = end - 1
	}
	return strings.Join(strings.Fields(b.String()), " "), tags
}

func letterAfter(r []rune, i int) bool {
	return i+1 < len(r) && (unicode.IsLetter(r[i+1]) || unicode.IsDigit(r[i+1]))
}

// opening cuts the first clause off.
func opening(plain string) (first, rest string) {
	for i, c := range plain {
		if i > 0 && strings.ContainsRune("，。！？；：、,!?;:|｜\n…~～", c) {
			end := i + utf8.RuneLen(c)
			if strings.ContainsRune("！？!?", c) {
				return strings.TrimSpace(plain[:end]), strings.TrimSpace(plain[end:])
			}
			return strings.TrimSpace(plain[:i]), strings.TrimSpace(plain[end:])
		}
	}
	return plain, ""
}

// numbers lists the numbers of a text with the character behind them: 3个, 十分钟 gives 十分.
func numbers(text string) []string {
	const chinese = "零一二两三四五六七八九十百千万"
	var out []string
	r := []rune(text)
	for i := 0; i < len(r); i++ {
		end := i
		for end < len(r) && (unicode.IsDigit(r[end]) || end > i && (r[end] == '.' || r[end] == '%')) {
			end++
		}
		if end > i && i > 0 && r[i-1] < 128 && unicode.IsLetter(r[i-1]) { // S5 is a name
			i = end - 1
			continue
		}
		if end == i {
			for end < len(r) && strings.ContainsRune(chinese, r[end]) {
				end++
			}
			// 一 alone is in words like 一起, 一定: only a counted thing is a number
			if end > i && (end >= len(r) || !strings.ContainsRune("个件条点款招步年月天岁倍分元块次种秒", r[end])) {
				end = i
			}
		}
		if end > i {
			stop := end
			if stop < len(r) && strings.ContainsRune("个件条点款招步年月天岁倍分元块次种秒万", r[stop]) {
				stop++
			}
			out = append(out, string(r[i:stop]))
			i = stop - 1
		}
	}
	return out
}

func emoji(c rune) bool {
	return c >= 0x1F300 && c <= 0x1FAFF || c >= 0x2600 && c <= 0x27BF || c >= 0x1F1E6 && c <= 0x1F1FF
}
