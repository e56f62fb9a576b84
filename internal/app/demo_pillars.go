package app

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/library/pillar"
)

// demoPillars gives the demo brand its content pillars and target mixes, and tells the pillars by name.
func (a *App) demoPillars(ctx context.Context, l *sandboxLoader, car id.ID) (map[string]id.ID, error) {
	set := library.Pillars{Days: 30, Least: 5, List: []library.Pillar{
		{Name: "品牌种草", Color: "#3b7ddd", Words: []string{"实拍", "好看", "治好", "太适合", "还是", "vlog"}, Hashtags: []string{"星屿"}},
		{Name: "产品知识", Color: "#2e9e6b", Words: []string{"怎么样", "油耗", "电耗", "够用", "这样用", "让我意外", "赢在哪", "隐藏功能", "实测", "讲明白", "好停车", "后排", "技巧"}, Products: []id.ID{car}},
		{Name: "优惠活动", Color: "#d9822b", Words: []string{"落地", "置换", "活动", "多少钱", "团购"}},
		{Name: "服务口碑", Color: "#8e5bd0", Words: []string{"交车", "提车", "保养", "到店", "回访", "真心话", "车主", "必看", "检查清单"}},
		{Name: "人设生活", Color: "#d1495b", Words: []string{"一天", "老公", "爸妈", "大实话", "带娃"}},
	}}
	for i := range set.List {
		set.List[i].Active = true
	}
	if err := a.Library.SetPillars(ctx, l.actor, set); err != nil {
		return nil, err
	}
	got, err := a.Library.Pillars(ctx, l.actor)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]id.ID, len(got.List))
	for _, p := range got.List {
		ids[p.Name] = p.ID
	}
	today := clock.DayOf(a.Clock.Now(), l.actor.Zone)
	for kind, percents := range map[account.Kind][]int{"": {20, 35, 10, 20, 15}, account.KindStore: {25, 30, 20, 25, 0}} {
		mix := library.NewMix{Kind: string(kind), From: today.Add(-30)}
		for i, n := range percents {
			mix.Shares = append(mix.Shares, pillar.Share{PillarID: got.List[i].ID, Percent: n})
		}
		if err := a.Library.PutMix(ctx, l.actor, mix); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
