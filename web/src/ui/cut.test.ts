import { describe, expect, it } from "vitest";
import { cut } from "./Cut";

const at = (start: number, end: number) => ({ start, end });
const shown = (text: string, spans: { start: number; end: number }[]) => cut(text, spans).map((p) => [p.text, p.over.length]);

describe("cut", () => {
  it("counts code points, not halves of an emoji", () => expect(shown("😀全网第一吗", [at(1, 5)])).toEqual([["😀", 0], ["全网第一", 1], ["吗", 0]]));
  it("keeps what lies over what", () => expect(shown("abcdef", [at(0, 4), at(2, 6)])).toEqual([["ab", 1], ["cd", 2], ["ef", 1]]));
  it("takes spans in any order", () => expect(shown("abcd", [at(2, 3), at(0, 1)])).toEqual([["a", 1], ["b", 0], ["c", 1], ["d", 0]]));
  it("leaves out what lies outside of the text", () => expect(shown("ab", [at(1, 9), at(-1, 1), at(1, 1)])).toEqual([["ab", 0]]));
  it("of nothing is nothing", () => expect(cut("", [])).toEqual([]));
  it("loses no character", () => expect(cut("abcd", [at(0, 2), at(1, 3)]).map((p) => p.text).join("")).toBe("abcd"));
});
