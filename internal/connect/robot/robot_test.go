package robot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
	"kosmos/internal/connect/robot"
	fake "kosmos/internal/fake/robot"
)

// TestSignatures holds the vectors of the platforms' documentation.
func TestSignatures(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ got, want string }{
		{robot.SignFeishu("1599360473", "demo"), "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="},
		{robot.SignFeishu("100", "aaa"), "KHfErXShVPnQj1IAMHMOzRsQvjQdt0r6uXe/woDuMM4="},
		{robot.SignDingTalk("1577262236757", "this is secret"), "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="},
		{url.QueryEscape(robot.SignDingTalk("1577262236757", "this is secret")), "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"},
	} {
		if v.got != v.want {
			t.Errorf("%s, want %s", v.got, v.want)
		}
	}
}

type bench struct {
	*testing.T
	clock *clock.Fake
	srv   *fake.Server
	c     *robot.Client
}

func setup(t *testing.T) bench {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))
	srv := fake.New(c.Now)
	t.Cleanup(srv.Close)
	g, err := egress.New([]string{"127.0.0.0/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	return bench{t, c, srv, robot.New(g, c.Now)}
}

func (b bench) robots(secret string) []robot.Robot {
	b.srv.Open("k1", secret, "")
	return []robot.Robot{
		{Vendor: robot.WeCom, URL: b.srv.URL() + "/wecom?key=k1"},
		{Vendor: robot.Feishu, URL: b.srv.URL() + "/feishu/k1", Secret: secret},
		{Vendor: robot.DingTalk, URL: b.srv.URL() + "/dingtalk?access_token=k1", Secret: secret},
	}
}

func (b bench) fault(r robot.Robot, m robot.Message) *connect.Fault {
	b.Helper()
	err := b.c.Send(context.Background(), r, m)
	if err == nil {
		b.Fatalf("%s was told", r.Vendor)
	}
	return connect.Of(err)
}

func TestSend(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := robot.Message{
		Title: "新任务 [点我](http://evil)", Lines: []string{"双11 笔记\n<@all>", "还差 3 人"}, Link: "https://k.example/todo", More: "查看",
		Rest: func(n int) string { return fmt.Sprintf("还有 %d 条", n) },
	}
	for _, r := range b.robots("S3CR3T-of-the-group") {
		if err := b.c.Send(t.Context(), r, m); err != nil {
			t.Fatalf("%s: %v", r.Vendor, err)
		}
	}
	got := b.srv.Messages()
	if len(got) != 3 {
		t.Fatal(got)
	}
	for _, g := range got {
		for _, want := range []string{"新任务", "双11 笔记", "还差 3 人", "查看", "https://k.example/todo"} {
			if !strings.Contains(g.Text, want) {
				t.Errorf("no %q in %q", want, g.Text)
			}
		}
	}
	for _, g := range []fake.Message{got[0], got[2]} { // markdown, where words could become links and mentions
		if strings.Contains(g.Text, "](http://evil)") || strings.Contains(g.Text, "<@all>") {
			t.Errorf("people's words became markup: %q", g.Text)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	lines := make([]string, 400)
	for i := range lines {
		lines[i] = strings.Repeat("一条很长的通知", 12)
	}
	rest := func(n int) string { return fmt.Sprintf("还有 %d 条", n) }
	for _, r := range b.robots("s") {
		for _, m := range []robot.Message{
			{Title: "很多", Lines: lines, Rest: rest, Link: "https://k.example/", More: "查看"},
			{Title: strings.Repeat("长", 3000), Lines: []string{strings.Repeat("很", 20000), "二"}, Rest: rest},
		} {
			if err := b.c.Send(t.Context(), r, m); err != nil {
				t.Fatalf("%s: %v %s", r.Vendor, err, connect.Of(err).Detail)
			}
		}
	}
	for _, g := range b.srv.Messages() {
		if !strings.Contains(g.Text, "还有") {
			t.Errorf("what was left out is not told: %.80q", g.Text)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := robot.Message{Title: "测试"}
	list := b.robots("right")
	wecom, feishu, ding := list[0], list[1], list[2]
	feishu.Secret, ding.Secret = "wrong", "wrong"
	gone := robot.Robot{Vendor: robot.WeCom, URL: b.srv.URL() + "/wecom?key=none"}
	for code, r := range map[string]robot.Robot{"robot_wecom_93000": gone, "robot_feishu_19021": feishu, "robot_dingtalk_310000": ding} {
		f := b.fault(r, m)
		if f.Code != code || f.Result != connect.Refused {
			t.Errorf("%s: %+v", code, f)
		}
	}
	b.srv.Open("kw", "", "Kosmos")
	if f := b.fault(robot.Robot{Vendor: robot.Feishu, URL: b.srv.URL() + "/feishu/kw"}, m); f.Code != "robot_feishu_19024" {
		t.Errorf("%+v", f)
	}
	// a signature older than an hour: the robot's clock is ahead of ours
	b.clock.Advance(0)
	late := robot.New(guardOf(t), func() time.Time { return b.clock.Now().Add(-61 * time.Minute) })
	if f := connect.Of(late.Send(t.Context(), list[1], m)); f.Code != "robot_feishu_19021" {
		t.Errorf("%+v", f)
	}
	if f := b.fault(robot.Robot{Vendor: robot.WeCom, URL: ":"}, m); f.Code != "robot_url" {
		t.Errorf("%+v", f)
	}
	for range 20 {
		if err := b.c.Send(t.Context(), wecom, m); err != nil {
			t.Fatal(err)
		}
	}
	if f := b.fault(wecom, m); f.Code != "robot_wecom_45009" || f.Result != connect.Later || f.Wait == 0 {
		t.Errorf("the 21st message of a minute: %+v", f)
	}
}

func guardOf(t *testing.T) *egress.Guard {
	t.Helper()
	g, err := egress.New([]string{"127.0.0.0/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := robot.Message{Title: "测试"}
	for i, r := range b.robots("s") {
		key := fmt.Sprint("paced", i)
		b.srv.Open(key, "s", "")
		r.URL = strings.ReplaceAll(r.URL, "k1", key)
		for range 40 { // with the gap of the limits, no robot ever says no
			if err := b.c.Send(t.Context(), r, m); err != nil {
				t.Fatalf("%s: %v", r.Vendor, err)
			}
			b.clock.Advance(robot.LimitsOf(r.Vendor).Gap())
		}
	}
	feishu := b.robots("s")[1]
	for i := range 6 {
		err := b.c.Send(t.Context(), feishu, m)
		if f := connect.Of(err); i == 5 && (err == nil || f.Code != "robot_feishu_11232" || f.Result != connect.Later) {
			t.Fatalf("the sixth of a second: %v", err)
		}
	}
}

func TestUnknownAndInside(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := robot.Message{Title: "测试"}
	list := b.robots("s")
	b.c = b.c.WithTimeout(200 * time.Millisecond)
	for fault, code := range map[fake.Fault]string{fake.Mute: "timeout", fake.Crash: "cut_off", fake.Down: "gateway"} {
		b.srv.Break(fault)
		if f := b.fault(list[0], m); f.Result != connect.Unknown || f.Code != code {
			t.Errorf("%s: %+v", fault, f)
		}
	}
	b.srv.Close()
	if f := b.fault(list[0], m); f.Result != connect.Later || f.Code != "unreachable" {
		t.Errorf("%+v", f)
	}
	closed, err := egress.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.c = robot.New(closed, b.clock.Now)
	if f := b.fault(list[1], m); f.Result != connect.Refused || f.Code != "inside" {
		t.Errorf("%+v", f)
	}
}

// TestAnswers reads what else gateways say.
func TestAnswers(t *testing.T) {
	t.Parallel()
	status, said := 0, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(said))
	}))
	t.Cleanup(srv.Close)
	c := robot.New(guardOf(t), time.Now)
	for _, x := range []struct {
		status int
		said   string
		result connect.Result
		code   string
	}{
		{200, `{"errcode":0,"errmsg":"ok"}`, connect.Sent, ""},
		{200, `{"StatusCode":0,"StatusMessage":"success"}`, connect.Sent, ""},
		{200, `{"errcode":777,"errmsg":"call 13800138000 or a@b.cn key 0123456789abcdef0123"}`, connect.Refused, "robot_refused"},
		{200, `<html>login</html>`, connect.Refused, "robot_no_answer"},
		{404, ``, connect.Refused, "robot_no_answer"},
		{429, ``, connect.Later, "busy"},
		{503, `busy`, connect.Unknown, "gateway"},
		{200, `{"errcode":-1}`, connect.Later, "robot_wecom_busy"},
	} {
		status, said = x.status, x.said
		err := c.Send(t.Context(), robot.Robot{Vendor: robot.WeCom, URL: srv.URL + "/?key=1"}, robot.Message{Title: "t"})
		if x.result == connect.Sent {
			if err != nil {
				t.Errorf("%s: %v", x.said, err)
			}
			continue
		}
		f := connect.Of(err)
		if err == nil || f.Result != x.result || f.Code != x.code {
			t.Errorf("%d %s: %+v", x.status, x.said, f)
		}
		if strings.ContainsAny(f.Detail, "@") || strings.Contains(f.Detail, "138001") || strings.Contains(f.Detail, "abcdef") {
			t.Errorf("the answer's secrets are kept: %q", f.Detail)
		}
	}
}

func TestVendorOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]robot.Vendor{
		" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x ": robot.WeCom,
		"https://open.feishu.cn/open-apis/bot/v2/hook/x":           robot.Feishu,
		"https://open.larksuite.com/open-apis/bot/v2/hook/x":       robot.Feishu,
		"https://OAPI.dingtalk.com/robot/send?access_token=x":      robot.DingTalk,
		"https://example.com/":                                     "",
		"https://qyapi.weixin.qq.com.evil.cn/":                     "",
		":":                                                        "",
	} {
		if got := robot.VendorOf(address); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
	shown, err := json.Marshal(fmt.Sprint(robot.Robot{Vendor: robot.Feishu, URL: "https://secret", Secret: "s"}))
	if err != nil || strings.Contains(string(shown), "secret") {
		t.Error(string(shown), err)
	}
}
