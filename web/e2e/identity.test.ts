/** Coming in and letting people in: login, invitation, roles, disabling, password, two-step sign-in, tokens, devices. */
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();
const PASSWORD = "correct horse 48 battery";
const mail = (name: string) => `${name}-${Date.now().toString(36)}@example.com`;

/** The 6 digits an authenticator shows for a key now (RFC 6238). */
function oneTimeCode(secret: string, shift = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + shift));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a wrong password is told in words, the right one opens the console", async () => {
  const page = await open("/login", { signedIn: false });
  await page.getByLabel("邮箱或手机号").fill("stranger@example.com");
  await page.getByLabel("密码").fill("not the password");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByText("账号或密码不对").waitFor();
  await clean(page);
  await shot(page, "login");
  await page.getByLabel("邮箱或手机号").fill(inject("login"));
  await page.getByLabel("密码").fill(inject("password"));
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("navigation", { name: "主菜单" }).waitFor();
});

test("a set-up store says so, a dead invitation says so", async () => {
  const setup = await open("/setup", { signedIn: false });
  await setup.getByText("系统已经设置过了").waitFor();
  await clean(setup);
  const dead = await open("/invite#1_nothing", { signedIn: false });
  await dead.getByText("邀请链接无效、已使用或已过期").waitFor();
  await clean(dead, { allow: /invitations\/show|404/ });
});

test("a colleague is invited, joins, secures the login and is disabled again", async () => {
  const admin = await open("/settings/users");
  await admin.getByRole("button", { name: "邀请用户" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByLabel("对方姓名").fill("李小测");
  await dialog.getByRole("combobox", { name: "角色" }).click();
  await admin.locator(".ant-select-item-option", { hasText: "总部运营" }).click();
  await dialog.getByRole("button", { name: "生成邀请链接" }).click();
  const link = await admin.getByRole("textbox", { name: "邀请链接已生成" }).inputValue();
  expect(link).toContain("/invite#");
  await clean(admin);
  await admin.getByRole("button", { name: "完成" }).click();

  const login = mail("li");
  const page = await open(new URL(link).pathname + new URL(link).hash, { signedIn: false });
  await page.getByLabel("您的姓名").waitFor();
  await clean(page);
  await shot(page, "invite");
  await page.getByLabel("邮箱或手机号").fill(login);
  await page.getByLabel("密码").fill("short");
  await page.getByRole("button", { name: "接受邀请并登录" }).click();
  await page.getByText("密码至少 10 个字符").waitFor();
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "接受邀请并登录" }).click();
  await page.getByRole("navigation", { name: "主菜单" }).waitFor();

  await page.goto("/settings/profile");
  await settle(page);
  await page.getByRole("button", { name: "开启两步验证" }).click();
  await page.getByRole("textbox", { name: "当前密码" }).fill(PASSWORD);
  await page.getByRole("button", { name: "下一步" }).click();
  const secret = (await page.locator("code").innerText()).replaceAll(" ", "");
  await page.getByLabel("6 位数字").fill(oneTimeCode(secret));
  await page.getByRole("button", { name: "确认开启" }).click();
  await page.locator(".i-codes li").nth(9).waitFor();
  const recovery = await page.locator(".i-codes li").first().innerText();
  await page.getByRole("dialog").getByRole("button", { name: "完成" }).click();
  await page.getByText("已开启，剩余恢复码 10 个").waitFor();
  await clean(page, { allow: /422|identity\/invitations\/accept/ });

  const again = await open("/login", { signedIn: false });
  await again.getByLabel("邮箱或手机号").fill(login);
  await again.getByLabel("密码").fill(PASSWORD);
  await again.getByRole("button", { name: "登录", exact: true }).click();
  await again.getByLabel("动态验证码").fill(recovery);
  await again.getByRole("button", { name: "登录", exact: true }).click();
  await again.getByRole("navigation", { name: "主菜单" }).waitFor();

  await admin.goto("/settings/users");
  await settle(admin);
  await admin.getByRole("row", { name: /李小测/ }).first().click();
  await admin.getByRole("button", { name: "重置密码" }).click();
  await admin.getByRole("tooltip").getByRole("button", { name: "重置密码" }).click();
  const reset = await admin.getByRole("textbox", { name: "重置链接已生成" }).inputValue();
  await admin.getByRole("button", { name: "完成" }).click();
  const fresh = await open(new URL(reset).pathname + new URL(reset).hash, { signedIn: false });
  await fresh.getByText(login).waitFor();
  await fresh.getByLabel("新密码").fill(PASSWORD + " 2");
  await fresh.getByLabel("再输入一次密码").fill(PASSWORD + " 2");
  await clean(fresh);
  await fresh.getByRole("button", { name: "保存并登录" }).click();
  await fresh.getByRole("navigation", { name: "主菜单" }).waitFor();
  await admin.getByRole("button", { name: /停\s*用/ }).first().click();
  await admin.getByRole("tooltip").getByRole("button", { name: /停\s*用/ }).click();
  await admin.getByText("李小测 已停用").waitFor();
  await fresh.goto("/settings/profile");
  await fresh.waitForURL(/\/login/);
});

