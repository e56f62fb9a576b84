import { expect, test } from "vitest";
import { setLang } from "@/i18n";
import { leagueName } from "./league";

test.each([
  ["douyin|t1|f2|n1", "Douyin · Tier 1 · 10K–100K followers · 90–365 days"],
  ["xiaohongshu|t0|f0|n0", "RED (Xiaohongshu) · city unknown · under 1,000 followers · under 90 days"],
  ["weibo|t5|f3|n2", "Weibo · Tier 4/Tier 5 · over 100K followers · over 365 days"],
  ["", "—"],
  ["something else", "—"],
])("%s", (key, want) => {
  setLang("en");
  expect(leagueName(key)).toBe(want);
});
