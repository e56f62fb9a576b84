/** A whole campaign: headquarters writes, checks, approves and dispatches; adviser and manager on their pages; the figures add up. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, expect, inject, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

const PASSWORD = "correct horse 51 battery";
const stamp = Date.now();
const TAG = `星河漫游${String(stamp).slice(-5)}`;
const TITLE = `城市漫游 ${stamp}`;
const NOTE = "6a1b2c3d4e5f60718293a4b5";
const kos = { login: `ckos${stamp}@example.com`, password: PASSWORD, phone: true, width: 360 };
const manager = { login: `cman${stamp}@example.com`, password: PASSWORD };
const approver = { login: `capp${stamp}@example.com`, password: PASSWORD };

interface Account {
  id: string;
  handle: string;
  name: string;
  status: string;
  ownership: string;
  member?: { id: string };
}

async function send<T>(page: Page, method: "GET" | "POST" | "PUT", path: string, data?: unknown): Promise<T> {
  const res = await page.request.fetch(path, { method, data, headers: { "X-Kosmos": "1" } });
  expect(res.ok(), `${path}: ${res.status()} ${await res.text()}`).toBe(true);
  return (await res.json().catch(() => undefined)) as T;
}

async function employ(admin: Page, login: string, name: string, role: string, more: object) {
  const made = await send<{ secret: string }>(admin, "POST", "/api/v1/identity/invitations", { name, role, ...more });
  const guest = await open("/login", { signedIn: false });
  await send(guest, "POST", "/api/v1/identity/invitations/accept", { secret: made.secret, login, password: PASSWORD, name });
}

/** Waits until the phone's short message is gone: it is half transparent while it fades. */
const quiet = async (page: Page) => {
  await page.waitForTimeout(500);
  await page.waitForFunction(() => !document.querySelector(".adm-toast-mask, .adm-toast-wrap"));
};

let stores: { id: string; name: string }[] = [];
let own: Account;
let home: { id: string; name: string };
let campaign = "";

/** Three stores with advisers on 小红书 who agreed to tasks; one adviser and that store's manager may sign in. */
beforeAll(async () => {
  const admin = await open("/settings/users");
  const accounts = (await send<{ items: Account[] }>(admin, "GET", "/api/v1/account/accounts?platform=xiaohongshu&status=ok&limit=200")).items;
  const members = (await send<{ items: { id: string; has_user: boolean; unit_id: string; role: string }[] }>(admin, "GET", "/api/v1/org/members?limit=200")).items;
  const units = (await send<{ items: { id: string; name: string; kind: string }[] }>(admin, "GET", "/api/v1/org/units?limit=500")).items;
  const byMember = new Map(members.map((m) => [m.id, m]));
  const owned = accounts.filter((a) => a.member && byMember.get(a.member.id)?.role === "kos");
  const count = (unit: string) => owned.filter((a) => byMember.get(a.member?.id ?? "")?.unit_id === unit).length;
  stores = units.filter((u) => count(u.id) > 0).sort((a, b) => count(b.id) - count(a.id)).slice(0, 3);
  expect(stores.length, "three stores with advisers").toBe(3);
  const meant = owned.filter((a) => stores.some((s) => s.id === byMember.get(a.member?.id ?? "")?.unit_id));
  for (const a of meant.filter((x) => x.ownership === "personal")) {
    await send(admin, "POST", `/api/v1/account/accounts/${a.id}/consents`, { purposes: ["tasks", "figures"], via: "paper", proof: "signed", agreed_at: new Date(stamp - 86_400_000).toISOString() });
  }
  const free = meant.find((a) => byMember.get(a.member?.id ?? "")?.has_user === false);
  if (!free) throw new Error("no adviser without a login");
  own = free;
  const member = byMember.get(own.member?.id ?? "");
  home = stores.find((s) => s.id === member?.unit_id) as typeof home;
  await employ(admin, kos.login, "漫游小王", "kos", { unit_id: member?.unit_id, member_id: member?.id });
  const late = meant.map((a) => byMember.get(a.member?.id ?? "")).find((m) => m && m.id !== member?.id && m.unit_id === member?.unit_id && !m.has_user);
  if (!late) throw new Error("no second adviser in the store");
  await employ(admin, `clate${stamp}@example.com`, "漫游小李", "kos", { unit_id: late.unit_id, member_id: late.id });
  await employ(admin, manager.login, "漫游店长", "store_manager", { unit_id: member?.unit_id });
  await employ(admin, approver.login, "漫游审批", "compliance", {});
}, 90_000);

