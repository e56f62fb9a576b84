/** Answers of /api/v1/todo. */

/** A to-do. */
export interface Item {
  id: string;
  kind: string;
  title: string;
  /** What it is good for and how it is done; "" when nobody said. */
  why: string;
  /** The platform in whose app it is done, or "". */
  platform: string;
  link: string;
  /** It closes by itself once the work on its page is done. */
  locked: boolean;
  unit_id: string | null;
  unit_name: string;
  member_id: string | null;
  member_name: string;
  audience: string;
  due: string | null;
  overdue: boolean;
  state: string;
  outcome: string;
  note: string;
  created_at: string;
  created_by: string;
  closed_at: string | null;
  closed_by: string;
}

/** How much is open for the person at the screen. */
export interface Summary {
  open: number;
  today: number;
  overdue: number;
}

/** How a to-do was closed. */
export type How = "done" | "dismissed";

/** A to-do that was closed here, or closed and opened again. */
export interface Turned {
  item: Item;
  how: How | "open";
}
