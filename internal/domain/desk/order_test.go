package desk_test

import (
	"slices"
	"testing"
	"time"

	"kosmos/internal/base/id"
	"kosmos/internal/domain/desk"
)

// TestAnotherRankerOrdersWhatWaits: level, deadline and verdict stay, the order within a level is made anew.
func TestAnotherRankerOrdersWhatWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		a := k.submit(post("第一家店的补贴"))
		k.c.Advance(time.Minute)
		b := k.submit(post("第一家店"))
		c := k.submit(post("也是第一"))
		decided := k.review(k.officer(), c, desk.Decision{Version: 1, Verb: desk.Approve})
		queue := func() []id.ID {
			t.Helper()
			list, err := k.List(ctx, k.officer(), desk.Filter{State: desk.Waiting, Sort: desk.ByRank, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var out []id.ID
			for _, s := range list {
				out = append(out, s.ID)
			}
			return out
		}
		if got := queue(); !slices.Equal(got, []id.ID{a.ID, b.ID}) { // equal scores: who waits longer
			t.Fatal(got)
		}
		k.ranker, k.liked = 4, "补贴"
		if err := k.Order(ctx); err != nil {
			t.Fatal(err)
		}
		if got := queue(); !slices.Equal(got[:2], []id.ID{b.ID, a.ID}) {
			t.Errorf("%v, want %v first", got, b.ID)
		}
		now, err := k.Get(ctx, k.officer(), b.ID)
		if err != nil || now.Ranker != 4 || now.Level != b.Level || now.Due != b.Due || now.Verdict != b.Verdict || now.Score <= b.Score {
			t.Errorf("%+v %v", now, err)
		}
		if was, err := k.Get(ctx, k.officer(), c.ID); err != nil || was.Score != decided.Score || was.Ranker != 0 {
			t.Errorf("what was decided stays: %+v %v", was, err)
		}
		asked := len(k.asked)
		if err := k.Order(ctx); err != nil || len(k.asked) != asked+1 {
			t.Error("ordered again by the same ranker", err)
		}
	})
}

// TestDecidedTextsAreToldWithTheirVerdict: one row per version, turned down when anybody did.
func TestDecidedTextsAreToldWithTheirVerdict(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		a, b := k.submit(post("第一家店")), k.submit(post("第一的价格"))
		k.review(k.officer(), a, desk.Decision{Version: 1, Verb: desk.Approve})
		k.c.Advance(time.Second)
		k.review(k.officer(), b, desk.Decision{Version: 1, Verb: desk.Suggest, Reason: "换个说法"})
		list, err := k.Decided(t.Context(), k.d, brand, 10)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		if x := list[0]; x.Submission != b.ID || !x.Refused || x.Texts[0].Text != "第一的价格" || x.Kind != "post" || x.Platform != "xiaohongshu" {
			t.Errorf("%+v", x)
		}
		if list[1].Refused {
			t.Errorf("%+v", list[1])
		}
		if other, err := k.Decided(t.Context(), k.d, 8, 10); err != nil || len(other) != 0 {
			t.Error("another brand's verdicts", other, err)
		}
	})
}
