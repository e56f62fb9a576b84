package campaign

import "kosmos/internal/domain/campaign/audience"

// Template is a campaign that comes with the program: a plan without a window and without an audience of its own.
type Template struct {
	Key, Title, About string
	Plan              Plan
}

// Templates gives the shipped templates in a language.
func Templates(lang string) []Template {
	say := func(zh, en string) string {
		if lang == "en" {
			return en
		}
		return zh
	}
	list := []Template{launchBurst(say), seedAndCapture(say)}
	for i := range list {
		list[i].Plan.tidy()
	}
	return list
}

// launchBurst is a launch in one evening: everybody at once, one hashtag, within what the platforms bear.
func launchBurst(say func(zh, en string) string) Template {
	return Template{
		Key: "launch_burst", Title: say("新品上市爆发", "Launch burst"),
		About: say("上市当晚集中发布：统一话题，按平台限额排开发布时间，战报看每小时声量。", "Everybody publishes on launch night under one hashtag, at times laid out within each platform's limit; the war board shows voice per hour."),
		Plan: Plan{
			Title: say("新品上市爆发", "Launch burst"), Mode: Burst, TopicKind: "created", WeeklyMinutes: 60,
			Goal:  say("上市当晚把声量打起来，让本地客户当天就看到新品", "Make the launch heard on the night itself, so that local customers see it the same day"),
			Quiet: Quiet{From: 23 * 60, To: 7 * 60},
			Briefs: []Brief{{
				Text:     say("到店拍新品的一个细节，说一句自己的真实感受，带上统一话题和门店位置。", "Film one detail of the new product in the store, say one honest sentence about it, add the hashtag and the store's location."),
				Standard: say("画面是自己拍的；说出一个具体的卖点；带统一话题；不写价格承诺。", "Filmed by yourself; names one concrete selling point; carries the hashtag; promises no price."),
				Right:    []string{say("“后排坐了我一米八的同事，腿前面还有两拳。”", "“My 1.8 m colleague sat in the back with two fists of room to spare.”")},
				Wrong:    []string{say("照抄官方通稿", "The press release, copied word for word"), say("“全网最低价”", "“The lowest price anywhere”")},
				Question: Question{Text: say("这条内容可以写什么？", "What may this post say?"), Options: []string{say("一个具体的卖点和自己的感受", "One concrete selling point and how it felt"), say("全网最低价", "The lowest price anywhere")}, Right: 0},
			}},
			Tasks: []TaskPlan{
				{Type: PublishVideo, Title: say("发布上市短视频", "Publish the launch video"), Why: say("上市当晚是本地客户最关注的两小时", "These are the two hours in which local customers look"), Minutes: 25, Platforms: []string{"douyin", "channels"}, Evidence: Evidence{Link: true, Hashtag: true, Question: true}},
				{Type: PublishNote, Title: say("发布上市笔记", "Publish the launch note"), Why: say("第二天搜索的人会看到它", "It is what people find when they search the next day"), Minutes: 20, Platforms: []string{"xiaohongshu"}, Evidence: Evidence{Link: true, Hashtag: true, Question: true}},
				{Type: CommentLink, Title: say("到官方号评论区互动", "Comment on the official account's post"), Minutes: 5, Evidence: Evidence{Screenshots: 1}},
			},
		},
	}
}

// seedAndCapture is the slow one: seeding on 小红书, catching what it brings on 抖音.
func seedAndCapture(say func(zh, en string) string) Template {
	return Template{
		Key: "seed_capture", Title: say("小红书种草 · 抖音承接", "Seed on 小红书, capture on 抖音"),
		About: say("先在小红书发真实体验种草，再在抖音用短视频和直播承接到店。", "First honest experiences on 小红书, then short videos and a live session on 抖音 that bring people to the store."),
		Plan: Plan{
			Title: say("小红书种草 · 抖音承接", "Seed on 小红书, capture on 抖音"), Mode: Spread, TopicKind: "trend", WeeklyMinutes: 90,
			Goal:  say("小红书收藏和搜索增长，抖音带来到店咨询", "More saves and searches on 小红书, more store inquiries from 抖音"),
			Quiet: Quiet{From: 22 * 60, To: 8 * 60}, Audience: audience.Filter{Platforms: []string{"xiaohongshu", "douyin"}},
			Briefs: []Brief{
				{
					Platform: "xiaohongshu", Text: say("写一个真实的使用场景：谁、什么时候、解决了什么。三张以上自己拍的图。", "Describe one real use: who, when, what it solved. Three pictures of your own or more."),
					Standard: say("首图清楚；正文有具体场景；有收藏价值（清单、步骤、对比）。", "A clear first picture; a concrete scene; worth saving (a list, steps, a comparison)."),
					Right:    []string{say("“带娃露营的后备厢清单，照着装就行”", "“What fits in the boot for camping with a child, just copy the list”")}, Wrong: []string{say("只有产品图和参数", "Nothing but product shots and figures")},
				},
				{
					Platform: "douyin", Text: say("用一个问题开头，三十秒内回答，结尾请大家到店体验。", "Begin with a question, answer it within thirty seconds, end by inviting people to the store."),
					Standard: say("前三秒有问题；带门店位置；不留联系方式。", "A question in the first three seconds; the store's location; no contact details."),
					Right:    []string{say("“三排座到底能不能坐人？我们试给你看”", "“Can anyone sit in the third row? We tried it”")}, Wrong: []string{say("画面里出现微信号", "A WeChat id in the picture")},
				},
			},
			Tasks: []TaskPlan{
				{Type: PublishNote, Title: say("发布种草笔记", "Publish a seeding note"), Minutes: 30, Platforms: []string{"xiaohongshu"}, Evidence: Evidence{Link: true, Hashtag: true}},
				{Type: PublishVideo, Title: say("发布承接短视频", "Publish the capture video"), Minutes: 25, Platforms: []string{"douyin"}, Evidence: Evidence{Link: true, Hashtag: true}},
				{Type: GoLive, Title: say("一场到店直播", "One live session from the store"), Minutes: 60, Platforms: []string{"douyin"}, Evidence: Evidence{Link: true, Screenshots: 1}},
			},
		},
	}
}
