import { expect, test } from "vitest";
import { clockOf, fieldOf, momentOf } from "./when";

test("a moment goes through a date field unchanged", () => {
  for (const at of ["2026-11-28T12:30:00.000Z", "2026-12-31T16:00:00.000Z"]) expect(momentOf(fieldOf(at))).toBe(at);
  expect(fieldOf("2026-12-31T16:00:00Z")?.format("YYYY-MM-DD HH:mm")).toBe("2027-01-01 00:00");
  expect(fieldOf(null)).toBe(null);
  expect(momentOf(null)).toBe(null);
});

test("minutes of a day", () => {
  expect(clockOf(0)).toBe("00:00");
  expect(clockOf(1325)).toBe("22:05");
});
