/** The frame: who may enter, scope and period in the address, palette, language, look, leaving. */
import { expect, test } from "vitest";
import { clean, settle, useBrowser } from "./harness";

const { open } = useBrowser();

test("a stranger is sent to the login page and comes back where he wanted to go", async () => {
  const page = await open("/matrix/accounts?platform=douyin", { signedIn: false });
  await page.waitForURL(/\/login\?next=/);
  expect(new URL(page.url()).searchParams.get("next")).toBe("/matrix/accounts?platform=douyin");
});

test("scope and period live in the address and follow from page to page", async () => {
  const page = await open("/");
  await page.getByRole("banner").getByRole("button", { name: /^范围/ }).click();
  const top = page.locator(".ant-tree-treenode .ant-tree-node-content-wrapper").filter({ hasText: "华东" }).first();
  const unit = (await top.innerText()).trim();
  await top.click();
  await page.waitForURL(/unit=\d+/);
  await expect.poll(() => page.getByRole("banner").getByRole("button", { name: /^范围/ }).innerText(), { timeout: 10_000 }).toContain(unit);

  await page.getByRole("banner").getByRole("button", { name: /^周期/ }).click();
  await page.getByRole("button", { name: "本月" }).click();
  await page.waitForURL(/from=\d{4}-\d{2}-01/);

  const link = page.getByRole("navigation").getByRole("link", { name: "账号", exact: true });
  await expect.poll(() => link.getAttribute("href")).toContain("from=");
  await link.click();
  await page.waitForURL(/accounts/);
  await settle(page);
  const q = new URL(page.url()).searchParams;
  expect(q.get("unit")).toMatch(/^\d+$/);
  expect(q.get("from")).toMatch(/-01$/);
  await clean(page);
});

test("the palette finds pages by the words of both languages and opens them by keyboard", async () => {
  const page = await open("/");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("accounts");
  await page.getByRole("option", { name: /账号/ }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/accounts/);
});

test("language and look change at once and stay", async () => {
  const page = await open("/");
  await page.getByRole("button", { name: "切换到英文" }).click();
  await page.getByRole("link", { name: "Accounts", exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await page.getByRole("button", { name: "Switch between dark and light" }).click();
  await page.reload();
  await settle(page);
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.getByRole("link", { name: "Accounts", exact: true }).waitFor();
  await clean(page);
});

test("an address that leads nowhere says so", async () => {
  const page = await open("/no/such/page");
  await page.getByText("没有这个页面").waitFor();
  await clean(page);
});

test("pages come with a policy that runs no foreign script", async () => {
  const page = await open("/");
  const res = await page.request.get("/");
  const csp = res.headers()["content-security-policy"] ?? "";
  expect(csp).toContain("script-src 'self'");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).not.toContain("unsafe-eval");
  expect(res.headers()["cache-control"]).toBe("no-store");
});
