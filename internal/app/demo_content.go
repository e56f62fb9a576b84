package app

import (
	"context"
	"fmt"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/product"
)

// demoContent gives the demo brand something to sell, to say and to do, through the rooms' own use cases: two products with
// prices and a launch, items of the library that are handed out, and a campaign on its way (its walk over the audience runs
// as a job, as any other's).
func (a *App) demoContent(ctx context.Context, l *sandboxLoader, kos int) error {
	car, err := a.demoProducts(ctx, l)
	if err != nil {
		return fmt.Errorf("demo products: %w", err)
	}
	template, err := a.demoLibrary(ctx, l, car)
	if err != nil {
		return fmt.Errorf("demo library: %w", err)
	}
	if err := a.demoConsent(ctx, l, kos); err != nil {
		return fmt.Errorf("demo consent: %w", err)
	}
	if err := a.demoCampaign(ctx, l, template); err != nil {
		return fmt.Errorf("demo campaign: %w", err)
	}
	if err := a.demoHits(ctx, l); err != nil {
		return fmt.Errorf("demo hits: %w", err)
	}
	return nil
}

// demoProducts makes the products and gives the one that the templates are about.
func (a *App) demoProducts(ctx context.Context, l *sandboxLoader) (id.ID, error) {
	if err := a.Product.SetLines(ctx, l.actor, []product.Line{{Name: "SUV"}, {Name: "轿车"}}); err != nil {
		return 0, err
	}
	lines, err := a.Product.Lines(ctx, l.actor)
	if err != nil {
		return 0, err
	}
	today := clock.DayOf(a.Clock.Now(), l.actor.Zone)
	cars := []struct {
		product.Product
		fen []int64
	}{
		{product.Product{
			LineID: lines[0].ID, Code: "S5", Name: "星屿 S5", Aliases: []string{"星屿S5", "S5"}, State: product.Live,
			Points:   []product.Point{{Title: "后排空间", Text: "三个成年人并排坐，中间地板是平的。"}, {Title: "高速省心", Text: "跟车和保持车道，长途少累一半。"}},
			Scenes:   []product.Scene{{Title: "一家人周末出城", Text: "后备箱放得下婴儿车和两个行李箱。"}},
			CopyText: "{product} 今天在{store}可以试驾，{price}起。", SKUs: []product.SKU{{Code: "S5-A", Name: "舒适版", State: product.Live}, {Code: "S5-B", Name: "长续航版", State: product.Live}},
		}, []int64{129_800_00, 149_800_00}},
		{product.Product{
			LineID: lines[1].ID, Code: "L3", Name: "星屿 L3", Aliases: []string{"星屿L3", "L3"}, State: product.Live,
			Points: []product.Point{{Title: "安静", Text: "前排双层玻璃，车里说话不用提高声音。"}}, Scenes: []product.Scene{{Title: "每天通勤", Text: "停车位窄也好进好出。"}},
			CopyText: "{product} 到店可以看实车，{price}起。", SKUs: []product.SKU{{Code: "L3-A", Name: "标准版", State: product.Live}},
		}, []int64{99_800_00}},
	}
	var first id.ID
	for _, c := range cars {
		made, err := a.Product.Create(ctx, l.actor, c.Product)
		if err != nil {
			return 0, err
		}
		if first == 0 {
			first = made
		}
		p, err := a.Product.Get(ctx, l.actor, made)
		if err != nil {
			return 0, err
		}
		for i, sku := range p.SKUs {
			price := product.NewPolicy{Policy: product.Policy{ProductID: made, Channel: "official", Kind: product.Price, Fen: &c.fen[i], Currency: "CNY", From: today}, SKUs: []id.ID{sku.ID}}
			if _, err := a.Product.AddPolicy(ctx, l.actor, price); err != nil {
				return 0, err
			}
		}
	}
	_, err = a.Product.PutLaunch(ctx, l.actor, product.Launch{ProductID: first, Kind: product.Refresh, Day: today.Add(21), Title: "星屿 S5 新内饰到店", Note: "展车三周后到店，提前约老客户。"})
	return first, err
}

