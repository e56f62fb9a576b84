import type { Entry } from "@/app/routes";
export const routes: Entry[] = [
  { path: "/overview", group: "overview", label: "overview", order: 1, page: () => import("./Overview") },
  { path: "/matrix/accounts", group: "matrix", label: "accounts", order: 2, page: () => import("./List") },
  { path: "/matrix/units", group: "matrix", label: "units", order: 2, page: () => import("./List") },
  { path: "/matrix/health", group: "matrix", label: "health", order: 2, page: () => import("./List") },
  { path: "/insight/imports", group: "insight", label: "imports", order: 2, page: () => import("./Drop") },
  { path: "/todo", group: "overview", label: "todo", order: 2, page: () => import("./Drop") },
];
