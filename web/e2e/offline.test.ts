/** The phone opens again without a network: the files of its build and the last answers of its first screens. */
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

test("a reload without a network shows what was last seen", async () => {
  const page = await open("/m", { phone: true });
  await page.locator("h1").first().waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
  });
  await expect.poll(() => page.evaluate(() => localStorage.getItem("kosmos.kept") !== null)).toBe(true);
  const title = await page.locator("h1").first().innerText();
  const kept = await page.evaluate(async () => {
    const names: string[] = [];
    for (const key of await caches.keys()) for (const r of await (await caches.open(key)).keys()) names.push(new URL(r.url).pathname);
    return names;
  });
  expect(kept).toContain("/m");
  expect(kept.filter((x) => x.startsWith("/api/"))).toEqual([]);

  await page.context().setOffline(true);
  await page.reload();
  await page.getByText("当前没有网络，显示的是上次的内容").waitFor();
  await expect.poll(() => page.locator("h1").first().innerText()).toBe(title);
  await fits(page);
  await shot(page, "phone-offline", true);
  await page.goto("/m/me"); // a page that was never opened before
  await page.getByRole("heading", { name: "设置", exact: true }).waitFor();
  expect(await page.getByText("没有网络时打开").isVisible()).toBe(true);

  await page.context().setOffline(false);
  await page.goto("/m");
  await settle(page);
  await page.locator("h1").first().waitFor();
  await clean(page, { allow: /ERR_INTERNET_DISCONNECTED|Failed to load/ });
}, 180_000);

test("the console is left alone", async () => {
  const page = await open("/m", { phone: true });
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.goto("/matrix/accounts");
  await settle(page);
  const html = await page.content();
  expect(html).not.toContain("p-frame");
}, 120_000);
