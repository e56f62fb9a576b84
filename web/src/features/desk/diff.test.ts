import { describe, expect, it } from "vitest";
import { diff } from "./diff";

const show = (a: string, b: string) => diff(a, b).map((c) => `${c.kind[0]}:${c.text}`).join("|");

describe("diff", () => {
  it("tells what goes and what comes", () => expect(show("全城第一的服务", "很受欢迎的服务")).toBe("o:全城第一|n:很受欢迎|s:的服务"));
  it("counts code points", () => expect(show("😀好", "😀坏")).toBe("s:😀|o:好|n:坏"));
  it("keeps common parts", () => expect(show("abcdef", "abXdeY")).toBe("s:ab|o:c|n:X|s:de|o:f|n:Y"));
  it("of the same is the same", () => expect(show("一样", "一样")).toBe("s:一样"));
  it("of nothing is what comes", () => expect(show("", "新")).toBe("n:新"));
  it("gives both texts back", () => {
    for (const [a, b] of [["第一名的店", "一家好店"], ["x".repeat(4000), "y".repeat(20)]] as const) {
      const d = diff(a, b);
      expect(d.filter((c) => c.kind !== "new").map((c) => c.text).join("")).toBe(a);
      expect(d.filter((c) => c.kind !== "old").map((c) => c.text).join("")).toBe(b);
    }
  });
});
