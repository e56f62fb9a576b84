import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the campaign room on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 5, permission: "campaign.do", part: () => import("./PhoneToday") },
  { tab: "me", order: 20, permission: "campaign.do", part: () => import("./PhoneProgress") },
  { path: "/tasks", permission: "campaign.do", part: () => import("./PhoneTasks") },
  { path: "/tasks/:id", permission: "campaign.do", part: () => import("./PhoneTask") },
  { path: "/tasks/:id/card", permission: "campaign.do", part: () => import("./PhoneCard") },
];
