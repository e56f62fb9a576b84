import { expect, it } from "vitest";
import { changes } from "./diff";

it("names only the fields that differ", () => {
  expect(changes({ name: "a", tags: ["x"], same: 1 }, { name: "b", tags: ["x"], same: 1, added: true })).toEqual([
    { field: "name", before: "a", after: "b" },
    { field: "added", before: "—", after: "true" },
  ]);
});

it("takes a missing side as empty", () => {
  expect(changes(null, { name: "b" })).toEqual([{ field: "name", before: "—", after: "b" }]);
  expect(changes(null, null)).toEqual([]);
});
