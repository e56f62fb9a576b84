package xiaohongshu

import (
	"errors"
	"testing"
)

const (
	key    = "00112233445566778899aabbccddeeff"
	plain  = `{"text":"hello"}`
	sealed = "AAECAwQFBgcICQoLDA0ODw==~split~jIOrwc/RxB367oGs5GzCT5xFFy9vvR3/+LRdBtrS17A="
)

func TestThirdPartyMessages(t *testing.T) {
	t.Parallel()
	m, err := NewIM(key)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.seal([16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, []byte(plain)); got != sealed {
		t.Errorf("sealed: %s", got)
	}
	if got, err := m.Open(sealed); err != nil || string(got) != plain {
		t.Errorf("opened: %s, %v", got, err)
	}
	for _, text := range []string{"", "好", "0123456789abcdef", plain} {
		if got, err := m.Open(m.Seal([]byte(text))); err != nil || string(got) != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	}
	if one, two := m.Seal([]byte(plain)), m.Seal([]byte(plain)); one == two {
		t.Error("the same initial vector twice")
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"", key[:31], key[:30], key + "00", "zz" + key[2:]} {
		if _, err := NewIM(k); !errors.Is(err, ErrKey) {
			t.Errorf("key %q: %v", k, err)
		}
	}
	m, err := NewIM(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "x", "~split~", sealed[:24], sealed[:24] + "~split~", sealed[:24] + "~split~AAAA", sealed[1:], "AAAA~split~" + sealed[31:], sealed[:24] + "~split~AAAAAAAAAAAAAAAAAAAAAA=="} {
		if got, err := m.Open(text); !errors.Is(err, ErrText) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(sealed)
	f.Add("~split~")
	m, err := NewIM(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := m.Open(m.Seal([]byte(text))); err != nil || string(got) != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
		_, _ = m.Open(text)
	})
}
