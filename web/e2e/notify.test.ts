/** People are told: settings, a robot and a mail that really go out, the log, preferences on both screens, unsubscribing. */
import { createServer, type AddressInfo, type Server } from "node:net";
import { createServer as createWeb } from "node:http";
import { afterAll, expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

const closers: (() => void)[] = [];
afterAll(() => closers.forEach((f) => f()));

/** A mail server that keeps what it gets. */
function mailServer(): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const srv: Server = createServer((c) => {
    let data = "";
    let inText = false;
    c.write("220 e2e\r\n");
    c.on("error", () => {});
    c.on("data", (chunk) => {
      data += chunk.toString();
      for (let i = data.indexOf("\r\n"); i >= 0; i = data.indexOf("\r\n")) {
        if (inText) {
          const end = data.indexOf("\r\n.\r\n");
          if (end < 0) return;
          mails.push(data.slice(0, end));
          data = data.slice(end + 5);
          inText = false;
          c.write("250 2.0.0 taken\r\n");
          continue;
        }
        const line = data.slice(0, i);
        data = data.slice(i + 2);
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === "EHLO") c.write("250-e2e\r\n250 8BITMIME\r\n");
        else if (verb === "DATA") {
          inText = true;
          c.write("354 go on\r\n");
        } else if (verb === "QUIT") c.end("221 bye\r\n");
        else c.write("250 ok\r\n");
      }
    });
  });
  closers.push(() => srv.close());
  return new Promise((done) => srv.listen(0, "127.0.0.1", () => done({ port: (srv.address() as AddressInfo).port, mails })));
}

/** A 企业微信 robot that says yes to one key. */
function robotServer(): Promise<{ url: string; said: string[] }> {
  const said: string[] = [];
  const srv = createWeb((req, res) => {
    let body = "";
    req.on("data", (c: Buffer) => (body += c.toString()));
    req.on("end", () => {
      const ok = req.url === "/send?key=right";
      if (ok) said.push((JSON.parse(body) as { markdown: { content: string } }).markdown.content);
      res.setHeader("Content-Type", "application/json");
      res.end(JSON.stringify(ok ? { errcode: 0, errmsg: "ok" } : { errcode: 93000, errmsg: "invalid webhook url" }));
    });
  });
  closers.push(() => srv.close());
  return new Promise((done) => srv.listen(0, "127.0.0.1", () => done({ url: `http://127.0.0.1:${(srv.address() as AddressInfo).port}/send?key=`, said })));
}

