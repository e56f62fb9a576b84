import { expect, test } from "vitest";
import type { Waiting } from "@/phone/queue";
import { heldOf, shownState, taskPath } from "./stand";

const write = (path: string, refused?: string): Waiting => ({ id: 1, key: "k", owner: "b/u", method: "POST", path, label: "", at: 0, tries: 0, refused });

test("a write that waits moves the state on, a refused one does not", () => {
  expect(shownState("given", heldOf([write(taskPath("7", "accept"))], "7"))).toBe("accepted");
  expect(shownState("rejected", heldOf([write(taskPath("7", "accept"))], "7"))).toBe("rejected");
  expect(shownState("accepted", heldOf([write(taskPath("7", "submit"))], "7"))).toBe("submitted");
  expect(shownState("accepted", heldOf([write(taskPath("7", "submit"), "no link")], "7"))).toBe("accepted");
  expect(shownState("given", heldOf([write(taskPath("7", "read"))], "7"))).toBe("given");
});

test("writes of other tasks do not count", () => {
  expect(heldOf([write(taskPath("77", "submit"))], "7")).toEqual({});
});
