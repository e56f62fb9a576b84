import { describe, expect, it } from "vitest";
import { levelOption, withGaps } from "./option";

const points = [
  { at: "2026-11-01T09:00:00+08:00", value: 100 },
  { at: "2026-11-08T09:00:00+08:00", value: 110 },
  { at: "2026-11-20T09:00:00+08:00", value: 90 },
];

describe("levels", () => {
  it("breaks the line where counts lie more than a week apart, and nowhere else", () => {
    expect(withGaps(points).map(([, v]) => v)).toEqual([100, 110, null, 90]);
    expect(withGaps([])).toEqual([]);
  });
  it("does not force the axis down to zero and never joins across a gap", () => {
    const o = levelOption("粉丝", points, { from: "2026-11-01", to: "2026-11-22" }, "light") as { yAxis: { scale: boolean }; series: { connectNulls: boolean; data: unknown[] }[] };
    expect(o.yAxis.scale).toBe(true);
    expect(o.series[0]?.connectNulls).toBe(false);
    expect(o.series[0]?.data).toHaveLength(4);
  });
});