test("a token is made, used by a program and revoked", async () => {
  const page = await open("/settings/tokens");
  await page.getByRole("button", { name: "新建令牌" }).first().click();
  const name = `e2e ${Date.now()}`;
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("用途").fill(name.slice(0, 12));
  await dialog.getByRole("combobox", { name: "角色" }).click();
  await page.locator(".ant-select-item-option", { hasText: "审计" }).click();
  await dialog.getByRole("button", { name: "新建令牌" }).click();
  const token = await page.getByRole("textbox", { name: "令牌已生成" }).inputValue();
  const call = () => fetch(`${inject("url")}/api/v1/identity/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect((await call()).status).toBe(200);
  await page.getByRole("button", { name: "完成" }).click();
  const row = page.getByRole("row").filter({ hasText: name.slice(0, 12) }).first();
  await row.getByRole("button", { name: /撤\s*销/ }).click();
  await page.getByRole("tooltip").getByRole("button", { name: /撤\s*销/ }).click();
  await page.getByText(/已撤销/).waitFor();
  expect((await call()).status).toBe(401);
  await clean(page);
});

test("the phone shows devices and changes the password form by hand", async () => {
  const page = await open("/m/me", { phone: true });
  await page.getByRole("heading", { name: "账户安全" }).waitFor();
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByLabel("当前密码").fill("x");
  await page.getByLabel("新密码").fill(PASSWORD);
  await page.getByLabel("再输入一次密码").fill("something else");
  await page.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("两次输入的密码不一样").waitFor();
  await clean(page);
  await shot(page, "phone-security");
});

test.runIf(inject("binary"))("the first run of an empty store makes the brand and its administrator", async () => {
  const dir = mkdtempSync(join(tmpdir(), "kosmos-first-"));
  const child = spawn(inject("binary"), ["--data", dir, "serve", "--addr", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await new Promise<string>((done) => {
      let text = "";
      child.stdout.on("data", (d: Buffer) => {
        text += d.toString();
        const found = /http:\/\/\S+/.exec(text);
        if (found) done(found[0]);
      });
    });
    const far = await open("/login", { signedIn: false });
    await far.setExtraHTTPHeaders({ "X-Forwarded-For": "203.0.113.9" });
    await far.goto(`${url}/setup`);
    await far.getByLabel("设置码").waitFor();
    await clean(far);
    const page = await open(`${url}/`, { signedIn: false });
    await page.waitForURL(/\/setup/);
    expect(await page.getByLabel("设置码").count()).toBe(0);
    await page.getByLabel("品牌名称").fill("星河汽车");
    await page.getByLabel("品牌标识").fill("Star River");
    await page.getByLabel("您的姓名").fill("王管理");
    await page.getByLabel("您的邮箱或手机号").fill("admin@example.com");
    await page.getByLabel("设置密码").fill(PASSWORD);
    await page.getByLabel("再输入一次密码").fill(PASSWORD);
    await page.getByRole("button", { name: "开始使用" }).click();
    await page.getByText("只能用小写字母").first().waitFor();
    await shot(page, "setup", true);
    await page.getByLabel("品牌标识").fill("star-river");
    await page.getByRole("button", { name: "开始使用" }).click();
    await page.getByRole("navigation", { name: "主菜单" }).waitFor();
    await clean(page, { allow: /422/ });
  } finally {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await gone;
    rmSync(dir, { recursive: true, force: true });
  }
});
