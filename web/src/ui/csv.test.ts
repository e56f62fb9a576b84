import { describe, expect, it } from "vitest";
import { csvCell, csvText } from "./csv";

describe("csvCell", () => {
  it.each([
    [null, ""],
    [12.5, "12.5"],
    [-3, "-3"],
    ["-3", "-3"],
    ["静安店", "静安店"],
    ['a "b", c', '"a ""b"", c"'],
    ["line\nbreak", '"line\nbreak"'],
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["-2+3", "'-2+3"],
    ["1234567890123456789", "\t1234567890123456789"],
  ])("%s", (v, want) => expect(csvCell(v)).toBe(want));
});

it("writes a table with a byte order mark", () => {
  expect(csvText(["账号", "作品"], [["a,b", 1]])).toBe('\ufeff账号,作品\r\n"a,b",1\r\n');
});
