import type { Entry } from "@/app/routes";

const read = { permission: "risk.read", period: false, scope: false } as const;

/** Pages of the risk room. */
export const routes: Entry[] = [
  { path: "/content/risk", group: "risk", label: "rules", order: 60, ...read, page: () => import("./RulesPage") },
  { path: "/content/risk/lab", ...read, page: () => import("./LabPage") },
  { path: "/content/risk/verdicts", ...read, scope: true, page: () => import("./VerdictsPage") },
  { path: "/content/risk/whatif", ...read, page: () => import("./WhatIfPage") },
  { path: "/content/risk/runs", ...read, page: () => import("./RunsPage") },
  { path: "/content/risk/runs/:run", ...read, scope: true, page: () => import("./RunPage") },
  { path: "/content/risk/ranker", ...read, page: () => import("./ranker/RankerPage") },
  { path: "/content/risk/versions", ...read, page: () => import("./VersionsPage") },
  { path: "/content/risk/versions/:number", ...read, page: () => import("./VersionPage") },
];
