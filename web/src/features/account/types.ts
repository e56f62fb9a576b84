/** Answers of /api/v1/account. */

export const API = "/api/v1/account";

export const STATUSES = ["ok", "token_expired", "authorisation_cancelled", "banned", "private", "handed_over", "closed"] as const;
export const OWNERSHIPS = ["company", "personal"] as const;
export const LEVELS = ["junior", "middle", "senior"] as const;
export const CERT_STATES = ["none", "pending", "certified", "expired", "revoked"] as const;
export const SHAPES = ["pyramid", "official_kos", "benchmark", "persona", "private"] as const;
export const CUTS = ["region", "city", "store_type"] as const;

export interface UnitRef {
  id: string;
  name: string;
  path: string;
  kind: string;
}

export interface PairRef {
  id: string;
  platform: string;
  name: string;
  handle: string;
}

export interface Account {
  id: string;
  platform: string;
  handle: string;
  name: string;
  external_id: string;
  kind: string;
  side: "public" | "private";
  unit: UnitRef;
  member: { id: string; name: string } | null;
  ownership: string;
  verified: boolean;
  certification: { kind: string; state: string; until: string | null } | null;
  cert_kind: string;
  poi: string;
  status: string;
  status_cause: string;
  status_since: string | null;
  handover_due: string | null;
  level: string;
  paired: PairRef | null;
  city: string;
  city_tier: number;
  league: string;
  tags: string[];
  followers: number | null;
  followers_as_of: string | null;
  created_day: string;
  last_post_day: string | null;
  rev: number;
  updated_at: string;
}

export interface Entry {
  id: string;
  at: string;
  what: string;
  from_member: string;
  to_member: string;
  from_unit: string;
  to_unit: string;
  from: string;
  to: string;
  reason: string;
  checklist: { key: string; done: boolean; note?: string }[];
  actor: string;
}

export interface Consent {
  id: string;
  member: string;
  purposes: string[];
  text_version: string;
  text_hash: string;
  agreed_at: string;
  via: string;
  proof: string;
  recorded_by: string;
  withdrawn_at: string | null;
  withdrawn_reason: string;
}

export interface ConsentText {
  version: string;
  text: string;
  hash: string;
  purposes: string[];
  steps: string[];
}

export interface BulkDone {
  batch_id: string;
  changed: number;
  kept: { handle: string; message: string }[];
  /** Asked for, but not there or not the caller's to change. */
  skipped: string[];
}

export interface Part {
  kind: string;
  level: string;
  platform: string;
  accounts: number;
  followers: number;
  abnormal: number;
}

export interface Ring {
  key: string;
  side: string;
  kinds: string[];
  accounts: number;
  followers: number | null;
  abnormal: number;
  levels: boolean;
  parts: Part[];
}

export interface Layout {
  shape: string;
  rings: Ring[];
  branches: { unit: UnitRef; rings: number[] }[];
  pairs: { platform: string; paired: number; unpaired: number }[];
  outside: number;
}

export interface CoverRow {
  key: string;
  name: string;
  unit_id: string | null;
  city: number;
  tier: number;
  stores: number;
  bare: number;
  accounts: number;
  unpaired: number;
  cells: { platform: string; accounts: number; stores_with: number }[];
}

export interface Coverage {
  by: string;
  total: CoverRow;
  rows: CoverRow[];
}

export interface Gap {
  unit: UnitRef;
  city: string;
  has: string[];
}

export interface Unofficial {
  id: string;
  platform: string;
  handle: string;
  name: string;
  url: string;
  bio: string;
  external_id: string;
  source: string;
  /** The import whose file named it, and that file. */
  import_id: string | null;
  origin: string;
  state: string;
  member: string;
  unit_path: string;
  account_id: string | null;
  proof: string;
  note: string;
  seen_day: string;
  certified_day: string | null;
  next: string[];
  updated_at: string;
}

export interface SavedView {
  id: string;
  name: string;
  query: string;
  shared: boolean;
  mine: boolean;
}

export interface League {
  from: string | null;
  note: string;
  actor: string;
  definition: { tiers: number[]; followers: number[]; tenure_days: number[] };
}
