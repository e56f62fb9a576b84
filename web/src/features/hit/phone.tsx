import type { PhoneEntry } from "@/phone/routes";

/** Blocks and pages of the hit room on the phone. */
export const phone: PhoneEntry[] = [
  { tab: "library", order: 20, permission: "hit.near", part: () => import("./PhoneHitsLink") },
  { path: "/hits", permission: "hit.near", part: () => import("./PhoneHits") },
];
