/** The review desk: handed in on the phone, reviewed by two people, published; the proof of it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test, beforeAll } from "vitest";
import type { Page } from "playwright-core";
import { clean, fits, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

const PASSWORD = "correct horse 48 battery";
const stamp = Date.now();
const people = { kos: `kos${stamp}@example.com`, one: `officer1${stamp}@example.com`, two: `officer2${stamp}@example.com` };

async function send<T>(page: Page, method: "POST" | "PUT", path: string, data: unknown): Promise<T> {
  const res = await page.request.fetch(path, { method, data, headers: { "X-Kosmos": "1" } });
  expect(res.ok(), `${path}: ${res.status()} ${await res.text()}`).toBe(true);
  return (await res.json().catch(() => undefined)) as T;
}

async function join(admin: Page, login: string, name: string, role: string, more: object = {}) {
  const made = await send<{ secret: string }>(admin, "POST", "/api/v1/identity/invitations", { name, role, ...more });
  const guest = await open("/login", { signedIn: false });
  await send(guest, "POST", "/api/v1/identity/invitations/accept", { secret: made.secret, login, password: PASSWORD, name });
}

/** Waits until the phone's short message is gone: it is half transparent while it fades. It may come a little after the page. */
const quiet = async (page: Page) => {
  await page.waitForTimeout(500);
  await page.waitForFunction(() => !document.querySelector(".adm-toast-mask, .adm-toast-wrap"));
};

let handle = "";

