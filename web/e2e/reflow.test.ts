/** Bringing files in: drop, answer, look, import, take back; a table of one's own by mapping; refusals in words. */
import { test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

const HEAD = "笔记标题,首次发布时间,体裁,曝光,观看量,封面点击率,点赞,评论,收藏,涨粉,分享,人均观看时长,弹幕";

/** A note list as the platform exports it, as bytes. */
function notes(n: number, extra: string[] = []): Buffer {
  const rows = Array.from({ length: n }, (_, i) => `浏览器测试 ${i} 号,2026年10月${String(1 + (i % 28)).padStart(2, "0")}日10时${String(i % 60).padStart(2, "0")}分00秒,图文,1.4万,${1000 + i},6.50%,${i},-,3,-,0,15.20秒,0`);
  return Buffer.from(["最多导出排序后前1000条笔记", HEAD, ...rows, ...extra].join("\n"), "utf8");
}

test("a note list is understood, answered, imported and taken back", async () => {
  const page = await open("/data/imports");
  await page.getByTestId("file-input").setInputFiles({ name: "笔记列表明细表.csv", mimeType: "text/csv", buffer: notes(30, ["坏的,2026年10月02日,图文,1,很多,1%,1,1,1,1,1,1,1"]) });
  await page.getByRole("heading", { name: "笔记列表明细表.csv" }).waitFor();
  await page.getByText("请选择这份数据属于哪个账号").first().waitFor();
  await page.getByText("首次发布时间").first().waitFor();
  await shot(page, "reflow-waiting");
  await clean(page);

  await page.getByLabel("这份数据属于").click();
  await page.locator(".ant-select-item-option").first().click();
  await page.getByRole("button", { name: "重新识别" }).click();
  await page.getByText(/导入后新增 30 条/).waitFor();
  await page.getByText("很多").first().waitFor();
  await settle(page);
  await page.waitForTimeout(600); // the buttons fade
  await shot(page, "reflow-ready");
  await clean(page);

  await page.getByRole("button", { name: "导入 30 条" }).click();
  await page.getByText(/30 条、更新 0 条|新增 30 条/).first().waitFor();
  await page.getByRole("button", { name: "撤回这次导入" }).waitFor({ timeout: 30_000 });
  await settle(page);
  await page.mouse.move(600, 700); // off the button that came under it
  await page.waitForTimeout(600);
  await shot(page, "reflow-done");
  await clean(page);

  await page.getByRole("button", { name: "撤回这次导入" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "撤回这次导入" }).click();
  await page.getByText("已全部撤回", { exact: false }).first().waitFor({ timeout: 30_000 });
  await page.goto("/data/imports");
  await settle(page);
  await page.getByText("已撤回").first().waitFor();
  await shot(page, "reflow-list");
  await clean(page);
});

test("a table nobody knows is refused in words and read after a mapping was made", async () => {
  const page = await open("/data/imports");
  const weekly = Buffer.from("门店,视频,日子,曝光,看过\nx,你好,2026-10-01,1,5\n", "utf8");
  await page.getByTestId("file-input").setInputFiles({ name: "周报.csv", mimeType: "text/csv", buffer: weekly });
  await page.getByText("周报.csv 没有收下").waitFor();
  await page.getByText("门店, 视频, 日子", { exact: false }).waitFor();
  await shot(page, "reflow-refused");
  await clean(page, { allow: /422/ });
  await page.getByRole("link", { name: "新建列映射" }).click();
  await page.getByLabel("名称").fill("代理商周报");
  await page.getByLabel("粘贴表头").fill("门店\t视频\t日子\t看过");
  await page.getByRole("button", { name: "填入" }).click();
  const means = page.getByRole("combobox", { name: "含义" });
  for (const [n, word] of ["账号", "标题", "发布时间", "播放/观看"].entries()) {
    await means.nth(n).fill(word);
    await page.locator(`.ant-select-item-option[title="${word}"]:visible`).first().click();
  }
  await shot(page, "reflow-mapping");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("已保存映射“代理商周报”").waitFor();
  await clean(page, { allow: /422/ });

  await page.goto("/data/imports");
  await page.getByTestId("file-input").setInputFiles({ name: "周报.csv", mimeType: "text/csv", buffer: weekly });
  await page.getByRole("heading", { name: "周报.csv" }).waitFor();
  await page.getByText("这是自定义映射", { exact: false }).first().waitFor();
  await page.getByText("请选择平台", { exact: false }).first().waitFor();
  await clean(page, { allow: /422/ });
});

test("the pages speak English", async () => {
  const page = await open("/data/imports", { lang: "en" });
  await page.getByRole("heading", { name: "Imports" }).waitFor();
  await shot(page, "reflow-list-en");
  await clean(page);
  await page.getByText("笔记列表明细表.csv").first().click();
  await page.getByText("Xiaohongshu note list", { exact: false }).first().waitFor();
  await shot(page, "reflow-done-en");
  await clean(page);
});
