// Package robot sends messages through the group robots of 企业微信, 飞书 and 钉钉: a webhook address that a group's owner
// copies from the group's settings.
//
// Owns: addresses and their hosts, the three ways of signing (sign.go), sizes and rates as dated data (limits.go), and what
// the robots' error codes mean (answer.go). Contracts: robot webhooks of the platforms' documentation as of the days named
// in limits.go.
//
// Not here: who gets what and when → internal/domain/notify; a server to test against → internal/fake/robot.
package robot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
)

// Vendor is whose robot it is.
type Vendor string

// The vendors.
const (
	WeCom    Vendor = "wecom"
	Feishu   Vendor = "feishu"
	DingTalk Vendor = "dingtalk"
)

// Vendors lists all of them.
func Vendors() []Vendor { return []Vendor{WeCom, Feishu, DingTalk} }

// Valid tells whether v is one of Vendors.
func (v Vendor) Valid() bool { return slices.Contains(Vendors(), v) }

// Robot is one group's robot. URL holds the key and is as secret as Secret.
type Robot struct {
	Vendor Vendor
	URL    string
	Secret string // of the signature; 企业微信 has none, the others may do without
}

// String hides what is secret wherever a Robot is printed.
func (r Robot) String() string { return "robot.Robot(" + string(r.Vendor) + ")" }

// Message is what is told: a title and lines. Lines beyond the vendor's size are left out and counted in Rest.
type Message struct {
	Title string
	Lines []string
	Link  string             // of the page with everything; "" for none
	More  string             // words of the link
	Rest  func(n int) string // words for "and n more"; nil: they are silently left out
	// Hidden counts lines that the caller left out already.
	Hidden int
}

// HostsOf gives the hosts that a vendor's webhook addresses have.
func HostsOf(v Vendor) []string {
	switch v {
	case WeCom:
		return []string{"qyapi.weixin.qq.com"}
	case Feishu:
		return []string{"open.feishu.cn", "open.larksuite.com"}
	case DingTalk:
		return []string{"oapi.dingtalk.com"}
	}
	return nil
}

// VendorOf tells whose address it is by its host, "" when nobody's.
func VendorOf(address string) Vendor {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	for _, v := range Vendors() {
		if slices.Contains(HostsOf(v), strings.ToLower(u.Hostname())) {
			return v
		}
	}
	return ""
}

// Client sends. It is safe for concurrent use.
type Client struct{ out *egress.Caller }

const (
	callTime  = 10 * time.Second
	maxAnswer = 64 << 10
)

// New makes a Client that connects through the guard.
func New(g *egress.Guard, now func() time.Time) *Client { return &Client{g.Caller(callTime, now)} }

// WithTimeout gives a client whose calls end after d; for tests.
func (c *Client) WithTimeout(d time.Duration) *Client { return &Client{c.out.WithTimeout(d)} }

// Send tells a group. A nil error means that the robot said yes; any other is a *connect.Fault.
func (c *Client) Send(ctx context.Context, r Robot, m Message) error {
	address, body, err := c.request(r, m)
	if err != nil {
		return err
	}
	res, sent, err := c.out.Do(ctx, egress.Call{URL: address, Body: body, Most: maxAnswer, Header: map[string]string{"Content-Type": "application/json; charset=utf-8"}})
	switch {
	case errors.Is(err, egress.ErrAddress):
		return &connect.Fault{Result: connect.Refused, Code: "robot_url"}
	case err != nil:
		return connect.Lost(err, sent)
	case res.Cut:
		return &connect.Fault{Result: connect.Unknown, Code: "cut_off"}
	}
	return read(r.Vendor, res.Status, res.Body)
}

