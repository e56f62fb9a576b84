import type { Entry } from "@/app/routes";

/** Pages of the insight room. */
export const routes: Entry[] = [
  { path: "/", group: "overview", label: "overview", order: 1, page: () => import("./Overview") },
  { path: "/insight/leaderboard", group: "insight", label: "leaderboard", order: 10, permission: "insight.read", page: () => import("./Leaderboard") },
  { path: "/insight/rows", permission: "insight.read", page: () => import("./Rows") },
];
