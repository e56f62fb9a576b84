/** A picture and a template from the first word to a store's phone; a proposal taken in; search, ideas, English. */
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

/** A picture of one pixel. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("headquarters writes, the phone copies", async () => {
  const page = await open("/content/library");
  await page.getByRole("heading", { name: "素材库", exact: true }).waitFor();
  await clean(page);
  await shot(page, "library-empty");

  // a picture, uploaded in parts
  const mark = String(Date.now()).slice(-6);
  await page.goto("/content/library/new/asset");
  await settle(page);
  await page.getByLabel("素材名称").fill(`外观图 ${mark}`);
  await page.getByTestId("file-input").setInputFiles({ name: "car.png", mimeType: "image/png", buffer: PNG });
  await page.getByRole("link", { name: "car.png" }).first().waitFor();
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("请填写版权归谁").first().waitFor();
  await page.getByLabel("版权归属").fill("品牌方");
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByRole("button", { name: "提交批准" }).click();
  await page.getByRole("button", { name: /^批\s*准$/ }).click();
  await page.getByText("已批准，可以发放").waitFor();

  // a template: a fault is told with its place, then texts are counted and shown filled
  await page.goto("/content/library/new/template");
  await settle(page);
  await page.getByLabel("素材名称").fill(`周末到店 ${mark}`);
  const body = page.getByRole("textbox", { name: "正文" });
  await body.fill("来 {门店} {{中: 看看");
  await page.getByText(/第 1 行第 \d+ 个字：花括号没有配对/).waitFor();
  await body.fill("{{开头: 周末来 {门店} 坐坐 | {顾问} 等你来 | 有空来看看}}，{{中: 新车到店 | 试驾有礼}}{{尾: 欢迎 | 等你}}");
  await page.getByText("共 12 种不同写法").waitFor();
  await page.locator(".l-shown").first().waitFor();
  await clean(page, { allow: /422/ });
  await shot(page, "library-editor");
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByRole("button", { name: "提交批准" }).click();
  await page.getByRole("button", { name: /^批\s*准$/ }).click();
  await page.getByText("已批准，可以发放").last().waitFor();
  await settle(page);
  await clean(page, { allow: /422/ });
  await shot(page, "library-item");
  const id = page.url().split("/").at(-1) ?? "";

  // found by two characters
  await page.goto(`/content/library?q=${encodeURIComponent("到店")}`);
  await settle(page);
  await page.getByText(`周末到店 ${mark}`).first().waitFor();
  await shot(page, "library-list");
  await page.goto("/content/library?look=grid");
  await settle(page);
  await page.getByText(`外观图 ${mark}`).waitFor();
  await clean(page, { allow: /422/ });
  await shot(page, "library-grid");

  // the phone
  const phone = await open("/m/library", { phone: true, width: 360 });
  await phone.getByText(`周末到店 ${mark}`).first().waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "library-phone");
  await phone.goto(`/m/library/${id}`);
  await settle(phone);
  await phone.getByRole("heading", { name: `周末到店 ${mark}` }).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "library-phone-item");
}, 180_000);

test("a proposal is taken in", async () => {
  const phone = await open("/m/library/propose", { phone: true, width: 360 });
  const title = `我的到店文案 ${String(Date.now()).slice(-6)}`;
  await phone.getByLabel("素材名称").fill(title);
  await phone.getByRole("textbox", { name: "正文" }).fill("这周末来店里看车，{{尾: 有咖啡 | 有点心}}");
  await fits(phone);
  await clean(phone);
  await shot(phone, "library-propose");
  await phone.getByRole("button", { name: /^投\s*稿$/ }).click();
  await phone.getByText(title).waitFor();

  const page = await open("/content/library/proposals");
  await page.getByText(title).waitFor();
  await clean(page);
  await shot(page, "library-proposals");
  await page.getByRole("button", { name: "收入素材库" }).first().click();
  const ask = page.getByRole("dialog");
  await ask.getByLabel("给作者的话").fill("写得好");
  await ask.getByRole("button", { name: "收入素材库" }).click();
  await page.getByText("已收入素材库，是草稿").waitFor();
  await page.getByRole("tab", { name: "已收入" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  expect(await page.getByText("看素材").count()).toBeGreaterThan(0);
}, 120_000);

test("in English", async () => {
  const page = await open("/content/library", { lang: "en" });
  await page.getByRole("heading", { name: "Library", exact: true }).waitFor();
  await clean(page);
  await shot(page, "library-en");
  await page.goto("/content/library/ideas");
  await settle(page);
  await page.getByRole("heading", { name: "Topic calendar" }).waitFor();
  await clean(page);
  await page.goto("/content/library/new/template");
  await settle(page);
  await clean(page);
  await shot(page, "library-editor-en");
}, 120_000);
