package notify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/notify"
	fakerobot "kosmos/internal/fake/robot"
	"kosmos/internal/fake/smtp"
)

func moved(u id.ID, key string) notify.Notice {
	return notify.Notice{UserID: u, Key: key, Params: map[string]any{"name": "静安店", "from": "华东"}, Link: "/org"}
}

func TestMail(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.mailOn()
		b.people.english[2] = true
		b.people.noMail[3] = true
		b.send(brand, "shop.fire", moved(1, "a"), moved(2, "a"), moved(3, "a")) // loud: at once
		b.send(brand, "shop.moved", moved(1, "a"), moved(1, "b"), moved(3, "a"), notify.Notice{UserID: 4})
		b.deliver()
		b.deliver()
		got := b.smtp.Mails()
		if len(got) != 2 || !strings.Contains(got[0].Data, "=E7=9D=80=E7=81=AB") && !strings.Contains(got[0].Data, "着火") {
			b.Fatalf("%+v", got)
		}
		if !strings.Contains(got[1].Data, "Subject: Fire") || !strings.Contains(got[1].Data, "Hello") || got[1].To != "user2@shop.example" {
			b.Fatalf("not in the reader's language: %s", got[1].Data)
		}
		rows := b.log(notify.LogFilter{Target: 3})
		if len(rows) != 1 || rows[0].State != notify.Skipped || rows[0].Reason != "no_address" || rows[0].Name != "人3" {
			b.Fatalf("a loud kind without an address is in the log, a quiet one is not: %+v", rows)
		}
		// the digest of tomorrow 9:00: unread ones only, one mail
		list, err := b.s.List(b.Context(), person(4), true, 0, 0, 10)
		b.must(err)
		b.must(b.s.Read(b.Context(), person(4), []id.ID{list[0].ID}))
		b.wait(23 * time.Hour)
		b.deliver()
		if n := len(b.smtp.Mails()); n != 2 {
			b.Fatal("before its hour", n)
		}
		b.wait(time.Hour)
		b.deliver()
		got = b.smtp.Mails()
		if len(got) != 3 || got[2].To != "user1@shop.example" || strings.Count(got[2].Data, "k.example/org") < 2 {
			b.Fatalf("%+v", got)
		}
		if rows := b.log(notify.LogFilter{Target: 4}); len(rows) != 1 || rows[0].Reason != "read" {
			b.Fatalf("%+v", rows)
		}
		if rows := b.log(notify.LogFilter{Target: 1, State: notify.Sent}); len(rows) != 3 {
			b.Fatalf("%+v", rows)
		}
	})
}

