import { expect, test } from "vitest";
import { cityMatches, compareCities, type City } from "./cities";

const suzhou: City = { code: 320500, name: "苏州市", short: "苏州", province: "江苏", tier: 2, pinyin: "suzhou sz" };

test.each([
  ["", true],
  ["苏", true],
  ["江苏", true],
  ["suz", true],
  ["su zhou", true],
  ["SZ", true],
  ["3205", true],
  ["zhou", false],
  ["杭州", false],
])("%s finds Suzhou: %s", (typed, found) => {
  expect(cityMatches(suzhou, typed)).toBe(found);
});

test("what was typed stands first, then the larger city", () => {
  const city = (short: string, pinyin: string, tier: number, code: number): City => ({ code, name: `${short}市`, short, province: "", tier, pinyin });
  const list = [city("石河子", "shihezi shz", 5, 1), city("绍兴", "shaoxing sx", 2, 2), city("上海", "shanghai sh", 1, 3), city("深汕", "shenshan ss", 4, 4)];
  const order = (typed: string) => list.filter((c) => cityMatches(c, typed)).sort((a, b) => compareCities(a, b, typed)).map((c) => c.short);
  expect(order("sh")).toEqual(["上海", "绍兴", "深汕", "石河子"]);
  expect(order("shi")).toEqual(["石河子"]);
});
