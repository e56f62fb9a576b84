import { expect, test } from "vitest";
import { cityMatches, type City } from "./cities";

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
