import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the review desk on the phone. The reviewer's pages have the console's paths: notices link to them. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 15, permission: "desk.review", part: () => import("./PhoneReviews") },
  { tab: "today", order: 20, permission: "desk.submit", part: () => import("./PhoneDesk") },
  { path: "/content/desk", permission: "desk.review", part: () => import("./PhoneQueue") },
  { path: "/content/desk/:id", permission: "desk.review", part: () => import("./PhoneReview") },
  { path: "/desk/new", permission: "desk.submit", part: () => import("./PhoneNew") },
  { path: "/desk/mine", permission: "desk.submit", part: () => import("./PhoneMine") },
  { path: "/desk/mine/:id", permission: "desk.submit", part: () => import("./PhoneOne") },
];
