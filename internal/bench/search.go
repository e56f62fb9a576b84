package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library"
)

const (
	searchItems    = 100_000
	searchTarget   = 20     // ms
	variantTarget  = 10_000 // ms
	loadedAtOnce   = 200
	searchesOfEach = 12
)

// shelf is the matrix with a library of a hundred thousand items.
func shelf() recipe {
	return recipe{"search-1", func(ctx context.Context, r *run, s *System) error {
		if err := accounts(ctx, r, s, matrixAccounts); err != nil {
			return err
		}
		for from := 0; from < searchItems; from += loadedAtOnce {
			pieces := make([]library.Piece, loadedAtOnce)
			for i := range pieces {
				pieces[i] = shelved(from + i)
			}
			if err := s.Library.Load(ctx, s.Actor, pieces); err != nil {
				return err
			}
			if from%10_000 == 0 {
				r.Say("items %d/%d", from, searchItems)
			}
		}
		return nil
	}}
}

// shelved invents an item: a title and some sentences that a car dealer's staff would write, with words from very common to
// rare.
func shelved(i int) library.Piece {
	rnd := rand.New(rand.NewPCG(7, uint64(i))) //nolint:gosec // invented texts
	pick := func(list string) string {
		words := strings.Fields(list)
		return words[rnd.IntN(len(words))]
	}
	const cars, acts = "轿车 越野 新能源 混动 跑车 旅行车 皮卡 面包车", "到店 试驾 置换 保养 提车 团购 直播 车展"
	title := fmt.Sprintf("%s%s%s第%d期", pick("周末 国庆 端午 中秋 元旦 春节 开学 年末"), pick(cars), pick(acts), i%997)
	var b strings.Builder
	for range 3 {
		fmt.Fprintf(&b, "%s的朋友看过来，%s%s正在进行，%s的%s等你来，", pick("北京 上海 广州 深圳 成都 杭州 武汉 西安 苏州 天津"), pick(cars), pick(acts), pick("宽敞 安静 省油 好停 耐用 漂亮"), pick("座椅 后备箱 中控 大灯 轮毂 天窗"))
	}
	fmt.Fprintf(&b, "暗号%c%c。", rune(0x4E00+rnd.IntN(3000)), rune(0x4E00+rnd.IntN(3000)))
	kinds := []library.Kind{library.Template, library.Talk, library.Idea}
	return library.Piece{Kind: kinds[i%len(kinds)], Title: title, Tags: []string{pick(acts), pick(cars)}, Content: library.Content{Body: b.String()}}
}

// searched are queries from very common two-character words to rare and missing ones.
func searched() []string {
	return []string{"试驾", "朋友", "越野", "端午 试驾", "上海 后备箱", "新能源置换", "中秋越野直播", "第500期", "省油 天窗 成都", "没有的词", "国庆 皮卡 团购 深圳", "车展"}
}

func search(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, shelf())
	if err != nil {
		return err
	}
	return joinClose(r.measureSearch(ctx, s), done)
}

func (r *run) measureSearch(ctx context.Context, s *System) error {
	_, _, store := place(0)
	for _, who := range []struct {
		name, unit string
		role       authz.Role
	}{{"brand", "", authz.HQOps}, {"store", store, authz.KOS}} {
		token, err := s.Token(ctx, who.role, who.unit)
		if err != nil {
			return err
		}
		var all []time.Duration
		worst, worstAt, found := 0.0, "", 0
		for _, q := range searched() {
			target := "/api/v1/library/items?limit=30&q=" + url.QueryEscape(q)
			res, _, err := s.call(ctx, token, target)
			if err != nil {
				return err
			}
			var page struct{ Items []json.RawMessage }
			if err := json.Unmarshal(res.Body.Bytes(), &page); err != nil {
				return err
			}
			found += len(page.Items)
			times, err := s.times(ctx, token, []string{target}, searchesOfEach)
			if err != nil {
				return err
			}
			all = append(all, times...)
			if p := quantile(times, 0.95); p > worst {
				worst, worstAt = p, q
			}
		}
		r.latency("search."+who.name, "ms p95", quantile(all, 0.95), searchTarget,
			fmt.Sprintf("%d questions over %d items, %d found; slowest “%s” with %.1f ms; the reference is the promise", len(searched()), searchItems, found, worstAt, worst))
	}
	return r.measureVariants(ctx, s)
}

// measureVariants fills one template for every member, checked by the rules, and once more for the same people.
func (r *run) measureVariants(ctx context.Context, s *System) error {
	const body = "{{开头: 周末来 {门店} 看看 | {顾问} 陪你试驾 | 想换车的看过来}}，{{中: 新车到店 | 试驾有礼 | 置换更省心}}，{城市}的朋友{{尾: 等你 | 欢迎留言 | 带上家人一起来}}{{表情: 🚗 | ✨ | 🎉}}"
	var people []library.Recipient
	after := id.ID(0)
	for {
		part, err := s.Account.WalkFacts(ctx, s.DB, s.Actor.BrandID, after, 5000)
		if err != nil {
			return err
		}
		if len(part) == 0 {
			break
		}
		for _, f := range part {
			people = append(people, library.Recipient{MemberID: f.MemberID, UnitID: f.UnitID, AccountID: f.ID, Platform: string(f.Platform)})
		}
		after = part[len(part)-1].ID
	}
	it, err := s.Library.Create(ctx, s.Actor, library.Piece{Kind: library.Template, Title: "测速", Content: library.Content{Title: "{门店}", Body: body}})
	for _, v := range []library.Verb{library.Submit, library.Approve} {
		if err == nil {
			it, err = s.Library.Turn(ctx, s.Actor, it.ID, it.Rev, v, "")
		}
	}
	if err != nil {
		return err
	}
	for _, name := range []string{"variants.new", "variants.again"} {
		faults := 0
		took, err := stopwatch(func() error {
			texts, err := s.Library.Personal(ctx, s.DB, s.Actor.BrandID, it.ID, 1, people)
			for _, t := range texts {
				if t.Fault != "" || t.Repeated {
					faults++
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		r.latency(name, "ms", float64(took)/float64(time.Millisecond), variantTarget, fmt.Sprintf("personal texts for %d members, each checked by the rules; %d without an own one; the reference is the promise", len(people), faults))
	}
	return nil
}
