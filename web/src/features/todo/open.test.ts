import { expect, test } from "vitest";
import { dueText, stillOpen } from "./open";
import type { Item } from "./types";

const item = (id: string) => ({ id, title: id }) as Item;
const ids = (rows: Item[]) => rows.map((x) => x.id).join("");

test("what was closed here is gone, what was taken back is there again, sent or not", () => {
  const [a, b, c] = [item("a"), item("b"), item("c")];
  expect(ids(stillOpen([a, b, c], []))).toBe("abc");
  expect(ids(stillOpen([a, b, c], [{ item: b, how: "done" }]))).toBe("ac");
  expect(ids(stillOpen([a, b, c], [{ item: b, how: "open" }]))).toBe("abc");
  expect(ids(stillOpen([a, c], [{ item: b, how: "open" }, { item: a, how: "dismissed" }]))).toBe("cb");
});

test.each([
  [null, ""],
  ["2026-11-22", "今天内完成"],
  ["2026-11-23", /还有 1 天/],
  ["2026-11-25", /还有 3 天/],
  ["2026-11-21", /已过 1 天/],
])("due %s reads %s", (due, want) => {
  expect(dueText({ due }, "2026-11-22")).toMatch(want);
});
