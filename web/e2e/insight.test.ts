/** Figures: the overview and what it opens to, places, posts, one's own page on the phone, an empty brand. */
import { execFileSync } from "node:child_process";
import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { clean, fits, settle, useBrowser } from "./harness";

const { open } = useBrowser();

interface Rows {
  items: { value: number }[];
  next?: string;
  total: number;
}

/** Walks the rows behind a figure to the end. */
async function sumRows(page: Page, query: string): Promise<{ sum: number; total: number }> {
  let cursor = "";
  let sum = 0;
  let total = 0;
  do {
    const res = await page.request.get(`/api/v1/insight/rows?${query}&limit=200&cursor=${encodeURIComponent(cursor)}`);
    expect(res.status()).toBe(200);
    const rows = (await res.json()) as Rows;
    sum += rows.items.reduce((n, r) => n + r.value, 0);
    total = rows.total;
    cursor = rows.next ?? "";
  } while (cursor);
  return { sum, total };
}

test("the overview says how things are in one sentence, and every figure opens to rows that add up to it", async () => {
  const page = await open("/");
  await page.getByText(/近 30 天 \d+ 个账号中 \d+ 个沉睡/).waitFor();
  const day = (back: number) => new Date(Date.now() + 8 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10);
  const res = await page.request.get(`/api/v1/insight/overview?from=${day(29)}&to=${day(0)}`);
  const o = (await res.json()) as { period: { from: string; to: string }; figures: Record<string, { value: number }> };
  expect(o.figures.views?.value).toBeGreaterThan(0);
  const days = `from=${o.period.from}&to=${o.period.to}`;
  for (const metric of ["accounts", "active", "asleep", "abnormal", "posts", "views", "interactions"]) {
    const { sum, total } = await sumRows(page, `metric=${metric}&${days}`);
    expect([metric, sum, total]).toEqual([metric, o.figures[metric]?.value, o.figures[metric]?.value]);
  }
  await page.getByRole("link", { name: /^播放\/阅读 .*查看/ }).click();
  await page.getByRole("heading", { name: "播放/阅读 · 明细" }).waitFor();
  await page.getByText(`合计 ${new Intl.NumberFormat("zh-CN").format(o.figures.views?.value ?? 0)}`).waitFor();
  await settle(page);
  await clean(page);
});

test("counts of a period that has ended open to the accounts of its last day", async () => {
  const day = (back: number) => new Date(Date.now() + 8 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10);
  const days = `from=${day(20)}&to=${day(9)}`;
  const page = await open(`/?${days}`);
  const o = (await (await page.request.get(`/api/v1/insight/overview?${days}`)).json()) as { figures: Record<string, { value: number }> };
  for (const metric of ["accounts", "active", "asleep", "abnormal"]) {
    const { sum, total } = await sumRows(page, `metric=${metric}&${days}`);
    expect([metric, sum, total]).toEqual([metric, o.figures[metric]?.value, o.figures[metric]?.value]);
  }
  expect(o.figures.asleep?.value).toBeGreaterThan(0);
  await page.getByRole("link", { name: /^沉睡账号 .*查看/ }).click();
  await page.getByText(`收盘时共 ${o.figures.asleep?.value} 个`).waitFor();
  await settle(page);
  expect(new URL(page.url()).searchParams.get("to")).toBe(day(9));
  await expect.poll(() => page.locator("tbody tr.ant-table-row").count(), { timeout: 10_000 }).toBe(Math.min(50, o.figures.asleep?.value ?? 0));
  await clean(page);
});

