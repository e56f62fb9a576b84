import type { PhoneEntry } from "@/phone/routes";

/** Blocks of the notify room on the phone. */
export const phone: PhoneEntry[] = [{ tab: "today", order: 50, permission: "notify.read", part: () => import("./PhoneNotices") }];