// request makes the address and body of a message.
func (c *Client) request(r Robot, m Message) (address string, body []byte, err error) {
	u, err := url.Parse(strings.TrimSpace(r.URL))
	if err != nil || u.Host == "" {
		return "", nil, &connect.Fault{Result: connect.Refused, Code: "robot_url"}
	}
	limit := LimitsOf(r.Vendor).Bytes
	now := c.out.Now()
	var doc map[string]any
	switch r.Vendor {
	case WeCom:
		doc = map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": fit(m, limit, mark)}}
	case Feishu:
		doc = feishu(m, limit)
		if r.Secret != "" {
			at := strconv.FormatInt(now.Unix(), 10)
			doc["timestamp"], doc["sign"] = at, SignFeishu(at, r.Secret)
		}
	case DingTalk:
		doc = map[string]any{"msgtype": "markdown", "markdown": map[string]any{"title": cut(escape(m.Title), 100), "text": fit(m, limit, mark)}}
		if r.Secret != "" {
			at := strconv.FormatInt(now.UnixMilli(), 10)
			q := u.Query()
			q.Set("timestamp", at)
			q.Set("sign", SignDingTalk(at, r.Secret)) // Encode escapes it
			u.RawQuery = q.Encode()
		}
	default:
		return "", nil, &connect.Fault{Result: connect.Refused, Code: "robot_url"}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // & and < count once, not six times, towards the size
	if err := enc.Encode(doc); err != nil {
		return "", nil, &connect.Fault{Result: connect.Refused, Code: "broken"}
	}
	return u.String(), b.Bytes(), nil
}

// mark writes a message as the markdown that 企业微信 and 钉钉 share.
func mark(m Message, n int) string {
	var b strings.Builder
	b.WriteString("**" + escape(m.Title) + "**\n")
	for _, l := range m.Lines[:n] {
		b.WriteString("\n> " + escape(l) + "\n")
	}
	if rest := len(m.Lines) - n + m.Hidden; rest > 0 && m.Rest != nil {
		b.WriteString("\n" + escape(m.Rest(rest)) + "\n")
	}
	if m.Link != "" {
		b.WriteString("\n[" + escape(m.More) + "](" + m.Link + ")")
	}
	return b.String()
}

// fit writes as many lines as the size takes; a single line that is too long is cut.
func fit(m Message, limit int, write func(Message, int) string) string {
	for n := len(m.Lines); n > 0; n-- {
		if text := write(m, n); len(text) <= limit {
			return text
		}
	}
	m.Title = cut(m.Title, 200)
	if len(m.Lines) > 0 {
		m.Lines = append([]string{cut(m.Lines[0], (limit-len(m.Title)-len(m.Link)-400)/4)}, m.Lines[1:]...)
		return write(m, 1)
	}
	return write(m, 0)
}

// feishu writes a post: a title and paragraphs.
func feishu(m Message, limit int) map[string]any {
	// Half the limit: JSON's own words and escapes count as well.
	shown := len(m.Lines)
	for shown > 1 && len(mark(m, shown)) > limit/2 {
		shown--
	}
	paragraphs := make([][]map[string]string, 0, shown+2)
	add := func(part map[string]string) { paragraphs = append(paragraphs, []map[string]string{part}) }
	for _, l := range m.Lines[:shown] {
		add(map[string]string{"tag": "text", "text": cut(l, limit/8)})
	}
	if rest := len(m.Lines) - shown + m.Hidden; rest > 0 && m.Rest != nil {
		add(map[string]string{"tag": "text", "text": m.Rest(rest)})
	}
	if m.Link != "" {
		add(map[string]string{"tag": "a", "text": m.More, "href": m.Link})
	}
	return map[string]any{"msg_type": "post", "content": map[string]any{
		"post": map[string]any{"zh_cn": map[string]any{"title": cut(m.Title, 200), "content": paragraphs}},
	}}
}

// escape keeps what people wrote from becoming links, mentions or headings.
func escape(s string) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "[", "［", "]", "］", "<", "＜", ">", "＞", "*", "＊", "`", "'", "#", "＃").Replace(s)
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if n < 1 {
		n = 1
	}
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
