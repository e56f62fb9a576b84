/** Answers of /api/v1/health. */

export const CAUSES = ["banned", "token_lost", "never_posted", "stopped", "unseen", "no_replies", "not_converting", "unasked"] as const;
export const ANOMALIES = ["follower_cliff", "mass_deletion", "counter_burst"] as const;
export const BANDS = ["red", "amber", "green"] as const;
export const DECISIONS = ["revive", "merge", "hide", "cancel"] as const;

export interface AccountRef {
  id: string;
  platform: string;
  handle: string;
  name: string;
  unit_id: string | null;
  unit: string;
  member: string;
}

export interface Part {
  name: string;
  points: number;
  max: number;
  value: string;
  peer: string;
}

export interface Judgement {
  account: AccountRef;
  kind: string;
  day: string;
  score: number;
  band: string;
  peer_mean: number;
  cause: string;
  since: string | null;
  parts: Part[];
  /** Causes that could not be judged, and the figures they need. */
  silent: { cause: string; needs: string[] }[];
}

export interface Episode {
  cause: string;
  since: string;
  found: string;
  closed: string | null;
  outcome: string;
  step: number;
  steps: { step: number; taken: string; due: string; audience: string }[];
}

export interface Settings {
  sleep_days: number;
  sleep_days_store: number;
  unseen_posts: number;
  unseen_percent: number;
  ask_days: number;
  ask_views: number;
  ladder: number[];
  reply_inquiries: number;
  reply_percent: number;
  convert_inquiries: number;
  convert_percent: number;
  cliff_percent: number;
  deleted_posts: number;
  deleted_percent: number;
  fallen_posts: number;
  amber: number;
  green: number;
}

export interface Board {
  judged: string | null;
  judged_at: string | null;
  accounts: number;
  bands: Record<string, number>;
  causes: Record<string, number>;
  outcomes_30: Record<string, number>;
  silent: Record<string, number>;
  anomalies: number;
  settings: Settings;
}

export interface Anomaly {
  id: string;
  account: AccountRef;
  kind: string;
  day: string;
  before: number;
  after: number;
  state: string;
  note: string;
  seen_by: string;
  seen_at: string | null;
}

/** A line behind an anomaly: a post that is gone, a counter that fell, or a count of the account. */
export interface FallRow {
  post_id: string | null;
  title: string;
  published_at: string | null;
  counter: string;
  as_of: string;
  before: number | null;
  after: number | null;
}

export interface Round {
  id: string;
  name: string;
  state: string;
  opened: string;
  due: string;
  closed: string | null;
  opened_by: string;
  counts: Record<string, number>;
}

export interface RoundItem {
  account: AccountRef;
  cause: string;
  state: string;
  decision: string;
  reason: string;
  decided_by: string;
  decided_at: string | null;
  proof: string;
  proved_by: string;
  proved_at: string | null;
}
