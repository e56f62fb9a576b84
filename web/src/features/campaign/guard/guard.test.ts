import { expect, test } from "vitest";
import { t } from "./i18n";
import { holds, samePlace, type Limit, type Settings } from "./types";
import { placeOf, whyOf } from "./words";

const limit = (x: Partial<Limit>): Limit => ({ platform: "xiaohongshu", per_hour: 600, per_day: 3, from: "2026-03-01", source: "", confidence: "estimate", ...x });
const settings = (limits: Limit[]): Settings => ({
  approval: "other_if_any", planned: "warn", submitted: "look", thresholds: [], limits, shipped_thresholds: [], shipped_limits: [limit({})], industry: "", at: null, by: "", rev: 0,
});

test("the brand's newest limit that has begun holds, else the program's", () => {
  expect(holds(settings([]), "xiaohongshu", "2026-11-28")?.per_hour).toBe(600);
  const s = settings([limit({ per_hour: 40, from: "2026-10-01" }), limit({ per_hour: 80, from: "2026-11-01" }), limit({ per_hour: 9000, from: "2027-01-01" })]);
  expect(holds(s, "xiaohongshu", "2026-11-28")?.per_hour).toBe(80);
  expect(holds(s, "xiaohongshu", "2026-10-15")?.per_hour).toBe(40);
  expect(holds(s, "weibo", "2026-11-28")).toBeUndefined();
});

test("a threshold says what it is for and why: the brand's words before the program's", () => {
  expect(placeOf("", "", "")).toBe(t("anyPlatform"));
  expect(placeOf("xiaohongshu", "fact", "")).toContain(t("kind.fact"));
  expect(whyOf(["xiaohongshu", "fact", ""], "", "x")).toBe(t("shipped.xiaohongshu.fact"));
  expect(whyOf(["", "", "finance"], "", "x")).toBe(t("shipped...finance"));
  expect(whyOf(["", "", ""], "", "x")).toBe(t("shipped."));
  expect(whyOf(["bilibili", "", ""], "", "随包的理由")).toBe("随包的理由");
  expect(whyOf(["xiaohongshu", "", ""], "实测", "x")).toBe("实测");
  expect(samePlace({ platform: "a", kind: "", industry: "", most: 1, from: null, why: "" }, { platform: "a", kind: "", industry: "", most: 2, from: "2026-01-01", why: "x" })).toBe(true);
});
