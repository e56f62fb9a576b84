import { COUNTERS, type Counter, type Snapshot } from "./types";

/** A counter that was smaller than in the record before. */
export interface Fall {
  at: string;
  counter: Counter;
  by: number;
}

/** All falls between records that stand, in order of time. */
export function fallsOf(snapshots: Snapshot[]): Fall[] {
  const out: Fall[] = [];
  const last = new Map<Counter, number>();
  const standing = snapshots.filter((s) => !s.undone && s.as_of).sort((a, b) => ((a.as_of ?? "") < (b.as_of ?? "") ? -1 : 1));
  for (const s of standing) {
    for (const c of COUNTERS) {
      const now = s.counters[c];
      if (now === null || now === undefined) continue;
      const before = last.get(c);
      if (before !== undefined && now < before) out.push({ at: s.as_of ?? "", counter: c, by: before - now });
      last.set(c, now);
    }
  }
  return out;
}
