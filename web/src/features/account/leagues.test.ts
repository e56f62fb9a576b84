import { expect, test } from "vitest";
import { setLang } from "@/i18n";
import { bandName, groupName, previewRows, renumber } from "./leagues";

const rule = { tiers: [0, 1, 1, 2, 2, 3, 3], followers: [0, 1000, 10000], tenure_days: [0, 90] };

test("groups and bands are said in words", () => {
  setLang("en");
  expect(groupName(rule, 1)).toBe("Tier 1 + New tier 1");
  expect(groupName(rule, 0)).toBe("city unknown");
  expect(bandName(rule.followers, 0, "fans")).toBe("under 1,000 followers");
  expect(bandName(rule.followers, 2, "fans")).toBe("over 10K followers");
  expect(bandName([0], 0, "tenure")).toBe("any tenure");
});

test("merged tiers keep one name each, in order", () => {
  expect(renumber([0, 4, 4, 2, 2, 9, 1])).toEqual([0, 1, 1, 2, 2, 3, 4]);
});

test("rows add the platforms up, unknown cities last", () => {
  const cell = (platform: string, tier: number, accounts: number) => ({ platform, tier, followers: 0, tenure: 0, accounts });
  const rows = previewRows({ cells: [cell("douyin", 0, 2), cell("douyin", 1, 3), cell("weibo", 1, 4)], leagues: 3, accounts: 9, small: 9, moved: 0 });
  expect(rows.map((r) => [r.tier, r.total, r.by.weibo ?? 0])).toEqual([[1, 7, 4], [0, 2, 0]]);
});
