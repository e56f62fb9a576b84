/** Accounts that carry the brand and nobody registered: found in an imported file, looked at, claimed or reported. */
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();
const stamp = Date.now().toString(36);
const shop = `辰光${stamp}南京店`;
const fan = `车友老李${stamp}`;

/** What a brand's back office exports over all accounts. */
const brandFile = Buffer.from(
  [
    "平台,账号名称,账号ID,账号简介,作品名称,发布时间,播放量",
    `抖音,${shop},dy-${stamp},官方授权门店,试驾日记,2026-10-01 10:00:00,1200`,
    `抖音,${fan},li-${stamp},辰光${stamp} 车主自述,提车一年,2026-10-02 10:00:00,300`,
    `抖音,路人甲${stamp},zz-${stamp},爱吃火锅,探店,2026-10-03 10:00:00,50`,
  ].join("\n"),
  "utf8",
);

test("a brand-level file proposes the accounts that carry the brand's words", async () => {
  const page = await open("/matrix/unofficial");
  await page.getByRole("button", { name: "品牌词" }).click();
  const words = page.getByRole("dialog").getByRole("combobox");
  await words.fill(`辰光${stamp}`);
  await words.press("Enter");
  await clean(page);
  await shot(page, "unofficial-words");
  await page.getByRole("dialog").getByRole("button", { name: /确\s*定/ }).click();
  await page.getByText(/品牌词已更新/).waitFor();

  await page.goto("/data/imports");
  await page.getByTestId("file-input").setInputFiles({ name: `全品牌-${stamp}.csv`, mimeType: "text/csv", buffer: brandFile });
  await page.getByText("2 个没有登记的账号，名字或简介里带品牌词", { exact: false }).waitFor();
  await settle(page);
  await clean(page);
  await fits(page);
  await shot(page, "unofficial-import", true);
  await page.getByRole("button", { name: "登记 2 个疑似账号" }).click();
  await page.getByRole("link", { name: "处理 2 个疑似账号" }).click();

  const row = page.locator("tbody tr", { hasText: shop });
  await row.getByText(`全品牌-${stamp}.csv`, { exact: false }).waitFor();
  expect(await page.locator("tbody tr", { hasText: "路人甲" }).count()).toBe(0);
  await row.click();
  await page.getByRole("dialog").getByText("官方授权门店").waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "unofficial-found");
  await page.getByRole("dialog").getByRole("button", { name: "认领" }).click();
  await page.getByRole("dialog").last().getByRole("button", { name: /确\s*定/ }).click();
  await page.getByText(`${shop}：`, { exact: false }).first().waitFor();

  await page.goto("/matrix/unofficial?state=found");
  await page.locator("tbody tr", { hasText: fan }).click();
  await page.getByRole("dialog").getByRole("button", { name: "判为冒用" }).click();
  await page.getByRole("dialog").last().getByRole("button", { name: /确\s*定/ }).click();
  await page.getByRole("button", { name: "已举报" }).click();
  await page.getByRole("dialog").last().getByLabel("举报凭证（编号、截图位置）").fill("抖音举报 20261122-7");
  await page.getByRole("dialog").last().getByRole("button", { name: /确\s*定/ }).click();
  await page.getByText("抖音举报 20261122-7").first().waitFor();
  await clean(page);
});

test("the same in English", async () => {
  const page = await open("/matrix/unofficial", { lang: "en" });
  await page.getByText("Found in data", { exact: false }).first().waitFor();
  await clean(page);
  await fits(page);
  await shot(page, "unofficial-found-en", true);
});
