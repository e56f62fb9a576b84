/** Where links of notices and to-dos lead on the phone. */
import { matchPath } from "react-router";
import { PARTS, TABS } from "./routes";

/** A page of the phone (to), or one that only the console has (href). */
export type Target = { to: string; href?: undefined } | { to?: undefined; href: string };

/** Pages of the console whose content the phone shows on a tab. */
const ON_TABS: Record<string, string> = { "/todo": "/today", "/notices": "/today", "/library": "/library", "/content/library": "/library" };

/** Finds the page for a link of the program, "/tasks/17?x=1"; may tells whether the reader has a permission. */
export function targetOf(link: string, may: (permission?: string) => boolean): Target {
  const path = link.split(/[?#]/, 1)[0] ?? "";
  const tab = ON_TABS[path];
  if (tab) return { to: tab };
  if (TABS.some((x) => path === `/${x}`) || PARTS.some((p) => p.path && may(p.permission) && matchPath(p.path, path))) return { to: link };
  return { href: link };
}
