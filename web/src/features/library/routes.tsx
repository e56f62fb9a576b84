import type { Entry } from "@/app/routes";

/** Pages of the library. */
export const routes: Entry[] = [
  { path: "/content/library", group: "content", label: "library", order: 20, permission: "library.read", period: false, page: () => import("./Library") },
  { path: "/content/library/ideas", permission: "library.read", period: false, scope: false, page: () => import("./Ideas") },
  { path: "/content/library/talks", permission: "library.read", period: false, page: () => import("./Talks") },
  { path: "/content/library/settings", permission: "library.settings", period: false, scope: false, page: () => import("./endpoint/SettingsPage") },
  { path: "/content/library/proposals", permission: "library.read", period: false, scope: false, page: () => import("./Proposals") },
  { path: "/content/library/pillars", group: "content", label: "pillars", order: 25, permission: "library.read", period: false, page: () => import("./pillar/PillarsPage") },
  { path: "/content/library/pillars/edit", permission: "library.pillars", period: false, scope: false, page: () => import("./pillar/PillarSetup") },
  { path: "/content/library/pillars/posts", permission: "library.read", period: false, page: () => import("./pillar/PillarPosts") },
  { path: "/content/library/new/:kind", permission: "library.write", period: false, scope: false, page: () => import("./EditPage") },
  { path: "/content/library/:id", permission: "library.use", period: false, scope: false, page: () => import("./ItemPage") },
  { path: "/content/library/:id/edit", permission: "library.write", period: false, scope: false, page: () => import("./EditPage") },
];
