import type { Entry } from "@/app/routes";

/** Pages of the notify room. */
export const routes: Entry[] = [
  { path: "/notices", group: "overview", label: "notices", order: 20, permission: "notify.read", scope: false, period: false, page: () => import("./Notices") },
];
