import type { Entry } from "@/app/routes";

/** Pages of the account room. */
export const routes: Entry[] = [
  { path: "/matrix/accounts", group: "matrix", label: "accounts", order: 30, permission: "account.read", period: false, page: () => import("./AccountList") },
  { path: "/settings/leagues", group: "settings", label: "leagues", order: 60, permission: "account.league", scope: false, period: false, page: () => import("./LeaguePage") },
  { path: "/matrix/accounts/:account", permission: "account.read", scope: false, page: () => import("./AccountPage") },
  { path: "/matrix/unofficial", group: "matrix", label: "unofficial", order: 35, permission: "account.read", scope: false, period: false, page: () => import("./matrix/UnofficialList") },
  { path: "/matrix/layouts", group: "matrix", label: "layouts", order: 40, permission: "account.read", period: false, page: () => import("./matrix/Layouts") },
  { path: "/matrix/coverage", group: "matrix", label: "coverage", order: 50, permission: "account.read", period: false, page: () => import("./matrix/CoveragePage") },
];
