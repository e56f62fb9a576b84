package pack

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed words/common.txt
var commonText string

// common holds frequent words of two to five characters (from jieba's small dictionary, MIT; see NOTICE). It is read only.
var common = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool, 46_000)
	for w := range strings.Lines(commonText) {
		out[strings.TrimSuffix(w, "\n")] = true
	}
	return out
})

// Characters so frequent that standing alone they prove nothing.
const frequent = "的一是了我不在人有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切待卡块黑质买卖"

// accident tells whether a hit that does not spell its rule out reads as ordinary words: 搞笑 is not 高效 in disguise,
// nor is 送一，流程 the word 一流. A plain hit spells the rule out and counts unless a clause mark splits it. A hit holding Latin letters or marks other than one clause mark never is.
func accident(text string, start, end int, plain bool) bool {
	split, ok := clauseMark(text[start:end])
	if !ok || plain && split < 0 {
		return false
	}
	if split >= 0 {
		return straddles(text, start, start+split, end)
	}
	from, to := widen(text, start, end)
	return ordinary([]rune(text[from:to]), utf8.RuneCountInString(text[from:start]), utf8.RuneCountInString(text[from:end]))
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

// straddles tells whether a word reaches over the end of a hit that a clause mark splits.
func straddles(text string, start, split, end int) bool {
	from, _ := widen(text, start, start)
	_, to := widen(text, end, end)
	left, right := []rune(text[from:split]), []rune(strings.TrimLeftFunc(text[split:to], func(r rune) bool { return !unicode.Is(unicode.Han, r) }))
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
	long, reaches := false, false
	for i := 0; i < b; i += size[i] {
		end := i + size[i]
		if end <= a {
			continue
		}
		switch {
		case size[i] > 1:
			long = true
			reaches = reaches || i < a || end > b
		case !strings.ContainsRune(frequent, rs[i]):
			return false
		}
	}
	return long && (reaches || b-a <= size0(size, a, b))
}

// size0 is the length of the word that begins with the hit, 0 when none does or it is a single character.
func size0(size []int, a, b int) int {
	i := 0
	for i < a {
		i += size[i]
	}
	if i != a {
		return 0
	}
	covered := 0
	for i < b && size[i] > 1 {
		covered += size[i]
		i += size[i]
	}
	return covered
}
