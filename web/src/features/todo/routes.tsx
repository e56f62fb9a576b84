import type { Entry } from "@/app/routes";

/** Pages of the todo room. */
export const routes: Entry[] = [
  { path: "/todo", group: "overview", label: "todo", order: 10, permission: "todo.read", period: false, page: () => import("./Todos") },
];
