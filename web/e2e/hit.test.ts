/** From figures to a template: an import brings a hit, headquarters hears of it, takes it apart, makes a template; posts of others; English, phone. */
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { clean, fits, settle, shot, useBrowser } from "./harness";
import { read, send } from "./people";

const { open } = useBrowser();

const HEAD = "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕";

/** A note list of posts that are all about a week old, enough of them to be a league; one has far more views than any other. */
function notes(title: string): Buffer {
  const rows = Array.from({ length: 40 }, (_, i) => {
    const at = new Date(Date.now() - (6.5 * 24 + i / 2) * 3_600_000 + 8 * 3_600_000).toISOString();
    const views = i === 5 ? 50_000_000 : 800 + 17 * i;
    const time = `${at.slice(0, 4)}年${at.slice(5, 7)}月${at.slice(8, 10)}日${at.slice(11, 13)}时${at.slice(14, 16)}分00秒`;
    return `${i === 5 ? title : `日常记录 ${i} 号`},${time},图文,${views * 9},${views},6.50%,${Math.round(views / 20)},${Math.round(views / 90)},${Math.round(views / 40)},0,${Math.round(views / 200)},15.20秒,0`;
  });
  return Buffer.from(["最多导出排序后前1000条笔记", HEAD, ...rows].join("\n"), "utf8");
}

interface Import {
  id: string;
  state: string;
}

/** Brings the file in for an account, as the import page does. */
async function bringIn(page: Page, title: string) {
  const accounts = await read<{ items: { handle: string }[] }>(page, "/api/v1/account/accounts?platform=xiaohongshu&status=ok&limit=1");
  const res = await page.request.post("/api/v1/reflow/imports", {
    multipart: { account: `xiaohongshu:${accounts.items[0]?.handle}`, file: { name: "笔记列表明细表.csv", mimeType: "text/csv", buffer: notes(title) } },
    headers: { "X-Kosmos": "1", "Idempotency-Key": `hit-${Date.now()}` },
  });
  expect(res.ok(), await res.text()).toBe(true);
  const { id } = (await res.json()) as Import;
  const state = async () => (await read<Import>(page, `/api/v1/reflow/imports/${id}`)).state;
  await expect.poll(state, { timeout: 20_000 }).toBe("ready");
  await send(page, "POST", `/api/v1/reflow/imports/${id}/apply`, {});
  await expect.poll(state, { timeout: 20_000 }).toBe("done");
}

test("an import brings a hit, and the hit becomes a template", async () => {
  const mark = String(Date.now()).slice(-6);
  const title = `后排真的能躺平吗?${mark}个人试过 #周末试驾`;
  const page = await open("/content/hits");
  await page.getByRole("heading", { name: "爆款", exact: true }).waitFor();
  await clean(page);
  await bringIn(page, title);
  await expect
    .poll(async () => (await read<{ items: unknown[] }>(page, `/api/v1/hit/hits?q=${encodeURIComponent(mark)}`)).items.length, { timeout: 30_000 })
    .toBe(1);
  const notices = await read<{ items: { title?: string; text?: string }[] }>(page, "/api/v1/notify/notices?limit=50");
  expect(JSON.stringify(notices)).toContain("躺平");

  await page.goto(`/content/hits?q=${mark}`);
  await settle(page);
  await page.getByText(/第 7 天.*是本号平时的 ×/).first().waitFor();
  await shot(page, "hit-list");
  await clean(page);
  await page.getByText(title).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("columnheader", { name: "本号平时" }).waitFor();
  await settle(page);
  await shot(page, "hit-drawer");
  await clean(page);
  await drawer.getByRole("button", { name: "设为精选" }).click();
  await page.getByText("已处理 1 条").waitFor();
  await drawer.getByRole("button", { name: "拆解", exact: true }).click();

  // filled in with what is known, the rest by hand
  await page.getByRole("heading", { name: "PCTI 拆解" }).waitFor();
  await page.getByRole("textbox", { name: "标题修辞" }).waitFor();
  expect(await page.getByRole("textbox", { name: "标题修辞" }).inputValue()).toContain("疑问");
  expect(await page.getByRole("textbox", { name: "开头" }).inputValue()).toContain("躺平");
  await page.getByRole("textbox", { name: "创意点" }).fill("叫上同事躺进去");
  await page.getByRole("button", { name: "保存拆解" }).click();
  await page.getByText("已保存第 1 版").waitFor();

  // somebody else saves meanwhile: told who and what, nothing overwritten
  const id = page.url().split("/").at(-1) ?? "";
  const now = await read<{ rev: number; fields: Record<string, string> }>(page, `/api/v1/hit/hits/${id}/teardown`);
  await send(page, "PUT", `/api/v1/hit/hits/${id}/teardown`, { rev: now.rev, fields: { ...now.fields, music: "鼓点" } });
  await page.getByRole("textbox", { name: "情绪" }).fill("好奇");
  await page.getByRole("button", { name: "保存拆解" }).click();
  await page.getByText("对方写的是：鼓点").waitFor();
  await page.mouse.move(5, 5); // off the button
  await shot(page, "hit-clash");
  await clean(page, { allow: /409/ });
  await page.getByRole("button", { name: "并入对方的修改" }).click();
  expect(await page.getByRole("textbox", { name: "情绪" }).inputValue()).toBe("好奇");
  await page.getByRole("button", { name: "保存拆解" }).click();
  await page.getByText("已保存第 3 版").waitFor();
  await settle(page);
  await shot(page, "hit-page", true);

  // one click
  await page.getByRole("button", { name: "做成模板" }).click();
  await page.waitForURL(/\/content\/library\/\d+$/);
  await page.getByText("爆款模板：", { exact: false }).first().waitFor();
  await page.getByRole("button", { name: "提交批准" }).click();
  await page.getByRole("button", { name: /^批\s*准$/ }).click();
  await page.getByText("已批准，可以发放").waitFor();
  await page.goto(`/content/library?q=${encodeURIComponent("躺平")}`);
  await settle(page);
  await page.getByText("爆款模板：", { exact: false }).first().waitFor();
  await page.goto(`/content/hits/${id}`);
  await settle(page);
  await page.getByRole("heading", { name: "模板效果" }).waitFor();
  await shot(page, "hit-outcome");
  await clean(page, { allow: /409/ });

  const phone = await open("/m/hits", { phone: true, width: 360 });
  await phone.getByText(title).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "hit-phone");
  await phone.getByRole("button", { name: "用这个模板" }).first().click();
  await phone.getByRole("heading", { name: /爆款模板/ }).waitFor();
}, 240_000);

