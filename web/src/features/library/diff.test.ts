import { expect, test } from "vitest";
import { lines } from "./diff";

test("changed lines are told, others stay", () => {
  expect(lines("甲\n乙\n丙", "甲\n丁\n丙")).toEqual([
    { kind: "same", text: "甲" },
    { kind: "old", text: "乙" },
    { kind: "new", text: "丁" },
    { kind: "same", text: "丙" },
  ]);
  expect(lines("", "新")).toEqual([{ kind: "new", text: "新" }]);
});