func TestQuietHoursAndUnsubscribing(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := b.Context()
		b.mailOn()
		for u := id.ID(1); u <= 3; u++ {
			b.must(b.s.Choose(ctx, person(u), "shop.moved", notify.Mail, notify.Instant))
		}
		b.must(b.s.SetQuiet(ctx, person(2), &notify.Quiet{From: 0, To: 0})) // never quiet
		b.must(b.s.SetQuiet(ctx, person(3), &notify.Quiet{From: 20 * 60, To: 7 * 60}))
		b.wait(14 * time.Hour) // 23:00
		b.send(brand, "shop.moved", moved(1, "a"), moved(2, "a"), moved(3, "a"))
		b.send(brand, "shop.fire", moved(1, "a"))
		b.deliver()
		if got := b.smtp.Mails(); len(got) != 2 || got[0].To == "user3@shop.example" || got[1].To == "user3@shop.example" {
			b.Fatalf("only who is never quiet and what is loud: %+v", got)
		}
		b.wait(8 * time.Hour) // 7:00
		b.deliver()
		if got := b.smtp.Mails(); len(got) != 3 || got[2].To != "user3@shop.example" {
			b.Fatalf("the own hours: %+v", got)
		}
		b.wait(time.Hour) // 8:00
		b.deliver()
		got := b.smtp.Mails()
		if len(got) != 4 || got[3].To != "user1@shop.example" {
			b.Fatalf("%+v", got)
		}
		// the link in the mail, without signing in
		_, link, _ := strings.Cut(got[3].Data, "List-Unsubscribe: <https://k.example/api/v1/notify/unsubscribe?token=")
		token, _, _ := strings.Cut(strings.ReplaceAll(link, "\r\n ", ""), ">")
		l, err := b.s.ReadLink(token)
		if err != nil || l.UserID != 1 || l.Kind != "shop.moved" {
			b.Fatal(l, err)
		}
		b.send(brand, "shop.moved", moved(1, "b"))
		b.must(b.s.Unsubscribe(ctx, token, false))
		if err := b.s.Unsubscribe(ctx, token+"x", false); err == nil {
			b.Fatal("an altered link worked")
		}
		b.deliver()
		b.send(brand, "shop.moved", moved(1, "c"))
		b.send(brand, "shop.fire", moved(1, "b"))
		b.deliver()
		if got := b.smtp.Mails(); len(got) != 5 {
			b.Fatalf("what is loud still comes, what was stopped does not: %d", len(got))
		}
		b.must(b.s.Unsubscribe(ctx, token, true))
		b.send(brand, "shop.fire", moved(1, "c"))
		b.deliver()
		if got := b.smtp.Mails(); len(got) != 5 || b.unread(1) == 0 {
			b.Fatalf("all mail was stopped: %d", len(got))
		}
		p, err := b.s.Preferences(ctx, person(1))
		if err != nil || !p.MailOff {
			b.Fatal(p, err)
		}
		b.must(b.s.Choose(ctx, person(1), "shop.moved", notify.Mail, notify.Instant)) // wanting one mail is wanting mail
		b.send(brand, "shop.fire", moved(1, "d"))
		b.deliver()
		if got := b.smtp.Mails(); len(got) != 6 {
			b.Fatalf("%d", len(got))
		}
	})
}

func TestRobots(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.robot("east", east, "shop.moved")
		b.robot("west", west, "shop.moved", "shop.fire")
		b.robot("all", top, "shop.fire")
		b.people.unit[9] = 0 // of headquarters
		b.people.unit[5] = west
		b.send(brand, "shop.moved", moved(1, "a"), moved(2, "a"), moved(3, "b"), moved(5, "a"))
		b.send(brand, "shop.fire", moved(9, "x"))
		b.deliver()
		if n := len(b.robots.Messages()); n != 0 {
			b.Fatal("robots wait a moment for more", n)
		}
		b.wait(31 * time.Second)
		b.deliver()
		b.deliver()
		said := map[string]string{}
		for _, m := range b.robots.Messages() {
			said[m.Key] += m.Text + "\n"
		}
		if len(b.robots.Messages()) != 3 {
			b.Fatalf("%+v", said)
		}
		if m := said["east"]; !strings.Contains(m, "2 条新通知") || !strings.Contains(m, "共 2 人") || !strings.Contains(m, "给 人3") {
			b.Error("east:", m)
		}
		if m := said["west"]; !strings.Contains(m, "静安店 搬了") || !strings.Contains(m, "给 人5") {
			b.Error("west:", m)
		}
		if m := said["all"]; !strings.Contains(m, "着火") {
			b.Error("all:", m)
		}
		// in quiet hours only what is loud
		b.wait(13 * time.Hour)
		b.send(brand, "shop.moved", moved(5, "n"))
		b.send(brand, "shop.fire", moved(5, "n"))
		b.deliver()
		b.wait(time.Minute)
		b.deliver()
		if n := len(b.robots.Messages()); n != 5 { // the loud one in west and all
			b.Fatal(n)
		}
		b.wait(10 * time.Hour)
		b.deliver()
		if n := len(b.robots.Messages()); n != 6 {
			b.Fatal(n)
		}
	})
}

