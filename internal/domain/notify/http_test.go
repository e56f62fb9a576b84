package notify_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/notify"
	fakerobot "kosmos/internal/fake/robot"
)

func robotBody(b bench, key string, unit id.ID, more ...any) map[string]any {
	body := map[string]any{
		"name": "华东店长群", "url": b.robots.URL() + "/wecom?key=" + key, "vendor": "wecom", "unit_id": unit.String(), "lang": "zh", "quiet": true,
		"kinds": []string{"shop.fire"}, "on": true,
	}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		srv := server(b)
		ops, region, other, kos := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.RegionManager, east), webtest.Actor(brand, authz.RegionManager, west), webtest.Actor(brand, authz.KOS, shop)
		kos.UserID = 1
		b.robots.Open("k-1234", "", "")
		general := map[string]any{"address": "https://k.example", "quiet": map[string]any{"from": "22:00", "to": "08:00"}, "digest_at": "09:00", "digest_day": 1, "reminders": 3}
		mail := map[string]any{"on": true, "host": "127.0.0.1", "port": b.smtp.Port(), "security": "none", "user": "u", "password": "P4ss-of-mail", "from": "noreply@brand.example"}
		var made string
		srv.Run(t, []webtest.Scenario{
			{Name: "settings are the brand's", URL: "/api/v1/notify/settings", Actor: &region, Status: 403},
			{Name: "nothing set", URL: "/api/v1/notify/settings", Actor: &ops, JSON: map[string]any{"mail.on": false, "quiet.from": "22:00", "reminders": 3}},
			{Name: "mail needs an address", Method: "PUT", URL: "/api/v1/notify/settings/mail", Actor: &ops, Body: mail, Status: 422, Contains: []string{"notify.address_needed"}},
			{
				Name: "all faults at once", Method: "PUT", URL: "/api/v1/notify/settings", Actor: &ops, Status: 422,
				Body:     map[string]any{"address": "k.example", "quiet": map[string]any{"from": "29:00", "to": "08:00"}, "digest_at": "09:00", "digest_day": 1, "reminders": 0},
				Contains: []string{"notify.address", "notify.quiet", "notify.reminders"},
			},
			{Name: "general", Method: "PUT", URL: "/api/v1/notify/settings", Actor: &ops, Body: general, Status: 204},
			{
				Name: "mail faults", Method: "PUT", URL: "/api/v1/notify/settings/mail", Actor: &ops, Status: 422,
				Body:     map[string]any{"on": true, "host": "http://x", "port": 0, "security": "tls", "from": "nobody"},
				Contains: []string{"notify.mail_host", "notify.mail_port", "notify.mail_from"},
			},
			{Name: "mail", Method: "PUT", URL: "/api/v1/notify/settings/mail", Actor: &ops, Body: mail, Status: 204},
			{
				Name: "no password comes back", URL: "/api/v1/notify/settings", Actor: &ops, Lacks: []string{"P4ss"},
				JSON: map[string]any{"mail.password_set": true, "mail.host": "127.0.0.1", "address": "https://k.example"},
			},
			{
				Name: "the test tells what happened", Method: "POST", URL: "/api/v1/notify/settings/mail/test", Actor: &ops, Body: map[string]any{"to": "me@brand.example"},
				JSON: map[string]any{"result": "later"}, Contains: []string{"用户名或密码"}, Lacks: []string{"P4ss"},
			},
			{Name: "test to nobody", Method: "POST", URL: "/api/v1/notify/settings/mail/test", Actor: &ops, Body: map[string]any{"to": "me"}, Status: 422},
			{Name: "an SMS hook on the internet needs https", Method: "PUT", URL: "/api/v1/notify/settings/sms", Actor: &ops, Body: map[string]any{"on": true, "url": "http://8.8.8.8/sms", "secret": "0123456789abcdef"}, Status: 422, Contains: []string{"notify.hook_https"}},
			{Name: "a short secret", Method: "PUT", URL: "/api/v1/notify/settings/sms", Actor: &ops, Body: map[string]any{"on": true, "url": "https://sms.example/x", "secret": "short"}, Status: 422, Contains: []string{"notify.hook_secret"}},
			{Name: "SMS", Method: "PUT", URL: "/api/v1/notify/settings/sms", Actor: &ops, Body: map[string]any{"on": false, "url": "https://sms.example/x?token=T0ken", "secret": "0123456789abcdef"}, Status: 204},
			{Name: "its address is shown by host", URL: "/api/v1/notify/settings", Actor: &ops, Lacks: []string{"T0ken", "0123456789abcdef"}, JSON: map[string]any{"sms.host": "sms.example", "sms.secret_set": true}},
		})
		srv.Run(t, []webtest.Scenario{
			{Name: "a KOS has no robots", URL: "/api/v1/notify/robots", Actor: &kos, Status: 403},
			{Name: "robot faults", Method: "POST", URL: "/api/v1/notify/robots", Actor: &region, Body: robotBody(b, "k-1234", east, "name", "", "kinds", []string{"no.kind"}, "url", "https://evil.example/x"), Status: 422, Contains: []string{"notify.robot_name", "notify.robot_kinds", "notify.robot_url"}},
			{Name: "a private address of nobody", Method: "POST", URL: "/api/v1/notify/robots", Actor: &region, Body: robotBody(b, "k-1234", east, "url", "http://10.0.0.1/x"), Status: 422, Contains: []string{"notify.robot_url"}},
			{Name: "outside the region", Method: "POST", URL: "/api/v1/notify/robots", Actor: &region, Body: robotBody(b, "k-1234", west), Status: 404},
			{
				Name: "add", Method: "POST", URL: "/api/v1/notify/robots", Actor: &region, Body: robotBody(b, "k-1234", east), Status: 201,
				After: func(t *testing.T, res *webtest.Result) {
					var out struct{ ID string }
					res.Decode(t, &out)
					made = out.ID
				},
			},
		})
		one := "/api/v1/notify/robots/" + made
		b.send(brand, "shop.fire", moved(1, "a"))
		b.deliver()
		b.wait(31 * time.Second)
		b.deliver()
		rows := b.log(notify.LogFilter{})
		srv.Run(t, []webtest.Scenario{
			{Name: "list", URL: "/api/v1/notify/robots", Actor: &region, JSON: map[string]any{"items.#": 1, "items.0.hint": "1234", "items.0.vendor": "wecom"}, Lacks: []string{"key="}},
			{Name: "not the other region's", URL: "/api/v1/notify/robots", Actor: &other, JSON: map[string]any{"items.#": 0}},
			{Name: "nor to change", Method: "DELETE", URL: one, Actor: &other, Status: 404},
			{Name: "test", Method: "POST", URL: one + "/test", Actor: &region, JSON: map[string]any{"result": "sent"}},
			{Name: "the address stays when it is not sent", Method: "PUT", URL: one, Actor: &region, Body: robotBody(b, "", east, "url", "", "name", "改名"), Status: 204},
			{Name: "and works", Method: "POST", URL: one + "/test", Actor: &region, JSON: map[string]any{"result": "sent"}},
			{Name: "log", URL: "/api/v1/notify/deliveries", Actor: &ops, JSON: map[string]any{"items.#": 2}, Contains: []string{"火警", "人1", "改名"}, Lacks: []string{"@shop.example"}},
			{Name: "log of a region", URL: "/api/v1/notify/deliveries?state=sent", Actor: &region, JSON: map[string]any{"items.#": 1, "items.0.channel": "robot"}},
			{Name: "log of another", URL: "/api/v1/notify/deliveries", Actor: &other, JSON: map[string]any{"items.#": 0}},
			{Name: "counts", URL: "/api/v1/notify/deliveries/count", Actor: &ops, JSON: map[string]any{"items.#": 2}},
			{Name: "again elsewhere", Method: "POST", URL: "/api/v1/notify/deliveries/again", Actor: &other, Body: map[string]any{"ids": []string{rows[1].ID.String()}}, JSON: map[string]any{"queued": 0}},
			{Name: "kinds", URL: "/api/v1/notify/kinds", Actor: &region, Contains: []string{"催办"}},
			{Name: "gone", Method: "DELETE", URL: one, Actor: &region, Status: 204},
			{Name: "test of none", Method: "POST", URL: one + "/test", Actor: &region, Status: 404, Contains: []string{"机器人已被删除"}},
			{Name: "defaults", Method: "PUT", URL: "/api/v1/notify/defaults", Actor: &ops, Body: map[string]any{"kind": "shop.moved", "channel": "mail", "mode": "weekly"}, Status: 204},
			{Name: "apply to everybody", URL: "/api/v1/notify/preferences", Actor: &kos, Contains: []string{`"mail":"weekly"`}},
			{Name: "in-app has no digest", Method: "PUT", URL: "/api/v1/notify/preferences", Actor: &kos, Body: map[string]any{"kind": "shop.moved", "channel": "in_app", "mode": "weekly"}, Status: 422},
			{Name: "own quiet hours", Method: "PUT", URL: "/api/v1/notify/preferences/quiet", Actor: &kos, Body: map[string]any{"quiet": map[string]any{"from": "20:30", "to": "07:00"}}, Status: 204},
			{Name: "are shown", URL: "/api/v1/notify/preferences", Actor: &kos, JSON: map[string]any{"own_quiet": true, "quiet.from": "20:30", "brand_quiet.from": "22:00"}},
			{Name: "the brand's again", Method: "PUT", URL: "/api/v1/notify/preferences/quiet", Actor: &kos, Body: map[string]any{}, Status: 204},
			{Name: "no mail at all", Method: "PUT", URL: "/api/v1/notify/preferences/mail", Actor: &kos, Body: map[string]any{"off": true}, Status: 204},
			{Name: "a broken link", Method: "POST", URL: "/api/v1/notify/unsubscribe?token=x", Status: 404},
			{Name: "to look at as well", URL: "/api/v1/notify/unsubscribe?token=x.y", Status: 404, Contains: []string{"链接无效"}},
		})
	})
}

