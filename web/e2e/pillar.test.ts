/** Content pillars from the first setting to a KOS's phone; the rewriting service; taking and proposing without a network. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser } from "./harness";
import { join, PASSWORD, quiet, read, send } from "./people";

const { open } = useBrowser();

const stamp = Date.now();
const kos = { login: `pkos${stamp}@example.com`, password: PASSWORD, phone: true, width: 360 };
const API = "/api/v1/library";

interface Gap {
  account: { id: string };
  worst_id: string | null;
}

/** Lets an adviser whose account is short of something sign in on the phone; tells what it is most short of. */
async function employ(admin: Page): Promise<string> {
  const accounts = (await read<{ items: { id: string; member?: { id: string } }[] }>(admin, "/api/v1/account/accounts?platform=xiaohongshu&status=ok&limit=200")).items;
  const members = (await read<{ items: { id: string; has_user: boolean; unit_id: string; role: string }[] }>(admin, "/api/v1/org/members?limit=200")).items;
  const gaps = (await read<{ items: Gap[] }>(admin, `${API}/gaps?limit=200`)).items;
  const free = new Map(members.filter((m) => !m.has_user && m.role === "kos").map((m) => [m.id, m]));
  for (const gap of gaps) {
    const member = free.get(accounts.find((a) => a.id === gap.account.id)?.member?.id ?? "");
    if (!gap.worst_id || !member) continue;
    await join(admin, await open("/login", { signedIn: false }), kos.login, "支柱小王", "kos", { unit_id: member.unit_id, member_id: member.id });
    return gap.worst_id;
  }
  throw new Error("no adviser without a login who is short of something");
}

/** Waits until nothing is left to be sorted. */
const sorted = (page: Page) => expect.poll(async () => (await read<{ left: boolean }>(page, `${API}/mix`)).left, { timeout: 20_000 }).toBe(false);

/** A text that can be taken. */
async function template(page: Page, title: string, body: string, more: object = {}): Promise<string> {
  let it = await send<{ id: string; rev: number }>(page, "POST", `${API}/items`, { kind: "template", title, content: { body }, ...more });
  for (const verb of ["submit", "approve"]) it = await send(page, "POST", `${API}/items/${it.id}/${verb}`, { rev: it.rev });
  return it.id;
}

test("headquarters sets pillars and a target, sees the gaps, and sorts by hand", async () => {
  const page = await open("/content/library/pillars");
  await page.getByRole("heading", { name: "内容支柱", exact: true }).waitFor();
  await page.getByText("还没有内容支柱").waitFor();
  await clean(page);
  await page.getByRole("button", { name: "开始设置" }).click();
  await page.getByRole("heading", { name: "支柱与目标" }).waitFor();
  await expect.poll(() => page.getByRole("textbox", { name: "名称" }).count()).toBe(5);
  await page.getByLabel("至少几条作品才判断").fill("1");
  await clean(page);
  await shot(page, "pillar-setup", true);
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("已保存，正在重新归类").waitFor();

  await page.getByRole("button", { name: "设目标" }).click();
  const ask = page.getByRole("dialog");
  for (const name of ["品牌种草", "产品知识", "优惠活动", "服务口碑"]) await ask.getByLabel(name).fill("20");
  await ask.getByText("合计 80%").waitFor();
  expect(await ask.getByRole("button", { name: /^保\s*存$/ }).isDisabled()).toBe(true);
  await ask.getByLabel("人设生活").fill("20");
  await ask.getByText("合计 100%").waitFor();
  await clean(page);
  await shot(page, "pillar-target");
  await ask.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("目标已保存，缺口稍后更新").waitFor();
  await sorted(page);

  await page.goto("/content/library/pillars");
  await settle(page);
  await page.getByText(/近 30 天 \d+ 条作品/).waitFor();
  await page.getByText(/目标 20/).first().waitFor();
  await page.getByText("有缺口").first().waitFor();
  await clean(page);
  await shot(page, "pillar-page");
  const sheet = await page.request.get(`${API}/gaps.xlsx`);
  expect(sheet.status()).toBe(200);
  expect((await sheet.body()).subarray(0, 2).toString()).toBe("PK");

  await page.goto("/content/library/pillars/posts?none=true");
  await settle(page);
  const boxes = page.locator("tr.ant-table-row .ant-checkbox-input");
  await boxes.first().waitFor();
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "归到支柱" }).click();
  await page.getByRole("combobox", { name: "支柱", exact: true }).last().click();
  await page.locator(".ant-select-item-option").filter({ hasText: "人设生活" }).last().click();
  await page.getByRole("button", { name: /^归\s*类$/ }).click();
  await page.getByText("已归类 2 条作品").waitFor();
  await page.goto("/content/library/pillars/posts?how=hand");
  await settle(page);
  await expect.poll(() => page.getByText("手工", { exact: true }).count()).toBeGreaterThanOrEqual(2);
  await clean(page);
  await shot(page, "pillar-posts");
}, 120_000);

test("the phone says what is missing and leads to texts that fit", async () => {
  const page = await open("/content/library/pillars");
  const set = await read<{ items: { id: string; name: string }[] }>(page, `${API}/pillars`);
  await sorted(page);
  const short = await employ(page);
  const worst = set.items.find((p) => p.id === short);
  const title = `补缺口 ${stamp}`;
  await template(page, title, "{{a: 来店里坐坐 | 来店里看看}}，等你。", { pillar_id: worst?.id });
  const phone = await open("/m/library", kos);
  await phone.getByText("你还缺这些内容").waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "pillar-phone");
  await phone.getByText(new RegExp(`^${worst?.name}差 \\d+ 条`)).first().click();
  await phone.getByText(`只看：${worst?.name}`).waitFor();
  await phone.getByText(title).waitFor();
  await fits(phone);
  await shot(phone, "pillar-phone-items");
}, 90_000);

