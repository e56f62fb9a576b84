import type { Entry } from "@/app/routes";

/** Pages of the reflow room. */
export const routes: Entry[] = [
  { path: "/data/imports", group: "insight", label: "imports", order: 60, permission: "reflow.read", scope: false, period: false, page: () => import("./Imports") },
  { path: "/data/imports/:id", permission: "reflow.read", scope: false, period: false, page: () => import("./ImportPage") },
  { path: "/data/mappings", group: "insight", label: "mappings", order: 62, permission: "reflow.read", scope: false, period: false, page: () => import("./Mappings") },
];
