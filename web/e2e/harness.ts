/**
 * What flows are written with:
 *
 *   const { open } = useBrowser();
 *   test("a manager opens the account list", async () => {
 *     const page = await open("/matrix/accounts");            // signed in, zh, 1440 wide
 *     await page.getByRole("heading", { name: "…" }).waitFor();
 *     await clean(page);                                       // axe + nothing broken
 *     await shot(page, "accounts");
 *   });
 */
import type { AxeResults } from "axe-core";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

const results = resolve(import.meta.dirname, "../test-results");

/** How a page is looked at. */
export interface Look {
  lang?: "zh" | "en";
  theme?: "light" | "dark";
  phone?: boolean;
  /** Width instead of 1440 (390 on the phone). */
  width?: number;
  /** false = nobody is signed in. */
  signedIn?: boolean;
  /** Another person. */
  login?: string;
  password?: string;
}

const SIZE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** What went wrong on a page without anybody seeing it. */
const troubles = new WeakMap<Page, string[]>();
const sessions = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();

/**
 * One browser per test file, one context per opened page. With `keep` one page of each look stays open and goes from place
 * to place as a person does by a link, without loading the program anew: for tests that only look and leave nothing behind.
 */
export function useBrowser({ keep = false } = {}) {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const kept = new Map<string, Page>();
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: true,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterEach(async ({ task }) => {
    if (keep && task.result?.state !== "fail") return;
    kept.clear();
    for (const c of contexts.splice(0)) await c.close();
  });
  afterAll(async () => browser?.close());

  /** Opens a path of the server under test. */
  async function open(path: string, look: Look = {}): Promise<Page> {
    const key = JSON.stringify(look);
    const old = kept.get(key);
    if (old) {
      await travel(old, path);
      return old;
    }
    const page = await (await contextOf(look)).newPage();
    watch(page);
    if (keep) kept.set(key, page);
    await page.goto(path);
    await settle(page);
    return page;
  }

  async function contextOf(look: Look): Promise<BrowserContext> {
    if (!browser) throw new Error("open() inside a test only");
    const size = look.phone ? PHONE : SIZE;
    const context = await browser.newContext({
      baseURL: inject("url"),
      viewport: { ...size, width: look.width ?? size.width },
      deviceScaleFactor: 1,
      hasTouch: look.phone,
      isMobile: look.phone,
      locale: look.lang === "en" ? "en-GB" : "zh-CN",
      timezoneId: "Asia/Shanghai",
      colorScheme: look.theme ?? "light",
      reducedMotion: "reduce",
      storageState: look.signedIn === false ? undefined : await session(look),
    });
    contexts.push(context);
    await context.addInitScript((lang) => {
      if (!localStorage.getItem("kosmos.lang")) localStorage.setItem("kosmos.lang", lang);
    }, look.lang ?? "zh");
    return context;
  }

  /** Signs in once per person and keeps the cookies for the file. */
  async function session(look: Look) {
    const login = look.login ?? inject("login");
    const kept = sessions.get(login);
    if (kept) return kept;
    const context = await (browser as Browser).newContext({ baseURL: inject("url") });
    const res = await context.request.post("/api/v1/identity/login", {
      data: { login, password: look.password ?? inject("password") },
      headers: { "X-Kosmos": "1" },
    });
    expect(res.ok(), `sign-in of ${login}: ${res.status()} ${await res.text()}`).toBe(true);
    const state = await context.storageState();
    await context.close();
    sessions.set(login, state);
    return state;
  }
  return { open };
}

/**
 * Goes to another place of the console within the page, and waits until the heading of the old one is gone; pages that
 * share a heading keep it, so that waiting ends by itself.
 */
async function travel(page: Page, path: string): Promise<void> {
  troubles.get(page)?.splice(0);
  const before = (await page.locator("h1").allInnerTexts()).join("\n");
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate", { state: null }));
  }, path);
  const gone = (old: string) => [...document.querySelectorAll("h1")].map((h) => h.innerText).join("\n") !== old && !!document.querySelector("h1");
  await page.waitForFunction(gone, before, { timeout: 2_000 }).catch(() => undefined);
  await settle(page);
}

function watch(page: Page) {
  const list: string[] = [];
  troubles.set(page, list);
  page.on("pageerror", (e) => list.push(`script: ${e.message}`));
  page.on("console", (m) => {
    const text = m.text();
    // The gate asks who is there before anybody signed in: a 401 that is no trouble.
    if (m.type() === "error" && !text.includes("401")) list.push(`console: ${text}`);
  });
  page.on("response", (r) => {
    if (r.status() >= 400 && r.status() !== 401) list.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`);
  });
}

/** Waits until the page has drawn what it asked for. The event stream never ends, so "network idle" would not do. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("load");
  await page.waitForFunction(
    () => {
      const root = document.getElementById("root");
      return !!root?.firstElementChild && !document.querySelector(".ant-skeleton, .ant-spin-spinning, .k-center[role=status], [role=status] .adm-dot-loading");
    },
    undefined,
    { timeout: 15_000 },
  );
  await page.waitForTimeout(150); // the last frame: charts and sticky heads
}

/** Nothing broke unseen, axe finds nothing serious, no ids, keys or holes on screen. */
export async function clean(page: Page, opts: { allow?: RegExp; skipRules?: string[] } = {}): Promise<void> {
  const bad = (troubles.get(page) ?? []).filter((x) => !opts.allow?.test(x));
  expect(bad, `trouble on ${page.url()}`).toEqual([]);
  const text = await page.locator("body").innerText();
  expect(text.match(/\b\d{16,}\b/g) ?? [], "ids on screen").toEqual([]);
  expect(text.match(/\b(undefined|NaN|null|\[object Object\]|Invalid Date)\b/g) ?? [], "holes on screen").toEqual([]);
  await axe(page, opts.skipRules);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails on serious and critical findings of axe. It runs inside the page and only what was found leaves it: carrying the
 * whole result with all passes over took longer than looking.
 */
export async function axe(page: Page, skipRules: string[] = []): Promise<void> {
  await still(page);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const serious = await page.evaluate(async (skip) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const found = await axe.run({
      resultTypes: ["violations"],
      rules: Object.fromEntries(skip.map((rule) => [rule, { enabled: false }])),
    });
    return found.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 4).map((n) => `${n.target.join(" ")} ${n.any[0]?.message ?? ""}`).join(" | ")}`);
  }, skipRules);
  expect(serious, `axe on ${page.url()}`).toEqual([]);
}

/** Waits for what fades: a short message on the phone, a button that was just left. Halfway its colours are too pale for anybody. */
async function still(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      !document.querySelector(".adm-toast-mask, .adm-toast-wrap") &&
      document.getAnimations().every((a) => a.playState !== "running" || a.effect?.getComputedTiming().endTime === Infinity),
    undefined,
    { timeout: 10_000 },
  );
}

/** Keeps a picture under test-results/shots when SHOTS=1 asks for them: a long page takes a second to draw. */
export async function shot(page: Page, name: string, full = false): Promise<string> {
  if (process.env.SHOTS !== "1") return "";
  const dir = join(results, "shots");
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name.replaceAll(/[^\w.-]+/g, "_")}.png`);
  await page.screenshot({ path: file, fullPage: full, animations: "disabled" });
  return file;
}

/** Fails when the page is wider than the window. */
export async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
}
