/** The organisation: find, make, move, merge and close units; add, transfer and part with members; the start guide. */
import { test } from "vitest";
import type { Page } from "playwright-core";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();
const stamp = Date.now().toString(36).slice(-5);

const pick = async (page: Page, box: string, typed: string, name: string | RegExp) => {
  const field = page.getByRole("dialog").getByRole("combobox", { name: box });
  await field.click();
  await field.fill(typed);
  await page.locator(".ant-select-tree-title, .ant-select-item-option-content").getByText(name, { exact: typeof name === "string" }).first().click();
};

async function addUnit(page: Page, name: string) {
  await page.getByRole("button", { name: "新建下级" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill(name);
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText(`“${name}”已创建`).waitFor();
  await page.getByRole("heading", { name: new RegExp(name) }).waitFor();
}

test("the tree is shown, searched by pinyin and read in both languages", async () => {
  const page = await open("/matrix/units");
  await page.getByRole("heading", { name: "组织", exact: true }).waitFor();
  await page.getByRole("tree").waitFor();
  await clean(page);
  await fits(page);
  await shot(page, "org-units");
  await page.getByRole("searchbox", { name: /找单位/ }).fill("huadong");
  await page.locator(".k-picklist button").first().click();
  await settle(page);
  await page.getByRole("tab", { name: "变动记录" }).click();
  await settle(page);
  await clean(page);
  const en = await open("/matrix/units", { lang: "en" });
  await en.getByRole("heading", { name: "Organisation", exact: true }).waitFor();
  await clean(en);
  await shot(en, "org-units-en");
});

test("units are made, moved, planned, merged and closed", async () => {
  const page = await open("/matrix/units");
  const [a, b] = [`甲区${stamp}`, `乙区${stamp}`];
  await addUnit(page, a);
  await addUnit(page, b);
  await page.getByRole("button", { name: /移\s*动/ }).click();
  await pick(page, "选择单位", "星河汽车", "星河汽车");
  await shot(page, "org-move");
  await clean(page);
  await page.getByRole("dialog").getByRole("button", { name: /移\s*动/ }).click();
  await page.getByText(`“${b}”已移动`).waitFor();
  await settle(page);
  await page.getByRole("button", { name: /编\s*辑/ }).click();
  await page.getByRole("dialog").getByLabel("城市").fill("sh");
  await page.locator(".ant-select-item-option").first().getByText("上海").click();
  await page.getByRole("dialog").getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("上海", { exact: true }).first().waitFor();
  await clean(page);
  await page.getByRole("button", { name: /合\s*并/ }).click();
  await pick(page, "选择单位", a, a);
  await page.getByRole("dialog").getByRole("button", { name: /合\s*并/ }).click();
  await page.getByText(`“${b}”已并入“${a}”`).waitFor();
  await page.getByRole("heading", { name: new RegExp(a) }).waitFor();
  await page.getByRole("button", { name: /关\s*闭/ }).click();
  await page.getByText("这个单位是空的").waitFor();
  await page.locator(".ant-modal-footer").getByRole("button", { name: /关\s*闭/ }).click();
  await page.getByText(`“${a}”已关闭`).waitFor();
  await settle(page);
  await clean(page);
});

test("a member joins, is edited, revealed, transferred and leaves", async () => {
  const page = await open("/matrix/members");
  await settle(page);
  await clean(page);
  await fits(page);
  await shot(page, "org-members");
  await page.getByRole("button", { name: "添加成员" }).first().click();
  const dialog = page.getByRole("dialog");
  await pick(page, "选择单位", "星河汽车", "星河汽车");
  const name = `曾小测${stamp}`;
  await dialog.getByLabel("姓名").fill(name);
  await dialog.getByLabel("手机").fill("12");
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("手机号不对").waitFor();
  await dialog.getByLabel("手机").fill(`139${String(Date.now()).slice(-8)}`);
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText(`“${name}”已加入`).waitFor();
  await page.goto(`/matrix/members?q=${encodeURIComponent(name)}`);
  await settle(page);
  await page.getByText(name).first().click();
  await page.getByRole("heading", { name }).waitFor();
  await page.getByRole("button", { name: "查看号码" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /显\s*示/ }).click();
  await page.getByText(/139\d{8}/).waitFor();
  await settle(page);
  await clean(page, { allow: /422/ });
  await shot(page, "org-member");
  await page.getByRole("button", { name: "办理离职" }).click();
  await page.getByText("离职后不再计入").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "办理离职" }).click();
  await page.getByRole("button", { name: "重新入职" }).waitFor();
  await settle(page);
  await clean(page, { allow: /422/ });
});

test("members on a narrow window and in English", async () => {
  const page = await open("/matrix/members", { lang: "en", width: 900 });
  await settle(page);
  await clean(page);
  await fits(page);
  await shot(page, "org-members-en");
});

test("the start guide judges, explains and creates the units", async () => {
  const page = await open("/matrix/guide");
  const again = page.getByRole("button", { name: "重新自测" });
  if (await again.isVisible()) await again.click();
  for (const c of ["市场覆盖全国", "目标客户活跃", "行业竞争激烈", "预算能持续"]) await page.getByRole("checkbox", { name: new RegExp(c) }).check();
  await shot(page, "org-guide-1");
  await clean(page);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("radio", { name: "销售线索" }).check();
  await page.getByRole("combobox", { name: "行业" }).click();
  await page.locator(".ant-select-item-option", { hasText: "汽车" }).click();
  await page.getByRole("radio", { name: "男性为主" }).check();
  await page.getByRole("checkbox", { name: "中青年" }).check();
  await page.getByRole("checkbox", { name: "新一线与二线" }).check();
  await page.getByRole("radio", { name: "高", exact: true }).check();
  await shot(page, "org-guide-2");
  await clean(page);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByLabel("门店或终端数量").fill("300");
  const regions = page.getByRole("combobox", { name: /大区/ });
  for (const r of [`东${stamp}`, `南${stamp}`]) {
    await regions.fill(r);
    await regions.press("Enter");
  }
  await page.mouse.move(0, 0);
  await settle(page);
  await clean(page);
  await page.getByRole("button", { name: "给出建议" }).click();
  await page.getByText("六个条件满足 4 个").waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "org-guide-result", true);
  await page.getByRole("button", { name: "建好这些单位" }).click();
  await page.getByText("已建好 3 个单位").waitFor();
  await page.getByRole("button", { name: "查看组织" }).click();
  await page.getByText(`东${stamp}`).first().waitFor();
});
