/** A new price: what still shows the old one is found, its owner sees it on the phone, and says it is mended. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();
const HEAD = { "X-Kosmos": "1" };
const PASSWORD = "correct horse 47 battery";
const stamp = Date.now();
const kos = { login: `kos-price-${stamp}@example.com`, password: PASSWORD };

const COLUMNS = "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕";

interface Account {
  handle: string;
  unit_id: string;
  member: { id: string } | null;
}

async function call<T>(page: Page, method: string, path: string, data?: unknown): Promise<T> {
  const res = await page.request.fetch(path, { method, data, headers: { ...HEAD, ...(method === "POST" ? { "Idempotency-Key": crypto.randomUUID() } : {}) } });
  const text = await res.text();
  expect(res.ok(), `${method} ${path}: ${res.status()} ${text}`).toBe(true);
  return (text ? JSON.parse(text) : {}) as T;
}

test("a product is made, priced and shown to the store", async () => {
  const page = await open("/content/products");
  await page.getByRole("heading", { name: "产品", exact: true }).waitFor();
  await clean(page);
  await page.getByRole("button", { name: "新建产品" }).first().click();
  const dialog = page.getByRole("dialog");
  const name = `星海X7 ${stamp}`;
  await dialog.getByLabel("产品", { exact: true }).fill(name);
  await dialog.getByLabel("编码", { exact: true }).fill(`X7-${stamp}`);
  await dialog.getByLabel("款型编码").fill(`PRO-${stamp}`);
  await dialog.getByLabel("款型", { exact: true }).fill("Pro 长续航");
  await dialog.getByRole("button", { name: "加一条卖点" }).click();
  await dialog.getByLabel("卖点 · 标题").fill("续航 702 公里");
  await dialog.getByLabel("推荐文案").fill("{product} 现在 {price}，欢迎到店");
  await dialog.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByRole("heading", { name }).waitFor();

  // the first price, then one that is dearer tomorrow
  await page.getByRole("button", { name: "定价格" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("价格（元）").fill("129800");
  await form.getByRole("button", { name: "先看影响" }).click();
  await form.getByText(/暂无价格 → ¥129,800/).waitFor();
  await shot(page, "product-policy");
  await form.getByRole("button", { name: "保存政策" }).click();
  await form.waitFor({ state: "hidden" });
  await page.locator("table").getByText("¥129,800").first().waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "product-page", true);

});

test("a second price of the same day is refused with the reason", async () => {
  const page = await open("/content/products");
  const name = `同日 ${stamp}`;
  const made = await call<{ id: string }>(page, "POST", "/api/v1/product/products", {
    code: `D-${stamp}`, name, state: "live", copy_text: "{product} 现在 {price}，欢迎到店", skus: [{ id: null, code: `DS-${stamp}`, name: "Pro", spec: "", aliases: [], state: "live" }],
  });
  const product = await call<{ skus: { id: string }[] }>(page, "GET", `/api/v1/product/products/${made.id}`);
  await call(page, "POST", "/api/v1/product/policies", { product_id: made.id, sku_ids: [product.skus[0]?.id], kind: "price", money: { fen: 12_980_000, currency: "CNY" } });
  await page.goto(`/content/products/${made.id}`);
  await page.getByRole("button", { name: "定价格" }).click();
  await page.getByRole("dialog").getByLabel("价格（元）").fill("119800");
  await page.getByRole("dialog").getByRole("button", { name: "先看影响" }).click();
  await page.getByRole("dialog").getByText(/请先撤回它/).waitFor();
  expect(await page.getByRole("dialog").getByRole("button", { name: "保存政策" }).isDisabled()).toBe(true);
  await page.getByRole("dialog").getByRole("button", { name: /^取\s*消$/ }).click();

  // the card on the phone
  const phone = await open(`/m/products/${made.id}`, { phone: true, width: 360 });
  await phone.getByRole("heading", { name }).waitFor();
  await phone.getByText(`${name} 现在 129,800元，欢迎到店`).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "product-phone");
});

test.runIf(inject("binary"))("a new price finds the post with the old one, and its owner mends it", async () => {
  const page = await open("/content/products");
  const name = `天枢Q5 ${stamp}`;
  const { items } = await call<{ items: Account[] }>(page, "GET", "/api/v1/account/accounts?platform=xiaohongshu&limit=200");
  const members = await call<{ items: { id: string; has_user: boolean }[] }>(page, "GET", "/api/v1/org/members?limit=200");
  const free = new Set(members.items.filter((m) => !m.has_user).map((m) => m.id));
  const account = items.find((a) => a.member && free.has(a.member.id));
  if (!account?.member) throw new Error("the brand has no account with an owner");

  // a post of that account tells the price
  const dir = mkdtempSync(join(tmpdir(), "kosmos-price-"));
  const file = join(dir, "notes.csv");
  writeFileSync(file, `最多导出排序后前1000条笔记\n${COLUMNS}\n${name} 现在只要12万9千8,2026年10月12日10时00分00秒,图文,1.4万,1000,6.50%,1,-,3,-,0,15.20秒,0\n`);
  execFileSync(inject("binary"), ["--data", inject("data"), "import", "--brand", "e2e", "--account", `xiaohongshu:${account.handle}`, file], { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(dir, { recursive: true });
  const made = await call<{ id: string }>(page, "POST", "/api/v1/product/products", {
    code: `Q5-${stamp}`, name, state: "live", skus: [{ id: null, code: `Q5P-${stamp}`, name: "Pro", spec: "", aliases: [], state: "live" }],
  });
  const product = await call<{ skus: { id: string }[] }>(page, "GET", `/api/v1/product/products/${made.id}`);
  await call(page, "POST", "/api/v1/product/policies", {
    product_id: made.id, sku_ids: [product.skus[0]?.id], kind: "price", money: { fen: 12_980_000, currency: "CNY" }, from: new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10),
  });

  // headquarters sets a new one
  await page.goto(`/content/products/${made.id}`);
  await page.getByRole("button", { name: "定价格" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("价格（元）").fill("119800");
  await form.getByRole("button", { name: "先看影响" }).click();
  await form.getByText(/¥129,800.* → ¥119,800/).waitFor();
  await form.getByRole("button", { name: "保存政策" }).click();
  await form.waitFor({ state: "hidden" });
  await expect.poll(async () => (await call<{ items: unknown[] }>(page, "GET", `/api/v1/product/stale?state=open&product=${made.id}`)).items.length, { timeout: 30_000 }).toBe(1);
  await page.goto(`/content/products/stale?state=open&product=${made.id}`);
  await page.locator("mark").getByText("12万9千8").first().waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "product-stale", true);

  // the owner, on the phone
  const { secret } = await call<{ secret: string }>(page, "POST", "/api/v1/identity/invitations", { role: "kos", unit_id: account.unit_id, member_id: account.member.id });
  const visitor = await open("/m", { phone: true, signedIn: false });
  await call(visitor, "POST", "/api/v1/identity/invitations/accept", { secret, ...kos, name: "周小价" });
  const phone = await open("/m/today", { phone: true, width: 360, ...kos });
  await phone.getByText("1 条作品还写着旧价格").click();
  await phone.getByText("¥119,800").first().waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "product-phone-stale");
  await phone.getByRole("button", { name: "已改好" }).click();
  await phone.getByText("你的作品里没有旧价格。").waitFor();
  await expect.poll(async () => (await call<{ items: unknown[] }>(page, "GET", `/api/v1/product/stale?state=fixed&product=${made.id}`)).items.length, { timeout: 15_000 }).toBe(1);
  await phone.goto("/m/library");
  await phone.getByText(name).waitFor();
  await settle(phone);
  await clean(phone);
  await shot(phone, "product-phone-list");
});

test.each([
  ["/content/products", "Products"], ["/content/products/prices", "Prices"], ["/content/products/calendar", "Launch calendar"], ["/content/products/stale", "Old prices"],
  ["/content/products/imports", "Imports"], ["/content/products/settings", "Settings"], ["/content/products/stock", "Stock"],
])("%s in English", async (path, head) => {
  const page = await open(path, { lang: "en" });
  await page.getByRole("heading", { name: head, exact: true, level: 1 }).waitFor();
  await settle(page);
  await clean(page);
  await shot(page, `product-en-${head}`);
});
