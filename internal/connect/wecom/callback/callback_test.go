package callback

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	for i := range vectors {
		v := &vectors[i]
		c := v.crypto(t)
		plain, err := c.Open(v.signature, v.timestamp, v.nonce, v.encrypted)
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if v.size != 0 && len(plain) != v.size || v.plain != "" && string(plain) != v.plain {
			t.Errorf("%s: %d bytes: %s", v.name, len(plain), plain)
		}
		sealed := c.Seal(plain)
		if again, err := c.Open(c.Sign("1", "2", sealed), "1", "2", sealed); err != nil || string(again) != string(plain) {
			t.Errorf("%s: encrypted again: %q, %v", v.name, again, err)
		}
	}
}

func TestMessagesOfTheVectors(t *testing.T) {
	t.Parallel()
	want := map[string][3]string{
		"V2": {"mycreate", "hello", "4561255354251345929"}, "V3": {"mycreate", "hello", "4561255354251345929"},
		"V5": {"ChenJiaShun", "你好", "1456453720"}, "V7": {"foobar", "x123", "2018405441"},
	}
	seen := 0
	for i := range vectors {
		v := &vectors[i]
		w, ok := want[v.name]
		if !ok {
			continue
		}
		seen++
		plain, err := v.crypto(t).Open(v.signature, v.timestamp, v.nonce, v.encrypted)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Decode(plain)
		if err != nil {
			t.Fatalf("%s: %v", v.name, err)
		}
		if got := [3]string{m.Field("FromUserName"), m.Field("Content"), m.Field("MsgId")}; got != w || m.Type != "text" || m.Key() != "msg/"+w[2] {
			t.Errorf("%s: %v, type %q, key %q", v.name, got, m.Type, m.Key())
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d vectors", seen, len(want))
	}
	if m, err := Decode([]byte(vectors[2].plain)); err != nil || !m.At.Equal(time.Unix(1409659813, 0)) {
		t.Errorf("at %v, %v", m.At, err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	good := vectors[0].key
	for name, key := range map[string]string{
		"42 characters": good[:42], "44 characters": good + "A", "a character of no base64": good[:42] + "$", "one = too many": good + "=",
		"a line break": good[:41] + "\n" + good[42:], "empty": "",
	} {
		if _, err := New("t", key, "r"); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	v := &vectors[0]
	c := v.crypto(t)
	last := "0"
	if strings.HasSuffix(v.signature, last) {
		last = "1"
	}
	if _, err := c.Open(v.signature[:39]+last, v.timestamp, v.nonce, v.encrypted); !errors.Is(err, ErrSignature) {
		t.Errorf("last digit of the signature changed: %v", err)
	}
	if _, err := c.Open(v.signature, v.timestamp+"0", v.nonce, v.encrypted); !errors.Is(err, ErrSignature) {
		t.Errorf("another time: %v", err)
	}
	other, err := New(v.token, v.key, "wx0000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(v.signature, v.timestamp, v.nonce, v.encrypted); !errors.Is(err, ErrReceiver) {
		t.Errorf("another receiver: %v", err)
	}
	for name, text := range map[string]string{
		"empty":                   "",
		"no base64":               "???",
		"half a block":            "AAAA",
		"filled with 0":           c.raw(strings.Repeat("x", 31) + "\x00"),
		"filled with 33":          c.raw(strings.Repeat("\x21", 64)),
		"filling of two kinds":    c.raw(strings.Repeat("x", 30) + "\x01\x02"),
		"shorter than its head":   c.raw("0123456789abcdef" + strings.Repeat("\x10", 16)),
		"a length beyond its end": c.raw("0123456789abcdef\x00\x00\x01\x00" + strings.Repeat("\x0c", 12)),
	} {
		if _, err := c.Open(c.Sign("1", "2", text), "1", "2", text); !errors.Is(err, ErrCipher) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Envelope{
		"<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID>218</AgentID><Encrypt><![CDATA[abc=]]></Encrypt></xml>": {XML, "ww1", "218", "abc="},
		"\xef\xbb\xbf <xml><Encrypt>abc=</Encrypt></xml>\n":                                                            {XML, "", "", "abc="},
		`{"tousername":"ww1","encrypt":"abc=","agentid":"218"}`:                                                        {JSON, "ww1", "218", "abc="},
		`{"tousername":"ww1","encrypt":"abc=","agentid":1000002}`:                                                      {JSON, "ww1", "1000002", "abc="},
	} {
		if got, err := Unwrap([]byte(body)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	for _, body := range []string{
		"", "{}", "<xml></xml>", "<xml><Encrypt>a", `{"encrypt":1}`, "plain", "<html><Encrypt>a</Encrypt></html>",
		`<!DOCTYPE x [<!ENTITY e "y">]><xml><Encrypt>&e;</Encrypt></xml>`,
	} {
		if e, err := Unwrap([]byte(body)); !errors.Is(err, ErrEnvelope) {
			t.Errorf("%s: %+v, %v", body, e, err)
		}
	}
}

func TestAnAnswerIsReadByTheOtherSide(t *testing.T) {
	t.Parallel()
	c := vectors[0].crypto(t)
	for _, form := range []Form{XML, JSON} {
		body, err := c.Wrap(form, "1409659813", "n&<1", []byte("好的"))
		if err != nil {
			t.Fatal(err)
		}
		e, err := Unwrap(body)
		if err != nil || e.Form != form {
			t.Fatalf("%s: %+v, %v", body, e, err)
		}
		signature := c.Sign("1409659813", "n&<1", e.Encrypt)
		if !strings.Contains(string(body), signature) {
			t.Errorf("%s: no signature", body)
		}
		if plain, err := c.Open(signature, "1409659813", "n&<1", e.Encrypt); err != nil || string(plain) != "好的" {
			t.Errorf("%q, %v", plain, err)
		}
	}
	if _, err := c.Wrap(JSON, "no number", "n", nil); err == nil {
		t.Error("a timestamp that is no number was taken")
	}
}

const added = "<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName>sys</FromUserName><CreateTime>1403610513</CreateTime><MsgType>event</MsgType>" +
	"<Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType><UserID>zhangsan</UserID>" +
	"<ExternalUserID>woAJ2GCAAAXtWyujaWJHDDGi0mACAAA</ExternalUserID><State>teststate</State><WelcomeCode>WELCOMECODE</WelcomeCode></xml>"

func TestOneEventOneKey(t *testing.T) {
	t.Parallel()
	key := func(text string) string {
		m, err := Decode([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return m.Key()
	}
	base := key(added)
	if again := key(strings.Replace(added, "WELCOMECODE", "ANOTHER", 1)); again != base {
		t.Errorf("sent again with another welcome code: %s, %s", base, again)
	}
	for _, change := range [][2]string{
		{"add_external_contact", "add_half_external_contact"},
		{"zhangsan", "lisi"},
		{"woAJ2GCAAAXtWyujaWJHDDGi0mACAAA", "woB"},
		{"1403610513", "1403610514"},
		{"ww1", "ww2"},
		{"teststate", "other"},
		{"<UserID>zhangsan</UserID>", "<UserID>zhang</UserID><ChatId>san</ChatId>"},
	} {
		if key(strings.Replace(added, change[0], change[1], 1)) == base {
			t.Errorf("%s → %s is the same event", change[0], change[1])
		}
	}
	m, err := Decode([]byte(added))
	if err != nil || m.Event != "change_external_contact" || m.Change != "add_external_contact" || m.Field("WelcomeCode") != "WELCOMECODE" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestOtherForms(t *testing.T) {
	t.Parallel()
	chat, err := Decode([]byte("<xml><MsgType>event</MsgType><Event>change_external_chat</Event><ChangeType>update</ChangeType>" +
		"<MemChangeList><Item>a</Item><Item>b</Item></MemChangeList></xml>"))
	if err != nil || chat.Field("Item") != "a,b" {
		t.Errorf("%+v, %v", chat, err)
	}
	suite, err := Decode([]byte("<xml><SuiteId>s</SuiteId><AuthCorpId>c</AuthCorpId><InfoType>change_external_contact</InfoType>" +
		"<TimeStamp>1403610513</TimeStamp><ChangeType>del_follow_user</ChangeType></xml>"))
	if err != nil || suite.Type != "event" || suite.Event != "change_external_contact" || suite.At.Unix() != 1403610513 {
		t.Errorf("%+v, %v", suite, err)
	}
	nested := []byte(`{"MsgType":"event","b":{"Id":"2"},"a":{"Id":"1"}}`)
	for range 20 {
		if m, err := Decode(nested); err != nil || m.Field("Id") != "1,2" {
			t.Fatalf("%+v, %v", m, err)
		}
	}
	for _, text := range []string{
		"", "x", "{}", "<xml></xml>", "<a><MsgType>event</MsgType></a>", "<xml><MsgType>event</MsgType>", "<xml><MsgType>event</MsgType></xml><xml></xml>",
		`{"MsgType":"text"} x`, `{"MsgType":"text","a":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + "}",
		"<xml><MsgType>event</MsgType>" + strings.Repeat("<a>", 20) + strings.Repeat("</a>", 20) + "</xml>",
		"<xml><MsgType>event</MsgType>" + strings.Repeat("<a>"+strings.Repeat("x", 1000)+"</a>", 80) + "</xml>",
	} {
		if m, err := Decode([]byte(text)); !errors.Is(err, ErrMessage) {
			t.Errorf("%.60s: %+v, %v", text, m, err)
		}
	}
}

func FuzzCallback(f *testing.F) {
	for i := range vectors {
		f.Add([]byte("<xml><Encrypt>"+vectors[i].encrypted+"</Encrypt></xml>"), vectors[i].encrypted)
	}
	f.Add([]byte(added), "AAAA")
	f.Add([]byte(vectors[2].plain), "")
	c := vectors[0].crypto(f)
	f.Fuzz(func(t *testing.T, body []byte, text string) {
		if m, err := Decode(body); err == nil && (m.Type == "" || m.Key() == "") {
			t.Errorf("a message without a type or a key: %+v", m)
		}
		_, _ = Unwrap(body)
		_, _ = c.Open(c.Sign("1", "2", text), "1", "2", text)
		answer, err := c.Wrap(XML, "1", "2", body)
		if err != nil {
			t.Fatal(err)
		}
		e, err := Unwrap(answer)
		if err != nil {
			t.Fatalf("%s: %v", answer, err)
		}
		if plain, err := c.Open(c.Sign("1", "2", e.Encrypt), "1", "2", e.Encrypt); err != nil || string(plain) != string(body) {
			t.Errorf("%q came back as %q, %v", body, plain, err)
		}
	})
}