/** Chooses entries of a select by their labels. */
async function choose(page: Page, label: string, words: string[]) {
  const box = page.getByRole("combobox", { name: label });
  for (const w of words) {
    await box.fill(w);
    await page.locator(".ant-select-dropdown:visible .ant-select-tree-title, .ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: w }).first().click();
  }
  await page.keyboard.press("Escape");
}

test("headquarters writes a campaign, mends what the rules found, gets it approved and out to three stores", async () => {
  const page = await open("/content/campaigns");
  await page.getByRole("heading", { name: "活动任务", exact: true }).waitFor();
  await page.getByRole("button", { name: "新建活动" }).first().click();
  await page.getByRole("dialog").getByLabel("活动名称").fill(TITLE);
  await clean(page);
  await page.getByRole("dialog").getByRole("button", { name: "开始写" }).click();
  await page.waitForURL(/\/edit/);
  campaign = /campaigns\/(\d+)\/edit/.exec(page.url())?.[1] ?? "";

  await page.getByRole("textbox", { name: "目标" }).fill("让三家店的顾问各发一条真实试驾笔记");
  await choose(page, "统一话题", []);
  await page.getByRole("combobox", { name: "统一话题" }).fill(TAG);
  await page.keyboard.press("Enter");
  await clean(page);
  await shot(page, "campaign-goal", true);

  await page.getByRole("button", { name: "下一步：对象" }).click();
  await choose(page, "单位（含下级）", stores.map((s) => s.name));
  await choose(page, "平台", ["小红书"]);
  await choose(page, "角色", ["KOS"]);
  await expect.poll(async () => Number(/(\d+) 人/.exec(await page.locator(".c-figure").innerText())?.[1] ?? 0), { timeout: 10_000 }).toBeGreaterThan(2);
  await settle(page);
  await clean(page);
  await shot(page, "campaign-audience", true);

  await page.getByRole("button", { name: "下一步：任务与凭证" }).click();
  await page.getByRole("button", { name: "添加任务" }).first().click();
  await page.getByRole("menuitem", { name: "发图文" }).click();
  await page.getByRole("textbox", { name: "任务名称" }).fill("发一条试驾笔记");
  await page.getByRole("textbox", { name: "为什么做" }).fill("这周搜试驾的人最多");
  await clean(page);
  await shot(page, "campaign-tasks", true);

  // words that break a rule: seen while typing, refused by the check, put right
  await page.getByRole("button", { name: "下一步：平台要求" }).click();
  const brief = page.getByRole("textbox", { name: "要求", exact: true });
  await brief.fill("写一次真实试驾，强调我们是全国第一、最好的车");
  await page.locator(".ck mark").first().waitFor();
  await page.getByRole("textbox", { name: "怎样算合格" }).fill("第一人称，带话题");
  await clean(page);

  await page.getByRole("button", { name: "下一步：素材" }).click();
  await page.getByRole("button", { name: "下一步：时间" }).click();
  for (const [label, at] of [["开始", stamp - 3_600_000], ["结束", stamp + 5 * 86_400_000]] as const) {
    const box = page.getByLabel(label, { exact: true });
    await box.fill(new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai" }).format(at - (at % 300_000)));
    await box.press("Enter");
  }
  await clean(page);
  await page.getByRole("button", { name: "下一步：检查并提交" }).click();
  await page.getByRole("button", { name: /^检\s*查$/ }).click();
  await page.getByText("有违规说法，改好才能提交").waitFor();
  expect(await page.getByRole("button", { name: "提交审批" }).count()).toBe(0);
  await clean(page);
  await shot(page, "campaign-blocked", true);
  await page.getByRole("button", { name: "去“平台要求”修改" }).click();
  await brief.fill("写一次真实试驾，讲清楚一个生活场景");
  await expect.poll(() => page.locator(".ck mark").count()).toBe(0);
  await page.getByText("已自动保存").waitFor();
  await page.goto(`/content/campaigns/${campaign}/edit?step=check`);
  await page.getByRole("button", { name: /^检\s*查$/ }).click();
  await page.getByRole("button", { name: "提交审批" }).click();
  // not by who wrote it, and the page says who can
  await page.getByText("请让另一位来批准", { exact: false }).waitFor();
  expect(await page.getByRole("button", { name: "批准并派发" }).count()).toBe(0);
  const boss = await open(`/content/campaigns/${campaign}`, approver);
  await boss.getByText("任务没有用文案模板", { exact: false }).waitFor();
  await clean(boss);
  await boss.getByRole("button", { name: "批准并派发" }).click();
  await boss.getByRole("dialog").getByRole("button", { name: "批准并派发" }).click();
  await expect.poll(async () => (await send<{ state: string }>(page, "GET", `/api/v1/campaign/campaigns/${campaign}/progress`)).state, { timeout: 30_000 }).toBe("running");
  await page.reload();
  await page.getByText("个任务已交 0 个", { exact: false }).waitFor();
  await page.getByText("批准并派发", { exact: true }).first().waitFor();
  for (const s of stores) await page.getByText(s.name, { exact: false }).first().waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "campaign-page", true);
}, 300_000);

test("an adviser accepts on the phone, is told why a wrong link is refused, and hands the right one in", async () => {
  const phone = await open("/m/today", kos);
  await phone.getByText("发一条试驾笔记").first().waitFor();
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-today", true);
  // a tap on the notice leads to the tasks, a tap on the task to what is to be done
  await phone.getByRole("link", { name: new RegExp(TITLE) }).first().waitFor();
  await phone.locator(".p-rows a[href*='/tasks?campaign=']").first().click();
  await phone.waitForURL(/\/m\/tasks\?campaign=/);
  await phone.getByRole("link", { name: /发一条试驾笔记/ }).first().click();
  await phone.getByRole("heading", { name: "发一条试驾笔记" }).waitFor();
  await phone.getByText("写一次真实试驾，讲清楚一个生活场景").waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-task", true);
  await phone.waitForTimeout(500);
  await phone.getByRole("button", { name: "我来做" }).click();
  await phone.getByRole("button", { name: /打开小红书/ }).waitFor();
  await fits(phone);
  await clean(phone);

  // the share text of another app
  await phone.getByRole("button", { name: "去提交" }).click();
  const link = phone.getByRole("textbox", { name: "作品链接" });
  await link.fill("7.43 复制打开抖音，看看作品 https://v.douyin.com/iJx9aBc/ 05/12");
  await phone.getByText("找到链接").waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-handin", true);
  await phone.getByRole("button", { name: "提交", exact: true }).click();
  await phone.getByText("没通过，按下面的原因改好再交").waitFor({ timeout: 15_000 });
  await phone.locator(".c-stand li").first().waitFor();
  await quiet(phone);
  await fits(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-refused", true);

  // the right one, while the network is away: kept, shown as handed in, sent once
  await phone.getByRole("button", { name: "去提交" }).click();
  await phone.getByRole("textbox", { name: "作品链接" }).fill(`https://www.xiaohongshu.com/explore/${NOTE}`);
  const sent: string[] = [];
  phone.on("response", (r) => r.url().includes("/submit") && sent.push(`${r.status()}`));
  await phone.context().setOffline(true);
  await phone.getByRole("button", { name: "提交", exact: true }).click();
  await phone.getByText("已保存在手机里", { exact: false }).waitFor();
  await phone.context().setOffline(false);
  await phone.getByText("已保存在手机里", { exact: false }).waitFor({ state: "detached", timeout: 20_000 });
  await phone.getByText("系统正在核对", { exact: false }).waitFor();
  expect(sent).toEqual(["200"]);
  await quiet(phone);
  await fits(phone);
  await shot(phone, "campaign-phone-waiting", true);
});

test("the manager sees the own store only, and reminds who is behind, once a day", async () => {
  const page = await open(`/content/campaigns/${campaign}`, manager);
  await page.getByText("谁还没做").waitFor();
  await page.getByText(`${home.name} `, { exact: false }).first().waitFor();
  const text = await page.locator("main").innerText();
  for (const s of stores) if (s.id !== home.id) expect(text.includes(s.name), `${s.name} is another store`).toBe(false);
  await clean(page);
  await shot(page, "campaign-manager", true);
  await page.getByRole("button", { name: "一键提醒全部" }).click();
  await page.getByText(/已提醒 1 人/).first().waitFor();
  const again = await send<{ people: number; recent: number }>(page, "POST", `/api/v1/campaign/campaigns/${campaign}/remind`, { left: "submit" });
  expect([again.people, again.recent]).toEqual([0, 1]);
  await page.reload();
  await page.getByText(new RegExp(`提醒 .*没交的 1 人`)).first().waitFor();

  await page.goto("/content/campaigns/open");
  await page.getByRole("heading", { name: "跟进", exact: true }).waitFor();
  await page.getByRole("button", { name: /^提醒.*做“发一条试驾笔记”$/ }).first().click();
  await page.getByText(/一天内提醒过/).first().waitFor();
  await quiet(page);
  await clean(page);
  await shot(page, "campaign-open", true);
});

test("imported figures settle the proof, and the results add up", async () => {
  if (!inject("binary")) return;
  const dir = mkdtempSync(join(tmpdir(), "kosmos-campaign-"));
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(stamp);
  const [y, m, d] = day.split("-");
  const clock = new Intl.DateTimeFormat("sv-SE", { timeStyle: "medium", timeZone: "Asia/Shanghai" }).format(Date.now()).split(":");
  const file = join(dir, "笔记列表明细表.csv");
  const head = "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕,笔记链接";
  writeFileSync(file, ["最多导出排序后前1000条笔记", head, `周末试驾 #${TAG},${y}年${m}月${d}日${clock[0]}时${clock[1]}分${clock[2]}秒,图文,2000,1234,6.5%,50,7,20,3,11,15秒,0,https://www.xiaohongshu.com/explore/${NOTE}`].join("\n"));
  execFileSync(inject("binary"), ["--data", inject("data"), "import", "--brand", "e2e", "--account", `xiaohongshu:${own.handle}`, file], { stdio: ["ignore", "ignore", "inherit"] });

  const page = await open(`/content/campaigns/${campaign}`);
  interface Results { sum: { posts: number; views: number | null; interactions: number | null }; took_part: number; best: { title: string }[] }
  const read = () => send<Results>(page, "GET", `/api/v1/campaign/campaigns/${campaign}/results`);
  await expect.poll(async () => (await read()).sum.views, { timeout: 40_000, interval: 500 }).toBe(1234);
  const r = await read();
  expect([r.sum.posts, r.took_part, r.sum.interactions]).toEqual([1, 1, 50 + 7 + 20 + 11]);

  await page.goto(`/content/campaigns/${campaign}/results`);
  await page.getByText("发出 1 条作品", { exact: false }).waitFor();
  await page.locator("canvas").first().waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "campaign-results", true);
  const [book] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 XLSX" }).click()]);
  expect(book.suggestedFilename()).toMatch(/\.xlsx$/);

  const phone = await open("/m/tasks", kos);
  await phone.getByRole("button", { name: "做过的" }).click();
  await phone.getByText("已通过").first().waitFor();
  await phone.getByRole("link", { name: /发一条试驾笔记/ }).click();
  await phone.getByRole("link", { name: "分享卡片" }).click();
  await phone.getByRole("img", { name: /分享卡片/ }).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-card", true);
});

test("planned texts too much alike are shown before they go out, by thresholds the brand may change", async () => {
  const page = await open("/content/campaigns/settings");
  await page.getByRole("heading", { name: "活动设置" }).waitFor();
  await page.getByText("自行估计，平台没有公布").first().waitFor();
  await clean(page);
  await shot(page, "campaign-settings", true);
  await page.getByRole("button", { name: "修改“小红书”" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("相似度上限").fill("60");
  await dialog.getByLabel("依据").fill("五月试发，相似的笔记阅读掉了一半");
  await clean(page);
  await dialog.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByRole("cell", { name: "60%" }).waitFor();

  // a template with one word to choose: everybody says nearly the same
  const api = "/api/v1/library/items";
  const body = "周末来{门店}看看新车吧，空间大、坐得舒服，带上家人一起来试驾，现场有礼，{{结尾: 早点来 | 记得来}}不排队";
  const item = await send<{ id: string; rev: number }>(page, "POST", api, { kind: "template", title: `试驾邀约 ${stamp}`, content: { title: "周末试驾", body: `${body} #${TAG}` } });
  const asked = await send<{ rev: number }>(page, "POST", `${api}/${item.id}/submit`, { rev: item.rev });
  await send(page, "POST", `${api}/${item.id}/approve`, { rev: asked.rev });
  const made = await send<{ id: string }>(page, "POST", "/api/v1/campaign/campaigns", { title: `邀约 ${stamp}` });
  await send(page, "PUT", `/api/v1/campaign/campaigns/${made.id}`, {
    title: `邀约 ${stamp}`, goal: "周末多几组试驾", starts_at: new Date(stamp).toISOString(), ends_at: new Date(stamp + 3 * 86_400_000).toISOString(), hashtags: { all: [TAG] },
    audience: { units: stores.map((s) => s.id), platforms: ["xiaohongshu"], roles: ["kos"] },
    tasks: [{ type: "publish_note", title: "发一条邀约", platforms: ["xiaohongshu"], template: item.id, evidence: { link: true } }],
  });
  await send(page, "POST", `/api/v1/campaign/campaigns/${made.id}/turn`, { verb: "check" });
  await page.goto(`/content/campaigns/${made.id}`);
  await page.getByText(/有 \d+ 条太像，分成 \d+ 组/).waitFor({ timeout: 20_000 });
  await page.getByText("五月试发", { exact: false }).first().waitFor();
  await page.getByText(/\d+ 人几乎一样/).first().click();
  await page.getByText("周末来", { exact: false }).first().waitFor();
  await clean(page);
  await shot(page, "campaign-alike", true);

  // the same page in English, and what the brand set is gone again
  const en = await open(`/content/campaigns/${made.id}`, { lang: "en" });
  await en.getByText("Sameness check").waitFor();
  await en.getByText(/too much alike, in \d+ groups?/).waitFor();
  await clean(en);
  await shot(en, "campaign-alike-en", true);
  await en.goto("/content/campaigns/settings");
  await en.getByText("Own estimate; the platform publishes none").first().waitFor();
  await clean(en);
  await shot(en, "campaign-settings-en", true);
  await en.getByRole("button", { name: /^Remove “小红书”|^Remove “Xiaohongshu”|^Remove “RED/ }).click();
  await en.getByText("Campaign settings saved").waitFor();
}, 90_000);

test("lessons go into the case library with one click", async () => {
  const page = await open(`/content/campaigns/${campaign}`);
  await page.getByRole("button", { name: "结束活动" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "结束活动" }).click();
  await page.getByRole("button", { name: "写复盘" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("写清楚一个场景的收藏多一倍；下次早两天派发。");
  await page.getByRole("dialog").getByRole("button", { name: "写复盘" }).click();
  await page.getByRole("button", { name: "存入案例库" }).click();
  await page.getByRole("link", { name: "看案例" }).click();
  await page.getByRole("heading", { name: TITLE }).waitFor();
  await page.getByText("写清楚一个场景的收藏多一倍", { exact: false }).first().waitFor();
  await page.mouse.move(0, 0); // away from the button that now lies where the link was
  await settle(page);
  await clean(page);
  await shot(page, "campaign-case", true);
});

test("the pages speak English", async () => {
  const page = await open(`/content/campaigns/${campaign}`, { lang: "en" });
  await page.getByText("By unit").waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "campaign-page-en", true);
  const phone = await open("/m/today", { ...kos, lang: "en" });
  await phone.getByText("Campaign tasks").first().waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "campaign-phone-en", true);
});
