package library_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library"
)

const rich = "{{开头: 来 {门店} 看看 | {顾问} 带你试驾 | 想换车的看过来}}，{城市}的朋友{{中: 都来了 | 快来}}{{表情: 🚗 | ✨ | 🎉}}{{结尾: 等你 | 留言问我}}"

func crowd(n int) []library.Recipient {
	out := make([]library.Recipient, n)
	for i := range out {
		m := id.ID(100 + i)
		out[i] = library.Recipient{MemberID: m, UnitID: unitOf(m), AccountID: 9000 + m, Platform: "xiaohongshu"}
	}
	return out
}

// TestPersonal: no two of a store are equal, the same again is the same, another salt is another order, late joiners keep
// clear of what was given away.
func TestPersonal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		it := k.live(k.hq(), template("周末", rich))
		people := crowd(60) // 30 a store, 72 choices
		first, err := k.Personal(t.Context(), d, brand, it.ID, 5, people[:50])
		if err != nil {
			t.Fatal(err)
		}
		again, err := k.Personal(t.Context(), d, brand, it.ID, 5, people)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(first, again[:50]) {
			t.Error("the second call gives other texts")
		}
		seen := map[string]bool{}
		for i, x := range again {
			key := people[i].UnitID.String() + x.Title + "|" + x.Body
			if x.Fault != "" || x.Repeated || seen[key] {
				t.Errorf("%d: %+v twice %v", i, x, seen[key])
			}
			seen[key] = true
		}
		if x := again[0]; !strings.HasPrefix(x.Title, "静安店 ") || !strings.Contains(x.Body, "上海的朋友") {
			t.Errorf("%+v", x)
		}
		other, err := k.Personal(t.Context(), d, brand, it.ID, 6, people[:50])
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(first, other) {
			t.Error("another salt gives the same texts")
		}
		mixed := slices.Clone(people[:50])
		slices.Reverse(mixed)
		back, err := k.Personal(t.Context(), d, brand, it.ID, 5, mixed)
		slices.Reverse(back)
		if err != nil || !slices.Equal(first, back) {
			t.Error("the order of the people matters", err)
		}
	})
}

// TestPersonalRace lets calls for the same store run at once: still no two equal, and each person's text stays.
func TestPersonalRace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		it := k.live(k.hq(), template("周末", rich))
		people := crowd(40)
		got := make([][]library.Text, 4)
		var wg sync.WaitGroup
		for w := range got {
			wg.Go(func() {
				list := slices.Concat(people[w*10:], people[:w*10]) // everybody, each call beginning elsewhere
				texts, err := k.Personal(t.Context(), d, brand, it.ID, 5, list)
				if err != nil {
					t.Error(err)
					return
				}
				got[w] = slices.Concat(texts[len(texts)-w*10:], texts[:len(texts)-w*10])
			})
		}
		wg.Wait()
		for w := range got {
			if !slices.Equal(got[w], got[0]) {
				t.Fatalf("call %d sees other texts", w)
			}
		}
		seen := map[string]bool{}
		for i, x := range got[0] {
			key := people[i].UnitID.String() + x.Title + x.Body
			if seen[key] {
				t.Errorf("twice: %s", key)
			}
			seen[key] = true
		}
	})
}

// TestPersonalFaults: what the rules or the length refuse is passed over, a missing value is said, a store with more people
// than texts gets them again, evenly.
func TestPersonalFaults(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		p := template("少", "{{a: 甲 | 乙 | 丙}}")
		p.Content.Title = ""
		few := k.live(k.hq(), p)
		texts, err := k.Personal(ctx, d, brand, few.ID, 1, crowd(14)) // 7 a store, 3 texts
		if err != nil {
			t.Fatal(err)
		}
		times := map[string]int{}
		repeated := 0
		for i, x := range texts {
			times[fmt.Sprint(unitOf(id.ID(100+i)), x.Body)]++
			if x.Repeated {
				repeated++
			}
		}
		for key, n := range times {
			if n < 2 || n > 3 {
				t.Errorf("%s given %d times", key, n)
			}
		}
		if repeated != 8 {
			t.Errorf("%d repeated", repeated)
		}
		k.mu.Lock()
		k.banned = append(k.banned, "顾问102 带")
		k.mu.Unlock()
		it := k.live(k.hq(), template("周末", rich))
		texts, err = k.Personal(ctx, d, brand, it.ID, 1, crowd(6))
		if err != nil {
			t.Fatal(err)
		}
		if x := texts[2]; x.Fault != "" || strings.Contains(x.Body, "顾问102 带") {
			t.Errorf("a refused choice was given: %+v", x)
		}
		price := template("价", "{价格} 起，{{a: 快来 | 欢迎}}")
		price.ProductID = 3
		k.prices = map[id.ID]library.Price{11: {Text: "¥9.98万"}}
		pr := k.live(k.hq(), price)
		texts, err = k.Personal(ctx, d, brand, pr.ID, 1, crowd(2))
		if err != nil || !strings.HasPrefix(texts[0].Body, "¥9.98万 起") || texts[1].Fault != "library.value_missing" || texts[1].Name != "价格" {
			t.Errorf("%+v %v", texts, err)
		}
		long := template("长", "x{{a: 1|2}}")
		long.Content.Title = strings.Repeat("长", 21)
		texts, err = k.Personal(ctx, d, brand, k.live(k.hq(), long).ID, 1, crowd(1))
		if err != nil || texts[0].Fault != "library.text_long" {
			t.Errorf("%+v %v", texts, err)
		}
		if _, err := k.Personal(ctx, d, brand, k.create(k.hq(), price).ID, 1, crowd(1)); !errs.Is(err, library.WhyNotApproved) {
			t.Error(err)
		}
	})
}