test("without a network a text is taken and proposed later, once", async () => {
  const admin = await open("/content/library");
  const title = `断网领取 ${stamp}`;
  const id = await template(admin, title, "{{a: 今天 | 现在}}来店里，{{b: 等你 | 欢迎}}。");
  const phone = await open(`/m/library/${id}`, kos);
  await phone.getByRole("button", { name: "生成我的文案" }).waitFor();
  await phone.context().setOffline(true);
  await phone.getByRole("button", { name: "生成我的文案" }).click();
  await phone.getByText("没有网络，已排队；恢复后自动领取，文案会出现在这里。").waitFor();
  await shot(phone, "library-phone-waiting");
  await phone.context().setOffline(false);
  await phone.getByRole("button", { name: "复制文案" }).waitFor();
  expect((await read<{ uses: number }>(admin, `${API}/items/${id}/results`)).uses).toBe(1);

  await phone.goto("/m/library/propose");
  await settle(phone);
  await phone.getByLabel("素材名称").fill(`断网投稿 ${stamp}`);
  await phone.getByRole("textbox", { name: "正文" }).fill("周末来店里看车，有茶有点心。");
  await quiet(phone);
  await phone.context().setOffline(true);
  await phone.getByRole("button", { name: /^投\s*稿$/ }).click();
  await phone.getByText("没有网络，已排队，恢复后自动投稿").waitFor();
  await shot(phone, "library-propose-waiting");
  await phone.context().setOffline(false);
  const mine = async () => (await read<{ items: { title: string }[] }>(phone, `${API}/proposals?own=true`)).items.filter((p) => p.title === `断网投稿 ${stamp}`).length;
  await expect.poll(mine, { timeout: 15_000 }).toBe(1);
  await expect.poll(() => phone.getByText("没有网络，已排队，恢复后自动投稿").count()).toBe(0);
  await fits(phone);
  await quiet(phone);
  await clean(phone, { allow: /ERR_INTERNET_DISCONNECTED|Failed to load/ });
}, 120_000);

test("the rewriting service is tried before it is used, and its key is never shown", async () => {
  const page = await open("/content/library/settings");
  await page.getByRole("heading", { name: "改写服务", exact: true }).first().waitFor();
  await page.getByText("没有启用：个人文案只用模板自己的写法。").waitFor();
  await clean(page);
  await page.getByLabel("接口地址").fill("https://127.0.0.1:9/v1");
  await page.getByLabel("模型名称").fill("demo");
  await page.getByLabel("密钥").fill("geheim-123");
  await page.getByRole("button", { name: /^测\s*试$/ }).click();
  await page.getByText("这个地址在内网或不允许访问").waitFor();
  await shot(page, "library-endpoint");
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("已保存", { exact: true }).first().waitFor();
  await page.reload();
  await settle(page);
  expect(await page.getByLabel("密钥").inputValue()).toBe("");
  expect(await page.content()).not.toContain("geheim-123");
  await page.getByLabel("接口地址").fill("https://example.com/v1");
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("换了地址，请重新填写密钥").waitFor();
  await send(page, "PUT", `${API}/settings`, { enabled: false, url: "", model: "", instruction: "", key: "" });
}, 90_000);

test("talk tracks stand by stage, on the page and on the phone", async () => {
  const admin = await open("/content/library");
  const stage = `到店${stamp}`;
  let it = await send<{ id: string; rev: number }>(admin, "POST", `${API}/items`, { kind: "talk", title: `太贵了 ${stamp}`, content: { stage, objection: "太贵了", body: "先看看一年省下的油钱。" } });
  for (const verb of ["submit", "approve"]) it = await send(admin, "POST", `${API}/items/${it.id}/${verb}`, { rev: it.rev });
  await admin.goto(`/content/library/talks?stage=${encodeURIComponent(stage)}`);
  await settle(admin);
  await admin.getByText("客户说：太贵了").waitFor();
  await admin.getByText("先看看一年省下的油钱。").waitFor();
  await clean(admin);
  await shot(admin, "library-talks");
  const phone = await open("/m/library", kos);
  await phone.getByRole("button", { name: "话术" }).click();
  await phone.getByRole("heading", { name: stage }).waitFor();
  await fits(phone);
  await clean(phone);
  await shot(phone, "library-phone-talks");
}, 90_000);

test("in English", async () => {
  const page = await open("/content/library/pillars", { lang: "en" });
  await page.getByRole("heading", { name: "Content pillars", exact: true }).waitFor();
  await page.getByText("Short", { exact: true }).first().waitFor();
  await clean(page);
  await shot(page, "pillar-en");
  await page.goto("/content/library/pillars/edit");
  await settle(page);
  await clean(page);
  await shot(page, "pillar-setup-en", true);
  await page.goto("/content/library/settings");
  await settle(page);
  await clean(page);
  await shot(page, "library-endpoint-en");
  await page.goto("/content/library/talks");
  await settle(page);
  await clean(page);
  await shot(page, "library-talks-en");
  const phone = await open("/m/library", { ...kos, lang: "en" });
  await phone.getByText("What you are short of").waitFor();
  await fits(phone);
  await shot(phone, "pillar-phone-en");
}, 90_000);
