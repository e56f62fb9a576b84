import { describe, expect, test } from "vitest";
import { linkIn, schemeOf } from "./links";

describe("linkIn", () => {
  test.each([
    ["https://www.xiaohongshu.com/explore/65a1b2c3?xsec_token=AB%3D", "https://www.xiaohongshu.com/explore/65a1b2c3?xsec_token=AB%3D"],
    ["7.43 复制打开抖音,看看【星河汽车】的作品 https://v.douyin.com/iRNBho5A/ 05/12 :2pm", "https://v.douyin.com/iRNBho5A/"],
    ["星河小王发布了一篇小红书笔记,快来看吧!http://xhslink.com/a/AbC12,复制本条信息,打开【小红书】App查看精彩内容!", "http://xhslink.com/a/AbC12"],
    ["xhslink.com/m/9Zk", "https://xhslink.com/m/9Zk"],
    ["看这里:https://b23.tv/abc。谢谢", "https://b23.tv/abc"],
    ["没有链接", null],
    ["", null],
  ])("%s", (text, want) => expect(linkIn(text)).toBe(want));
});

test("every platform has an app", () => {
  for (const p of ["xiaohongshu", "douyin", "channels", "kuaishou", "bilibili", "weibo", "wechat_oa"]) expect(schemeOf(p)).toMatch(/^[a-z0-9]+:\/\//);
});
