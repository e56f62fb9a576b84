/** Answers of /api/v1/risk. */
import type { Finding } from "./checked/spans";

export const VERDICTS = ["block", "review", "warn", "pass"] as const;
export const SEVERITIES = ["high", "medium", "low"] as const;
export const STATES = ["own", "changed", "off", "shipped", "pack_off"] as const;
export const RULE_KINDS = ["set", "near", "pattern"] as const;

export interface RuleFields {
  kind: string;
  terms?: string[];
  pattern?: string;
  a?: string[];
  b?: string[];
  within?: number;
  except?: string[];
  fold?: string[];
  gap?: number;
  whole?: boolean;
  platforms?: string[];
  industries?: string[];
  kinds?: string[];
  fields?: string[];
  from?: string | null;
  until?: string | null;
  category: string;
  severity: string;
  reason: string;
  reason_en?: string;
  article: string;
  source?: string;
  rewrite?: string;
  replace?: string;
  note?: string;
  noisy?: boolean;
}

export interface Ruled extends RuleFields {
  code: string;
  pack: string;
  says: string;
  state: string;
  entry_note: string;
  by: string;
  at: string | null;
  shipped?: RuleFields;
}

export interface Change {
  code: string;
  pack: string;
  says: string;
  turn: "added" | "changed" | "removed";
  fields: string[];
  before?: RuleFields;
  after?: RuleFields;
}

export interface Pack {
  name: string;
  title: string;
  version: string;
  source: string;
  rules: number;
  on: boolean;
}

export interface Draft {
  rev: number;
  head: number;
  industry: string;
  updated_at: string | null;
  updated_by: string;
  renewed: boolean;
  added: number;
  changed: number;
  removed: number;
  changes: Change[];
  packs: Pack[];
  choices: { categories: string[]; patterns: string[]; folds: string[]; industries: string[]; kinds: string[] };
}

export interface Version {
  number: number;
  published_at: string;
  publisher: string;
  why: string;
  rules: number;
  added: number;
  changed: number;
  removed: number;
}

export interface AccountRef {
  id: string;
  platform: string;
  handle: string;
  name: string;
  unit_id: string | null;
  unit: string;
  member: string;
}

export interface Shown {
  kind: string;
  object: string;
  account: AccountRef;
  text: string;
  verdict: string;
  before: string;
  score: number;
  version: number;
  findings: Finding[];
  checked_at: string | null;
  published_at: string | null;
}

export interface Run {
  id: string;
  kind: "rescan" | "whatif";
  state: string;
  cause: string;
  version: number;
  total: number;
  done: number;
  asked: number;
  changed: number;
  worse: number;
  better: number;
  per_second: number;
  fault: string;
  started_at: string;
  started_by: string;
  finished_at: string | null;
  at: string | null;
  days: number;
  severities: Record<string, string>;
}

export interface Board {
  version: number;
  counts: Record<string, Record<string, number>>;
  last?: Run;
}

export interface Precision {
  right: number;
  false: number;
  low: number;
  high: number;
}

export interface LabReport {
  scanned: number;
  cut: boolean;
  posts: number;
  hits: number;
  alone: number;
  precision: Precision;
  overlaps: { code: string; says: string; posts: number }[];
  sample: Shown[];
}

export interface Judged {
  code: string;
  says: string;
  category: string;
  severity: string;
  state: string;
  noisy: boolean;
  precision: Precision;
}

export interface UnitTurn {
  unit_id: string;
  path: string;
  worse: number;
  better: number;
  blocked: number;
}

export interface Taken {
  added: number;
  changed: number;
  switched: number;
  same: number;
  applied: boolean;
  faults: { row: number; column: string; message: string }[];
}

/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface Verdicts {
  refused: number;
  approved: number;
  right: number;
  false_alarms: number;
  left: number;
  least: number;
  ready: boolean;
}

export interface Ranker {
  number: number;
  trained_at: string;
  trainer: string;
  in_use: boolean;
  order?: { rows: number; refused: number; precision: Interval; recall: Interval; shipped: Interval; own: Interval; gain: Interval };
  alarms?: { rows: number; false: number; lowered: Interval; lost: Interval };
  words: { text: string; weight: number }[];
}

export interface Training {
  state: string;
  done: number;
  total: number;
  fault: string;
  number: number;
  started_at: string;
  started_by: string;
  finished_at: string | null;
}

export interface Rankers {
  in_use: number;
  since: string | null;
  by: string;
  items: Ranker[];
  training?: Training;
}
