import type { PhoneEntry } from "@/phone/routes";

/** The tab "library" and its pages. */
export const phone: PhoneEntry[] = [
  { tab: "library", order: 5, permission: "library.use", part: () => import("./pillar/PhoneLacks") },
  { tab: "library", order: 10, permission: "library.use", part: () => import("./PhoneLibrary") },
  { path: "/library/propose", permission: "library.use", part: () => import("./PhonePropose") },
  { path: "/library/proposals", permission: "library.use", part: () => import("./PhoneProposals") },
  { path: "/library/:id", permission: "library.use", part: () => import("./PhoneItem") },
  { path: "/content/library/:id", permission: "library.use", part: () => import("./PhoneItem") },
];
