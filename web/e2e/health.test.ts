/** The zombie board, the clean-up round from list to proof, and the thresholds. */
import { test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

test("the board says who does not work and why, and every bar opens its accounts", async () => {
  const page = await open("/matrix/health");
  await page.getByRole("heading", { name: "账号健康" }).waitFor();
  await page.getByText(/个账号中 \d+ 个不在状态/).waitFor();
  await page.getByRole("tab", { name: "停更" }).click();
  await page.waitForURL(/cause=stopped/);
  await settle(page);
  const rows = page.locator("tbody tr.k-row-open");
  await rows.first().waitFor();
  await rows.first().click();
  await page.getByText("分数构成").waitFor();
  await page.getByText("唤醒记录").waitFor();
  await clean(page);
  await shot(page, "health-drawer");
});

test("the board says which causes it cannot judge, and an anomaly opens to what stands behind it", async () => {
  const page = await open("/matrix/health");
  await page.getByRole("heading", { name: "没有判断的原因" }).waitFor();
  await page.getByText(/无法判断“询问没人回”/).waitFor();
  await page.goto("/matrix/health/anomalies");
  await settle(page);
  await page.locator("tbody tr.k-row-open td").nth(2).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: "依据" }).waitFor();
  await drawer.locator(".h-falls tbody tr").first().waitFor();
  await clean(page);
  await shot(page, "anomaly-drawer");
});

test("a clean-up round goes from list over decision to proof", async () => {
  const page = await open("/matrix/health/rounds");
  await page.getByRole("button", { name: "新建清理轮次" }).first().click();
  const name = `第四季度 ${Date.now()}`;
  await page.getByLabel("名称").fill(name);
  await page.getByLabel("截止日").fill(day(30));
  await page.getByLabel("截止日").press("Enter");
  await page.getByRole("button", { name: /^新\s*建$/ }).click();
  await page.getByText(name).waitFor();
  await page.locator("section", { hasText: name }).getByRole("button", { name: /已完成/ }).click();
  await settle(page);
  await page.getByRole("button", { name: /^决\s*定$/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("唤醒", { exact: true }).click();
  await dialog.getByRole("button", { name: /^决\s*定$/ }).click();
  await page.getByText("已记录决定").waitFor();
  await page.getByRole("button", { name: "提交凭证" }).first().click();
  await page.getByRole("dialog").getByLabel("凭证").fill("已看到新作品");
  await page.getByRole("dialog").getByRole("button", { name: "提交凭证" }).click();
  await page.getByText("凭证已提交，处理已生效").waitFor();
  await page.getByText(/已完成 1 \//).first().waitFor();
  await clean(page);
});

test("thresholds out of range are refused in words", async () => {
  const page = await open("/matrix/health");
  await page.getByRole("button", { name: "评分设置" }).click();
  await page.getByLabel("多少天不发算沉睡", { exact: true }).fill("1");
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText(/应在 7 到 365 之间/).first().waitFor();
});

function day(ahead: number): string {
  return new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
}
