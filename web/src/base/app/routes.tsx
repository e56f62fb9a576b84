import type { Entry } from "@/app/routes";

/** The page of the program itself. */
export const routes: Entry[] = [
  { path: "/settings/about", group: "settings", label: "about", order: 95, permission: "app.doctor", scope: false, period: false, page: () => import("./About") },
];
