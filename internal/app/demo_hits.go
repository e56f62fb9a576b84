package app

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/library"
)

// demoHits lets the program find the demo brand's hits in its figures, and shows what is done with one: starred, taken apart,
// made into a template that is handed out. A competitor's post lies beside it. Nothing is made up that figures could tell.
func (a *App) demoHits(ctx context.Context, l *sandboxLoader) error {
	if err := a.Hit.LookAtAll(ctx, authz.SystemActor(l.actor.BrandID, l.actor.Zone)); err != nil {
		return err
	}
	likes, saves := int64(8600), int64(5100)
	if _, err := a.Hit.Enter(ctx, l.actor, hit.Entry{
		Text: "https://www.xiaohongshu.com/explore/64b0a1f2000000001203abcd", Kind: hit.Competitor, Title: "买SUV前一定要问的3个问题！ #选车攻略", Author: "某某汽车",
		Given: hit.Given{Likes: &likes, Saves: &saves}, Note: "清单体，收藏比点赞还涨得快",
	}); err != nil {
		return err
	}
	found, err := a.Hit.List(ctx, l.actor, hit.Filter{Kind: hit.Own}, hit.ByStrength, nil, 1)
	if err != nil || len(found) == 0 {
		return err
	}
	best := found[0].ID
	if _, err := a.Hit.Turn(ctx, l.actor, []id.ID{best}, hit.Star, ""); err != nil {
		return err
	}
	return a.demoTeardown(ctx, l, best)
}

// demoTeardown completes what is known of a hit, makes a template of it and approves that.
func (a *App) demoTeardown(ctx context.Context, l *sandboxLoader, best id.ID) error {
	say := func(slug string, params map[string]any) string { return a.texts.Text("zh", "hit."+slug, params) }
	t, err := a.Hit.Teardown(ctx, l.actor, best, say)
	if err != nil {
		return err
	}
	f := t.Fields
	for k, v := range map[string]string{
		"cover_picture": "店里实拍，人和车都在", "cover_type": "实物", "cover_focus": "车", "ending": "想看实车的来找我", "creative": "用自己店里的事讲，不念参数", "emotion": "像朋友聊天", "usefulness": "看完知道到店先看什么",
		"scenes": "展厅一个场景", "editing": "一镜到底，三十秒以内", "music": "不用音乐，留现场声",
	} {
		if f[k] == "" {
			f[k] = v
		}
	}
	if _, err := a.Hit.SaveTeardown(ctx, l.actor, best, t.Rev, f); err != nil {
		return err
	}
	made, err := a.Hit.MakeTemplate(ctx, l.actor, best)
	if err != nil {
		return err
	}
	item, err := a.Library.Get(ctx, l.actor, made.ItemID)
	if err != nil {
		return err
	}
	for _, v := range []library.Verb{library.Submit, library.Approve} {
		if item, err = a.Library.Turn(ctx, l.actor, item.ID, item.Rev, v, ""); err != nil {
			return err
		}
	}
	return nil
}
