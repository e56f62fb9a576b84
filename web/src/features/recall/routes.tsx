import type { Entry } from "@/app/routes";

/** Pages of the recall room. */
export const routes: Entry[] = [
  { path: "/content/recalls", group: "risk", label: "recall", order: 70, permission: "recall.read", period: false, scope: false, page: () => import("./Recalls") },
  { path: "/content/recalls/:id", permission: "recall.read", period: false, scope: false, page: () => import("./RecallPage") },
  { path: "/recall/:id/items/:object", permission: "recall.prove", period: false, scope: false, page: () => import("./ItemPage") },
];
