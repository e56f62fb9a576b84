import { describe, expect, it } from "vitest";
import { grow, trail, unitMatches, type Unit } from "./units";

const units: Unit[] = [
  { id: "1", parent_id: "0", name: "华东", kind: "region", pinyin: "huadong hd" },
  { id: "2", parent_id: "1", name: "上海", kind: "city", pinyin: "shanghai sh" },
  { id: "3", parent_id: "2", name: "静安店", kind: "store", pinyin: "jingandian jad", path: "华东/上海/静安店" },
];

describe("grow", () => {
  it("makes a top of a unit whose parent is out of scope", () => {
    const { tops, byId } = grow(units);
    expect(tops.map((u) => u.name)).toEqual(["华东"]);
    expect(trail(byId, "3")).toEqual(["华东", "上海", "静安店"]);
    expect(trail(byId, "9")).toEqual([]);
  });
});

describe("unitMatches", () => {
  it.each([
    ["静安", true],
    ["上海/静", true],
    ["jingan", true],
    ["JING AN", true],
    ["jad", true],
    ["bj", false],
    ["", true],
  ])("%s", (typed, want) => expect(unitMatches(units[2] as Unit, typed)).toBe(want));
});
