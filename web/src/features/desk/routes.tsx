import type { Entry } from "@/app/routes";

/** Pages of the review desk. */
export const routes: Entry[] = [
  { path: "/content/desk", group: "risk", label: "review", order: 50, permission: "desk.read", period: false, page: () => import("./Queue") },
  { path: "/content/desk/figures", permission: "desk.read", period: false, page: () => import("./Figures") },
  { path: "/content/desk/settings", permission: "desk.read", period: false, scope: false, page: () => import("./SettingsPage") },
  { path: "/content/desk/:id", permission: "desk.read", period: false, scope: false, page: () => import("./ReviewPage") },
  { path: "/desk/mine", group: "risk", label: "submissions", order: 52, permission: "desk.submit", period: false, scope: false, page: () => import("./MinePage") },
  { path: "/desk/new", permission: "desk.submit", period: false, scope: false, page: () => import("./NewPage") },
  { path: "/desk/mine/:id", permission: "desk.submit", period: false, scope: false, page: () => import("./OnePage") },
];
