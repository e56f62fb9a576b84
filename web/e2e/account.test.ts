/** Accounts: the list and its views, one account's life, layouts, coverage, the register. */
import { expect, test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

test("the list filters, saves a view, changes many and takes it back", async () => {
  const page = await open("/matrix/accounts");
  await page.getByRole("heading", { name: "账号", level: 1 }).waitFor();
  await clean(page);
  await shot(page, "account-list");
  await page.getByRole("tab", { name: "未认证员工号" }).click();
  await settle(page);
  expect(new URL(page.url()).searchParams.get("certification")).toBe("none");
  await page.getByRole("tab", { name: "全部", exact: true }).click();
  await settle(page);
  const boxes = page.locator(".ant-table-tbody tr.ant-table-row .ant-checkbox-input");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "加标签" }).click();
  await page.getByRole("dialog").getByLabel("标签").fill("双十一");
  await page.getByRole("dialog").getByRole("button", { name: "确定" }).click();
  await page.getByText("加标签：2 个账号已更新").waitFor();
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByText("已撤销").waitFor();
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "加标签" }).click();
  await page.getByRole("dialog").getByLabel("标签").fill("双十一");
  // The first message may still stand: the answer itself is waited for.
  const saved = page.waitForResponse((r) => r.request().method() === "POST" && r.url().endsWith("/api/v1/account/bulk"));
  await page.getByRole("dialog").getByRole("button", { name: "确定" }).click();
  expect((await saved).ok()).toBe(true);
  await page.goto("/matrix/accounts?tag=双十一");
  await expect.poll(() => page.locator(".ant-table-tbody tr.ant-table-row").count(), { timeout: 10_000 }).toBe(2);
  await settle(page);
  await shot(page, "account-tagged");
  await clean(page);
});

test("an account opens at the side and as a page, changes its status and remembers why", async () => {
  const page = await open("/matrix/accounts");
  await page.locator(".ant-table-tbody tr.ant-table-row td").nth(2).click();
  await page.getByRole("dialog").getByText("资料").or(page.getByRole("dialog").getByText("保管记录")).first().waitFor();
  await settle(page);
  await shot(page, "account-drawer");
  await page.getByRole("link", { name: "打开账号页" }).click();
  await page.waitForURL(/\/matrix\/accounts\/\d+/);
  await settle(page);
  await clean(page);
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "改状态" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("新状态").click();
  await page.locator(".ant-select-item-option").filter({ hasText: "封禁" }).click();
  await dialog.getByRole("button", { name: "确定" }).click();
  await dialog.getByText("请写明原因").waitFor();
  await dialog.getByLabel("原因").fill("平台处罚 7 天");
  await dialog.getByRole("button", { name: "确定" }).click();
  await page.getByText("已改为“封禁”").waitFor();
  await page.getByText("平台处罚 7 天").first().waitFor();
  await settle(page);
  await shot(page, "account-page", true);
  await clean(page, { allow: /422/ });
});

test("a new account is registered once; the second time says that it is taken", async () => {
  const page = await open("/matrix/accounts");
  const fill = async () => {
    await page.getByRole("button", { name: "登记账号" }).click();
    const d = page.getByRole("dialog");
    await d.getByLabel("平台", { exact: true }).click();
    await page.locator(".ant-select-item-option").filter({ hasText: "B站" }).click();
    await d.getByLabel("账号名").fill("e2e_新号");
    await d.getByLabel("选择单位").or(d.getByLabel("单位")).first().click();
    await page.locator(".ant-select-tree-node-content-wrapper").first().click();
    await d.getByRole("button", { name: "确定" }).click();
  };
  await fill();
  await page.getByText("账号 e2e_新号 已登记").waitFor();
  await page.keyboard.press("Escape");
  await page.reload();
  await settle(page);
  await fill();
  await page.getByText(/已经登记过/).waitFor();
});

