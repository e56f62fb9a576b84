package desk_test

import (
	"slices"
	"testing"
	"time"

	"kosmos/internal/domain/desk"
)

// newer puts rules into force that send a word to review.
func (k kit) newer(word string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.version, k.banned = "4", word
}

func (k kit) get(s desk.Submission) desk.Submission {
	k.t.Helper()
	now, err := k.Get(k.t.Context(), k.officer(), s.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	return now
}

func TestWordsApprovedUnderOlderRulesAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		first := k.submit(post("全城第一的店庆价"))
		k.review(k.officer(), first, desk.Decision{Version: 1, Verb: desk.Approve})
		if s := k.submit(post("全城第一的店庆价")); s.Straight != desk.StraightSame {
			t.Fatalf("%+v", s)
		}
		k.newer("店庆价")
		again := k.submit(post("全城第一的店庆价"))
		if again.State != desk.Waiting {
			t.Fatalf("nobody saw what the new rule objects to: %+v", again)
		}
		k.review(k.officer(), again, desk.Decision{Version: 1, Verb: desk.Approve})
		if s := k.submit(post("全城第一的店庆价")); s.Straight != desk.StraightSame {
			t.Fatalf("now somebody did: %+v", s)
		}
	})
}

func TestASuggestionMadeUnderOlderRulesIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		s := k.submit(post("全城第一"))
		k.review(k.officer(), s, desk.Decision{Version: 1, Verb: desk.Suggest, Reason: "换个说法", Suggestion: []desk.Text{{Field: "body", Text: "店庆价"}}})
		k.newer("店庆价")
		if s, err := k.Accept(t.Context(), k.kos(), s.ID, 1); err != nil || s.State != desk.Waiting {
			t.Fatalf("%+v %v", s, err)
		}
	})
}

func TestNewerRulesEndApprovalsTheyObjectTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		gone, kept := k.submit(post("全城第一的店庆价")), k.submit(post("全城第一的服务"))
		for _, s := range []desk.Submission{gone, kept} {
			k.review(k.officer(), s, desk.Decision{Version: 1, Verb: desk.Approve})
		}
		out := k.submit(post("店庆价也第一"))
		k.review(k.officer(), out, desk.Decision{Version: 1, Verb: desk.Approve})
		if _, err := k.Publish(ctx, k.kos(), out.ID, "https://xhslink.com/a/1"); err != nil {
			t.Fatal(err)
		}
		if err := k.Rejudge(ctx); err != nil || k.get(gone).State != desk.Approved {
			t.Fatal("the same rules change nothing", err)
		}
		k.newer("店庆价")
		before := len(k.kinds())
		for range 2 { // a second round finds nothing to do
			if err := k.Rejudge(ctx); err != nil {
				t.Fatal(err)
			}
		}
		now := k.get(gone)
		if now.State != desk.Expired || now.Pack != "4" || now.Level != desk.Medium {
			t.Fatalf("%+v", now)
		}
		if s := k.get(kept); s.State != desk.Approved || s.Pack != "4" || s.Expires != kept.Submitted+30*24*3600*1000 {
			t.Errorf("%+v", s)
		}
		if s := k.get(out); s.State != desk.Published {
			t.Errorf("what is out is the re-scan's matter: %+v", s)
		}
		if got := k.kinds()[before:]; !slices.Equal(got, []string{"desk.expired"}) {
			t.Errorf("evidence %v", got)
		}
		if !slices.Contains(k.told(k.kos().UserID), "desk.expired") {
			t.Error("the author was not told")
		}
		s, err := k.Resubmit(ctx, k.kos(), gone.ID, desk.Resubmission{Version: 1, Texts: []desk.Text{{Field: "body", Text: "全城第一的店庆价"}}})
		if err != nil || s.State != desk.Waiting || s.Version != 2 {
			t.Fatalf("%+v %v", s, err)
		}
	})
}

func TestWhatWaitsIsShownAsNewerRulesSeeIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		s, other := k.submit(post("全城第一的店庆价")), k.submit(post("也是第一"))
		if _, err := k.Claim(ctx, k.officer(), s.ID); err != nil {
			t.Fatal(err)
		}
		k.newer("店庆价")
		before := len(k.kinds())
		for range 2 {
			if err := k.Rejudge(ctx); err != nil {
				t.Fatal(err)
			}
		}
		now := k.get(s)
		if now.State != desk.Waiting || now.Pack != "4" || now.ClaimedBy != k.officer().UserID || now.Due > s.Due || now.Findings == s.Findings {
			t.Fatalf("%+v", now)
		}
		if x := k.get(other); x.Pack != "4" || x.Findings != other.Findings {
			t.Errorf("%+v", x)
		}
		if got := k.kinds()[before:]; !slices.Equal(got, []string{"desk.queued"}) {
			t.Errorf("evidence %v", got)
		}
		k.review(k.officer(), now, desk.Decision{Version: 1, Verb: desk.Approve})
		k.c.Advance(time.Minute)
		// rules that block take what waits out of the queue
		set, err := k.Settings(ctx, brand)
		if err != nil {
			t.Fatal(err)
		}
		set.Levels[desk.Medium] = set.Levels[desk.High]
		if err := k.SetSettings(ctx, k.officer(), set); err != nil {
			t.Fatal(err)
		}
		k.mu.Lock()
		k.version, k.banned = "5", "也是"
		k.mu.Unlock()
		if err := k.Rejudge(ctx); err != nil {
			t.Fatal(err)
		}
		if x := k.get(other); x.State != desk.Blocked {
			t.Errorf("%+v", x)
		}
	})
}
