import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the product room on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "today", order: 30, permission: "product.mine", part: () => import("./PhoneStaleHint") },
  { tab: "library", order: 40, permission: "product.read", part: () => import("./PhoneProducts") },
  { path: "/products/stale", permission: "product.mine", part: () => import("./PhoneStale") },
  { path: "/products/:id", permission: "product.read", part: () => import("./PhoneProduct") },
];