// TestNothingSecretIsKept sends over every channel, fine and broken, and then looks for keys, passwords, addresses and
// phone numbers wherever something is written: tables, trail, errors.
func TestNothingSecretIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		var logged bytes.Buffer
		log := slog.New(slog.NewTextHandler(&logged, nil))
		secret := "K3y-of-the-group-0123456789"
		b.mailOn()
		b.smsOn(b.robots.URL() + "/nowhere?token=T0ken-of-sms-0123456789")
		b.must(b.s.SetDefault(b.Context(), root(), "shop.fire", notify.SMS, notify.Instant))
		r := b.robot(secret, east, "shop.fire")
		for i, fault := range []fakerobot.Fault{fakerobot.Fine, fakerobot.Down, fakerobot.Crash} {
			b.robots.Break(fault)
			b.send(brand, "shop.fire", moved(1, fmt.Sprint(i)))
			for range 2 {
				if err := b.s.Deliver(b.Context()); err != nil {
					log.Error("deliver", "err", err)
				}
				b.wait(31 * time.Second)
			}
			log.Info("test", "err", b.s.TestRobot(b.Context(), root(), r), "mail", b.s.TestMail(b.Context(), root(), "who@brand.example"))
		}
		b.robots.Close()
		log.Info("test", "err", b.s.TestRobot(b.Context(), root(), r), "sms", b.s.TestSMS(b.Context(), root(), "13800138001"))
		log.Info("contact", "c", notify.Contact{Mail: "user1@shop.example", Phone: "+8613800138001"})
		for _, table := range []string{"notify_delivery", "notify_robot", "notify_setting", "base_audit"} {
			logged.WriteString(b.dump(table))
		}
		for _, bad := range []string{secret, "T0ken", "sixteen-characters", "@shop.example", "who@brand", "13800138001", "138001380"} {
			if strings.Contains(logged.String(), bad) {
				b.Errorf("%q is written down", bad)
			}
		}
		if !strings.Contains(logged.String(), "notify.test_robot") || !strings.Contains(logged.String(), "cut_off") {
			b.Error("the test looked at nothing", logged.Len())
		}
	})
}

// dump writes a table's rows as text.
func (b bench) dump(table string) string {
	b.Helper()
	rows, err := b.d.Query(b.Context(), `SELECT * FROM `+table)
	b.must(err)
	defer func() { _ = rows.Close() }()
	cols, err := rows.Columns()
	b.must(err)
	var out strings.Builder
	for rows.Next() {
		vals := make([]any, len(cols))
		ptrs := make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		b.must(rows.Scan(ptrs...))
		for _, v := range vals {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			fmt.Fprint(&out, v, " ")
		}
		out.WriteByte('\n')
	}
	b.must(rows.Err())
	return out.String()
}