test("posts are cut to the days they were published on, and the sheet follows", async () => {
  const day = (back: number) => new Date(Date.now() + 8 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10);
  const page = await open(`/content/posts?published=${day(20)}..${day(14)}`);
  const got = (await (await page.request.get(`/api/v1/post/count?published=${day(20)}..${day(14)}`)).json()) as { count: number };
  expect(got.count).toBeGreaterThan(0);
  await page.getByText(`共 ${got.count} 条`).first().waitFor();
  const [sheet] = await Promise.all([
    page.waitForRequest((r) => r.url().includes("/api/v1/post/posts.xlsx")),
    page.getByRole("button", { name: "导出" }).click().then(() => page.getByText("XLSX", { exact: false }).last().click()),
  ]);
  expect(new URL(sheet.url()).searchParams.get("published")).toBe(`${day(20)}..${day(14)}`);
  await page.getByRole("button", { name: "清除筛选" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("published")).toBe(null);
  await settle(page);
  await clean(page);
});

test("an account's followers are shown as a level, dot by dot", async () => {
  const page = await open("/insight/rows?metric=views");
  await page.locator("tbody tr.ant-table-row a").first().click();
  const curve = page.locator("section", { has: page.getByRole("heading", { name: "数据曲线" }) });
  await curve.getByText("粉丝数", { exact: true }).click();
  await page.waitForURL(/curve=followers/);
  await curve.locator("canvas").waitFor();
  await curve.getByText(/个粉丝/).waitFor();
  await curve.getByRole("button", { name: "以表格查看" }).click();
  await curve.locator("tbody tr").first().waitFor();
  await clean(page);
});

test("the curve follows the chosen metric and keeps it in the address", async () => {
  const page = await open("/");
  const picture = page.locator("section", { has: page.getByRole("heading", { name: "每日走势" }) });
  await picture.locator("canvas").waitFor();
  await picture.getByText("互动", { exact: true }).click();
  await page.waitForURL(/trend=interactions/);
  await page.reload();
  await picture.locator("canvas").waitFor();
  expect(await picture.locator(".ant-segmented-item-selected").innerText()).toBe("互动");
  await picture.getByRole("button", { name: "以表格查看" }).click();
  await expect.poll(() => picture.locator("tbody tr").count(), { timeout: 10_000 }).toBe(30);
});

test("the overview, the rows and the places go into spreadsheets", async () => {
  const page = await open("/");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出 XLSX" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^总览-.*\.xlsx$/);
  for (const path of ["insight/rows.xlsx?metric=views", "insight/leaderboard.xlsx?window=30d", "post/posts.xlsx?sort=-views"]) {
    const res = await page.request.get(`/api/v1/${path}`);
    expect([path, res.status()]).toEqual([path, 200]);
    expect((await res.body()).subarray(0, 2).toString()).toBe("PK");
  }
});

test("places change with metric and order, highest first", async () => {
  const page = await open("/insight/leaderboard");
  const first = () => page.locator("tbody tr.ant-table-row").first().innerText();
  const top = await first();
  await page.getByText("末尾", { exact: true }).click();
  await page.waitForURL(/order=bottom/);
  await settle(page);
  await expect.poll(first, { timeout: 10_000 }).not.toBe(top);
  await clean(page);
  await page.getByRole("combobox", { name: "指标" }).click();
  await page.getByTitle("点赞").click();
  await page.waitForURL(/metric=likes/);
  await page.getByText("按点赞排名").waitFor();
  const res = await page.request.get("/api/v1/insight/leaderboard?window=30d&metric=likes&limit=50");
  const board = (await res.json()) as { items: { value: number; place: number }[] };
  expect(board.items.map((i) => i.value)).toEqual([...board.items].map((i) => i.value).sort((a, b) => b - a));
});

test("posts are found, narrowed to those with fallen counters, and a post says what fell when", async () => {
  const page = await open("/content/posts?from=2020-01-01&to=2030-01-01");
  await page.getByRole("tab", { name: "数值下跌" }).click();
  await page.waitForURL(/fell=true/);
  await settle(page);
  await clean(page);
  await page.locator("tbody tr.ant-table-row td").nth(3).click();
  await page.getByRole("heading", { name: "数值下跌" }).waitFor();
  await page.getByRole("heading", { name: "数据记录" }).waitFor();
  await page.getByText("▼").first().waitFor();
  await settle(page);
  await clean(page);
  await fits(page);
});

test("on the phone a person without accounts is told what to do", async () => {
  const page = await open("/m/me", { phone: true, width: 360 });
  await page.getByText("您名下还没有账号").waitFor();
  await clean(page);
  await fits(page);
});

test("an empty brand is taught its two first steps", async () => {
  if (!inject("binary")) return;
  const login = "first@example.com";
  const password = "quiet harbour 58 lantern";
  execFileSync(
    inject("binary"),
    ["--data", inject("data"), "brand", "create", "--slug", "fresh", "--name", "\u65b0\u54c1\u724c", "--admin-email", login, "--admin-password-stdin"],
    { input: password, stdio: ["pipe", "ignore", "inherit"] },
  );
  const page = await open("/", { login, password });
  await page.getByRole("heading", { name: "先把矩阵放进来" }).waitFor();
  await page.getByRole("button", { name: "导入花名册" }).waitFor();
  await clean(page);
});
