package scan

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words that make a number an address, and what may stand between them and it.
var (
	qqWords      = words("qq 扣扣 口口 叩叩 抠抠 蔻蔻 球球 秋秋 企鹅 企鹅号 qq群 扣群 q群 加q 加扣 扣 群号 群 裙 进群 加群 入群 神秘数字")
	qqShort      = words("q")
	qqAsking     = words("联系 找 咨询 加 加我 私聊 滴滴 详询") // with eight digits or more
	wechatWords  = words("微信 薇信 威信 维信 徽信 卫信 韦信 魏信 葳信 唯信 伟信 微心 微芯 薇心 v信 w信 微x 薇x v星 v心 v芯 wei信 微xin weixin wechat vx wx 微信号 v信号 vx号 绿泡泡 绿色软件 卫星号 加v 加微 加薇 加威 加wei 佳v 家v 私v")
	wechatShort  = words("v 薇 微 威 葳 wei w")
	betweenWords = words("号 码 是 为 我 的 同 加 搜 请 群 id 就 一下")
)

// cue finds a word before character j that makes what follows an address, with nothing but connecting words and up to
// six signs between. plain tells that the two are linked by words or a colon, not just neighbours.
func (w *window) cue(j int, long, short [][]uint16) (at int, plain, ok bool) {
	for hops := 0; hops < 5 && j > 0; hops++ {
		gap := w.text[min(w.end(j-1), int(w.at[j])):w.at[j]]
		if utf8.RuneCountInString(gap) > 6 {
			return 0, false, false
		}
		plain = plain || strings.ContainsAny(gap, ":：➡👉→-—=")
		if n := w.wordBefore(j, long); n > 0 && w.opensWord(j-n) {
			return j - n, plain, true
		}
		if n := w.wordBefore(j, short); n > 0 && w.opensWord(j-n) && (plain || w.plus(j-n)) {
			return j - n, true, true
		}
		n := w.wordBefore(j, betweenWords())
		if n == 0 {
			return 0, false, false
		}
		plain = true
		j -= n
	}
	return 0, false, false
}

// wordBefore gives the length of the longest of the words that ends before character j.
func (w *window) wordBefore(j int, list [][]uint16) (n int) {
	for _, word := range list {
		if len(word) > n && w.spells(j-len(word), word) {
			n = len(word)
		}
	}
	return n
}

// opensWord tells that no Latin letter runs into the one at character j.
func (w *window) opensWord(j int) bool {
	return !letter(w.class[j]) || j == 0 || !letter(w.class[j-1]) || !w.joined(j-1)
}

// plus tells that a plus sign stands before character j.
func (w *window) plus(j int) bool {
	from := 0
	if j > 0 {
		from = w.end(j - 1)
	}
	for _, r := range w.text[min(from, int(w.at[j])):w.at[j]] {
		if sign(r) == '+' {
			return true
		}
	}
	return false
}

// qq finds QQ numbers: five to eleven digits behind a word for QQ, or before @qq.com.
func qq(w *window, j int) (found, bool) {
	f := w.read(j)
	n := f.longest(5, 11)
	if n == 0 || f.digits[0] == 0 {
		return found{}, false
	}
	hit := w.span(&f, 0, n)
	if rest := w.text[hit.to:]; len(rest) >= 7 && strings.EqualFold(rest[:7], "@qq.com") {
		hit.to += 7
		hit.last = w.after(hit.to) - 1
		return hit, true
	}
	at, _, ok := w.cue(j, qqWords(), qqShort())
	if !ok && n >= 8 {
		at, _, ok = w.cue(j, qqAsking(), nil)
	}
	if !ok && w.penguin(j) {
		return hit, true
	}
	if !ok {
		return found{}, false
	}
	hit.first, hit.from = at, int(w.at[at])
	return hit, true
}

// penguin tells that 🐧 stands just before character j.
func (w *window) penguin(j int) bool {
	from := 0
	if j > 0 {
		from = w.end(j - 1)
	}
	return strings.ContainsRune(w.text[min(from, int(w.at[j])):w.at[j]], '🐧')
}

