/** Where a platform's app opens: its own link, which a phone hands over to the app when it is there. */
export const APPS: Record<string, string> = {
  xiaohongshu: "https://www.xiaohongshu.com/explore",
  douyin: "https://www.douyin.com/",
  channels: "https://channels.weixin.qq.com/",
  kuaishou: "https://www.kuaishou.com/",
  bilibili: "https://m.bilibili.com/",
  weibo: "https://m.weibo.cn/",
  wechat_oa: "https://mp.weixin.qq.com/",
};
