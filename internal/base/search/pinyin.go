package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// syllable is the pinyin of one Han character, or a run of letters or digits.
type syllable struct {
	text string
	han  bool
}

// phrases are words whose characters are not read in the usual way. A word of one
// character counts only at the head of a name of two or three (a surname).
const phrases = `
重庆 chong qing|长沙 chang sha|长春 chang chun|长安 chang an|长宁 chang ning|长江 chang jiang|长城 chang cheng
长乐 chang le|长兴 chang xing|长葛 chang ge|长丰 chang feng|长阳 chang yang|长白 chang bai|长岛 chang dao|厦门 xia men|西藏 xi zang
六安 lu an|六合 lu he|蚌埠 beng bu|台州 tai zhou|丽水 li shui|乐清 yue qing|都匀 du yun|成都 cheng du|首都 shou du|都市 du shi
番禺 pan yu|会稽 kuai ji|朝阳 chao yang|铅山 yan shan|浚县 xun xian|银行 yin hang|行业 hang ye|商行 shang hang|车行 che hang
车厢 che xiang|音乐 yin yue|乐器 yue qi|重阳 chong yang|长途 chang tu|调味 tiao wei|单县 shan xian|尉犁 yu li|歙县 she xian
荥阳 xing yang|涡阳 guo yang|东阿 dong e|大城 dai cheng|任丘 ren qiu|任县 ren xian|洪洞 hong tong|繁峙 fan shi|隰县 xi xian
尉迟 yu chi|万俟 mo qi|单于 chan yu|长孙 zhang sun|澹台 tan tai|呼延 hu yan
曾 zeng|单 shan|仇 qiu|解 xie|查 zha|区 ou|盖 ge|翟 zhai|缪 miao|乐 yue|朴 piao|折 she|召 shao|覃 qin|葛 ge|尹 yin|任 ren|冼 xian|华 hua|纪 ji|过 guo|黑 he|种 chong|秘 bi|繁 po|员 yun|贠 yun|牟 mou|逄 pang|卜 bu|宓 mi|重 chong|长 chang`

// readings is built from phrases by splitReadings; it is read only.
var readings = splitReadings(phrases)

func splitReadings(s string) map[string][]string {
	out := map[string][]string{}
	for item := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == '\n' }) {
		f := strings.Fields(item)
		out[f[0]] = f[1:]
	}
	return out
}

// Visible drops what nobody sees, so that two names that look the same are the same: control characters, blanks
// without width and marks that turn the text around. The joiner inside emoji stays; every kind of blank becomes a space.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == 0x00AD, r == 0xFEFF, r >= 0x200B && r <= 0x200F && r != 0x200D, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
			return -1
		}
		return r
	}, s)
}

// Normal folds width, case and look-alike forms (ＡＢＣ１ → abc1) and trims space.
func Normal(s string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s)))
}

func syllables(name string) []syllable {
	rs := []rune(Normal(name))
	var out []syllable
	for i := 0; i < len(rs); {
		if py, n := reading(rs, i); n > 0 {
			for _, p := range py {
				out = append(out, syllable{p, true})
			}
			i += n
			continue
		}
		r := rs[i]
		switch py := commonReading(r); {
		case py != "":
			out = append(out, syllable{py, true})
			i++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			j := i + 1
			for j < len(rs) && sameRun(r, rs[j]) {
				j++
			}
			out = append(out, syllable{string(rs[i:j]), false})
			i = j
		default:
			i++ // space and punctuation neither sort nor match
		}
	}
	return out
}

// commonReading is the first reading of a character without its tone, "" for one that has none. The library's own way
// takes the tones off with regular expressions, a third of the time that a roster's names take to spell.
func commonReading(r rune) string {
	if r < 0x2E80 { // nothing below is Han
		return ""
	}
	first, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	return strings.Map(toneless, first)
}

func toneless(r rune) rune {
	switch r {
	case 'ā', 'á', 'ǎ', 'à':
		return 'a'
	case 'ē', 'é', 'ě', 'è':
		return 'e'
	case 'ō', 'ó', 'ǒ', 'ò':
		return 'o'
	case 'ī', 'í', 'ǐ', 'ì':
		return 'i'
	case 'ū', 'ú', 'ǔ', 'ù':
		return 'u'
	case 'ü', 'ǘ', 'ǚ', 'ǜ':
		return 'v'
	case 'ń', 'ň', 'ǹ':
		return 'n'
	case 'ḿ':
		return 'm'
	}
	return r
}

func reading(rs []rune, i int) (py []string, n int) {
	if i+2 <= len(rs) {
		if py, ok := readings[string(rs[i:i+2])]; ok {
			return py, 2
		}
	}
	if i == 0 && len(rs) >= 2 && len(rs) <= 3 {
		if py, ok := readings[string(rs[:1])]; ok {
			return py, 1
		}
	}
	return nil, 0
}

func sameRun(first, next rune) bool {
	if unicode.IsDigit(first) {
		return unicode.IsDigit(next)
	}
	return unicode.IsLetter(next) && !unicode.Is(unicode.Han, next)
}

// maxNumber is the width to which numbers in names are filled, so that 门店2 sorts
// before 门店10.
const maxNumber = 10

// Key returns the sort key of a name: its pinyin, syllable by syllable, then the
// name itself so that different names have different keys. Keys compare bytewise
// (TEXT COLLATE "C") and are never empty for a name that is not.
func Key(name string) string {
	var b strings.Builder
	for i, s := range syllables(name) {
		if i > 0 {
			b.WriteByte(' ')
		}
		if n := len(s.text); n < maxNumber && unicode.IsDigit(rune(s.text[0])) {
			b.WriteString(strings.Repeat("0", maxNumber-n))
		}
		b.WriteString(s.text)
	}
	b.WriteByte(0x1f)
	b.WriteString(Normal(name))
	return b.String()
}

// Pinyin returns the whole pinyin without spaces ("wangxiaoming") and the initials
// ("wxm") of a name.
func Pinyin(name string) (full, initials string) {
	var f, in strings.Builder
	for _, s := range syllables(name) {
		f.WriteString(s.text)
		if s.han {
			r, _ := utf8.DecodeRuneInString(s.text)
			in.WriteRune(r)
		} else {
			in.WriteString(s.text)
		}
	}
	return f.String(), in.String()
}

// Matches reports whether a name answers to what somebody typed: a part of the
// name, its pinyin from the beginning of a syllable, or its initials. Several
// words must all match. An empty query matches everything.
func Matches(name, query string) bool {
	plain := strings.ReplaceAll(Normal(name), " ", "")
	var syl []syllable
	for word := range strings.FieldsSeq(Normal(query)) {
		if strings.Contains(plain, word) {
			continue
		}
		if syl == nil {
			syl = syllables(name)
		}
		if !matchesPinyin(syl, word) {
			return false
		}
	}
	return true
}

// matchesPinyin tries every syllable as a start and lets each typed piece be a
// whole syllable, or its beginning: "wangxm", "xiaom", "wxm".
func matchesPinyin(syl []syllable, word string) bool {
	for i := range syl {
		if eat(syl[i:], word) {
			return true
		}
	}
	return false
}

func eat(syl []syllable, word string) bool {
	if word == "" {
		return true
	}
	if len(syl) == 0 {
		return false
	}
	for n := commonPrefix(syl[0].text, word); n > 0; n-- {
		if eat(syl[1:], word[n:]) {
			return true
		}
	}
	return false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
