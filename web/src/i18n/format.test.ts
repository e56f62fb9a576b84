import { describe, expect, it } from "vitest";
import * as f from "./format";

describe("shortNumber", () => {
  it.each([
    [0, "0", "0"],
    [9999, "9,999", "9,999"],
    [10_000, "1万", "10K"],
    [12_345, "1.2万", "12.3K"],
    [99_999_999, "1亿", "100M"],
    [123_456_789, "1.2亿", "123.5M"],
    [12_345_678, "1235万", "12.3M"],
    [-23_456, "-2.3万", "-23.5K"],
    [999_960, "100万", "1M"],
    [null, "—", "—"],
    [undefined, "—", "—"],
    [NaN, "—", "—"],
  ])("%s", (n, zh, en) => {
    expect(f.shortNumber(n, "zh")).toBe(zh);
    expect(f.shortNumber(n, "en")).toBe(en);
  });
});

describe("percent", () => {
  it.each([
    [0.1234, "12.3%"],
    [0, "0.0%"],
    [null, "—"],
    [{ num: 1, den: 3 }, "33.3%"],
    [{ num: 1, den: 0 }, "—"],
  ])("%s", (v, want) => expect(f.percent(v)).toBe(want));
});

describe("change", () => {
  it("cannot be said against nothing or zero", () => {
    expect(f.change(3, 0)).toBeNull();
    expect(f.change(3, null)).toBeNull();
    expect(f.change(150, 100)).toBe(0.5);
    expect(f.change(1, -2)).toBe(1.5);
  });
  it("shows its sign", () => {
    expect(f.signedPercent(0.5)).toBe("+50.0%");
    expect(f.signedPercent(-0.5)).toBe("−50.0%");
    expect(f.signedNumber(-12_000, "zh")).toBe("−1.2万");
    expect(f.signedNumber(0, "zh")).toBe("0");
  });
});

describe("money", () => {
  it.each([
    [{ fen: 123450, currency: "CNY" }, "¥1,234.50"],
    [{ fen: 100000, currency: "CNY" }, "¥1,000"],
    [null, "—"],
  ])("%s", (m, want) => expect(f.money(m, "zh")).toBe(want));
});

describe("days and times", () => {
  it("reads a day", () => {
    expect(f.dayText("2026-11-22", "zh", "2026-11-30")).toBe("11月22日");
    expect(f.dayText("2025-11-22", "zh", "2026-11-30")).toBe("2025年11月22日");
    expect(f.dayText("2026-11-22", "en", "2026-11-30")).toBe("Nov 22");
    expect(f.dayText(null)).toBe("—");
    expect(f.dayText("rubbish")).toBe("—");
  });
  it("puts a moment into the brand's zone", () => {
    expect(f.timeText("2026-11-21T18:05:00Z")).toBe("2026-11-22 02:05");
    expect(f.timeText("")).toBe("—");
  });
  it("knows today in Shanghai, not in London", () => {
    expect(f.todayIn(f.ZONE, new Date("2026-11-21T18:05:00Z"))).toBe("2026-11-22");
  });
  it("adds days over a month's end and counts spans", () => {
    expect(f.addDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(f.addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(f.daySpan("2026-11-01", "2026-11-30")).toBe(30);
  });
  it("says how long ago", () => {
    const now = Date.parse("2026-11-22T10:00:00Z");
    expect(f.relativeTime("2026-11-22T09:57:00Z", now, "zh")).toBe("3分钟前");
    expect(f.relativeTime("2026-11-21T09:00:00Z", now, "en")).toBe("yesterday");
    expect(f.relativeTime(null, now)).toBe("—");
  });
});

describe("bytes", () => {
  it.each([
    [12, "12 B"],
    [2048, "2.0 KB"],
    [3_565_158, "3.4 MB"],
    [null, "—"],
  ])("%s", (n, want) => expect(f.bytes(n)).toBe(want));
});
