import { expect, test } from "vitest";
import { funnelOf, handedOf, lookOf, missingOf, passedOf, totalOf } from "./counts";

const states = { given: 5, accepted: 3, declined: 2, submitted: 4, look: 1, passed: 6, rejected: 2, appealed: 1, settled: 7, denied: 1, gone: 9 };

test("every assignment is counted once", () => {
  expect(totalOf(states)).toBe(32);
  expect(handedOf(states)).toBe(22);
  expect(passedOf(states)).toBe(13);
  expect(lookOf(states)).toBe(2);
  expect(missingOf(states)).toBe(10);
});

test("the funnel only falls", () => {
  const steps = funnelOf({ total: 32, read: 28, late: 0, states }).map((x) => x.n);
  expect(steps).toEqual([32, 28, 25, 22, 13]);
});

test("nothing is nothing", () => expect([totalOf({}), handedOf({}), missingOf({})]).toEqual([0, 0, 0]));
