/** To-dos: given by a manager, done and taken back; what else the settings of the house show. */
import { expect, test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

test("a manager gives a to-do, does it and takes it back", async () => {
  const page = await open("/todo?box=units");
  await page.getByRole("heading", { name: "待办", exact: true }).waitFor();
  await clean(page);
  const title = `补拍门店主图 ${Date.now()}`;
  await page.getByRole("button", { name: "新建待办" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("内容").fill(title);
  await dialog.getByLabel("单位").click();
  await page.locator(".ant-select-tree-treenode").nth(1).click();
  await clean(page);
  await dialog.getByRole("button", { name: /^新\s*建$/ }).click();
  await page.getByText(`已新建待办“${title}”`).waitFor();
  await page.goto("/todo?box=units&room=todo");
  const row = page.locator("tbody tr", { hasText: title });
  await row.getByRole("checkbox").check();
  await page.getByRole("toolbar").getByRole("button", { name: "完成" }).click();
  await page.getByText("已完成 1 项待办").waitFor();
  await page.getByRole("status").getByRole("button").first().click();
  await row.waitFor();
  await row.getByRole("checkbox").check();
  await page.getByRole("toolbar").getByRole("button", { name: "不处理" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("门店已装修");
  await page.getByRole("dialog").getByRole("button", { name: "不处理" }).click();
  await page.getByText("已设为不处理：1 项").waitFor();
  await page.goto("/todo?box=closed");
  await page.locator("tbody tr", { hasText: title }).waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "todo-closed");
});

test("the trail names what was done, in words", async () => {
  const page = await open("/settings/audit");
  await page.getByRole("heading", { name: "操作记录" }).waitFor();
  await page.locator("tbody tr.k-row-open").first().waitFor();
  expect(await page.locator("tbody").innerText()).not.toMatch(/[a-z]+_[a-z]+ \d/);
  await page.locator("tbody tr.k-row-open").first().click();
  await page.getByRole("dialog").waitFor();
  await clean(page);
});

test("the state of the program is told in both languages", async () => {
  for (const [lang, title, word] of [["zh", "系统状态", "正常"], ["en", "System", "Fine"]] as const) {
    const page = await open("/settings/about", { lang });
    await page.getByRole("heading", { name: title, exact: true }).waitFor();
    await page.getByText(word).first().waitFor();
    await clean(page);
    await shot(page, `about-${lang}`);
  }
});
