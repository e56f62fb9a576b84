import type { Entry } from "@/app/routes";

/** Pages of the hit room. */
export const routes: Entry[] = [
  { path: "/content/hits", group: "content", label: "hits", order: 40, permission: "hit.read", period: false, page: () => import("./Hits") },
  { path: "/content/hits/calendar", permission: "hit.read", period: false, page: () => import("./Calendar") },
  { path: "/content/hits/settings", permission: "hit.read", period: false, scope: false, page: () => import("./SettingsPage") },
  { path: "/content/hits/import", permission: "hit.write", period: false, scope: false, page: () => import("./ImportPage") },
  { path: "/content/hits/:id", permission: "hit.read", period: false, scope: false, page: () => import("./HitPage") },
];
