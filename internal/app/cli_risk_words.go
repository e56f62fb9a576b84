package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/domain/account"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

// riskWords turns what people write for a platform, an industry and a kind of text into the names rules are kept to.
// A name that is in a pack at hand is known, too, so that packs may have platforms and industries of their own.
type riskWords struct{ platforms, industries map[string]bool }

func wordsOf(packs []pack.Pack) riskWords {
	w := riskWords{map[string]bool{}, map[string]bool{}}
	for _, p := range account.Platforms() {
		w.platforms[string(p)] = true
	}
	for _, i := range risk.Industries() {
		w.industries[i] = true
	}
	for _, p := range packs {
		for _, r := range p.Rules {
			for _, v := range r.Platforms {
				w.platforms[v] = true
			}
			for _, v := range r.Industries {
				w.industries[v] = true
			}
		}
	}
	return w
}

// context reads the words of a command line; what is left empty stays unknown. The error names the words there are.
func (w riskWords) context(platform, industry, kind string) (c scan.Context, err error) {
	if c.Platform, err = w.platform(platform); err != nil {
		return c, err
	}
	if c.Industry, err = w.industry(industry); err != nil {
		return c, err
	}
	kinds := map[string]bool{}
	for _, k := range risk.ContentKinds() {
		kinds[k] = true
	}
	c.Kind, err = oneWord("kind", kind, kinds, kindWords())
	return c, err
}

func (w riskWords) platform(name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" || w.platforms[name] {
		return name, nil
	}
	if p, err := account.ParsePlatform(name); err == nil {
		return string(p), nil
	}
	return oneWord("platform", name, w.platforms, nil)
}

func (w riskWords) industry(name string) (string, error) {
	if known := pack.IndustryOf(name); known != "" && !w.industries[strings.TrimSpace(name)] {
		return known, nil
	}
	return oneWord("industry", name, w.industries, nil)
}

// oneWord finds the name a word stands for.
func oneWord(what, word string, names map[string]bool, others map[string]string) (string, error) {
	plain := strings.TrimSpace(word)
	if plain == "" || names[plain] {
		return plain, nil
	}
	if plain = strings.ToLower(plain); names[plain] {
		return plain, nil
	}
	if name, ok := others[plain]; ok {
		return name, nil
	}
	return "", fmt.Errorf("--%s %q is none of %s", what, word, strings.Join(slices.Sorted(maps.Keys(names)), ", "))
}

// kindWords are other words for a kind of text.
func kindWords() map[string]string {
	return others(map[string]string{
		"post": "笔记 帖子 作品 视频 文章 正文 标题 图文 note video", "profile": "主页 简介 资料 昵称 账号 bio", "reply": "回复 私信 客服", "comment": "评论 弹幕 留言", "live": "直播 口播 livestream",
	})
}

// others turns name → words round.
func others(by map[string]string) map[string]string {
	out := map[string]string{}
	for name, words := range by {
		for word := range strings.FieldsSeq(words) {
			out[word] = name
		}
	}
	return out
}
