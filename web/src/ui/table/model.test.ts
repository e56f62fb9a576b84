import { describe, expect, it } from "vitest";
import { parseSort, shownColumns, sortText, type Column } from "./model";

describe("sort", () => {
  it("reads and writes the same", () => {
    for (const s of ["", "views", "-views"]) expect(sortText(parseSort(s))).toBe(s);
  });
});

describe("shownColumns", () => {
  const col = (key: string, more: Partial<Column<object>> = {}): Column<object> => ({ key, title: key, render: () => null, ...more });
  const all = [col("name", { fixed: true }), col("a"), col("b", { hidden: true })];
  it("starts with those not hidden", () => expect(shownColumns(all).map((c) => c.key)).toEqual(["name", "a"]));
  it("obeys the choice but keeps the fixed one", () => expect(shownColumns(all, ["b"]).map((c) => c.key)).toEqual(["name", "b"]));
});
