import { expect, test } from "vitest";
import { targetOf } from "./open";

const all = () => true;

test("a notice opens the phone's own page, the tab that shows it, or the console", () => {
  expect(targetOf("/tasks/17", all)).toEqual({ to: "/tasks/17" });
  expect(targetOf("/tasks?campaign=17", all)).toEqual({ to: "/tasks?campaign=17" });
  expect(targetOf("/todo?box=units", all)).toEqual({ to: "/today" });
  expect(targetOf("/content/desk/9", all)).toEqual({ to: "/content/desk/9" });
  expect(targetOf("/content/campaigns/9?tab=board", all)).toEqual({ href: "/content/campaigns/9?tab=board" });
});

test("what the reader may not open on the phone is the console's to explain", () => {
  expect(targetOf("/content/desk/9", () => false)).toEqual({ href: "/content/desk/9" });
});
