/** The phone of somebody with accounts: from the day's list through one to-do per screen, also without a network. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser, type Look } from "./harness";

const { open } = useBrowser();
const PASSWORD = "correct horse 49 battery";
const HEAD = { "X-Kosmos": "1" };
const stamp = Date.now().toString(36);
const kos = { login: `kos-${stamp}@example.com`, password: PASSWORD };
const phone: Look = { phone: true, width: 360, ...kos };

interface Todo {
  id: string;
  title: string;
  why: string;
  state: string;
  note: string;
  member_id: string | null;
  unit_id: string;
  audience: string;
}

async function items(page: Page, query: string): Promise<Todo[]> {
  const res = await page.request.get(`/api/v1/todo/items?limit=200&${query}`);
  expect(res.ok(), await res.text()).toBe(true);
  return ((await res.json()) as { items: Todo[] }).items;
}

/** Lets the owner of a sleeping account sign in, and gives that person three more to-dos by hand. */
async function employ(): Promise<void> {
  const admin = await open("/todo");
  const asked = (await items(admin, "box=units&room=health")).find((it) => it.audience === "owner" && it.member_id);
  if (!asked) throw new Error("the brand has no owner to wake up");
  const post = async (path: string, data: unknown) => {
    const res = await admin.request.post(path, { data, headers: HEAD });
    expect(res.ok(), `${path}: ${await res.text()}`).toBe(true);
    return res.json() as Promise<{ secret: string }>;
  };
  for (const title of [`补拍门店主图 ${stamp}`, `核对门店地址 ${stamp}`, `更新头像 ${stamp}`]) {
    await post("/api/v1/todo/items", { title, unit_id: asked.unit_id, member_id: asked.member_id });
  }
  const { secret } = await post("/api/v1/identity/invitations", { role: "kos", unit_id: asked.unit_id, member_id: asked.member_id });
  const visitor = await open("/m", { phone: true, signedIn: false });
  const res = await visitor.request.post("/api/v1/identity/invitations/accept", { data: { secret, ...kos, name: "周小测" }, headers: HEAD });
  expect(res.ok(), await res.text()).toBe(true);
}

describe("a KOS with accounts", () => {
  test("does the wake-up, declines the next with a reason, and takes one back", async () => {
    await employ();
    const page = await open("/m", phone);
    await page.waitForURL(/\/m\/today/);
    const all = await items(page, "");
    const first = all[0];
    if (!first || all.length < 4) throw new Error("too few to-dos");
    await page.getByRole("link", { name: "开始做第一件" }).waitFor();
    await clean(page);
    await fits(page);
    await shot(page, "phone-today-kos-zh", true);

    const wake = all.find((it) => it.why && it.title.includes("「"));
    if (!wake) throw new Error("no wake-up");
    await page.getByRole("link", { name: new RegExp(wake.title.slice(0, 12)) }).click();
    await page.getByRole("heading", { name: wake.title }).waitFor();
    await page.waitForTimeout(500);
    await page.getByText(wake.why).waitFor();
    await page.getByText("什么时候").waitFor();
    await page.getByRole("link", { name: /^打开/ }).waitFor();
    await clean(page);
    await fits(page);
    await shot(page, "phone-todo-zh", true);
    const foot = await page.getByRole("button", { name: "做完了" }).boundingBox();
    expect(foot && foot.y > 844 / 2, "the primary action is at the thumb").toBe(true);

    await page.getByRole("button", { name: "做完了" }).click();
    await page.getByText(`完成：${wake.title}`).waitFor();
    const next = await page.getByRole("heading", { level: 1 }).innerText();
    expect(next).not.toBe(wake.title);
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "不做", exact: true }).click();
    expect(await page.getByRole("button", { name: "确定不做" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "这几天没时间" }).click();
    await clean(page);
    await fits(page);
    await shot(page, "phone-todo-decline-zh", true);
    await page.getByRole("button", { name: "确定不做" }).click();
    await page.getByText(`不做：${next}`).waitFor();
    await page.getByRole("button", { name: "撤销" }).click();
    await page.getByText(`完成：${wake.title}`).waitFor();
    await page.getByRole("link", { name: /今日/ }).first().click();
    await page.getByRole("link", { name: new RegExp(next.slice(0, 12)) }).waitFor();

    await expect.poll(async () => (await items(page, "state=closed")).map((it) => it.state)).toEqual(["done"]);
    expect((await items(page, "")).length).toBe(all.length - 1);
  });

  test("works without a network: kept, sent once when it is back", async () => {
    const page = await open("/m/today", phone);
    await page.getByRole("link", { name: "开始做第一件" }).waitFor();
    const before = await items(page, "");
    const sent: string[] = [];
    page.on("request", (r) => r.method() === "POST" && sent.push(new URL(r.url()).pathname));
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await page.context().setOffline(true);
    await page.getByText("当前没有网络").waitFor();
    await page.getByRole("link", { name: "开始做第一件" }).click();
    const done = page.getByRole("button", { name: "做完了" });
    await done.waitFor();
    const title = await page.getByRole("heading", { level: 1 }).innerText();
    await page.waitForTimeout(500); // a screen takes no tap that was meant for the one before
    await done.dblclick();
    await page.getByText(`完成：${title}`).waitFor();
    await page.getByText(/等待网络/).waitFor();
    await fits(page);
    await shot(page, "phone-todo-offline-zh", true);
    await page.context().setOffline(false);
    await page.getByText(/等待网络/).waitFor({ state: "detached" });
    const after = await items(page, "");
    expect(after.length).toBe(before.length - 1);
    const closed = (await items(page, "state=closed")).filter((it) => it.title === title);
    expect(closed.map((it) => it.state)).toEqual(["done"]);
    expect(sent.filter((p) => p === "/api/v1/todo/done").length, "one write, tried until it went through").toBeGreaterThan(0);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).not.toBe(title);
  });

  test("reads in English, ends in a calm screen", async () => {
    const page = await open("/m/today", { ...phone, lang: "en" });
    await page.getByRole("link", { name: "Start with the first" }).click();
    await page.getByText("By when").or(page.getByText("Why")).first().waitFor();
    await clean(page);
    await fits(page);
    await shot(page, "phone-todo-en", true);
    for (let left = (await items(page, "")).length; left > 0; left--) {
      await page.waitForTimeout(500);
      const title = await page.getByRole("heading", { level: 1 }).innerText();
      await page.getByRole("button", { name: "Done", exact: true }).click();
      await page.getByText(left > 1 ? `Done: ${title}` : "All done").first().waitFor();
    }
    await settle(page);
    await clean(page);
    await shot(page, "phone-today-calm-en", true);
    await expect.poll(async () => (await items(page, "")).length).toBe(0);
  });
});
