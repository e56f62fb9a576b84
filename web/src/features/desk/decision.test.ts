import { describe, expect, it } from "vitest";
import { decisionOf, keyOf, mended, withMark } from "./decision";
import type { Finding, Story } from "./types";

const found = (start: number, end: number, replace = "", field = "body"): Finding => ({
  field, rule: `r${start}`, category: "absolute", severity: "medium", start, end, text: "", reason: "", article: "", rewrite: "", replace, top: [],
});
const story = (body: string, findings: Finding[]) => ({ kind: "post", version: 3, texts: [{ field: "body", text: body }], findings }) as unknown as Story;

describe("a suggestion", () => {
  it("begins with everything put right that has words for it", () => {
    const s = story("😀全网最低价，第一名", [found(3, 6, "活动价"), found(7, 9, "前列"), found(0, 1)]);
    expect(mended(s, {}).body).toBe("😀全网活动价，前列名");
  });
  it("leaves false alarms and what lies under another finding alone", () => {
    const a = found(0, 4, "好价"), b = found(1, 3, "x");
    expect(mended(story("全网底价啦", [a, b]), {}).body).toBe("全x价啦");
    expect(mended(story("全网底价啦", [a]), { [keyOf(a)]: false }).body).toBe("全网底价啦");
  });
});

describe("a decision", () => {
  const f = found(0, 2);
  it("takes only what differs, and the reviewer's words", () => {
    const d = decisionOf(story("全网底价", [f]), "changes", { reason: " 换 ", texts: { title: "", body: "好价" }, marks: withMark({}, f, false) });
    expect(d).toEqual({ version: 3, decision: "changes", reason: "换", suggestion: [{ field: "body", text: "好价" }], marks: [{ rule: "r0", field: "body", start: 0, right: false }] });
  });
  it("of another kind has no suggestion", () => {
    expect(decisionOf(story("a", []), "approve", { reason: "", texts: { body: "b" }, marks: {} })).toEqual({ version: 3, decision: "approve", marks: [] });
  });
  it("a word said twice is taken back", () => expect(withMark(withMark({}, f, true), f, true)).toEqual({}));
});
