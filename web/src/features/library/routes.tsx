import type { Entry } from "@/app/routes";

/** Pages of the library. */
export const routes: Entry[] = [
  { path: "/content/library", group: "content", label: "library", order: 20, permission: "library.read", period: false, page: () => import("./Library") },
  { path: "/content/library/ideas", permission: "library.read", period: false, scope: false, page: () => import("./Ideas") },
  { path: "/content/library/proposals", permission: "library.read", period: false, scope: false, page: () => import("./Proposals") },
  { path: "/content/library/new/:kind", permission: "library.write", period: false, scope: false, page: () => import("./EditPage") },
  { path: "/content/library/:id", permission: "library.use", period: false, scope: false, page: () => import("./ItemPage") },
  { path: "/content/library/:id/edit", permission: "library.write", period: false, scope: false, page: () => import("./EditPage") },
];
