import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the notify room on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 50, permission: "notify.read", part: () => import("./PhoneNotices") },
  { tab: "me", order: 700, permission: "notify.read", part: () => import("./PhoneSettingsLink") },
  { path: "/notices/settings", permission: "notify.read", part: () => import("./PhonePreferences") },
];
