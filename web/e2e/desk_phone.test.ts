/** The reviewer on the phone, with one thumb at 360 px: the queue, every kind of decision, two people, a dead network. */
import { beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { clean, fits, settle, shot, useBrowser, type Look } from "./harness";
import { join, PASSWORD, quiet, read, send } from "./people";

const { open } = useBrowser();
const stamp = Date.now().toString(36);
const one: Look = { login: `p1-${stamp}@example.com`, password: PASSWORD, phone: true, width: 360 };
const two: Look = { login: `p2-${stamp}@example.com`, password: PASSWORD, phone: true, width: 360 };

interface Sub {
  id: string;
  state: string;
  version: number;
  suggestion: { field: string; text: string }[];
}

let admin: Page;

beforeAll(async () => {
  admin = await open("/settings/users");
  for (const [login, name] of [[one.login, "拇指甲"], [two.login, "拇指乙"]] as const) {
    await join(admin, await open("/login", { signedIn: false }), login ?? "", name, "compliance");
  }
  await reviewers(admin, () => 1); // whatever another flow has left
}, 60_000);

/** Says how many people must agree at each level. */
async function reviewers(page: Page, of: (level: number) => number) {
  const settings = await read<{ levels: object[] } & Record<string, unknown>>(page, "/api/v1/desk/settings");
  const plain: Record<string, unknown> = { ...settings };
  delete plain["may_review"];
  delete plain["missing"];
  await send(page, "PUT", "/api/v1/desk/settings", { ...plain, levels: settings.levels.map((l, i) => ({ ...l, reviewers: of(i) })) });
}

/** Hands a text in as the administrator. */
const hand = async (page: Page, title: string) =>
  send<Sub>(page, "POST", "/api/v1/desk/submissions", {
    platform: "xiaohongshu", kind: "post", texts: [{ field: "title", text: `${title} ${stamp}` }, { field: "body", text: `${title}，新车到店，评论区扣1领资料，先到先得` }],
  });

const state = async (page: Page, id: string) => (await read<Sub>(page, `/api/v1/desk/submissions/${id}`)).state;

/** Where the main action is: at the thumb, below the middle of the screen. */
const atThumb = async (page: Page, name: string) => {
  const box = await page.getByRole("button", { name, exact: true }).boundingBox();
  expect(box && box.y > 844 / 2 && box.y + box.height <= 844, `${name} at the thumb`).toBe(true);
};

test("suggests, approves without a network, rejects; nothing is lost or sent twice", async () => {
  const ops = await open("/content/desk");
  const subs = [await hand(ops, "甲条"), await hand(ops, "乙条"), await hand(ops, "丙条")];
  const page = await open("/m/today", one);
  await page.getByRole("heading", { name: /待我审核/ }).waitFor();
  await fits(page);
  await quiet(page);
  await clean(page);
  await shot(page, "desk-phone-review-today");
  await page.getByRole("link", { name: /条待审核/ }).click();
  await page.getByRole("heading", { name: "待我审核" }).waitFor();
  await page.getByRole("link", { name: new RegExp(`甲条 ${stamp}`) }).waitFor();
  await settle(page);
  await fits(page);
  await clean(page);
  await shot(page, "desk-phone-queue");

  await page.getByRole("link", { name: new RegExp(`甲条 ${stamp}`) }).click();
  await page.getByRole("heading", { name: `甲条 ${stamp}` }).waitFor();
  await page.locator("mark").first().waitFor();
  await page.getByText(/^依据：/).first().waitFor();
  await page.getByRole("button", { name: "误报" }).first().click();
  await atThumb(page, "通过");
  await fits(page);
  await settle(page);
  await clean(page);
  await shot(page, "desk-phone-review", true);
  await page.getByRole("button", { name: "建议修改", exact: true }).click();
  await page.getByRole("textbox", { name: "改写建议 · 正文" }).fill("新车到店，欢迎预约试驾");
  await page.getByRole("textbox", { name: "理由" }).fill("不要用资料换评论");
  await page.locator('.ck-state:has-text("没有发现问题")').first().waitFor();
  await atThumb(page, "发给送审人");
  await fits(page);
  await clean(page);
  await shot(page, "desk-phone-suggest", true);
  await page.getByRole("button", { name: "发给送审人" }).click();
  await expect.poll(() => state(ops, subs[0]?.id ?? ""), { timeout: 15_000 }).toBe("changes");
  expect((await read<Sub>(ops, `/api/v1/desk/submissions/${subs[0]?.id}`)).suggestion).toEqual([{ field: "body", text: "新车到店，欢迎预约试驾" }]);

  // the network dies: the decision is kept, the next one opens, and it is sent by itself later
  await page.goto(`/m/content/desk/${subs[1]?.id}`);
  await page.getByRole("heading", { name: `乙条 ${stamp}` }).waitFor();
  await page.getByRole("button", { name: "通过", exact: true }).waitFor();
  await page.waitForTimeout(1500); // the next one is fetched ahead
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText(/没有网络，联网后自动发送/).waitFor();
  await page.locator(".p-strip").first().waitFor();
  await page.getByRole("heading", { name: `丙条 ${stamp}` }).waitFor(); // it opens without a network
  await shot(page, "desk-phone-offline");
  expect(await state(ops, subs[1]?.id ?? "")).toBe("waiting");
  await page.context().setOffline(false);
  await expect.poll(() => state(ops, subs[1]?.id ?? ""), { timeout: 20_000 }).toBe("approved");
  const story = await read<{ reviews: unknown[] }>(ops, `/api/v1/desk/submissions/${subs[1]?.id}`);
  expect(story.reviews.length).toBe(1);

  await page.goto(`/m/content/desk/${subs[2]?.id}`);
  await page.getByRole("heading", { name: `丙条 ${stamp}` }).waitFor();
  await page.getByRole("button", { name: "驳回", exact: true }).click();
  expect(await page.getByRole("button", { name: "确认驳回" }).isDisabled()).toBe(true);
  await page.locator(".d-ready button").first().click(); // a finding's own reason, with one tap
  await shot(page, "desk-phone-reject", true);
  await page.getByRole("button", { name: "确认驳回" }).click();
  await expect.poll(() => state(ops, subs[2]?.id ?? ""), { timeout: 15_000 }).toBe("rejected");
  await page.goto("/m/content/desk");
  await page.getByRole("heading", { name: "待我审核" }).waitFor();
  await settle(page);
  expect(await page.getByRole("link", { name: new RegExp(`[乙丙]条 ${stamp}`) }).count()).toBe(0);
}, 120_000);

test("two people: who has it open is told, the same person cannot agree twice; in English", async () => {
  const ops = await open("/content/desk");
  await reviewers(ops, (level) => (level === 2 ? 2 : 1));
  const sub = await hand(ops, "丁条");
  const a = await open(`/m/content/desk/${sub.id}`, one);
  await a.getByText("还差 2 人").waitFor();
  await a.getByRole("button", { name: "通过", exact: true }).waitFor();
  const b = await open(`/m/content/desk/${sub.id}`, { ...two, lang: "en" });
  await b.getByText(/拇指甲 (is|正在)/).waitFor();
  expect(await b.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
  await clean(b, { allow: /409/ });
  await shot(b, "desk-phone-claimed-en", true);

  await a.getByRole("button", { name: "通过", exact: true }).click();
  await expect.poll(async () => (await read<{ approvals: number }>(ops, `/api/v1/desk/submissions/${sub.id}`)).approvals, { timeout: 15_000 }).toBe(1);
  await a.goto("/m/today"); // forgets what was decided here
  await a.goto(`/m/content/desk/${sub.id}`);
  await a.getByRole("button", { name: "通过", exact: true }).click();
  await a.waitForTimeout(1000);
  expect(await state(ops, sub.id)).toBe("waiting"); // the same word of the same person again changes nothing
  await a.goto("/m/today");

  await b.reload();
  await b.getByRole("button", { name: "Approve", exact: true }).waitFor();
  await settle(b);
  await fits(b);
  await clean(b, { allow: /409/ });
  await shot(b, "desk-phone-review-en", true);
  await b.getByRole("button", { name: "Approve", exact: true }).click();
  await expect.poll(() => state(ops, sub.id), { timeout: 15_000 }).toBe("approved");
  await b.goto("/m/content/desk");
  await b.getByRole("heading", { name: "For me to review" }).waitFor();
  await settle(b);
  await fits(b);
  await clean(b, { allow: /409/ });
  await shot(b, "desk-phone-queue-en");
  await b.goto("/m/today");
  await b.getByRole("heading", { name: /For me to review/ }).waitFor();
  await quiet(b);
  await fits(b);
  await shot(b, "desk-phone-review-today-en");
  await reviewers(ops, () => 1);
}, 120_000);