/** A picture of one pixel, and one that hides a contact id. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const CONTACT = readFileSync(resolve(import.meta.dirname, "../../internal/domain/desk/testdata/contact.png"));

beforeAll(async () => {
  const admin = await open("/settings/users");
  const list = await (await admin.request.get("/api/v1/account/accounts?platform=xiaohongshu&limit=100")).json() as { items: { member?: { id: string }; name: string; handle: string; status: string }[] };
  const members = await (await admin.request.get("/api/v1/org/members?limit=200")).json() as { items: { id: string; has_user: boolean; unit_id: string }[] };
  const free = new Map(members.items.filter((m) => !m.has_user).map((m) => [m.id, m]));
  const account = list.items.find((a) => a.member && a.status === "ok" && free.has(a.member.id));
  expect(account, "an account of a member without a login").toBeTruthy();
  handle = account?.name || account?.handle || "";
  await join(admin, people.kos, "送审小王", "kos", { unit_id: free.get(account?.member?.id ?? "")?.unit_id, member_id: account?.member?.id });
  await join(admin, people.one, "合规甲", "compliance");
  await join(admin, people.two, "合规乙", "compliance");
}, 60_000);

const kos = { login: people.kos, password: PASSWORD, phone: true, width: 360 };
const one = { login: people.one, password: PASSWORD };
const two = { login: people.two, password: PASSWORD };

test("handed in on the phone, changed by a suggestion, published with its link", async () => {
  const phone = await open("/m/today", kos);
  await phone.getByRole("heading", { name: "发布前送审" }).waitFor();
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "desk-phone-today");
  await phone.getByRole("link", { name: "送审" }).click();
  await phone.getByLabel("账号").selectOption({ label: `小红书 · ${handle}` });
  const title = `周末试驾 ${stamp}`;
  await phone.getByRole("textbox", { name: "标题" }).fill(title);
  await phone.getByRole("textbox", { name: "正文" }).fill("新车到店，评论区扣1领资料，先到先得");
  await phone.locator(".ck mark").first().waitFor();
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "desk-phone-new", true);
  await phone.locator("input[type=file]").setInputFiles({ name: "封面.png", mimeType: "image/png", buffer: PNG });
  await phone.getByAltText("封面.png").waitFor();
  await phone.getByRole("button", { name: "送审", exact: true }).click();
  await phone.getByRole("heading", { name: title }).waitFor();
  await phone.getByText(/正在等审核/).waitFor({ timeout: 30_000 }); // the picture is read first
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "desk-phone-waiting", true);

  const desk = await open("/content/desk", one);
  await desk.locator("tbody tr", { hasText: title }).waitFor();
  await settle(desk);
  await clean(desk);
  await shot(desk, "desk-queue");
  await desk.locator("tbody tr", { hasText: title }).click();
  await desk.getByRole("heading", { name: title }).waitFor();
  await desk.locator("mark").first().waitFor();
  await desk.getByAltText("封面.png").waitFor();
  await desk.getByText("没有类似的结论").or(desk.getByText("以前类似的结论")).first().waitFor();

  // another reviewer opens the same one: told who has it, and cannot decide
  const other = await open(desk.url(), two);
  await other.getByText("合规甲 正在审核这条").waitFor();
  expect(await other.getByRole("button", { name: "通过 (A)" }).count()).toBe(0);
  await clean(other, { allow: /409/ });
  await shot(other, "desk-claimed");

  await desk.mouse.move(0, 0);
  await clean(desk);
  await shot(desk, "desk-review", true);
  await desk.getByRole("button", { name: "误报" }).first().click();
  await desk.keyboard.press("Escape");
  await desk.locator("h1").click();
  await desk.keyboard.press("r");
  await desk.getByLabel(/改写建议 · 正文/).fill("到店可领试驾礼品，数量以门店公示为准");
  await desk.getByLabel("理由").fill("不要用资料换评论");
  await shot(desk, "desk-suggest", true);
  await desk.getByRole("button", { name: "发给送审人" }).click();
  await desk.getByText("已把建议发给 送审小王").waitFor();

  // the author sees the result on the phone and takes the suggestion over with one tap
  await phone.goto("/m/today");
  await phone.locator(".p-card", { hasText: "发布前送审" }).getByRole("link", { name: new RegExp(title) }).click();
  await phone.getByText("审核人建议修改后再发").waitFor();
  await phone.locator("ins").first().waitFor();
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "desk-phone-suggested", true);
  await phone.getByRole("button", { name: "采用建议" }).click();
  await phone.getByText(/可以发布了/).first().waitFor();
  await phone.getByLabel(/粘贴发布后的链接/).fill("88 送审小王发布了一篇小红书笔记，快来看吧！ http://xhslink.com/a/Ab12cD，复制本条信息");
  await shot(phone, "desk-phone-approved", true);
  await phone.getByRole("button", { name: "我已发布" }).click();
  await phone.getByText("已发布，链接已留存").waitFor();
  expect(await phone.getByRole("link", { name: "打开已发布的内容" }).getAttribute("href")).toBe("http://xhslink.com/a/Ab12cD");
  await quiet(phone);
  await clean(phone);

  // all of it stands in the chain
  await desk.goto("/content/desk?state=published");
  await desk.locator("tbody tr", { hasText: title }).click();
  await desk.getByRole("link", { name: "查看证据" }).click();
  await desk.getByText("已发布：http://xhslink.com/a/Ab12cD").waitFor();
  await desk.getByText("第 1 版被建议修改").waitFor();
  await desk.getByRole("button", { name: "现在核验" }).click();
  await desk.getByText(/完整：\d+ 个步骤/).waitFor();
  await desk.mouse.move(0, 0); // a hovered button is paler while it fades
  await settle(desk);
  await clean(desk);
  await shot(desk, "evidence-object");
  await desk.locator("tbody tr.k-row-open", { hasText: "被建议修改" }).click();
  await desk.getByRole("dialog").getByText("不要用资料换评论").waitFor();
  await settle(desk);
  await clean(desk);
  await shot(desk, "evidence-step");
}, 120_000);

test("what the rules refuse is changed and passes; an edit after approval goes through the desk again", async () => {
  const phone = await open("/m/desk/new", kos);
  await phone.getByLabel("账号").selectOption({ label: `小红书 · ${handle}` });
  await phone.getByRole("textbox", { name: "正文" }).fill(`全网第一的车 ${stamp}`);
  await phone.getByText("含有不能发的词").waitFor();
  await phone.reload(); // what was typed is still there
  expect(await phone.getByRole("textbox", { name: "正文" }).inputValue()).toContain("全网第一的车");
  await phone.getByRole("button", { name: "送审", exact: true }).click();
  await phone.getByText("含有不能发布的内容").waitFor();
  await phone.getByText(/^依据：/).first().waitFor();
  await fits(phone);
  await quiet(phone);
  await clean(phone);
  await shot(phone, "desk-phone-blocked", true);
  // clean words, but a contact id in the picture: found when it was read
  await phone.getByRole("button", { name: "修改后重新送审" }).click();
  await phone.getByRole("textbox", { name: "正文" }).fill(`周末到店看车 ${stamp}`);
  await phone.locator("input[type=file]").setInputFiles({ name: "客服.png", mimeType: "image/png", buffer: CONTACT });
  await phone.getByAltText("客服.png").waitFor();
  await phone.getByRole("button", { name: "重新送审" }).click();
  await phone.getByText("加我微信").first().waitFor({ timeout: 30_000 });
  await phone.getByText("含有不能发布的内容").waitFor();
  await shot(phone, "desk-phone-picture", true);
  await phone.getByRole("button", { name: "修改后重新送审" }).click();
  await phone.getByRole("button", { name: "移除图片“客服.png”" }).click();
  await phone.getByRole("button", { name: "重新送审" }).click();
  await phone.getByText(/可以发布了|正在等审核/).first().waitFor();
  await quiet(phone);
  await clean(phone);
  await phone.goto("/m/desk/mine");
  await phone.getByText(`周末到店看车 ${stamp}`).waitFor();
  await fits(phone);
  await shot(phone, "desk-phone-mine");
}, 60_000);

test("two people must agree when the settings say so; the queue is worked with the keyboard and in bulk", async () => {
  const desk = await open("/content/desk/settings", one);
  await desk.getByRole("heading", { name: "审核设置" }).waitFor();
  await clean(desk);
  await shot(desk, "desk-settings", true);
  await desk.getByLabel("需审核 需要几人同意").click({ force: true });
  await desk.locator(".ant-select-item-option", { hasText: "两人" }).last().click();
  await desk.getByRole("button", { name: /^保\s*存$/ }).click();
  await desk.getByText("审核设置已保存").waitFor();

  const author = await open("/m/desk/new", kos);
  for (const n of [1, 2, 3, 4]) {
    await send(author, "POST", "/api/v1/desk/submissions", { platform: "xiaohongshu", kind: "post", texts: [{ field: "body", text: `第${n}条 ${stamp} 评论区扣1领资料` }] });
  }
  await desk.goto("/content/desk");
  const mine = desk.locator("tbody tr", { hasText: String(stamp) });
  await mine.first().waitFor();
  await mine.nth(3).waitFor();
  const order = (await mine.allInnerTexts()).flatMap((x) => /第\d条/.exec(x)?.[0] ?? []); // by level, score and wait
  expect(order.length).toBe(4);
  await mine.first().click();
  await desk.getByRole("button", { name: "通过 (A)" }).waitFor();
  await desk.getByText(/^队列第 \d+ 条/).waitFor();
  const first = desk.url();
  await desk.keyboard.press("j");
  await expect.poll(() => desk.url()).not.toBe(first);
  await desk.getByRole("heading", { name: new RegExp(order[1] ?? "") }).waitFor();
  await desk.getByRole("button", { name: "通过 (A)" }).waitFor();
  await desk.keyboard.press("k");
  await expect.poll(() => desk.url()).toBe(first);
  await desk.getByRole("heading", { name: new RegExp(order[0] ?? "") }).waitFor(); // the address changes before what is drawn
  await desk.getByRole("button", { name: "通过 (A)" }).waitFor();
  await desk.keyboard.press("a");
  await desk.getByText("你已同意，等另一位审核人").waitFor();
  await desk.getByRole("heading", { name: new RegExp(order[1] ?? "") }).waitFor(); // the next one, which this reviewer now holds

  const other = await open(first, two);
  await other.getByText("1 / 2").waitFor();
  await other.getByRole("button", { name: "通过 (A)" }).waitFor();
  await other.keyboard.press("a");
  await other.getByText(new RegExp(`^已通过“${order[0]}`)).waitFor();

  // the rest is refused in bulk, with a reason
  await other.goto("/content/desk");
  await other.locator("tbody tr", { hasText: `${order[1]} ${stamp}` }).waitFor();
  for (const n of [1, 2]) await other.locator("tbody tr", { hasText: `${order[n]} ${stamp}` }).getByRole("checkbox").check();
  await other.getByRole("toolbar").getByRole("button", { name: /驳\s*回/ }).click();
  await other.getByRole("dialog").getByLabel("理由").fill("不得导流到站外");
  await other.getByRole("button", { name: "确认驳回" }).click();
  await other.getByText("已处理 1 条，1 条没有处理：合规甲 正在审核这条").waitFor();
  await other.goto("/content/desk/figures");
  await other.getByRole("heading", { name: "审核时效" }).waitFor();
  await other.getByRole("rowheader", { name: "合规乙" }).waitFor();
  await clean(other);
  await shot(other, "desk-figures");
}, 90_000);

test("the chain's page and the desk in English", async () => {
  const page = await open("/content/evidence", { ...one, lang: "en" });
  await page.getByRole("heading", { name: "Evidence chain" }).waitFor();
  await page.locator("tbody tr.k-row-open").first().waitFor();
  await clean(page);
  await shot(page, "evidence-en", true);
  await page.getByRole("button", { name: "Export" }).first().click();
  await page.getByRole("dialog").getByText("An outsider can verify").waitFor();
  const href = await page.getByRole("link", { name: "Download" }).getAttribute("href");
  const file = await page.request.get(href?.replace("format=zip", "format=jsonl") ?? "");
  expect(await file.text()).toContain('"type":"end"');
  await clean(page);
  for (const [path, name] of [["/content/desk?state=all", "desk-queue-en"], ["/desk/mine", "desk-mine-en"], ["/desk/new", "desk-new-en"]] as const) {
    const p = await open(path, { ...one, lang: "en" });
    await p.locator("h1").waitFor();
    await settle(p);
    await clean(p);
    await shot(p, name);
  }
}, 60_000);
