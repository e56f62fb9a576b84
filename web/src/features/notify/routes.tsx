import type { Entry } from "@/app/routes";

/** Pages of the notify room. */
export const routes: Entry[] = [
  { path: "/notices", group: "overview", label: "notices", order: 20, permission: "notify.read", scope: false, period: false, page: () => import("./Notices") },
  { path: "/settings/channels", group: "settings", label: "channels", order: 50, permission: "notify.log", period: false, page: () => import("./Channels") },
  { path: "/unsubscribe", frame: "bare", public: true, page: () => import("./Unsubscribe") },
];
