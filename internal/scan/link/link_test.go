package link

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShapes(t *testing.T) {
	t.Parallel()
	const note = "64b0a1f2000000001203abcd"
	for _, x := range []struct {
		name, text string
		want       Link
	}{
		{"a note", "https://www.xiaohongshu.com/explore/" + note + "?xsec_token=AB&source=web", Link{Xiaohongshu, Post, note, "", "https://www.xiaohongshu.com/explore/" + note}},
		{"a shared note", "https://www.xiaohongshu.com/discovery/item/" + note + "?app_platform=ios", Link{Xiaohongshu, Post, note, "", "https://www.xiaohongshu.com/explore/" + note}},
		{"a note with its author", "https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa/" + note, Link{Xiaohongshu, Post, note, "5f0a1f2000000000120300aa", "https://www.xiaohongshu.com/explore/" + note}},
		{"a profile", "https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa", Link{Xiaohongshu, Profile, "", "5f0a1f2000000000120300aa", "https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa"}},
		{"the text of 小红书", "72 小王发布了一篇小红书笔记，快来看看吧！ 😆 8AbC 😆 http://xhslink.com/a/BcD3fG，复制本条信息，打开【小红书】App查看精彩内容！", Link{Xiaohongshu, Short, "", "", "https://xhslink.com/a/BcD3fG"}},
		{"a bare short link", "看这里 xhslink.com/m/7xY9 就是它", Link{Xiaohongshu, Short, "", "", "https://xhslink.com/m/7xY9"}},
		{"the text of 抖音", "7.99 复制打开抖音，看看【小李的作品】试驾一下 # 新车  https://v.douyin.com/iAbCdEf/ g@B.tE 08/12 xfB:/", Link{Douyin, Short, "", "", "https://v.douyin.com/iAbCdEf/"}},
		{"a video", "https://www.douyin.com/video/7301234567890123456?previous_page=app", Link{Douyin, Post, "7301234567890123456", "", "https://www.douyin.com/video/7301234567890123456"}},
		{"pictures", "https://www.douyin.com/note/7301234567890123456", Link{Douyin, Post, "7301234567890123456", "", "https://www.douyin.com/note/7301234567890123456"}},
		{"the share page", "https://www.iesdouyin.com/share/video/7301234567890123456/?region=CN", Link{Douyin, Post, "7301234567890123456", "", "https://www.douyin.com/video/7301234567890123456"}},
		{"over a profile", "https://www.douyin.com/user/MS4wLjABAAAAx?modal_id=7301234567890123456", Link{Douyin, Post, "7301234567890123456", "MS4wLjABAAAAx", "https://www.douyin.com/video/7301234567890123456"}},
		{"a room", "https://live.douyin.com/123456789", Link{Douyin, Live, "123456789", "", "https://live.douyin.com/123456789"}},
		{"视频号", "https://weixin.qq.com/sph/AbCdEf", Link{Channels, Short, "", "", "https://weixin.qq.com/sph/AbCdEf"}},
		{"视频号 on the web", "https://channels.weixin.qq.com/web/pages/feed?eid=export%2FUzFf&x=1", Link{Channels, Post, "export/UzFf", "", "https://channels.weixin.qq.com/web/pages/feed?eid=export%2FUzFf"}},
		{"an article", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?scene=1", Link{WechatOA, Post, "AbCdEfGhIjKlMnOpQrStUv", "", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"}},
		{"an article, long", "https://mp.weixin.qq.com/s?__biz=MzA3&mid=2650&idx=2&sn=ab&chksm=9", Link{WechatOA, Post, "MzA3_2650_2", "MzA3", "https://mp.weixin.qq.com/s?__biz=MzA3&idx=2&mid=2650&sn=ab"}},
		{"快手", "https://www.kuaishou.com/short-video/3xabc?authorId=1", Link{Kuaishou, Post, "3xabc", "", "https://www.kuaishou.com/short-video/3xabc"}},
		{"快手 short", "看了这么多快手，还是「小张」最好 https://v.kuaishou.com/2AbCd 复制此消息，打开【快手】直接观看！", Link{Kuaishou, Short, "", "", "https://v.kuaishou.com/2AbCd"}},
		{"快手 on the phone", "https://m.gifshow.com/fw/photo/3xabc?fid=1", Link{Kuaishou, Post, "3xabc", "", "https://www.kuaishou.com/short-video/3xabc"}},
		{"B站", "【标题-哔哩哔哩】 https://www.bilibili.com/video/BV1GJ411x7h7/?share_source=copy_web", Link{Bilibili, Post, "BV1GJ411x7h7", "", "https://www.bilibili.com/video/BV1GJ411x7h7"}},
		{"b23", "https://b23.tv/AbC12", Link{Bilibili, Short, "", "", "https://b23.tv/AbC12"}},
		{"b23 with the number", "https://b23.tv/BV1GJ411x7h7", Link{Bilibili, Post, "BV1GJ411x7h7", "", "https://www.bilibili.com/video/BV1GJ411x7h7"}},
		{"opus", "https://www.bilibili.com/opus/900000000000000001", Link{Bilibili, Post, "900000000000000001", "", "https://www.bilibili.com/opus/900000000000000001"}},
		{"微博", "https://weibo.com/1234567890/z0JH2lOMb?pagetype=x", Link{Weibo, Post, "3501756485200075", "1234567890", "https://weibo.com/1234567890/z0JH2lOMb"}},
		{"微博 on the phone", "https://m.weibo.cn/status/3501756485200075", Link{Weibo, Post, "3501756485200075", "", "https://m.weibo.cn/status/3501756485200075"}},
		{"wide letters", "ｈｔｔｐｓ：／／ｖ．ｄｏｕｙｉｎ．ｃｏｍ／ｉＡ／", Link{Douyin, Short, "", "", "https://v.douyin.com/iA/"}},
		{"a foreign address before", "http://example.com/x 然后 https://b23.tv/AbC12", Link{Bilibili, Short, "", "", "https://b23.tv/AbC12"}},
		{"no platform's", "看 https://example.com/a?b=1。", Link{"", Other, "", "", "https://example.com/a"}},
		{"a look-alike", "https://www.douyin.com.evil.example/video/7301234567890123456", Link{"", Other, "", "", "https://www.douyin.com.evil.example/video/7301234567890123456"}},
		{"nothing", "我已经发好了", Link{}},
	} {
		if got := Parse(x.text); got != x.want {
			t.Errorf("%s:\n got %+v\nwant %+v", x.name, got, x.want)
		}
	}
}

