/** What a list is made of, and the pure rules behind DataTable. */
import type { ReactNode } from "react";
import type { Cell } from "../csv";

/** One column of a list. */
export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  /** The server's sort word; without it the column does not sort. */
  sort?: string;
  /** Figures and dates are asked for from high to low first. */
  sortFirst?: "asc" | "desc";
  align?: "left" | "right" | "center";
  width?: number;
  /** Out of sight until chosen. */
  hidden?: boolean;
  /** Always shown (the name column). */
  fixed?: boolean;
  /** The plain value for exports; a column without it is left out of them. */
  plain?: (row: T) => Cell;
}

/** A sort as it stands in URL and API: "views" up, "-views" down. */
export interface Sort {
  word: string;
  down: boolean;
}

/** Reads "-views". */
export function parseSort(s: string): Sort | null {
  if (!s) return null;
  return s.startsWith("-") ? { word: s.slice(1), down: true } : { word: s, down: false };
}

/** Writes "-views". */
export function sortText(s: Sort | null): string {
  return s ? (s.down ? "-" : "") + s.word : "";
}

/** What a person chose for one list; kept in the browser. */
export interface Shape {
  shown?: string[];
  dense?: boolean;
  views?: { name: string; query: string }[];
}

/** Reads the shape of a list; a broken one counts as none. */
export function loadShape(id: string): Shape {
  try {
    return JSON.parse(localStorage.getItem(`kosmos.table.${id}`) ?? "{}") as Shape;
  } catch {
    return {};
  }
}

/** Keeps the shape of a list. */
export function saveShape(id: string, s: Shape): void {
  try {
    localStorage.setItem(`kosmos.table.${id}`, JSON.stringify(s));
  } catch {
    // No storage: the choice lasts until the page closes.
  }
}

/** Columns in sight: the fixed ones, and the chosen ones in their declared order. */
export function shownColumns<T>(all: Column<T>[], shown?: string[]): Column<T>[] {
  return all.filter((c) => c.fixed || (shown ? shown.includes(c.key) : !c.hidden));
}
