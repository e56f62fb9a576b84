/** What kept counts say, as pure functions. */
import type { Step } from "../types";
import type { ByStep, Counts } from "./types";

const sum = (s: ByStep, list: Step[]): number => list.reduce((n, k) => n + (s[k] ?? 0), 0);

/** Assignments without those that were taken back. */
export const totalOf = (s: ByStep): number => sum(s, ["given", "accepted", "submitted", "look", "passed", "rejected", "appealed", "settled", "denied", "declined"]);
/** Handed in, whatever became of it. */
export const handedOf = (s: ByStep): number => sum(s, ["submitted", "look", "passed", "rejected", "appealed", "settled", "denied"]);
/** Those whose proof was taken. */
export const passedOf = (s: ByStep): number => sum(s, ["passed", "settled"]);
/** Those that need somebody's decision. */
export const lookOf = (s: ByStep): number => sum(s, ["look", "appealed"]);
/** Those who still have to hand in. */
export const missingOf = (s: ByStep): number => sum(s, ["given", "accepted", "rejected"]);

/** Steps of the funnel: given, read, accepted, handed in, passed. */
export function funnelOf(c: Counts): { key: "given" | "read" | "accepted" | "handed" | "passed"; n: number }[] {
  const s = c.states;
  return [
    { key: "given", n: c.total },
    { key: "read", n: c.read },
    { key: "accepted", n: c.total - (s.given ?? 0) - (s.declined ?? 0) },
    { key: "handed", n: handedOf(s) },
    { key: "passed", n: passedOf(s) },
  ];
}
