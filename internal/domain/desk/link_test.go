package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/desk"
)

// TestAWrongLinkIsCorrectedByWhoPastedIt: the trail keeps every link.
func TestAWrongLinkIsCorrectedByWhoPastedIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 0 })
		ctx, s := t.Context(), k.submit(post("周末到店看看"))
		if _, err := k.CorrectLink(ctx, k.kos(), s.ID, "https://xhslink.com/a/1"); !errs.Is(err, "desk.state_approved") {
			t.Fatal("nothing was published yet:", err)
		}
		if _, err := k.Publish(ctx, k.kos(), s.ID, "https://xhslink.com/a/wrong"); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the same tap twice is one correction
			out, err := k.CorrectLink(ctx, k.kos(), s.ID, "看看 http://xhslink.com/a/right，复制本条")
			if err != nil || out.Link != "http://xhslink.com/a/right" || out.State != desk.Published {
				t.Fatalf("%+v %v", out, err)
			}
		}
		want(t, k.kinds(), []string{"desk.passed", "desk.published", "desk.link_corrected"})
		last := k.steps[len(k.steps)-1].Body
		if last["before"] != "https://xhslink.com/a/wrong" || last["link"] != "http://xhslink.com/a/right" {
			t.Error(last)
		}
		s, err := k.Get(ctx, k.kos(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		story, err := k.Story(ctx, k.kos(), &s)
		if err != nil || len(story.Links) != 2 || story.Links[0].Link != "https://xhslink.com/a/wrong" || story.Links[1].UserID != 81 {
			t.Fatalf("%+v %v", story.Links, err)
		}
		// another login of the same member sees it, and did not paste it
		if _, err := k.CorrectLink(ctx, actor(t, authz.KOS, 82, 51, 11), s.ID, "https://xhslink.com/a/3"); !errs.Is(err, "desk.link_not_yours") {
			t.Error(err)
		}
		if _, err := k.CorrectLink(ctx, actor(t, authz.KOS, 83, 52, 12), s.ID, "https://xhslink.com/a/3"); !errs.Is(err, "desk.not_found") {
			t.Error(err)
		}
		for n := 3; n <= 20; n++ {
			if _, err := k.CorrectLink(ctx, k.kos(), s.ID, fmt.Sprintf("https://xhslink.com/a/%d", n)); err != nil {
				t.Fatal(n, err)
			}
		}
		if _, err := k.CorrectLink(ctx, k.kos(), s.ID, "https://xhslink.com/a/21"); !errs.Is(err, "desk.link_often") {
			t.Error(err)
		}
	})
}

// TestLinksOfBareAddressesAreRefused: no platform is reached by a number, however it is written.
func TestLinksOfBareAddressesAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 0 })
		s := k.submit(post("周末到店看看"))
		for _, bad := range []string{
			"http://1.2.3.4/x", "https://10.0.0.1", "http://127.1/x", "http://0x7f.0.0.1/", "http://0x7f.1", "http://3232235777/", "http://[::1]/", "http://[::ffff:1.2.3.4]/",
			"http://1.2.3.4./x", "http://localhost/x", "https://a..com/x", "https://user@xhslink.com/a", "ftp://xhslink.com/a", "xhslink.com/a",
		} {
			if _, err := k.Publish(t.Context(), k.kos(), s.ID, bad); !fieldIs(err, "link", "desk.link_bad") {
				t.Errorf("%s is taken: %v", bad, err)
			}
		}
		if out, err := k.Publish(t.Context(), k.kos(), s.ID, "https://www.xiaohongshu.com/explore/65?x=1.2.3.4"); err != nil || out.State != desk.Published {
			t.Fatal(err)
		}
	})
}

func fieldIs(err error, path, slug string) bool {
	var e *errs.Error
	return errors.As(err, &e) && slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Path == path && f.Slug == slug })
}