// demoLibrary makes items that are handed out, and gives the template of the campaign.
func (a *App) demoLibrary(ctx context.Context, l *sandboxLoader, car id.ID) (id.ID, error) {
	pillars, err := a.demoPillars(ctx, l, car)
	if err != nil {
		return 0, err
	}
	pieces := []library.Piece{
		{
			Kind: library.Template, Title: "周末试驾邀约（笔记）", Tags: []string{"试驾", "周末"}, ProductID: car, PillarID: pillars["优惠活动"], Note: "首次上架",
			Content: library.Content{
				Title: "{{开头: 周末 | 这个周末 | 周六周日}}来{门店}，{{句: 试一圈星屿 S5 | 坐坐星屿 S5 的后排 | 看看星屿 S5 实车}}",
				Body: "{{开场: 我是{顾问}，在{门店}卖车。 | 大家好，我是{门店}的{顾问}。 | 我是{顾问}，每天都在{门店}。}}" +
					"{{中段: 很多朋友问后排怎么样，直接来坐一坐最清楚。 | 家里有孩子的，带上安全座椅来试装一下。 | 高速上开起来什么感觉，试驾一圈就知道。}}" +
					"{{结尾: 来之前跟我说一声，我把车停到门口。 | 停车方便，试完喝杯水再走。 | 不买也没关系，多看几家再定。}}#星屿S5 #周末试驾",
				Platforms: []string{"xiaohongshu", "douyin"},
			},
		},
		{
			Kind: library.Script, Title: "三十秒讲清后排空间（短视频）", Tags: []string{"空间", "短视频"}, ProductID: car, PillarID: pillars["产品知识"], Note: "首次上架",
			Content: library.Content{Body: "自己拍，不用剪辑。", Shots: []library.Shot{
				{Scene: "站在车门边，手搭在车顶", Words: "后排到底能坐几个大人？我叫上两个同事试给你看。", Seconds: 6},
				{Scene: "三个人坐进去，镜头对着膝盖", Words: "中间的人脚放哪儿？地板是平的。", Seconds: 14},
				{Scene: "回到驾驶位", Words: "想自己坐坐看的，来店里找我。", Seconds: 10},
			}},
		},
		{
			Kind: library.Talk, Title: "客户说“我再看看别家”", Tags: []string{"异议"}, Note: "首次上架",
			Content: library.Content{Stage: "到店", Objection: "我再看看别家", Body: "应该的，买车是大事。您最在意的是空间还是省电？我把这两样的实测数字发给您，看别家的时候好对照。"},
		},
		{
			Kind: library.Idea, Title: "交车时客户最常问的三个问题", Tags: []string{"交车"}, PillarID: pillars["服务口碑"], Note: "首次上架", PlanDay: clock.DayOf(a.Clock.Now(), l.actor.Zone).Add(5),
			Content: library.Content{Body: "一条笔记答三个问题，拍自己店里的交车间。"},
		},
	}
	var template id.ID
	for _, p := range pieces {
		item, err := a.Library.Create(ctx, l.actor, p)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", p.Title, err)
		}
		for _, v := range []library.Verb{library.Submit, library.Approve} {
			if item, err = a.Library.Turn(ctx, l.actor, item.ID, item.Rev, v, ""); err != nil {
				return 0, fmt.Errorf("%s: %s: %w", p.Title, v, err)
			}
		}
		if p.Kind == library.Template {
			template = item.ID
		}
	}
	return template, nil
}

// demoConsent puts on record that the demo's KOS agreed to tasks, where the account is the KOS' own.
func (a *App) demoConsent(ctx context.Context, l *sandboxLoader, kos int) error {
	held, err := a.Account.HoldingsByID(ctx, a.DB, l.actor.BrandID, []id.ID{l.accounts[kos]})
	if err != nil || len(held) == 0 || held[0].Ownership != account.Personal {
		return err
	}
	return a.Account.RecordConsent(ctx, l.actor, account.NewConsent{AccountID: l.accounts[kos], Purposes: account.Purposes(), Via: "phone", Lang: "zh"})
}

// demoCampaign approves a campaign that began two days ago.
func (a *App) demoCampaign(ctx context.Context, l *sandboxLoader, template id.ID) error {
	now := a.Clock.Now()
	plan := campaign.Plan{
		Title: "星屿 S5 周末试驾周", Goal: "让每家店周边的人知道周末可以试驾", Topic: "周末试驾", TopicKind: "created", TopicReason: "试驾是到店的第一步，周末客流最多",
		Hashtags: campaign.Hashtags{All: []string{"周末试驾", "星屿S5"}}, Mode: campaign.Spread, StartsAt: clock.MsOf(now.Add(-48 * time.Hour)), EndsAt: clock.MsOf(now.Add(12 * 24 * time.Hour)),
		Quiet: campaign.Quiet{From: 22 * 60, To: 8 * 60}, WeeklyMinutes: 60,
		Briefs: []campaign.Brief{{
			Text: "用自己的话讲一个让你愿意推荐的细节，配一张自己拍的照片。", Standard: "自己拍的图；带上话题；不写价格和承诺。",
			Right: []string{"后排地板是平的，中间坐着也不挤"}, Wrong: []string{"最便宜的 SUV，错过后悔"},
			Question: campaign.Question{Text: "哪一句可以写进笔记？", Options: []string{"后排坐三个人不挤", "保证全城最低价"}, Right: 0},
		}},
		Tasks: []campaign.TaskPlan{
			{
				Type: campaign.PublishNote, Title: "发一条试驾邀约笔记", Why: "周末到店多一组客户，线索都算你的", Steps: "复制你的文案，配一张今天拍的车，发布后把链接贴回来。", Platforms: []string{"xiaohongshu"}, Minutes: 10, Template: template,
				Evidence: campaign.Evidence{Link: true, Hashtag: true, Question: true}, Reward: campaign.Reward{Text: "通过后记 20 分", Points: 20},
			},
			{
				Type: campaign.PublishVideo, Title: "拍一条后排空间短视频", Why: "客户问得最多的就是后排", Steps: "照脚本拍三段，不用剪辑，发布后把链接贴回来。", Platforms: []string{"douyin"}, Minutes: 20,
				Evidence: campaign.Evidence{Link: true, Question: true}, Reward: campaign.Reward{Text: "通过后记 30 分", Points: 30},
			},
		},
	}
	made, err := a.Campaign.Create(ctx, l.actor, campaign.NewCampaign{Title: plan.Title})
	if err != nil {
		return err
	}
	if _, err := a.Campaign.Write(ctx, l.actor, made, "", plan); err != nil {
		return err
	}
	for _, v := range []campaign.Verb{campaign.Check, campaign.Submit} {
		if _, err := a.Campaign.Turn(ctx, l.actor, made, v, ""); err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
	}
	v, err := a.Campaign.Get(ctx, l.actor, made)
	if err != nil {
		return err
	}
	_, err = a.Campaign.Decide(ctx, l.actor, made, campaign.Approve, v.Rev, "")
	return err
}
