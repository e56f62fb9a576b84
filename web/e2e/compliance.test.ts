/**
 * A compliance officer's day, from end to end: edit a rule, try it in the lab, publish it, see the re-scan, recall the
 * claim, get the proof, and hand out an evidence file that a machine without our data verifies.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { clean, settle, shot, useBrowser } from "./harness";

const { open } = useBrowser();

const TERM = "建议收藏";

test("rule, lab, publication, re-scan, recall, proof, evidence verified elsewhere", { timeout: 150_000 }, async () => {
  // a rule is written and tried on what was published
  const page = await open("/content/risk");
  await page.getByRole("button", { name: "新增规则" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("词", { exact: true }).last().fill(TERM);
  await form.getByLabel("原因", { exact: true }).fill("平台视为诱导收藏");
  await form.getByLabel("依据").fill("平台社区规范");
  await form.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("规则已写入草稿，发布后生效").waitFor();
  await page.goto("/content/risk?tab=own");
  await page.getByRole("tab", { name: "本品牌" }).click();
  await settle(page);
  await page.locator("tbody tr.k-row-open", { hasText: TERM }).first().click();
  await page.getByRole("button", { name: "拿去试" }).click();
  await page.waitForURL(/risk\/lab/);
  await expect.poll(() => page.locator("#termsText").inputValue()).toBe(TERM);
  await page.getByRole("button", { name: "试一试" }).first().click();
  await page.locator(".r-sample mark", { hasText: TERM }).first().waitFor();

  // it is published, and what stands is looked at again
  await page.goto("/content/risk");
  await page.getByRole("button", { name: /^发\s*布$/ }).click();
  await page.getByLabel("为什么发布").fill("不得诱导收藏");
  await page.getByRole("dialog").getByRole("button", { name: /^发\s*布$/ }).click();
  await page.waitForURL(/risk\/runs/);
  const run = page.locator("section", { hasText: "复扫 · 第" }).first();
  await run.getByText("已完成").waitFor({ timeout: 30_000 });
  await run.getByRole("link").first().click();
  await page.locator("tbody mark", { hasText: TERM }).first().waitFor();

  // the claim is recalled
  await page.goto("/content/recalls");
  await page.getByRole("button", { name: "发起召回" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("要召回的说法").fill(TERM);
  const title = `停用诱导收藏 ${Date.now()}`;
  await dialog.getByLabel("标题").fill(title);
  await dialog.getByLabel("原因").fill("平台视为诱导收藏");
  await dialog.getByRole("button", { name: "发起并派给号主" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.getByText("进行中").first().waitFor({ timeout: 20_000 });
  await page.locator("tbody tr.k-row-open").first().click();
  await page.getByRole("dialog").getByText("命中时间").waitFor();
  const recall = page.url().split("/").at(-1) ?? "";

  // one text is proved and accepted
  const object = await page.evaluate(async (id) => {
    const answer = (await (await fetch(`/api/v1/recall/recalls/${id}/items?state=waiting&limit=1`)).json()) as { items: { object_id: string }[] };
    return answer.items[0]?.object_id ?? "";
  }, recall);
  const owner = await open(`/recall/${recall}/items/${object}`);
  await owner.getByRole("button", { name: "不截图，改为写明所见" }).click();
  await owner.getByLabel("打开链接看到了什么").fill("标题已改，不再诱导收藏");
  await owner.getByRole("button", { name: "提交凭证" }).click();
  await owner.getByText("凭证已提交，等合规核验。").waitFor();
  await page.goto(`/content/recalls/${recall}?state=proved`);
  await page.locator("tbody tr.k-row-open").first().click();
  await page.getByRole("dialog").getByRole("button", { name: "核验通过" }).click();
  await page.getByText("已核验通过 1 条").waitFor();

  // the chain of this recall is on its page, whole
  await page.goto(`/content/recalls/${recall}`);
  await page.locator(".k-actions").getByRole("link", { name: "证据链" }).click();
  await page.waitForURL(/object=recall/);
  await page.getByText(`发起召回“${title}”`).waitFor();
  await page.getByText("核验通过 1 条").first().waitFor();
  await page.getByRole("button", { name: "现在核验" }).click();
  await page.locator(".ant-alert-success").waitFor();
  await page.mouse.move(0, 0); // a hovered button is paler while it fades
  await settle(page);
  await clean(page);
  await shot(page, "compliance-evidence");

  // the file is verified where nothing of ours is, and a forged one is refused with the step named
  await page.locator(".k-actions").getByRole("button", { name: /^导\s*出$/ }).click();
  await page.getByRole("dialog").locator(".ant-segmented-item").last().click();
  const download = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("link", { name: "下载" }).click();
  const elsewhere = mkdtempSync(join(tmpdir(), "kosmos-elsewhere-"));
  try {
    const file = join(elsewhere, "evidence.jsonl");
    await (await download).saveAs(file);
    const verify = (path: string) => execFileSync(inject("binary"), ["evidence", "verify", path], { cwd: elsewhere, env: { PATH: process.env.PATH ?? "" }, encoding: "utf8", stdio: "pipe" });
    verify(file);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("recall.accept");
    const forged = join(elsewhere, "forged.jsonl");
    writeFileSync(forged, text.replace("recall.accept", "recall.return"));
    let said = "";
    try {
      verify(forged);
    } catch (err) {
      const { stdout, stderr } = err as { stdout: string; stderr: string };
      said = stdout + stderr;
    }
    expect(said).toMatch(/\d/);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
