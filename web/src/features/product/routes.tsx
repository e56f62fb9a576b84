import type { Entry } from "@/app/routes";

/** Pages of the product room. */
export const routes: Entry[] = [
  { path: "/content/products", group: "content", label: "products", order: 5, permission: "product.read", period: false, page: () => import("./Products") },
  { path: "/content/products/prices", permission: "product.read", period: false, page: () => import("./Prices") },
  { path: "/content/products/calendar", permission: "product.read", period: false, scope: false, page: () => import("./Calendar") },
  { path: "/content/products/stock", permission: "product.read", period: false, page: () => import("./StockPage") },
  { path: "/content/products/stale", permission: "product.settle", period: false, page: () => import("./StalePage") },
  { path: "/content/products/imports", permission: "product.read", period: false, scope: false, page: () => import("./Imports") },
  { path: "/content/products/imports/:id", permission: "product.read", period: false, scope: false, page: () => import("./ImportPage") },
  { path: "/content/products/settings", permission: "product.write", period: false, scope: false, page: () => import("./SettingsPage") },
  { path: "/content/products/:id", permission: "product.read", period: false, page: () => import("./ProductPage") },
  { path: "/products/stale", permission: "product.mine", period: false, scope: false, page: () => import("./MyStale") },
];