// wechat finds WeChat ids behind a word for WeChat: a letter and 5 to 19 more letters, digits, _ and -, or a number.
func wechat(w *window, j int) (found, bool) {
	if end, ok := w.wxid(j); ok {
		return found{first: j, last: end, from: int(w.at[j]), to: w.end(end)}, true
	}
	start := j + w.glued(j) // vxabc123: the word and the id in one token
	at, plain, ok := j, true, start > j
	if !ok {
		at, plain, ok = w.cue(j, wechatWords(), wechatShort())
	}
	if !ok {
		return found{}, false
	}
	hit := found{first: at, from: int(w.at[at])}
	if f := w.read(start); f.n > 0 && isDigit(w.class[start]) {
		n := f.longest(6, 12)
		if n == 0 || !plain && n < 8 {
			return found{}, false
		}
		hit.last = f.at[n-1]
		hit.to = w.end(hit.last)
		return hit, true
	}
	end, length, mixed := w.id(start)
	if length < 6 || length > 20 || !plain && !mixed {
		return found{}, false
	}
	hit.last, hit.to = end, w.end(end)
	return hit, true
}

// glued gives the length of a word for WeChat that an id follows without a break: vx13800138000.
func (w *window) glued(j int) int {
	for _, word := range [][]uint16{{letterA + 'v' - 'a', letterA + 'x' - 'a'}, {letterA + 'w' - 'a', letterA + 'x' - 'a'}, {letterA + 'v' - 'a'}} {
		n := len(word)
		if !w.spells(j, word) || j+n >= w.n || !w.joined(j+n-1) || n == 2 && !w.joined(j) {
			continue
		}
		_, length, mixed := w.id(j + n)
		if f := w.read(j + n); isDigit(w.class[j+n]) && f.longest(8, 12) > 0 || n == 2 && length >= 6 && mixed {
			return n
		}
	}
	return 0
}

// wxid finds the ids WeChat itself makes: wxid_ and 12 or more letters and digits.
func (w *window) wxid(j int) (end int, ok bool) {
	if !w.spells(j, []uint16{letterA + 'w' - 'a', letterA + 'x' - 'a', letterA + 'i' - 'a', letterA + 'd' - 'a'}) {
		return 0, false
	}
	end, length, _ := w.id(j)
	return end, length >= 15 && strings.ContainsAny(w.text[w.at[j]:w.end(end)], "_＿")
}

// id reads an id from character j: letters and digits with single _ or - between. mixed tells that it has a digit or
// one of these signs in it, as no word has.
func (w *window) id(j int) (end, length int, mixed bool) {
	if j >= w.n || !letter(w.class[j]) {
		return j, 0, false
	}
	end, length = j, 1
	for q := j + 1; q < w.n && length <= 20 && w.class[q] < firstOther; q++ {
		gap := w.text[min(w.end(q-1), int(w.at[q])):w.at[q]]
		if isDigit(w.class[q]) && w.han(q) {
			break
		}
		if gap != "" {
			if r, _ := utf8.DecodeRuneInString(gap); strings.Trim(gap, "_-＿－") != "" || r == utf8.RuneError {
				break
			}
			mixed = true
			length += utf8.RuneCountInString(gap)
		}
		mixed = mixed || isDigit(w.class[q])
		length++
		end = q
	}
	return end, length, mixed
}

const topDomains = " com cn net org cc top xyz vip shop club info io co me tv ltd site online store fun link live pro work wang ink app dev ai gov edu mobi asia biz icu group tech art cloud "

// address finds web addresses, also with a fullwidth, Chinese or spelled point (baidu点com).
func address(w *window, j int) (found, bool) {
	if j > 0 && strings.HasSuffix(w.text[:w.at[j]], "@") || j > 0 && w.class[j-1] < firstOther && w.joined(j-1) {
		return found{}, false
	}
	start, scheme := j, false
	if s := w.label(j); s == "http" || s == "https" {
		next := j + len(s)
		if next >= w.n || !strings.Contains("://：／／", strings.TrimSpace(w.text[w.end(next-1):max(int(w.at[next]), w.end(next-1))])) || w.end(next-1) >= int(w.at[next]) {
			return found{}, false
		}
		start, scheme = next, true
	}
	end, labels, top := w.host(start)
	switch {
	case labels == 0, !scheme && (labels < 2 || !strings.Contains(topDomains, " "+top+" ")):
		return found{}, false
	}
	to := w.path(w.end(end))
	return found{first: j, last: max(w.after(to)-1, end), from: int(w.at[j]), to: to}, true
}

