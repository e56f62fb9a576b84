import type { Entry } from "@/app/routes";

/** Pages of the org room. */
export const routes: Entry[] = [
  { path: "/matrix/guide", group: "matrix", label: "guide", order: 5, permission: "org.fit", period: false, scope: false, page: () => import("./Guide") },
  { path: "/matrix/units", group: "matrix", label: "units", order: 10, permission: "org.read", period: false, page: () => import("./Units") },
  { path: "/matrix/members", group: "matrix", label: "members", order: 20, permission: "org.member_read", period: false, page: () => import("./Members") },
  { path: "/matrix/members/:member", permission: "org.member_read", period: false, page: () => import("./MemberPage") },
];
