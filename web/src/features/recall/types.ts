/** Answers of /api/v1/recall. */

export const API = "/api/v1/recall";

/** Where a text holds the claim, in code points. */
export interface Span {
  start: number;
  end: number;
}

export interface AccountLabel {
  id: string;
  handle: string;
  name: string;
  platform: string;
  unit: string;
  member: string;
}

export const ITEM_STATES = ["waiting", "proved", "done", "harmless"] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** A recall with its progress in the reader's scope. */
export interface Recall {
  id: string;
  title: string;
  terms: string[];
  except: string[] | null;
  rule_id: string;
  action: "take_down" | "edit";
  reason: string;
  article: string;
  unit_id: string | null;
  due: string;
  overdue: boolean;
  state: "searching" | "open" | "closed";
  looked: number;
  opened_at: string;
  opened_by: string;
  closed_at: string | null;
  closed_by: string;
  close_note: string;
  counts: Partial<Record<ItemState, number>>;
}

/** One text of a recall. */
export interface Item {
  recall_id: string;
  object_id: string;
  kind: "post" | "profile";
  account: AccountLabel;
  unit_id: string | null;
  content: string;
  spans: Span[];
  url: string;
  found_at: string;
  state: ItemState;
  proof: string;
  has_picture: boolean;
  note: string;
  proved_at: string | null;
  proved_by: string;
  decided_at: string | null;
  decided_by: string;
  decision_note: string;
}

/** One text with what its owner must know of the recall. */
export interface ItemPage {
  item: Item;
  recall: Pick<Recall, "title" | "action" | "reason" | "article" | "due" | "state">;
}

/** What a claim would find. */
export interface Found {
  looked: number;
  found: number;
  accounts: number;
  whole: boolean;
  samples: { kind: string; content: string; spans: Span[]; url: string; account: AccountLabel }[];
}

/** How a unit stands. */
export interface UnitRow {
  unit_id: string;
  counts: Partial<Record<ItemState, number>>;
  first_found: string;
  last_decided: string | null;
}

/** All items of a recall. */
export const total = (c: Recall["counts"]): number => ITEM_STATES.reduce((n, s) => n + (c[s] ?? 0), 0);
/** Those that are through. */
export const finished = (c: Recall["counts"]): number => (c.done ?? 0) + (c.harmless ?? 0);
