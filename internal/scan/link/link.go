// Package link reads what people paste to show what they published: plain addresses, short links, and the whole text that an
// app shares ("7.99 复制打开抖音，看看…").
//
// Parse never fails and never calls a network: an address of a platform becomes a Link with the platform's own id where the
// address holds it; a short link keeps its code, and what it leads to shows with the next figures.
package link

import (
	"net/url"
	"strings"
)

// The platforms, named as everywhere else.
const (
	Xiaohongshu = "xiaohongshu"
	Douyin      = "douyin"
	Channels    = "channels"
	Kuaishou    = "kuaishou"
	Bilibili    = "bilibili"
	Weibo       = "weibo"
	WechatOA    = "wechat_oa"
)

// Kind is what an address leads to.
type Kind string

// The kinds. Short is what a short link leads to: nobody knows.
const (
	Post    Kind = "post"
	Live    Kind = "live"
	Profile Kind = "profile"
	Short   Kind = "short"
	Other   Kind = "other"
)

// Link is an address of a platform. The zero Link is none.
type Link struct {
	Platform string // "" when the address is no platform's
	Kind     Kind
	ID       string // the platform's own id of a post or live session
	Author   string // the platform's own id of its author, where the address holds it
	URL      string // the address without what only tracks
}

// Found tells whether there was an address at all.
func (l Link) Found() bool { return l.URL != "" }

// Key names what the link leads to: two links with one key are the same post. "" for no link. A short link and the address it
// leads to have different keys; figures bring them together.
func (l Link) Key() string {
	switch {
	case l.URL == "":
		return ""
	case l.Platform != "" && l.ID != "":
		return l.Platform + ":" + l.ID
	}
	_, rest, _ := strings.Cut(l.URL, "://")
	return "url:" + strings.TrimSuffix(rest, "/")
}

// longest is how much of a pasted text is looked at.
const longest = 4000

// Parse finds the address in a text; the first of a platform, else the first of all.
func Parse(text string) Link {
	if len(text) > longest {
		text = text[:longest]
	}
	text = plain(text)
	var first Link
	for _, raw := range addresses(text) {
		l := read(raw)
		if l.Platform != "" {
			return l
		}
		if !first.Found() {
			first = l
		}
	}
	return first
}

// plain takes the width out of letters and drops what nobody sees.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E && r != '，' && r != '！' && r != '？' && r != '；' && r != '（' && r != '）':
			return r - 0xFEE0
		case r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060 || r == 0xFEFF || r == 0xFFFD:
			return -1
		}
		return r
	}, s)
}

// addresses gives what looks like an address, in order: with a scheme, or a known host without one.
func addresses(text string) []string {
	var out []string
	for at := 0; at < len(text); {
		from, bare := next(text[at:])
		if from < 0 {
			break
		}
		from += at
		end := from
		for end < len(text) && inURL(text[end]) {
			end++
		}
		raw := strings.TrimRight(text[from:end], ".,;:!?'\"()[]*")
		if bare {
			raw = "https://" + raw
		}
		out = append(out, raw)
		at = max(end, from+1)
	}
	return out
}

// next finds the next address: the nearer of a scheme and a known host.
func next(text string) (at int, bare bool) {
	at = -1
	lower := strings.ToLower(text)
	for _, scheme := range []string{"http://", "https://"} {
		if i := strings.Index(lower, scheme); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	for _, host := range bareHosts() {
		i := strings.Index(lower, host+"/")
		if i < 0 || at >= 0 && i >= at || i > 0 && (wordByte(lower[i-1]) || lower[i-1] == '.' || lower[i-1] == '/') {
			continue
		}
		at, bare = i, true
	}
	return at, bare
}

func wordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' }

// inURL tells whether a byte may stand in an address.
func inURL(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0
}

// read understands one address.
func read(raw string) Link {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Link{}
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	seg := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	a := address{host: host, seg: seg, q: u.Query(), u: u}
	for _, s := range shapes() {
		if s.on(host) {
			if l := s.read(&a); l.Platform != "" {
				return l
			}
		}
	}
	return Link{Kind: Other, URL: a.clean()}
}

// address is an address in parts.
type address struct {
	host string
	seg  []string
	q    url.Values
	u    *url.URL
}

// at gives a part of the path, "" behind its end.
func (a *address) at(i int) string {
	if i < len(a.seg) {
		return a.seg[i]
	}
	return ""
}

// has tells whether the path begins with these parts.
func (a *address) has(parts ...string) bool {
	if len(a.seg) < len(parts) {
		return false
	}
	for i, p := range parts {
		if a.seg[i] != p {
			return false
		}
	}
	return true
}

// clean is the address without query and fragment, but for the members named.
func (a *address) clean(keep ...string) string {
	q := url.Values{}
	for _, k := range keep {
		if v := a.q.Get(k); v != "" {
			q.Set(k, v)
		}
	}
	c := url.URL{Scheme: "https", Host: a.host, Path: a.u.Path, RawQuery: q.Encode()}
	return c.String()
}

func (a *address) post(platform, id string, keep ...string) Link {
	return Link{Platform: platform, Kind: Post, ID: id, URL: a.clean(keep...)}
}

func (a *address) live(platform, id string) Link {
	return Link{Platform: platform, Kind: Live, ID: id, URL: a.clean()}
}

func (a *address) short(platform string) Link {
	if len(a.seg) == 0 {
		return Link{Platform: platform, Kind: Other, URL: a.clean()}
	}
	return Link{Platform: platform, Kind: Short, URL: a.clean()}
}

func (a *address) other(platform string) Link {
	return Link{Platform: platform, Kind: Other, URL: a.clean()}
}