// label reads the letters and digits from character j on, folded.
func (w *window) label(j int) string {
	var b [64]byte
	n := 0
	for q := j; q < w.n && n < len(b) && w.class[q] < firstOther; q++ {
		if q > j && w.end(q-1) < int(w.at[q]) && w.text[w.end(q-1):w.at[q]] != "-" {
			break
		}
		b[n] = byte(w.f.rep[w.class[q]])
		n++
	}
	return string(b[:n])
}

// host reads labels with points between; top is the last one.
func (w *window) host(j int) (end, labels int, top string) {
	for j < w.n {
		s := w.label(j)
		if s == "" || w.hanDigits(j, len(s)) {
			break
		}
		if labels > 0 && end+1 < j && (strings.Trim(top, "0123456789") == "" || !strings.Contains(topDomains, " "+s+" ")) {
			break // 点 is a point only before a top domain, and not in 8点
		}
		top, labels = s, labels+1
		end = j + len(s) - 1
		next := end + 1
		if next >= w.n {
			break
		}
		switch gap := w.text[min(w.end(end), int(w.at[next])):w.at[next]]; {
		case gap == "." || gap == "．" || gap == "。" || gap == "｡":
			j = next
		case gap == "" && w.f.rep[w.class[next]] == '点' && next+1 < w.n && w.joined(next):
			j = next + 1
		default:
			return end, labels, top
		}
	}
	return end, labels, top
}

func (w *window) hanDigits(j, n int) bool {
	for q := j; q < j+n; q++ {
		if isDigit(w.class[q]) && w.han(q) {
			return true
		}
	}
	return false
}

// path gives where an address ends whose host ends at a byte.
func (w *window) path(at int) int {
	to := at
	for to < len(w.text) && to-at < 512 {
		c := w.text[to]
		if c <= ' ' || c >= 0x7F || strings.IndexByte("\"'<>()[]{}|\\^`", c) >= 0 || to == at && c != '/' && c != ':' && c != '?' && c != '#' {
			break
		}
		to++
	}
	for to > at && strings.IndexByte(".,;:!?", w.text[to-1]) >= 0 {
		to--
	}
	return to
}

// marks open and close a Taobao token; weak ones need a token of capitals, small letters and digits.
const (
	marks     = "￥¥$€₤₳₴₰¢£💲🔑🗝📲《》「」"
	weakMarks = "()（）/[]【】"
)

// token finds Taobao tokens (淘口令): 8 to 14 letters and digits between two marks.
func token(w *window, j int) (found, bool) {
	before, size := utf8.DecodeLastRuneInString(w.text[:w.at[j]])
	if !strings.ContainsRune(marks, before) && !strings.ContainsRune(weakMarks, before) || before == utf8.RuneError {
		return found{}, false
	}
	at := int(w.at[j])
	to := at
	var upper, lower, digit int
	for to < len(w.text) && to-at < 16 {
		switch c := rune(w.text[to]); {
		case c >= utf8.RuneSelf || !unicode.IsLetter(c) && !unicode.IsDigit(c):
			goto done
		case unicode.IsUpper(c):
			upper = 1
		case unicode.IsLower(c):
			lower = 1
		default:
			digit = 1
		}
		to++
	}
done:
	after, last := utf8.DecodeRuneInString(w.text[to:])
	kinds, strong := upper+lower+digit, strings.ContainsRune(marks, before) && strings.ContainsRune(marks, after)
	closed := strong || strings.ContainsRune(weakMarks, after) && strings.ContainsRune(weakMarks, before)
	if n := to - at; n < 8 || n > 14 || !closed || after == utf8.RuneError || kinds < 2 || !strong && kinds < 3 {
		return found{}, false
	}
	return found{first: j, last: max(w.after(to)-1, j), from: at - size, to: to + last}, true
}
