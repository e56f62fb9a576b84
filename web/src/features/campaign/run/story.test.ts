import { expect, test } from "vitest";
import { t } from "./i18n";
import { happened } from "./Story";
import type { Happening } from "./types";

const one = (x: Partial<Happening>): Happening => ({ id: "1", at: "2026-11-28T10:00:00+08:00", by: "王敏", system: false, what: "created", unit: "", version: 0, parts: [], note: "", reason: "", why: "", name: "", left: "", verdict: "", alone: false, counts: {}, ...x });

test("a change is told with what, how many and why", () => {
  expect(happened(one({ what: "edited", parts: ["goal", "tasks"] }))).toBe(t("s.edited", { what: [t("part.goal"), t("part.tasks")].join(t("list")) }));
  expect(happened(one({ what: "edited", parts: ["unheard_of"] }))).toBe(t("s.edited", { what: t("s.details") }));
  expect(happened(one({ what: "return", note: "目标不清楚" }))).toContain("目标不清楚");
  expect(happened(one({ what: "proofs_reject", counts: { decided: 3 }, why: "没带话题", note: "加上再交", unit: "静安店" }))).toMatch(/3.*静安店.*没带话题.*加上再交/);
  expect(happened(one({ what: "partner_saved", name: "车评人" }))).toContain("车评人");
});

test("what the rules and the clock did is said as such", () => {
  expect(happened(one({ what: "check", verdict: "block" }))).toBe(t("s.checkBlock"));
  expect(happened(one({ what: "check", verdict: "pass" }))).toBe(t("s.check"));
  expect(happened(one({ what: "close", system: true }))).toBe(t("s.closeDue"));
  expect(happened(one({ what: "close" }))).toBe(t("s.close"));
});

test("no word of the server is shown as it is", () => {
  for (const what of ["created", "submit", "withdraw", "approve", "reopen", "review", "partner_dropped", "activity_dropped", "mention_added", "mention_dropped"]) expect(t.has(`s.${what}`), what).toBe(true);
  expect(happened(one({ what: "unheard_of" }))).not.toContain("unheard_of");
});
