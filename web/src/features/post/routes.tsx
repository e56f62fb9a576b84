import type { Entry } from "@/app/routes";

/** Pages of the post room. */
export const routes: Entry[] = [
  { path: "/content/posts", group: "content", label: "posts", order: 30, permission: "post.read", period: false, page: () => import("./PostList") },
  { path: "/content/posts/:id", permission: "post.read", scope: false, period: false, page: () => import("./PostPage") },
];
