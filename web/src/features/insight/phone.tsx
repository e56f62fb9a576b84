import type { PhoneEntry } from "@/phone/routes";

/** Blocks of the insight room on the phone: one's own accounts and figures. */
export const phone: PhoneEntry[] = [{ tab: "me", order: 10, permission: "insight.me", part: () => import("./PhoneMe") }];
