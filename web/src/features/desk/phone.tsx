import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the review desk on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 20, permission: "desk.submit", part: () => import("./PhoneDesk") },
  { path: "/desk/new", permission: "desk.submit", part: () => import("./PhoneNew") },
  { path: "/desk/mine", permission: "desk.submit", part: () => import("./PhoneMine") },
  { path: "/desk/mine/:id", permission: "desk.submit", part: () => import("./PhoneOne") },
];
