/**
 * The one list of pages. A room adds its pages in src/features/<room>/routes.tsx:
 *
 *   export const routes: Entry[] = [
 *     { path: "/matrix/accounts", group: "matrix", label: "accounts", order: 30, permission: "account.read",
 *       page: () => import("./AccountList") },
 *   ];
 *
 * Menu words stand in src/app/i18n.ts under "nav.<label>".
 */
import type { ComponentType } from "react";
import type { NavKey } from "./i18n";

/** Groups of the left menu, in order. */
export const GROUPS = ["overview", "matrix", "enable", "content", "risk", "operate", "insight", "settings"] as const;

/** A group of the left menu. */
export type Group = (typeof GROUPS)[number];

/** One page of the console. */
export interface Entry {
  /** Path with :params, as react-router has it. */
  path: string;
  /** The page, loaded when first opened. */
  page: () => Promise<{ default: ComponentType }>;
  /** Where it stands in the menu; without a group it is reached by links only. */
  group?: Group;
  label?: NavKey;
  /** Place inside the group, small first. */
  order?: number;
  /** room.verb a person needs to see it in the menu and to open it. */
  permission?: string;
  /** "bare" = the whole screen without menu and top bar (login, set-up, invitation). */
  frame?: "console" | "bare";
  /** Needs no session. */
  public?: boolean;
  /** false hides scope switcher and period picker in the top bar on this page. */
  scope?: boolean;
  period?: boolean;
}

const files = import.meta.glob<{ routes: Entry[] }>("../features/*/routes.tsx", { eager: true });
const base = import.meta.glob<{ routes: Entry[] }>("../base/*/routes.tsx", { eager: true });

/** All pages of all rooms. */
export const ENTRIES: Entry[] = Object.values({ ...files, ...base })
  .flatMap((f) => f.routes)
  .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
