package main

import "testing"

func TestExitCodes(t *testing.T) { // sets the environment, so not parallel
	t.Setenv("KOSMOS_TEST_PG", "postgres://someone@127.0.0.1:1")
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"nothing to run":       {[]string{"--"}, 2},
		"passes":               {[]string{"--", "true"}, 0},
		"fails":                {[]string{"sh", "-c", "exit 3"}, 3},
		"killed":               {[]string{"sh", "-c", "kill -9 $$"}, 1},
		"unknown":              {[]string{"kosmos-no-such-command"}, 127},
		"uses the one at hand": {[]string{"sh", "-c", `test "$KOSMOS_TEST_PG" = postgres://someone@127.0.0.1:1`}, 0},
	} {
		if got, _ := run(c.args); got != c.want {
			t.Errorf("%s: exit %d, want %d", name, got, c.want)
		}
	}
}

func TestStartsOne(t *testing.T) {
	t.Setenv("KOSMOS_TEST_PG", "")
	if code, err := run([]string{"sh", "-c", `test -n "$KOSMOS_TEST_PG"`}); code != 0 || err != nil {
		t.Errorf("exit %d, %v", code, err)
	}
}