func TestKeysNameOnePost(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"https://www.douyin.com/video/7301234567890123456", "https://www.iesdouyin.com/share/video/7301234567890123456/", "https://www.douyin.com/discover?modal_id=7301234567890123456"},
		{"https://weibo.com/1234567890/z0JH2lOMb", "https://m.weibo.cn/detail/3501756485200075"},
		{"http://xhslink.com/a/BcD3fG", "https://xhslink.com/a/BcD3fG/", "xhslink.com/a/BcD3fG"},
	}
	for _, list := range same {
		for _, x := range list {
			if a, b := Parse(list[0]).Key(), Parse(x).Key(); a != b || a == "" {
				t.Errorf("%s and %s: %q, %q", list[0], x, a, b)
			}
		}
	}
	if Parse("https://xhslink.com/a/b").Key() == Parse("https://xhslink.com/a/B").Key() {
		t.Error("codes of short links tell capitals")
	}
}

// FuzzParse: whatever is pasted, there is no panic, and what was understood is understood the same again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"7.99 复制打开抖音 https://v.douyin.com/iA/", "xhslink.com/a/b", "https://b23.tv/av1", "http://[::1", "https://weibo.com/1/zzzzz", "t.cn/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := Parse(s)
		if !l.Found() {
			if l != (Link{}) {
				t.Fatalf("%q: %+v", s, l)
			}
			return
		}
		if !strings.HasPrefix(l.URL, "http") || !utf8.ValidString(l.URL) || l.Key() == "" {
			t.Fatalf("%q: %+v", s, l)
		}
		if again := Parse(l.URL); l.Platform != "" && again.Platform != l.Platform {
			t.Fatalf("%q: %+v, again %+v", s, l, again)
		}
	})
}
