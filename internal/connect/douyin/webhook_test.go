package douyin

import (
	"errors"
	"testing"
)

// The vector is computed from the documented rule; nobody has published one.
const (
	secret    = "testsecret"
	test      = `{"event":"verify_webhook","client_key":"abc","content":{"challenge":12345}}`
	signature = "06a34792b6e3cab66866a926fc8db6e2d3a77f5b"
)

func TestTheTestOfAnAddressIsAnswered(t *testing.T) {
	t.Parallel()
	e, err := Receive(secret, signature, []byte(test))
	if err != nil {
		t.Fatal(err)
	}
	if answer, ok := e.Challenge(); !ok || string(answer) != `{"challenge":12345}` {
		t.Errorf("%s, %v", answer, ok)
	}
	if e.ClientKey != "abc" {
		t.Errorf("%+v", e)
	}
}

func TestContentIsAnObjectOrAText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"event":"im_receive_msg","content":{"text":"多少钱"}}`:       `{"text":"多少钱"}`,
		`{"event":"im_receive_msg","content":"{\"text\":\"多少钱\"}"}`: `{"text":"多少钱"}`,
		`{"event":"unauthorize"}`:                                   `{}`,
		`{"event":"unauthorize","content":""}`:                      `{}`,
		`{"event":"unauthorize","content":null}`:                    `{}`,
	} {
		e, err := Receive(secret, Sign(secret, []byte(body)), []byte(body))
		if err != nil || string(e.Content) != want {
			t.Errorf("%s: %s, %v", body, e.Content, err)
		}
		if _, ok := e.Challenge(); ok {
			t.Errorf("%s is taken for a test", body)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{"another": signature[:39] + "c", "none": "", "cut": signature[:39]} {
		if _, err := Receive(secret, s, []byte(test)); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Receive(secret, signature, []byte(test+" ")); !errors.Is(err, ErrSignature) {
		t.Errorf("one more blank: %v", err)
	}
	for _, body := range []string{"", "x", "[]", "{}", `{"event":"e","content":[1]}`, `{"event":"e","content":"x"}`, `{"event":"e","content":"{"}`} {
		if e, err := Receive(secret, Sign(secret, []byte(body)), []byte(body)); !errors.Is(err, ErrBody) {
			t.Errorf("%s: %+v, %v", body, e, err)
		}
	}
	bad := `{"event":"verify_webhook","content":{"challenge":"x"}}`
	if e, err := Receive(secret, Sign(secret, []byte(bad)), []byte(bad)); err == nil {
		if answer, ok := e.Challenge(); ok {
			t.Errorf("a challenge that is no number is answered with %s", answer)
		}
	}
}

func TestSignLifeCoversEveryPart(t *testing.T) {
	t.Parallel()
	base := SignLife("s", "k", "1", []byte("{}"))
	for name, other := range map[string]string{"secret": SignLife("x", "k", "1", []byte("{}")), "key": SignLife("s", "x", "1", []byte("{}")), "time": SignLife("s", "k", "2", []byte("{}")), "body": SignLife("s", "k", "1", nil)} {
		if other == base || len(other) != 64 {
			t.Errorf("%s: %s", name, other)
		}
	}
}
