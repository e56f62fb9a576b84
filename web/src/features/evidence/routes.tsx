import type { Entry } from "@/app/routes";

/** Pages of the evidence room. */
export const routes: Entry[] = [
  { path: "/content/evidence", group: "risk", label: "evidence", order: 80, permission: "evidence.read", period: false, page: () => import("./Chain") },
];
