import type { Entry } from "@/app/routes";

/** Pages of the health room. */
export const routes: Entry[] = [
  { path: "/matrix/health", group: "matrix", label: "health", order: 60, permission: "health.read", period: false, page: () => import("./HealthBoard") },
  { path: "/matrix/health/rounds", group: "matrix", label: "cleanup", order: 62, permission: "health.read", period: false, page: () => import("./Rounds") },
  { path: "/matrix/health/rounds/:round", permission: "health.read", period: false, scope: false, page: () => import("./RoundPage") },
  { path: "/matrix/health/anomalies", group: "matrix", label: "anomalies", order: 64, permission: "health.read", period: false, page: () => import("./Anomalies") },
];
