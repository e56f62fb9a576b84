import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the todo room on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 10, permission: "todo.read", part: () => import("./PhoneTodos") },
  { path: "/todo/:id", permission: "todo.read", part: () => import("./PhoneTodo") },
];
