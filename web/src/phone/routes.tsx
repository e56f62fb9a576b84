/**
 * What the phone shows. A room adds src/features/<room>/phone.tsx:
 *
 *   export const phone: PhoneEntry[] = [
 *     { tab: "today", order: 10, part: () => import("./PhoneTodos") },        // a block on a tab
 *     { path: "/todo/:id", part: () => import("./PhoneTodo") },               // a page of its own, opened by links
 *   ];
 *
 * A tab is shown once a room has put a block on it.
 */
import { lazy, type ComponentType, type ReactElement } from "react";

/** Tabs of the bottom bar, in order. */
export const TABS = ["today", "library", "inbox", "leads", "me"] as const;

/** A tab of the bottom bar. */
export type Tab = (typeof TABS)[number];

/** A block on a tab or a page. */
export interface PhoneEntry {
  tab?: Tab;
  /** Place on the tab, small first. */
  order?: number;
  /** Below /m, with :params. */
  path?: string;
  permission?: string;
  part: () => Promise<{ default: ComponentType }>;
}

const files = import.meta.glob<{ phone: PhoneEntry[] }>("../features/*/phone.tsx", { eager: true });

/** A block or page ready to draw. */
export interface Part extends PhoneEntry {
  element: ReactElement;
}

/** All blocks and pages of all rooms, in order. */
export const PARTS: Part[] = [
  { tab: "me" as const, order: 900, part: () => import("./Settings") },
  ...Object.values(files).flatMap((f) => f.phone),
]
  .sort((a, b) => (a.order ?? 100) - (b.order ?? 100))
  .map((e, i) => {
    const C = lazy(e.part);
    return { ...e, element: <C key={i} /> };
  });
