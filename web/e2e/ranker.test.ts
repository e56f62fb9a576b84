/** A brand's own ranker: too few verdicts, enough, trained, measured, used, explained in the desk, and back. */
import { beforeAll, expect, test } from "vitest";
import { clean, fits, settle, shot, useBrowser, type Look } from "./harness";
import { join, PASSWORD, read, send } from "./people";

const { open } = useBrowser();
const stamp = Date.now().toString(36);
const officer: Look = { login: `r1-${stamp}@example.com`, password: PASSWORD };

beforeAll(async () => {
  const admin = await open("/settings/users");
  await join(admin, await open("/login", { signedIn: false }), officer.login ?? "", "排序甲", "compliance");
}, 60_000);

const A = [..."轿跑皮房单货校吊叉马"];
const B = [..."春夏秋冬晨午昏夜山海"];
const C = [..."东南西北江湖城乡红蓝"];

/** A text of its own for each number; odd ones are what this brand turns down. */
function text(i: number): string {
  const k = i >> 1;
  const own = `${A[k % 10]}车${B[(k * 3 + 1) % 10]}${C[(k * 7 + 2) % 10]}${A[(k * 9 + 4) % 10]}${k}`;
  return i % 2 ? `${own}后备箱放得下两辆婴儿车，评论区扣1领资料` : `${own}欢迎周末来店里坐坐，评论区扣1领资料`;
}

test("trained from verdicts, measured on what was held out, put into use, and back", async () => {
  const page = await open("/content/risk/ranker", officer);
  await page.getByRole("heading", { name: "品牌排序" }).waitFor();
  await page.getByText("还不够", { exact: true }).waitFor();
  await settle(page);
  await clean(page);
  await shot(page, "ranker-empty");
  await page.getByRole("button", { name: "用审核结论训练" }).click();
  await page.getByText(/审核结论还不够：/).waitFor();

  const ops = await open("/content/desk");
  const ids: { id: string; version: number }[][] = [[], []];
  for (let i = 0; i < 72; i++) {
    const s = await send<{ id: string; version: number; state: string }>(ops, "POST", "/api/v1/desk/submissions", { platform: "xiaohongshu", kind: "post", texts: [{ field: "body", text: text(i) }] });
    expect(s.state).toBe("waiting");
    ids[i % 2]?.push({ id: s.id, version: s.version });
  }
  for (const [i, decision] of ["approve", "reject"].entries()) {
    const r = await send<{ done: number }>(page, "POST", "/api/v1/desk/bulk", { items: ids[i], decision, reason: decision === "reject" ? "不谈婴儿车" : undefined });
    expect(r.done).toBe(36);
  }
  await page.goto("/content/risk/ranker");
  await page.getByText("可以训练", { exact: true }).waitFor();
  await page.getByRole("button", { name: "用审核结论训练" }).click();
  await page.getByRole("heading", { name: "第 1 版", exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText(/条文字，其中 \d+ 条不通过/).waitFor();
  await page.mouse.move(0, 0); // a hovered button is paler
  await settle(page);
  await clean(page, { allow: /412/ });
  await shot(page, "ranker-trained", true);
  await page.getByRole("button", { name: /^启\s*用$/ }).click();
  await page.getByText("已启用第 1 版").waitFor();
  await page.getByText(/正在使用品牌排序第 1 版/).waitFor();
  await page.getByLabel("用第 1 版试一句").fill("这台车后备箱放得下两辆婴儿车");
  await page.getByRole("button", { name: "试一试" }).click();
  await page.getByText("像会被驳回的").waitFor();
  await page.mouse.move(0, 0);
  await settle(page);
  await clean(page, { allow: /412/ });
  await shot(page, "ranker-used", true);

  // the desk orders by it and says why
  const waits = await send<{ id: string }>(ops, "POST", "/api/v1/desk/submissions", { platform: "xiaohongshu", kind: "post", texts: [{ field: "body", text: `新款后备箱放得下两辆婴儿车 ${stamp} 评论区扣1领资料` }] });
  await page.goto(`/content/desk/${waits.id}`);
  await page.getByText(/与你们驳回过的文字相似/).waitFor();
  await page.mouse.move(0, 0);
  await settle(page);
  await clean(page, { allow: /412/ });
  await shot(page, "ranker-desk", true);

  await page.goto("/content/evidence");
  await page.getByText("启用品牌排序第 1 版").waitFor();
  await page.locator("tbody tr.k-row-open", { hasText: "训练了品牌排序第 1 版" }).click();
  await page.getByRole("dialog").getByText("记录的内容").waitFor();
  await settle(page);
  await clean(page, { allow: /412/ });
  await shot(page, "ranker-evidence");

  const en = await open("/content/risk/ranker", { ...officer, lang: "en" });
  await en.getByText(/Your ranker 1 is in use/).waitFor();
  await settle(en);
  await fits(en);
  await clean(en);
  await shot(en, "ranker-en", true);
  await en.getByRole("button", { name: "Back to the shipped one" }).click();
  await en.getByRole("tooltip").getByRole("button", { name: "Back to the shipped one" }).click();
  await en.getByText("The shipped ranker is in use again").waitFor();
  expect((await read<{ in_use: number }>(en, "/api/v1/risk/rankers")).in_use).toBe(0);
}, 180_000);
