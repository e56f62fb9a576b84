import { describe, expect, it } from "vitest";
import { patch, presetOf, presetPeriod, readScope, scopedPath } from "./scope";

const today = "2026-11-22"; // a Sunday

describe("periods", () => {
  it.each([
    ["thisWeek", "2026-11-16"],
    ["thisMonth", "2026-11-01"],
    ["last7", "2026-11-16"],
    ["last30", "2026-10-24"],
    ["last90", "2026-08-25"],
  ] as const)("%s starts %s", (p, from) => expect(presetPeriod(p, today)).toEqual({ from, to: today }));

  it("starts a week on Monday", () => expect(presetPeriod("thisWeek", "2026-11-16").from).toBe("2026-11-16"));
  it("recognises a ready-made span", () => {
    expect(presetOf({ from: "2026-10-24", to: today }, today)).toBe("last30");
    expect(presetOf({ from: "2026-10-20", to: today }, today)).toBeUndefined();
  });
});

describe("readScope", () => {
  it.each([
    ["", { unit: "", from: "2026-10-24", to: today }],
    ["unit=7&from=2026-11-01&to=2026-11-02", { unit: "7", from: "2026-11-01", to: "2026-11-02" }],
    ["from=2026-11-05&to=2026-11-02", { unit: "", from: "2026-10-24", to: today }],
    ["from=yesterday&to=x", { unit: "", from: "2026-10-24", to: today }],
  ])("%s", (q, want) => expect(readScope(new URLSearchParams(q), today)).toEqual(want));
});

describe("links", () => {
  it("keep scope and drop other filters", () => {
    const q = new URLSearchParams("unit=7&from=2026-11-01&to=2026-11-02&platform=douyin");
    expect(scopedPath("/a", q, { status: "asleep", none: "" })).toBe("/a?unit=7&from=2026-11-01&to=2026-11-02&status=asleep");
    expect(scopedPath("/a", new URLSearchParams())).toBe("/a");
  });
  it("patch removes empty values", () => {
    expect(patch(new URLSearchParams("a=1&b=2"), { a: "", c: "3" }).toString()).toBe("b=2&c=3");
  });
});
