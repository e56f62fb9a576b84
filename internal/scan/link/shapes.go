package link

import (
	"math/big"
	"strings"
)

// shape is how one platform writes its addresses.
type shape struct {
	hosts []string // with everything below them
	read  func(a *address) Link
}

func (s shape) on(host string) bool {
	for _, h := range s.hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// shapes is the table of all platforms' addresses.
func shapes() []shape {
	return []shape{
		{[]string{"xhslink.com", "xhs.cn"}, func(a *address) Link { return a.short(Xiaohongshu) }},
		{[]string{"xiaohongshu.com", "rednote.com"}, xiaohongshu},
		{[]string{"v.douyin.com"}, func(a *address) Link { return a.short(Douyin) }},
		{[]string{"douyin.com", "iesdouyin.com"}, douyin},
		{[]string{"channels.weixin.qq.com"}, channels},
		{[]string{"mp.weixin.qq.com"}, wechatOA},
		{[]string{"weixin.qq.com"}, func(a *address) Link { // weixin.qq.com/sph/… is a shared 视频号 post
			if a.has("sph") && a.at(1) != "" {
				return a.short(Channels)
			}
			return Link{}
		}},
		{[]string{"v.kuaishou.com", "v.kuaishouapp.com", "kwai.com"}, func(a *address) Link { return a.short(Kuaishou) }},
		{[]string{"kuaishou.com", "kuaishouapp.com", "gifshow.com", "chenzhongtech.com"}, kuaishou},
		{[]string{"b23.tv"}, func(a *address) Link {
			if l := video(a, a.at(0)); l.Platform != "" {
				return l
			}
			return a.short(Bilibili)
		}},
		{[]string{"bilibili.com"}, bilibili},
		{[]string{"t.cn"}, func(a *address) Link { return a.short(Weibo) }},
		{[]string{"weibo.com", "weibo.cn"}, weibo},
	}
}

// bareHosts are hosts that people write without a scheme.
func bareHosts() []string {
	return []string{
		"xhslink.com", "www.xiaohongshu.com", "xiaohongshu.com", "v.douyin.com", "www.douyin.com", "www.iesdouyin.com", "live.douyin.com", "v.kuaishou.com", "www.kuaishou.com",
		"b23.tv", "www.bilibili.com", "m.bilibili.com", "live.bilibili.com", "weibo.com", "www.weibo.com", "m.weibo.cn", "t.cn", "mp.weixin.qq.com", "channels.weixin.qq.com", "weixin.qq.com",
	}
}

func xiaohongshu(a *address) Link {
	switch {
	case a.has("explore"), a.has("discovery", "item"), a.has("user", "profile"), a.has("search_result"), a.has("board"):
		author, note := "", a.at(1)
		if a.at(0) == "discovery" {
			note = a.at(2)
		}
		if a.at(0) == "user" {
			if author, note = a.at(2), a.at(3); hex(author) && note == "" {
				return Link{Platform: Xiaohongshu, Kind: Profile, Author: author, URL: a.clean()}
			}
		}
		if !hex(note) {
			return a.other(Xiaohongshu)
		}
		return Link{Platform: Xiaohongshu, Kind: Post, ID: note, Author: author, URL: "https://www.xiaohongshu.com/explore/" + note}
	case a.has("livestream") && a.at(1) != "":
		last := a.seg[len(a.seg)-1]
		return a.live(Xiaohongshu, last)
	}
	return a.other(Xiaohongshu)
}

func douyin(a *address) Link {
	if id := a.q.Get("modal_id"); digits(id) { // a post opened over a page
		return Link{Platform: Douyin, Kind: Post, ID: id, Author: userOf(a), URL: "https://www.douyin.com/video/" + id}
	}
	if strings.HasPrefix(a.host, "live.") && digits(a.at(0)) {
		return a.live(Douyin, a.at(0))
	}
	seg := a.seg
	if len(seg) > 0 && seg[0] == "share" {
		seg = seg[1:]
	}
	if len(seg) >= 2 && digits(seg[1]) {
		switch seg[0] {
		case "video", "note", "slides", "article":
			return Link{Platform: Douyin, Kind: Post, ID: seg[1], URL: "https://www.douyin.com/" + seg[0] + "/" + seg[1]}
		}
	}
	if len(seg) >= 3 && seg[0] == "webcast" && seg[1] == "reflow" && digits(seg[2]) {
		return a.live(Douyin, seg[2])
	}
	if len(seg) >= 2 && seg[0] == "user" {
		return Link{Platform: Douyin, Kind: Profile, Author: seg[1], URL: a.clean()}
	}
	return a.other(Douyin)
}

func userOf(a *address) string {
	if a.has("user") && a.at(1) != "self" {
		return a.at(1)
	}
	return ""
}

func channels(a *address) Link {
	for _, k := range []string{"eid", "exportId", "oid"} {
		if id := a.q.Get(k); id != "" && len(id) <= 200 {
			return a.post(Channels, id, k)
		}
	}
	return a.other(Channels)
}

func wechatOA(a *address) Link {
	if a.has("s") && a.at(1) != "" {
		return a.post(WechatOA, a.at(1))
	}
	if a.has("s") {
		biz, mid, idx := a.q.Get("__biz"), a.q.Get("mid"), a.q.Get("idx")
		if biz != "" && digits(mid) {
			if idx == "" {
				idx = "1"
			}
			l := a.post(WechatOA, biz+"_"+mid+"_"+idx, "__biz", "mid", "idx", "sn")
			l.Author = biz
			return l
		}
	}
	return a.other(WechatOA)
}

func kuaishou(a *address) Link {
	switch {
	case a.has("short-video") && a.at(1) != "":
		return a.post(Kuaishou, a.at(1))
	case a.has("fw", "photo") && a.at(2) != "":
		return Link{Platform: Kuaishou, Kind: Post, ID: a.at(2), URL: "https://www.kuaishou.com/short-video/" + a.at(2)}
	case a.has("f") && a.at(1) != "":
		return a.short(Kuaishou)
	case a.has("fw", "live") && a.at(2) != "":
		return a.live(Kuaishou, a.at(2))
	case a.has("u") && a.at(2) != "":
		return Link{Platform: Kuaishou, Kind: Post, ID: a.at(2), Author: a.at(1), URL: a.clean()}
	case (a.has("u") || a.has("profile")) && a.at(1) != "":
		if strings.HasPrefix(a.host, "live.") {
			return a.live(Kuaishou, a.at(1))
		}
		return Link{Platform: Kuaishou, Kind: Profile, Author: a.at(1), URL: a.clean()}
	}
	return a.other(Kuaishou)
}

// video reads BV… and av… numbers.
func video(a *address, id string) Link {
	switch {
	case len(id) == 12 && strings.HasPrefix(strings.ToUpper(id), "BV"):
		id = "BV" + id[2:]
	case len(id) > 2 && strings.EqualFold(id[:2], "av") && digits(id[2:]):
		id = "av" + id[2:]
	default:
		return Link{}
	}
	return Link{Platform: Bilibili, Kind: Post, ID: id, URL: "https://www.bilibili.com/video/" + id}
}

func bilibili(a *address) Link {
	if strings.HasPrefix(a.host, "live.") {
		id := a.at(0)
		if id == "h5" || id == "blanc" {
			id = a.at(1)
		}
		if digits(id) {
			return a.live(Bilibili, id)
		}
	}
	if strings.HasPrefix(a.host, "t.") && digits(a.at(0)) {
		return a.post(Bilibili, a.at(0))
	}
	if strings.HasPrefix(a.host, "space.") && digits(a.at(0)) {
		return Link{Platform: Bilibili, Kind: Profile, Author: a.at(0), URL: a.clean()}
	}
	switch {
	case a.has("video"), a.has("s", "video"):
		if l := video(a, a.seg[len(a.seg)-1]); l.Platform != "" {
			return l
		}
	case a.has("opus") && digits(a.at(1)), a.has("dynamic") && digits(a.at(1)):
		return Link{Platform: Bilibili, Kind: Post, ID: a.at(1), URL: "https://www.bilibili.com/opus/" + a.at(1)}
	case a.has("read"):
		if id := strings.TrimPrefix(a.at(1), "cv"); digits(id) {
			return a.post(Bilibili, "cv"+id)
		}
		if a.at(1) == "mobile" && digits(a.at(2)) {
			return a.post(Bilibili, "cv"+a.at(2))
		}
	}
	return a.other(Bilibili)
}

func weibo(a *address) Link {
	if id := a.q.Get("weibo_id"); digits(id) {
		return a.post(Weibo, id, "weibo_id")
	}
	switch {
	case (a.has("status") || a.has("detail")) && a.at(1) != "":
		return weiboPost(a, "", a.at(1))
	case a.has("ttarticle", "p", "show") && a.q.Get("id") != "":
		return a.post(Weibo, a.q.Get("id"), "id")
	case a.has("tv", "show") && a.at(2) != "":
		return a.post(Weibo, a.at(2))
	case a.has("show") && a.q.Get("fid") != "":
		return a.post(Weibo, a.q.Get("fid"), "fid")
	case a.has("l", "wblive") && a.at(len(a.seg)-1) != "":
		return a.live(Weibo, a.seg[len(a.seg)-1])
	case a.has("u") && digits(a.at(1)):
		return Link{Platform: Weibo, Kind: Profile, Author: a.at(1), URL: a.clean()}
	case digits(a.at(0)) && a.at(1) != "":
		return weiboPost(a, a.at(0), a.at(1))
	}
	return a.other(Weibo)
}

// weiboPost turns the short form of a number (base 62, four signs for seven digits) into the number, so that both name one post.
func weiboPost(a *address, author, id string) Link {
	if !digits(id) {
		n, ok := number(id)
		if !ok {
			return a.other(Weibo)
		}
		id = n
	}
	return Link{Platform: Weibo, Kind: Post, ID: id, Author: author, URL: a.clean()}
}

const signs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func number(short string) (string, bool) {
	if len(short) < 5 || len(short) > 12 {
		return "", false
	}
	out := ""
	for end := len(short); end > 0; end -= 4 {
		part := short[max(0, end-4):end]
		n := new(big.Int)
		for i := range len(part) {
			v := strings.IndexByte(signs, part[i])
			if v < 0 {
				return "", false
			}
			n.Add(n.Mul(n, big.NewInt(62)), big.NewInt(int64(v)))
		}
		text := n.String()
		if end > 4 && len(text) < 7 {
			text = strings.Repeat("0", 7-len(text)) + text
		}
		out = text + out
	}
	return out, true
}

func digits(s string) bool {
	return s != "" && len(s) <= 30 && strings.Trim(s, "0123456789") == ""
}

func hex(s string) bool { return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == "" }

// App gives what opens a platform's app on a phone, "" where none is known.
func App(platform string) string {
	switch platform {
	case Xiaohongshu:
		return "xhsdiscover://"
	case Douyin:
		return "snssdk1128://"
	case Kuaishou:
		return "kwai://"
	case Bilibili:
		return "bilibili://"
	case Weibo:
		return "sinaweibo://"
	case Channels, WechatOA:
		return "weixin://"
	}
	return ""
}