func TestRobotRestsWhenTold(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.robot("east", east, "shop.moved")
		for i := range 25 { // 20 a minute; our own gap is 3 seconds, so fill it from elsewhere
			b.send(brand, "shop.moved", moved(id.ID(i+1), "k"))
			b.deliver()
			b.wait(31 * time.Second)
			b.deliver()
		}
		if n := len(b.robots.Messages()); n != 1 {
			b.Fatal("the same key is told once", n)
		}
		b.send(brand, "shop.moved", moved(1, "k2"))
		b.robots.Break(fakerobot.Down)
		b.deliver()
		b.wait(31 * time.Second)
		b.deliver()
		rows := b.log(notify.LogFilter{State: notify.Unknown})
		if len(rows) != 1 || rows[0].Reason != "gateway" {
			b.Fatalf("%+v", rows)
		}
		b.robots.Break(fakerobot.Fine)
		b.wait(time.Hour)
		b.deliver()
		if n := len(b.robots.Messages()); n != 1 {
			b.Fatal("what is unknown was repeated", n)
		}
		n, err := b.s.Again(b.Context(), root(), []id.ID{rows[0].ID})
		if err != nil || n != 1 {
			b.Fatal(n, err)
		}
		b.deliver()
		if n := len(b.robots.Messages()); n != 2 {
			b.Fatal("a person may repeat it", n)
		}
		if n, err := b.s.Again(b.Context(), root(), []id.ID{rows[0].ID}); err != nil || n != 0 {
			b.Fatal("what was sent is not sent again", n, err)
		}
	})
}

// TestNoDoubles lets four processes plan and send the same work at once.
func TestNoDoubles(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.mailOn()
		b.robot("east", east, "shop.fire")
		const n = 60
		users := make([]id.ID, n)
		for i := range users {
			users[i] = id.ID(i + 1)
		}
		b.bulk(notify.Bulk{Kind: "shop.fire", Key: "drill", Users: users})
		round := func() {
			var wg sync.WaitGroup
			for i := range 4 {
				s := b.another(i + 2)
				wg.Go(func() {
					if err := s.Deliver(context.Background()); err != nil {
						b.Error(err)
					}
				})
			}
			wg.Wait()
		}
		round()
		b.wait(time.Minute)
		round()
		got := map[string]int{}
		for _, m := range b.smtp.Mails() {
			got[m.To]++
		}
		if len(got) != n || len(b.smtp.Mails()) != n {
			b.Fatalf("%d mails to %d people", len(b.smtp.Mails()), len(got))
		}
		if m := b.robots.Messages(); len(m) != 1 || !strings.Contains(m[0].Text, "共 60 人") {
			b.Fatalf("%+v", m)
		}
		if rows := b.log(notify.LogFilter{State: notify.Sent}); len(rows) != n+1 {
			b.Fatal(len(rows))
		}
	})
}

// TestKilled ends the process at every point between the claim and the outcome.
func TestKilled(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.mailOn()
		b.send(brand, "shop.fire", moved(1, "a"), moved(2, "a"), moved(3, "a"))
		b.deliver2(smtp.Hang) // claimed, never begun: the server did not greet, and the process dies before it books that
		if _, err := b.d.Exec(b.Context(), `UPDATE notify_delivery SET state = 'queued', tries = 0, due_ms = 1, claim = 99, lease_ms = $1 WHERE brand_id = $2`,
			clock.MsOf(b.c.Now().Add(notify.LeaseTime)), brand); err != nil {
			b.Fatal(err)
		}
		b.deliver()
		if n := len(b.smtp.Mails()); n != 0 {
			b.Fatal("somebody else's claim was broken", n)
		}
		b.wait(notify.LeaseTime + time.Second)
		b.deliver()
		if n := len(b.smtp.Mails()); n != 3 {
			b.Fatal("a claim that ran out is taken again", n)
		}
		// begun, and dead in the middle: nobody knows
		b.send(brand, "shop.fire", moved(1, "b"))
		b.deliver2(smtp.Hang)
		if _, err := b.d.Exec(b.Context(), `UPDATE notify_delivery SET state = 'sending', claim = 99, lease_ms = $1 WHERE brand_id = $2 AND state = 'queued'`,
			clock.MsOf(b.c.Now().Add(notify.LeaseTime)), brand); err != nil {
			b.Fatal(err)
		}
		b.deliver()
		if rows := b.log(notify.LogFilter{State: notify.Sending}); len(rows) != 1 {
			b.Fatalf("%+v", rows)
		}
		b.wait(notify.LeaseTime + time.Second)
		b.deliver()
		b.wait(24 * time.Hour)
		b.deliver()
		rows := b.log(notify.LogFilter{State: notify.Unknown})
		if len(rows) != 1 || rows[0].Reason != "interrupted" || len(b.smtp.Mails()) != 3 {
			b.Fatalf("%+v %d", rows, len(b.smtp.Mails()))
		}
	})
}