test("layouts draw every shape and lead to the accounts behind", async () => {
  const page = await open("/matrix/layouts");
  for (const shape of ["pyramid", "official_kos", "benchmark", "persona", "private"]) {
    await page.goto(`/matrix/layouts?shape=${shape}`);
    await settle(page);
    await clean(page);
    await shot(page, `layout-${shape}`, true);
  }
  await page.locator(".k-chip").first().click();
  await page.waitForURL(/\/matrix\/accounts\?.*kind=/);
});

test("coverage shows grid and map and opens the stores without an account", async () => {
  const page = await open("/matrix/coverage");
  await clean(page);
  await shot(page, "coverage", true);
  await page.locator(".k-cover-gap").first().click();
  await page.getByRole("dialog").waitFor();
  await settle(page);
  await shot(page, "coverage-gaps");
  await page.goto("/matrix/coverage?by=city");
  await settle(page);
  await page.locator("canvas").waitFor();
  await page.waitForTimeout(800);
  await clean(page);
  await shot(page, "coverage-city", true);
});

test("the register takes pasted links and walks an account to managed", async () => {
  const page = await open("/matrix/unofficial");
  await page.getByRole("button", { name: "粘贴账号" }).first().click();
  const d = page.getByRole("dialog");
  await d.getByLabel("链接或账号名").fill("https://www.xiaohongshu.com/user/profile/e2e5f00cc\nhttps://example.com/x");
  await d.getByRole("button", { name: "确定" }).click();
  await d.getByText("第 2 行").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".ant-table-tbody tr.ant-table-row").first().waitFor();
  await settle(page);
  await shot(page, "unofficial", true);
  await page.locator(".ant-table-tbody tr.ant-table-row td").nth(1).click();
  await page.getByRole("button", { name: "匹配到人" }).click();
  await page.getByRole("dialog", { name: /匹配到人/ }).getByLabel("选择单位").or(page.getByRole("dialog", { name: /匹配到人/ }).getByLabel("单位")).first().click();
  await page.locator(".ant-select-tree-node-content-wrapper").first().click();
  await page.getByRole("dialog", { name: /匹配到人/ }).getByRole("button", { name: "确定" }).click();
  await page.getByText("：已匹配").waitFor();
  await page.getByRole("button", { name: "记录同意" }).click();
  await page.getByLabel("同意凭证保存在哪里").fill("微信截图 11-22");
  await page.getByRole("dialog", { name: /记录同意/ }).getByRole("button", { name: "确定" }).click();
  await page.getByText("：已同意").waitFor();
  await settle(page);
  await shot(page, "unofficial-drawer");
});

test("the pages speak English", async () => {
  for (const [path, name] of [["/matrix/accounts", "account-list-en"], ["/matrix/coverage?by=city", "coverage-en"], ["/matrix/layouts", "layout-en"], ["/matrix/unofficial", "unofficial-en"]] as const) {
    const page = await open(path, { lang: "en" });
    await page.getByRole("heading", { name: /^(Accounts|Coverage|Layouts|Unofficial accounts)$/, level: 1 }).waitFor();
    await clean(page);
    await shot(page, name, true);
  }
});

test("fair leagues are tried out on today's accounts before they hold", async () => {
  const page = await open("/settings/leagues");
  await page.getByRole("heading", { name: "公平分组" }).waitFor();
  const rows = page.locator(".a-leaguetable tbody tr");
  await rows.first().waitFor();
  const before = await rows.count();
  await clean(page);
  await page.getByLabel("入库时间 2").fill("");
  await page.getByLabel("入库时间 2").press("Enter");
  await page.getByText(/个账号会换组/).waitFor();
  await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeLessThan(before);
  await page.getByLabel("说明").fill("合并老号");
  await page.getByRole("button", { name: "保存规则" }).click();
  await page.getByText("已保存，账号已按新规则重新分组").waitFor();
  await page.getByText(/合并老号/).waitFor();
  await shot(page, "leagues");
  await clean(page);
  const got = (await (await page.request.get("/api/v1/account/leagues")).json()) as { current: number; items: { note: string; definition: { tenure_days: number[] } }[] };
  expect(got.items[got.current]?.definition.tenure_days).toEqual([0, 90]);
});
