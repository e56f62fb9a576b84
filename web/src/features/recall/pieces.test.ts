import { expect, test } from "vitest";
import { pieces } from "./pieces";

test("spans count code points, so emoji before a hit do not shift it", () => {
  expect(pieces("😀😀全网最低价!", [{ start: 2, end: 7 }])).toEqual([
    { text: "😀😀", hit: false },
    { text: "全网最低价", hit: true },
    { text: "!", hit: false },
  ]);
  expect(pieces("abc", [])).toEqual([{ text: "abc", hit: false }]);
  expect(pieces("abcd", [{ start: 0, end: 2 }, { start: 1, end: 3 }]).map((p) => p.text).join("")).toBe("abcd");
});