// deliver2 runs once with a broken mail server and a short patience.
func (b bench) deliver2(f smtp.Fault) {
	b.Helper()
	b.smtp.Break(f)
	b.must(b.another(60).WithCallTime(200 * time.Millisecond).Deliver(context.Background()))
	b.smtp.Break(smtp.Fine)
}

func TestTries(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.mailOn()
		b.send(brand, "shop.fire", moved(1, "a"))
		b.smtp.Break(smtp.TryLater)
		b.deliver()
		rows := b.log(notify.LogFilter{})
		if len(rows) != 1 || rows[0].State != notify.Queued || rows[0].Tries != 1 || rows[0].Reason != "mail_said_no" || rows[0].Due != clock.MsOf(b.c.Now().Add(time.Minute)) {
			b.Fatalf("%+v", rows)
		}
		for range 10 {
			b.wait(7 * time.Hour)
			b.deliver()
		}
		rows = b.log(notify.LogFilter{State: notify.Failed})
		if len(rows) != 1 || rows[0].Tries != 6 || rows[0].Detail == "" {
			b.Fatalf("given up after six tries, with the reason: %+v", rows)
		}
		b.smtp.Break(smtp.Fine)
		if n, err := b.s.Again(b.Context(), root(), []id.ID{rows[0].ID}); err != nil || n != 1 {
			b.Fatal(n, err)
		}
		b.deliver()
		if len(b.smtp.Mails()) != 1 {
			b.Fatal("driven again, it did not go out")
		}
		for fault, want := range map[smtp.Fault]notify.State{smtp.NoSuchUser: notify.Failed, smtp.Cut: notify.Unknown} {
			b.smtp.Break(fault)
			b.send(brand, "shop.fire", moved(1, string(fault)))
			b.deliver()
			if rows := b.log(notify.LogFilter{}); rows[0].State != want {
				b.Fatalf("%s: %+v", fault, rows[0])
			}
		}
		// a channel that is switched off takes nothing more
		b.smtp.Break(smtp.TryLater)
		b.send(brand, "shop.fire", moved(1, "late"))
		b.deliver()
		if _, err := b.d.Exec(b.Context(), `UPDATE notify_setting SET mail_on = 0 WHERE brand_id = $1`, brand); err != nil {
			b.Fatal(err)
		}
		b.wait(time.Hour)
		b.deliver()
		if rows := b.log(notify.LogFilter{}); rows[0].Reason != "channel_off" {
			b.Fatalf("%+v", rows[0])
		}
	})
}

