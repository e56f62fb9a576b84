package match

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestRun(t *testing.T) {
	t.Parallel()
	terms, text := Sample(500, 100_000)
	again, _ := Sample(500, 1000)
	if len(terms) != 500 || !slices.Equal(terms, again) || len(text) < 99_990 || len(text) > 100_000 || !utf8.ValidString(text) {
		t.Fatalf("%d terms, %d bytes", len(terms), len(text))
	}
	said := 0
	got, err := Run(Job{Terms: append(terms, "，，", terms[0]), Text: text, Rounds: 2, Say: func(string, ...any) { said++ }})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rules != 500 || got.Bytes != len(text) || got.Hits < 100 || got.MBPerS <= 0 || got.BuildMs <= 0 || said != 3 {
		t.Errorf("%+v, said %d times", got, said)
	}
}
