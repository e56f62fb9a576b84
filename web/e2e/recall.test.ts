/** A claim is taken back: found everywhere, handed to the owners, proved, checked, closed. */
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

/** A picture of one pixel. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("one claim from the first look to the closed recall", async () => {
  const page = await open("/content/recalls");
  await page.getByRole("heading", { name: "召回", exact: true }).waitFor();
  await page.getByRole("button", { name: "发起召回" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("要召回的说法").fill("最");
  await dialog.getByRole("button", { name: "先看会命中多少" }).click();
  await dialog.getByText("“最”太短").waitFor();
  await dialog.getByLabel("要召回的说法").fill("治好了我的暈車");
  await dialog.getByRole("button", { name: "先看会命中多少" }).click();
  await dialog.getByText(/条命中，涉及/).waitFor();
  const title = `停用治好晕车 ${Date.now()}`;
  await dialog.getByLabel("标题").fill(title);
  await dialog.getByLabel("原因").fill("普通商品不得宣称治疗作用");
  await dialog.getByRole("button", { name: "发起并派给号主" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.getByText("进行中").first().waitFor({ timeout: 20_000 });
  const rows = page.locator("tbody tr.k-row-open");
  await rows.first().waitFor();
  await page.locator("mark").first().waitFor();
  await clean(page, { allow: /422/ }); // the short claim was refused on purpose
  await shot(page, "recall-page");

  // the owner's screen, on the phone: a picture is chosen and sent
  const recall = page.url().split("/").at(-1) ?? "";
  const items = await page.evaluate(async (id) => (await (await fetch(`/api/v1/recall/recalls/${id}/items?state=waiting`)).json()) as { items: { object_id: string }[] }, recall);
  expect(items.items.length).toBeGreaterThan(1);
  const [first, second] = items.items;
  const phone = await open(`/m/recall/${recall}/items/${first?.object_id}`, { phone: true, width: 360 });
  await phone.getByRole("heading", { name: "请在平台下架这条作品" }).waitFor();
  await phone.locator("input[type=file]").setInputFiles({ name: "shot.txt", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await phone.getByText("这张图读不出来").waitFor();
  await phone.locator("input[type=file]").setInputFiles({ name: "shot.png", mimeType: "image/png", buffer: PNG });
  await phone.getByAltText("截图").waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "recall-phone");
  await phone.getByRole("button", { name: "提交凭证" }).click();
  await phone.getByRole("heading", { name: "凭证已提交，等合规核验。" }).waitFor();

  // somebody else proves by the link, on the console
  const desk = await open(`/recall/${recall}/items/${second?.object_id}`);
  await desk.getByRole("button", { name: "不截图，改为写明所见" }).click();
  await desk.getByLabel("打开链接看到了什么").fill("作品已不存在");
  await clean(desk);
  await desk.getByRole("button", { name: "提交凭证" }).click();
  await desk.getByText("凭证已提交，等合规核验。").waitFor();

  // the officer accepts one, returns one with a reason
  await page.goto(`/content/recalls/${recall}?state=proved`);
  await settle(page);
  await rows.nth(1).waitFor();
  await rows.first().click();
  await page.getByRole("dialog").getByRole("button", { name: "核验通过" }).click();
  await page.getByText("已核验通过 1 条").waitFor();
  await expect.poll(() => rows.count()).toBe(1);
  await rows.first().getByRole("checkbox").check();
  await page.getByRole("toolbar").getByRole("button", { name: /^退\s*回$/ }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("链接仍可打开");
  await page.getByRole("dialog").getByRole("button", { name: /^退\s*回$/ }).click();
  await page.getByText("已退回 1 条，号主会收到新的待办").waitFor();

  // closing with texts left needs a word
  await page.goto(`/content/recalls/${recall}`);
  await page.getByRole("button", { name: "结束召回" }).click();
  const ask = page.getByRole("dialog");
  expect(await ask.getByRole("button", { name: "结束召回" }).isDisabled()).toBe(true);
  await ask.getByRole("textbox").fill("其余账号已停用");
  await ask.getByRole("button", { name: "结束召回" }).click();
  await page.getByText("已结束").first().waitFor();
  await settle(page);
  await clean(page, { allow: /422/ });
});

test("recalls in English", async () => {
  const page = await open("/content/recalls", { lang: "en" });
  await page.getByRole("heading", { name: "Recalls", exact: true }).waitFor();
  await clean(page);
  await shot(page, "recalls-en");
});
