import { expect, test } from "vitest";
import { fallsOf } from "./falls";
import type { Counter, Snapshot } from "./types";

const at = (as_of: string, counters: Partial<Record<Counter, number>>, undone = false) => ({ as_of, learned_at: as_of, origin: "file", undone, counters }) as Snapshot;

test.each<[string, Snapshot[], [string, string, number][]]>([
  ["growing counters do not fall", [at("2026-11-01", { views: 10 }), at("2026-11-02", { views: 12 })], []],
  ["a smaller total is a fall on its own day", [at("2026-11-01", { views: 10, likes: 3 }), at("2026-11-03", { views: 4, likes: 3 })], [["2026-11-03", "views", 6]]],
  ["an undone record counts for nothing", [at("2026-11-01", { views: 10 }), at("2026-11-02", { views: 2 }, true), at("2026-11-03", { views: 11 })], []],
  ["a missing value is no fall, the next known one is compared", [at("2026-11-01", { views: 10 }), at("2026-11-02", {}), at("2026-11-03", { views: 9 })], [["2026-11-03", "views", 1]]],
  ["records are put in order of time first", [at("2026-11-03", { views: 12 }), at("2026-11-01", { views: 10 })], []],
])("%s", (_, snapshots, want) => {
  expect(fallsOf(snapshots).map((f) => [f.at, f.counter, f.by])).toEqual(want);
});