test("posts of others: a wrong link is refused with the reason, a right one is kept; calendar, settings, file", async () => {
  const page = await open("/content/hits");
  await page.getByRole("button", { name: "登记作品" }).first().click();
  const ask = page.getByRole("dialog");
  await ask.getByLabel("作品链接").fill("https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa");
  await ask.getByLabel("标题").fill("买车前一定要问的3个问题！");
  await ask.getByRole("button", { name: /^保\s*存$/ }).click();
  await ask.getByText("这是一个账号主页，不是作品", { exact: false }).waitFor();
  await page.mouse.move(5, 5); // off the button
  await shot(page, "hit-wrong-link");
  await clean(page, { allow: /422/ });
  await ask.getByLabel("作品链接").fill("72 复制打开抖音 https://www.douyin.com/video/7301234567890123456");
  await ask.getByLabel("点赞").fill("8600");
  await ask.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByRole("heading", { name: "买车前一定要问的3个问题！" }).waitFor();
  await settle(page);
  expect(await page.getByRole("textbox", { name: "标题修辞" }).inputValue()).toContain("数字");
  await clean(page, { allow: /422/ });

  await page.goto("/content/hits/import");
  await page.getByTestId("file-input").setInputFiles({
    name: "others.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`作品链接,类型,标题,点赞\nhttps://www.douyin.com/video/7${Date.now()}00000,外部,第一次露营,21000\n哪里,外部,没有链接,1\n`, "utf8"),
  });
  await page.getByText("没有找到链接", { exact: false }).waitFor();
  await shot(page, "hit-import");
  await clean(page, { allow: /422/ });
  await page.getByRole("button", { name: "写入 1 条" }).click();
  await page.getByText("新增 1 条，更新 0 条").waitFor();

  await page.goto("/content/hits/calendar");
  await settle(page);
  await page.getByRole("heading", { name: "爆款日历" }).waitFor();
  await clean(page, { allow: /422/ });
  await shot(page, "hit-calendar");
  await page.goto("/content/hits/settings");
  await settle(page);
  await page.getByLabel("阅读播放至少").fill("400");
  await page.getByRole("button", { name: "保存标准" }).click();
  await page.getByText("已保存，正在重新看一遍").waitFor();
  await page.mouse.move(5, 5);
  await clean(page, { allow: /422/ });
  await shot(page, "hit-settings");
}, 240_000);

test("in English", async () => {
  const page = await open("/content/hits", { lang: "en" });
  await page.getByRole("heading", { name: "Hits", exact: true }).waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "hit-list-en");
  const first = await read<{ items: { id: string }[] }>(page, "/api/v1/hit/hits?sort=-strength&limit=1");
  expect(first.items.length, "the first test's hit").toBe(1);
  await page.goto(`/content/hits/${first.items[0]?.id}`);
  await settle(page);
  await page.getByRole("heading", { name: "PCTI teardown" }).waitFor();
  await clean(page);
  await shot(page, "hit-page-en", true);
  await page.goto("/content/hits/calendar");
  await settle(page);
  await clean(page);
  const phone = await open("/m/hits", { phone: true, lang: "en", width: 360 });
  await phone.getByRole("heading", { name: "Hits near me" }).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "hit-phone-en");
}, 180_000);
