/** Answers of /api/v1/reflow. */

/** The states of an import. */
export type State = "waiting" | "ready" | "applying" | "done" | "undoing" | "undone" | "failing" | "failed";

/** How one sheet of a file is read. */
export interface Sheet {
  name: string;
  kind: string;
  mapping?: string;
  header_row: number;
  columns: { header: string; field: string; index: number }[];
  ignored: string[];
  sample: string[][];
}

/** What was understood of a file. */
export interface Understood {
  sheets: Sheet[];
  skipped: string[];
  /** `word`: of an account nobody registered, the brand's word that its name or bio holds. */
  accounts: { name: string; rows: number; known: boolean; word: string }[];
}

/** One file on its way in. */
export interface Import {
  id: string;
  created_at: string;
  user: string;
  source: "console" | "command";
  file_name: string;
  file_size: number;
  state: State;
  kind: string;
  platform: string;
  account: string;
  mapping: string;
  post_title: string;
  as_of: string;
  as_of_source: "given" | "file" | "upload";
  rows: number;
  total: number;
  done: number;
  inserted: number;
  updated: number;
  unchanged: number;
  errors: number;
  warnings: number;
  message: string;
  needs: string;
  file_kept: boolean;
  ended_at: string | null;
  understood?: Understood;
}

/** What is wrong with a row. */
export interface Fault {
  row: number;
  sheet?: string;
  column: string;
  message: string;
  warning: boolean;
}

/** How fresh one kind of file is. */
export interface Source {
  kind: string;
  platform: string;
  as_of: string;
  imported_at: string;
  imports: number;
}

/** What one header means. */
export interface MapColumn {
  header: string;
  field: string;
  unit?: string;
}

/** A user's own reading of a layout. */
export interface Mapping {
  id: string;
  name: string;
  platform?: string;
  grain: string;
  columns: MapColumn[];
  version: number;
  updated_at: string;
  user: string;
}

/** What the mapping editor offers. */
export interface Layouts {
  layouts: { kind: string; platform: string; grain: string; columns: MapColumn[] }[];
  fields: { field: string; type: string }[];
}

/** Whether the server is at work on an import. */
export const running = (s: State): boolean => s === "applying" || s === "undoing" || s === "failing";
