package pack

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"kosmos/internal/scan"
)

//go:embed words/common.txt
var commonText string

//go:embed words/selling.txt
var sellingText string

//go:embed words/chars.txt
var charsText string

// known holds the two thousand characters used most (counted as the pairs below). It is read only.
var known = sync.OnceValue(func() map[rune]bool {
	out := make(map[rune]bool, 2000)
	for _, r := range charsText {
		out[r] = r != '\n'
	}
	return out
})

//go:embed words/pairs.txt
var pairsText string

// common holds frequent words of two to five characters (from jieba's small dictionary, MIT; see NOTICE) and words of the
// trades it lacks. It is read only.
var common = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool, 46_000)
	for w := range strings.Lines(commonText + sellingText) {
		out[strings.TrimSuffix(w, "\n")] = true
	}
	return out
})

// pairs holds two characters that often stand side by side without being a word (counted in the harmless rows of
// coldataset, Apache-2.0; see NOTICE). It is read only.
var pairs = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool, 20_000)
	for w := range strings.Lines(pairsText) {
		out[strings.TrimSuffix(w, "\n")] = true
	}
	return out
})

// Characters so frequent that standing alone they prove nothing.
const frequent = "的一是了我不在人有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切待卡块黑质买卖"

// accident tells whether a hit reads as ordinary words rather than as a rule in disguise: 搞笑 is not 高效, 急加速 holds
// no 极佳, nor does 送一，流程 hold 一流. strange is how many of the hit's characters the rule does not have itself: a plain
// hit (0) counts unless a clause mark splits it. A hit with Latin letters or other marks is never an accident.
func accident(text string, start, end, strange int) bool {
	hit := text[start:end]
	if digitCut(text, start, end) || short(hit) && (strange > 0 || strings.Contains(hit, "\n") && len(hit) > 8) {
		return true // 第15集 is no 第一, 06微 no 加微; 肤色 ！底妆 takes two liberties at a time, and a list of 刷 above 粉 no 刷粉
	}
	split, ok := clauseMark(hit)
	if !ok || strange == 0 && split < 0 {
		return false
	}
	if split >= 0 {
		return straddles(text, start, start+split, end)
	}
	if n := utf8.RuneCountInString(hit); n == 2 && (pairs()[string(simple(hit))] || strange == n && everyday(hit)) {
		return true
	}
	from, to := widen(text, start, end)
	return ordinary(simple(text[from:to]), utf8.RuneCountInString(text[from:start]), utf8.RuneCountInString(text[from:end]))
}

// short tells whether a hit has at most three Han characters, and filler or digits between them.
func short(hit string) bool {
	han, other := 0, 0
	for _, r := range hit {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			return false
		case !strings.ContainsRune("\u200b\u200c\u200d\u2060\ufeff\ufe0f+＋➕", r):
			other++
		}
	}
	return other > 0 && han <= 3
}

// longestName is how long a profile text without a field may be to be taken for a name.
const longestName = 12

// isName tells whether a text is what somebody is called: names sound like anything.
func isName(text string, ctx scan.Context) bool {
	return ctx.Field == "name" || ctx.Field == "handle" || ctx.Kind == "profile" && ctx.Field == "" && runes(text) <= longestName
}

// like tells whether a hit in a name is too short to be more than a likeness. Three characters may still be 加薇信.
func like(hit, category string) bool {
	return hanOnly(hit) && (runes(hit) <= 2 || runes(hit) == 3 && category != "diversion")
}

func hanOnly(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}

// digitCut tells whether a hit begins or ends inside a number.
func digitCut(text string, start, end int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	return digit(start-1) && digit(start) || digit(end-1) && digit(end)
}

// strangers counts the characters of a hit that none of the terms has in their place.
func strangers(word []rune, terms [][]rune) int {
	word = slices.Compact(slices.Clone(word)) // 国国家家级
	least := len(word)
	for _, t := range terms {
		t = slices.Compact(slices.Clone(t))
		if len(t) != len(word) {
			continue
		}
		n := 0
		for i := range t {
			if t[i] != word[i] {
				n++
			}
		}
		least = min(least, n)
	}
	return least
}

// clauseMark finds the one clause mark within a hit (-1: none); ok is false where the hit holds anything but Han and it.
func clauseMark(hit string) (at int, ok bool) {
	at = -1
	for i, r := range hit {
		switch {
		case unicode.Is(unicode.Han, r):
		case at < 0 && strings.ContainsRune("，。！？；：、\n,!?; \t（）()“”\"—…", r):
			at = i
		case at >= 0 && unicode.IsSpace(r):
		default:
			return at, false
		}
	}
	return at, true
}

// everyday tells whether two characters are such as meet by chance: one very frequent, or both well known.
func everyday(hit string) bool {
	return strings.ContainsAny(hit, frequent) || !strings.ContainsFunc(string(simple(hit)), func(r rune) bool { return !known()[r] })
}

// straddles tells whether a word reaches over the end of a hit that a clause mark splits.
func straddles(text string, start, split, end int) bool {
	from, _ := widen(text, start, start)
	_, to := widen(text, end, end)
	left, right := simple(text[from:split]), simple(strings.TrimLeftFunc(text[split:to], func(r rune) bool { return !unicode.Is(unicode.Han, r) }))
	inLeft := utf8.RuneCountInString(text[start:split])
	behind := utf8.RuneCountInString(text[end:to])
	for n := inLeft + 1; n <= min(5, len(left)); n++ {
		if common()[string(left[len(left)-n:])] {
			return true
		}
	}
	for n := len(right) - behind + 1; n <= min(5, len(right)); n++ {
		if n > 1 && common()[string(right[:n])] {
			return true
		}
	}
	return false
}

// widen takes up to four Han characters on either side.
func widen(text string, start, end int) (from, to int) {
	from, to = start, end
	for range 4 {
		r, n := utf8.DecodeLastRuneInString(text[:from])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		from -= n
	}
	for range 4 {
		r, n := utf8.DecodeRuneInString(text[to:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		to += n
	}
	return from, to
}

// simple writes Han characters in their simplified form, one for one.
func simple(text string) []rune {
	rs := []rune(text)
	for i, r := range rs {
		if folded := []rune(scan.Fold(string(r))); len(folded) == 1 && unicode.Is(unicode.Han, folded[0]) {
			rs[i] = folded[0]
		}
	}
	return rs
}

// ordinary cuts the characters into words, the longest preferred, and tells whether those over [a, b) are common ones.
func ordinary(rs []rune, a, b int) bool {
	n := len(rs)
	best, size := make([]int, n+1), make([]int, n+1)
	for i := n - 1; i >= 0; i-- {
		best[i], size[i] = best[i+1], 1
		for l := 2; l <= 5 && i+l <= n; l++ {
			if common()[string(rs[i:i+l])] && best[i+l]+l*l > best[i] {
				best[i], size[i] = best[i+l]+l*l, l
			}
		}
	}
	covered := true
	for i := 0; i < b; i += size[i] {
		end := i + size[i]
		switch {
		case end <= a:
		case size[i] > 1 && (i < a || end > b):
			return true // a word is cut by the hit
		case size[i] == 1 && !strings.ContainsRune(frequent, rs[i]):
			covered = false
		case size[i] == 1:
			covered = covered && b-a > 2
		}
	}
	return covered
}
