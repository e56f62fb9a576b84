/** Every page of the console and the phone: opens, is clean, fits; with SHOTS=1 in all languages, looks and sizes. */
import { describe, test } from "vitest";
import { ENTRIES } from "@/app/routes";
import { clean, fits, shot, useBrowser, type Look } from "./harness";

const { open } = useBrowser({ keep: true });
const pages = ENTRIES.filter((e) => !e.path.includes(":") && !e.path.includes("*"));
const all = process.env.SHOTS === "1";
const name = (path: string) => path.replaceAll("/", "-").replace(/^-/, "") || "home";

const LOOKS: [string, Look][] = all
  ? [
      ["zh", {}],
      ["en", { lang: "en" }],
      ["zh-dark", { theme: "dark" }],
      ["zh-narrow", { width: 820 }],
    ]
  : [
      ["zh", {}],
      ["en", { lang: "en" }],
    ];

describe.each(pages.map((e) => [e.path, e] as const))("%s", (path, e) => {
  test.each(LOOKS)("%s", async (key, look) => {
    const page = await open(path, { ...look, signedIn: !e.public });
    if (!e.public) await page.locator("h1").first().waitFor();
    await shot(page, `console-${name(path)}-${key}`);
    await clean(page);
    await fits(page);
  });
});

describe("phone", () => {
  const looks: [string, Look][] = [
    ["zh", { phone: true }],
    ["en", { phone: true, lang: "en" }],
    ["zh-360", { phone: true, width: 360 }],
    ["zh-dark", { phone: true, theme: "dark" }],
  ];
  test.each(all ? looks : looks.slice(0, 3))("%s", async (key, look) => {
    const page = await open("/m", look);
    for (const tab of await page.locator(".p-bar a").all()) {
      const where = ((await tab.getAttribute("href")) ?? "").split("/").pop() ?? "";
      await tab.click();
      await page.locator("h1").first().waitFor();
      await page.waitForTimeout(300);
      await shot(page, `phone-${where}-${key}`, true);
      await clean(page);
      await fits(page);
    }
  });

  test("signs in", async () => {
    const page = await open("/m", { phone: true, signedIn: false });
    await page.locator("input[name=login]").waitFor();
    await shot(page, "phone-login-zh");
    await clean(page);
    await fits(page);
  });
});
