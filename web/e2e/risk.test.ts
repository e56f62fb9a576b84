/** A compliance officer's rules: check while typing, edit, try in the lab, publish, re-scan, what-if, versions. */
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

test("a sentence is judged while it is typed, and put right with one tap", async () => {
  const page = await open("/content/risk/lab");
  const box = page.getByLabel("试一句话");
  await box.fill("这台车全网第一，欢迎试驾");
  await page.locator(".ck mark", { hasText: "全网第一" }).waitFor();
  await page.getByText(/发现 \d+ 处问题/).waitFor();
  await page.getByText(/^依据：/).first().waitFor();
  await clean(page);
  await shot(page, "risk-typing");
  const mends = page.locator(".ck-acts button");
  while ((await mends.count()) > 0) {
    const before = await box.inputValue();
    await mends.first().click();
    await expect.poll(() => box.inputValue()).not.toBe(before);
    await page.locator('.ck-state:not(:text("正在检查…"))').waitFor();
  }
  await page.getByText("没有发现问题").waitFor();
  expect(await box.inputValue()).not.toContain("全网第一");
});

test("edit a rule, try it, publish it, and everything published is looked at again", async () => {
  const page = await open("/content/risk");
  await page.getByRole("button", { name: "新增规则" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("词", { exact: true }).last().fill("试驾");
  await dialog.getByLabel("原因", { exact: true }).fill("内部口径：统一说“体验驾驶”");
  await dialog.getByLabel("依据").fill("公司规定");
  await shot(page, "risk-rule-form");
  await dialog.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("规则已写入草稿，发布后生效").waitFor();
  await page.getByText(/草稿新增 1/).waitFor();

  await page.getByRole("tab", { name: "本品牌" }).click();
  await settle(page);
  await page.locator("tbody tr.k-row-open", { hasText: "试驾" }).first().click();
  await page.getByText("公司规定").first().waitFor();
  await page.getByRole("button", { name: "拿去试" }).click();
  await page.waitForURL(/risk\/lab/);
  await expect.poll(() => page.locator("#termsText").inputValue()).toBe("试驾");
  await page.getByRole("button", { name: "试一试" }).first().click();
  await page.getByText("在样例上判断对错").waitFor();
  await page.locator(".r-sample mark").first().waitFor();
  await page.locator(".r-sample").getByRole("button", { name: "判得对" }).first().click();
  await page.getByText("已记为判得对").waitFor();
  await page.getByRole("button", { name: "试一试" }).last().click();
  await page.getByText(/1 对 · 0 误报/).first().waitFor();
  await page.mouse.move(0, 0); // a hovered button is paler while it fades
  await settle(page);
  await clean(page);
  await shot(page, "risk-lab", true);

  await page.goto("/content/risk");
  await page.getByRole("button", { name: /^发\s*布$/ }).click();
  await page.getByRole("dialog").getByText("试驾").waitFor();
  await page.getByLabel("为什么发布").fill("统一试驾的说法");
  await shot(page, "risk-publish");
  await page.getByRole("dialog").getByRole("button", { name: /^发\s*布$/ }).click();
  await page.waitForURL(/risk\/runs/);
  const run = page.locator("section", { hasText: "复扫 · 第" }).first();
  await run.getByText("已完成").waitFor({ timeout: 30_000 });
  await clean(page);
  await shot(page, "risk-runs");
  await run.getByRole("link").first().click();
  await page.getByText("按单位").waitFor();
  await page.locator("tbody mark", { hasText: "试驾" }).first().waitFor();
  await clean(page);
  await fits(page);
  await shot(page, "risk-run");

  await page.goto("/content/risk/verdicts");
  await page.locator("tbody mark", { hasText: "试驾" }).first().waitFor();
  await page.locator("tbody tr.k-row-open").first().click();
  await page.getByRole("heading", { name: "相同或相近的内容" }).waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "risk-verdict");

  await page.goto("/content/risk/versions");
  await page.getByText("统一试驾的说法").first().waitFor();
  await page.getByRole("link", { name: /^第 \d+ 版$/ }).first().click();
  await page.getByText("新增").first().waitFor();
  await clean(page);
});

test("a what-if tells what other severities would block, unit by unit", async () => {
  const page = await open("/content/risk/whatif");
  await page.getByRole("button", { name: "改级别" }).click();
  await page.getByLabel("类别").click();
  await page.locator(".ant-select-item", { hasText: "绝对化用语" }).click();
  await page.getByLabel("级别").click();
  await page.locator(".ant-select-item", { hasText: "低 · 提醒" }).click();
  await page.getByRole("button", { name: "开始推演" }).click();
  await page.waitForURL(/risk\/runs\/\d+/);
  await page.getByText("已完成").waitFor({ timeout: 30_000 });
  await page.getByText(/条作品中，\d+ 条会更严/).waitFor();
  await clean(page);
  await shot(page, "risk-whatif");
});
