package sandbox_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/fake/sandbox"
)

func TestSameSeedSameBrand(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{Members: 120, Days: 90, Seed: 5, Today: 20261122}
	a, b := sandbox.Generate(cfg), sandbox.Generate(cfg)
	if !reflect.DeepEqual(a, b) {
		t.Fatal("two runs differ")
	}
	for i := len(a.Accounts) - 1; i >= 0; i-- { // any order of drawing
		if !reflect.DeepEqual(a.Posts(i), b.Posts(i)) || !reflect.DeepEqual(a.Followers(i), b.Followers(i)) {
			t.Fatalf("account %d differs", i)
		}
	}
	cfg.Seed = 6
	if reflect.DeepEqual(a, sandbox.Generate(cfg)) {
		t.Fatal("another seed gives the same brand")
	}
}

func TestBrandIsBelievable(t *testing.T) {
	t.Parallel()
	b := sandbox.Generate(sandbox.Config{Members: 4000, Days: 365, Seed: 1, Today: 20261122})
	if n := float64(len(b.Accounts)) / 4000; n < 1.2 || n > 1.4 {
		t.Errorf("%.2f accounts a member", n)
	}
	seen := map[sandbox.Behaviour]int{}
	handles := map[string]bool{}
	for _, a := range b.Accounts {
		seen[a.Behaviour]++
		key := a.Platform + ":" + a.Handle
		if handles[key] {
			t.Fatalf("%s twice", key)
		}
		handles[key] = true
	}
	for _, want := range []sandbox.Behaviour{sandbox.Star, sandbox.Active, sandbox.Casual, sandbox.Stopped, sandbox.Never, sandbox.Unseen, sandbox.Unasked, sandbox.TokenLost, sandbox.Banned, sandbox.Cliff, sandbox.NoReplies, sandbox.NotConverting, sandbox.Purged, sandbox.Swept} {
		if seen[want] == 0 {
			t.Errorf("nobody is %s", want)
		}
	}
	paths := map[string]bool{}
	for _, u := range b.Units {
		p := strings.Join(u.Path, "/")
		if paths[p] {
			t.Errorf("unit %s twice", p)
		}
		if len(u.Path) > 1 && !paths[strings.Join(u.Path[:len(u.Path)-1], "/")] {
			t.Errorf("unit %s comes before its parent", p)
		}
		paths[p] = true
	}
	var views []int64
	posts := 0
	for i := range b.Accounts {
		for _, p := range b.Posts(i) {
			posts++
			if len(p.Snapshots) == 0 || p.Title == "" || strings.ContainsAny(p.Title, "{}") {
				t.Fatalf("%+v", p)
			}
			for k, s := range p.Snapshots {
				if k > 0 && (s.AsOf <= p.Snapshots[k-1].AsOf || s.Views < p.Snapshots[k-1].Views) {
					t.Fatalf("views fall or time stands: %+v", p)
				}
			}
			views = append(views, p.Snapshots[len(p.Snapshots)-1].Views)
		}
	}
	if mean := float64(posts) / float64(len(b.Accounts)); mean < 25 || mean > 55 {
		t.Errorf("%.1f posts an account and year", mean)
	}
	slices.Sort(views)
	if m := views[len(views)/2]; m < 150 || m > 1500 {
		t.Errorf("median views %d", m)
	}
	if top := views[len(views)*99/100]; top < 10_000 {
		t.Errorf("the best of a hundred has only %d views", top)
	}
	if len(b.Moves) == 0 {
		t.Error("no store moved")
	}
}
