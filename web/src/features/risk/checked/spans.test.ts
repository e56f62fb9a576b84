import { describe, expect, it } from "vitest";
import { carry, mend, worst, type Finding } from "./spans";

const at = (start: number, end: number, severity: Finding["severity"] = "high", replace = ""): Finding => ({
  field: "title", rule: "r", category: "absolute", severity, start, end, text: "", reason: "", article: "", rewrite: "", replace,
});

describe("carry", () => {
  it("keeps what stands before the typing", () => expect(carry([at(0, 2)], "abcd", "abcdX")).toEqual([at(0, 2)]));
  it("moves what stands behind it", () => expect(carry([at(2, 4)], "abcd", "Xabcd")).toEqual([at(3, 5)]));
  it("drops what was typed into", () => expect(carry([at(1, 3)], "abcd", "abXcd")).toEqual([]));
});

describe("mend", () => {
  it("replaces", () => expect(mend("全网最低价！", at(2, 5, "high", "活动价"))).toBe("全网活动价！"));
  it("leaves out", () => expect(mend("😀加微信聊", at(1, 4))).toBe("😀聊"));
});

describe("worst", () => {
  it("is the heaviest", () => expect(worst([at(0, 1, "low"), at(0, 1, "high"), at(0, 1, "medium")])).toBe("high"));
  it("of none is none", () => expect(worst([])).toBeUndefined());
});
