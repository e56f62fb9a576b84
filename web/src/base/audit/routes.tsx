import type { Entry } from "@/app/routes";

/** Pages of the audit trail. */
export const routes: Entry[] = [
  { path: "/settings/audit", group: "settings", label: "audit", order: 80, permission: "audit.read", scope: false, page: () => import("./Trail") },
];
