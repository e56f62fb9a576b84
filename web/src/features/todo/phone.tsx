import type { PhoneEntry } from "@/phone/routes";

/** Blocks of the todo room on the phone. */
export const phone: PhoneEntry[] = [{ tab: "today", order: 10, permission: "todo.read", part: () => import("./PhoneTodos") }];