func TestSMS(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		var mu sync.Mutex
		var got []map[string]any
		mute := false
		srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			var body map[string]any
			if json.Unmarshal(raw, &body) != nil {
				b.Error("no JSON", string(raw))
			}
			mu.Lock()
			got = append(got, body)
			hang := mute
			mu.Unlock()
			if hang {
				<-r.Context().Done()
			}
		}))
		b.Cleanup(srv.Close)
		seen := func() []map[string]any {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(got)
		}
		b.smsOn(srv.URL)
		b.send(brand, "shop.moved", moved(1, "a")) // nobody asked for SMS
		b.must(b.s.SetDefault(b.Context(), root(), "shop.fire", notify.SMS, notify.Instant))
		b.must(b.s.Choose(b.Context(), person(2), "shop.fire", notify.SMS, notify.Off))
		b.send(brand, "shop.fire", moved(1, "a"), moved(2, "a"))
		b.deliver()
		if list := seen(); len(list) != 1 || list[0]["phone"] != "+8613800138001" || list[0]["text"] != "着火：快跑" || list[0]["kind"] != "shop.fire" {
			b.Fatalf("%v", list)
		}
		mu.Lock()
		mute = true
		mu.Unlock()
		b.send(brand, "shop.fire", moved(1, "b"))
		b.must(b.another(3).WithCallTime(200 * time.Millisecond).Deliver(context.Background()))
		b.wait(24 * time.Hour)
		b.deliver()
		if rows := b.log(notify.LogFilter{Channel: notify.SMS, State: notify.Unknown}); len(rows) != 1 || len(seen()) != 2 {
			b.Fatalf("an SMS without an answer is not repeated: %+v %d", rows, len(seen()))
		}
	})
}

func TestBulk(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := b.Context()
		b.must(b.s.SetGeneral(ctx, root(), notify.General{Quiet: notify.Quiet{}, Reminders: 2}))
		b.must(b.s.Choose(ctx, person(3), "shop.nudge", notify.InApp, notify.Off))
		users := []id.ID{5, 3, 1, 2, 2, 0, 4}
		v := notify.Bulk{Kind: "shop.nudge", Key: "round 1", Params: map[string]any{"name": "双11"}, Link: "/todo", Users: users}
		if r := b.bulk(v); r != (notify.Reached{Sent: 4, Muted: 1}) {
			b.Fatalf("%+v", r)
		}
		if r := b.bulk(v); r != (notify.Reached{Had: 4, Muted: 1}) {
			b.Fatalf("a resumed dispatch doubled: %+v", r)
		}
		v.Key = "round 2"
		v.Users = []id.ID{1, 2}
		b.bulk(v)
		v.Key = "round 3"
		v.Users = users
		if r := b.bulk(v); r != (notify.Reached{Sent: 2, Muted: 1, Capped: 2}) {
			b.Fatalf("two reminders a day: %+v", r)
		}
		b.wait(15 * time.Hour) // tomorrow
		v.Key = "round 4"
		if r := b.bulk(v); r.Sent != 4 {
			b.Fatalf("%+v", r)
		}
		v = notify.Bulk{Kind: "shop.moved", Users: []id.ID{1}}
		for i := range 4 {
			v.Key = fmt.Sprint(i)
			b.bulk(v)
		}
		v.Key = "0"
		b.bulk(v) // there already: nothing is folded
		rows, err := b.s.List(ctx, person(1), false, 0, 0, 20)
		if err != nil || rows[0].Folded != 2 {
			b.Fatalf("%+v %v", rows, err)
		}
		err = b.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := b.s.SendBulk(ctx, tx, brand, notify.Bulk{Kind: "shop.moved", Users: users})
			return err
		})
		if err == nil {
			b.Fatal("a bulk without a key")
		}
	})
}

// TestBulkTwice lets two dispatches of the same key race.
func TestBulkTwice(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		users := make([]id.ID, 3000)
		for i := range users {
			users[i] = id.ID(i + 1)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var sum notify.Reached
		for i := range 3 {
			s := b.another(i + 2)
			wg.Go(func() {
				err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
					r, err := s.SendBulk(ctx, tx, brand, notify.Bulk{Kind: "shop.fire", Key: "k", Users: users})
					mu.Lock()
					defer mu.Unlock()
					sum.Sent, sum.Had = sum.Sent+r.Sent, sum.Had+r.Had
					return err
				})
				if err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		n, err := db.One[int64](b.Context(), b.d, `SELECT COUNT(*) FROM notify_notice WHERE brand_id = $1`, brand)
		if err != nil || n != 3000 || sum.Sent != 3000 || sum.Had != 6000 {
			b.Fatal(n, sum, err)
		}
	})
}
