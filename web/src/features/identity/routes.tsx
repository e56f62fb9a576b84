import type { Entry } from "@/app/routes";

/** Pages of the identity room. */
export const routes: Entry[] = [
  { path: "/login", frame: "bare", public: true, page: () => import("./Login") },
  { path: "/setup", frame: "bare", public: true, page: () => import("./Setup") },
  { path: "/invite", frame: "bare", public: true, page: () => import("./Invite") },
  { path: "/settings/users", group: "settings", label: "users", order: 10, permission: "identity.read", scope: false, period: false, page: () => import("./Users") },
  { path: "/settings/tokens", group: "settings", label: "tokens", order: 20, permission: "identity.token", scope: false, period: false, page: () => import("./Tokens") },
  { path: "/settings/brand", group: "settings", label: "brand", order: 80, permission: "identity.brand", scope: false, period: false, page: () => import("./BrandSettings") },
  { path: "/settings/profile", group: "settings", label: "profile", order: 90, permission: "identity.self", scope: false, period: false, page: () => import("./Profile") },
];
