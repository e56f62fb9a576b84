import type { Entry } from "@/app/routes";

/** Pages of the job queue. */
export const routes: Entry[] = [
  { path: "/settings/jobs", group: "settings", label: "jobs", order: 90, permission: "jobs.manage", scope: false, period: false, page: () => import("./DeadLetters") },
];