test("mail and a robot are set up, tested, and what was sent is in the log", async () => {
  const mail = await mailServer();
  const robot = await robotServer();
  const page = await open("/settings/channels?tab=channels");
  await page.getByRole("heading", { name: "通知渠道" }).waitFor();
  const mailBox = page.locator("section.k-card", { has: page.getByRole("heading", { name: "邮件", exact: true }) });
  // mail cannot be switched on without an address for its links
  await mailBox.getByLabel("服务器").fill("127.0.0.1");
  await mailBox.getByLabel("端口").fill(String(mail.port));
  await mailBox.getByLabel("加密方式").click();
  await page.getByText("不加密（仅限内网）").click();
  await mailBox.getByLabel("端口").fill(String(mail.port));
  await mailBox.getByLabel("发件地址").fill("noreply@brand.example");
  await mailBox.getByLabel("启用").click();
  await mailBox.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText(/先在“通用”里填写访问地址/).waitFor();
  await page.getByLabel("访问地址").fill("https://kosmos.example.com");
  await page.getByRole("button", { name: /保\s*存/ }).first().click();
  await page.getByText("已保存").first().waitFor();
  await mailBox.getByRole("button", { name: /保\s*存/ }).click();
  await expect.poll(() => mailBox.getByLabel("测试邮件发到").isEnabled()).toBe(true);
  await mailBox.getByLabel("测试邮件发到").fill("me@brand.example");
  await mailBox.getByRole("button", { name: "发送测试" }).click();
  await mailBox.getByText("已送达对方服务器").waitFor();
  expect(mail.mails.length).toBe(1);
  await page.mouse.move(0, 0); // off the button, whose colour is paler then
  await page.waitForTimeout(400);
  await clean(page, { allow: /422/ });
  await shot(page, "notify-channels", true);

  // a robot: an address inside is refused, a wrong key is told in words, the right one works
  await page.getByRole("tab", { name: "群机器人" }).click();
  await page.getByRole("button", { name: "添加机器人" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("华东店长群");
  await dialog.getByLabel(/机器人地址/).fill("https://10.0.0.1/send?key=x");
  await dialog.locator("#unit_id").click();
  await page.locator(".ant-select-tree-node-content-wrapper").first().click();
  await dialog.getByLabel("发哪些通知").click();
  await page.locator(".ant-select-item-option").first().click();
  await page.keyboard.press("Escape");
  await dialog.getByLabel("平台").click();
  await page.locator(".ant-select-item-option", { hasText: "企业微信" }).click();
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await dialog.getByText(/请从群设置里复制完整的机器人地址/).waitFor();
  await dialog.getByLabel(/机器人地址/).fill(`${robot.url}wrong`);
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("已添加“华东店长群”").waitFor();
  await page.getByRole("button", { name: /测\s*试/ }).click();
  await page.getByText(/企业微信：地址无效/).waitFor();
  await page.getByRole("button", { name: /修\s*改/ }).click();
  await dialog.getByLabel(/机器人地址/).fill(`${robot.url}right`);
  await dialog.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("已保存“华东店长群”").waitFor();
  await page.getByRole("button", { name: /测\s*试/ }).click();
  await page.getByText("已送达对方服务器").waitFor();
  expect(robot.said.join()).toContain("Kosmos 测试消息");
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await clean(page, { allow: /422/ });
  await shot(page, "notify-robots");

  // the person wants imports by mail at once; an import ends; mail arrives and stands in the log
  await page.goto("/notices?settings=1");
  await settle(page);
  await page.getByLabel("导入失败 邮件").waitFor();
  await clean(page, { allow: /422/ });
  await shot(page, "notify-preferences");
  await page.getByLabel("导入完成 邮件").click();
  await page.locator(".ant-select-item-option", { hasText: "立即" }).last().click();
  await page.getByText("“导入完成”的邮件：立即").waitFor();
  await page.getByText("随时可以打扰").click(); // the test may run in quiet hours
  await page.getByText("安静时段已保存").waitFor();
  await page.goto("/data/imports");
  const roster = "单位路径,单位类型,姓名,手机,角色\n华东/通知测试店,store,通知测试员,13900139001,kos\n";
  await page.getByTestId("file-input").setInputFiles({ name: "花名册.csv", mimeType: "text/csv", buffer: Buffer.from(roster, "utf8") });
  await page.getByRole("button", { name: /^导入 \d+ 条/ }).click();
  await expect.poll(() => mail.mails.length, { timeout: 60_000, interval: 1000 }).toBe(2);
  expect(mail.mails[1]).toContain("List-Unsubscribe: <https://kosmos.example.com/");
  await page.goto("/settings/channels");
  await settle(page);
  await page.getByRole("cell", { name: "已发出" }).first().waitFor();
  await page.getByText("导入完成").first().waitFor();
  await clean(page, { allow: /422/ });
  await fits(page);
  await shot(page, "notify-log");
}, 240_000);

test("preferences on the phone, and in English", async () => {
  const phone = await open("/m/me", { phone: true, width: 360 });
  await phone.getByText("通知设置").click();
  await phone.getByRole("heading", { name: "通知设置" }).waitFor();
  await phone.getByLabel("安静时段").selectOption({ label: "自己设置" });
  await phone.getByLabel("从", { exact: true }).waitFor();
  await phone.getByLabel("从", { exact: true }).selectOption("20:30");
  await phone.getByText("安静时段已保存").waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "notify-phone", true);

  const page = await open("/notices?settings=1", { lang: "en" });
  await page.getByText("Quiet hours", { exact: true }).first().waitFor();
  await clean(page);
  await shot(page, "notify-preferences-en");
  for (const tab of ["log", "robots", "channels", "kinds"]) {
    await page.goto(`/settings/channels?tab=${tab}`);
    await settle(page);
    await clean(page);
    await fits(page);
    await shot(page, `notify-${tab}-en`, true);
  }
}, 240_000);

test("a broken unsubscribe link says so", async () => {
  const page = await open("/unsubscribe#nonsense", { signedIn: false });
  await page.getByRole("heading", { name: "链接无效" }).waitFor();
  await clean(page, { allow: /404/ });
  await shot(page, "notify-unsubscribe");
});
