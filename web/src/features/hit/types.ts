/** Answers of /api/v1/hit. */

export const API = "/api/v1/hit";

export const KINDS = ["own", "outside", "competitor"] as const;
export type Kind = (typeof KINDS)[number];

export const METRICS = ["views", "interactions", "saves"] as const;
export type Metric = (typeof METRICS)[number];

/** One figure that beats the usual of account and league at one age. */
export interface Signal {
  metric: Metric;
  mark: number;
  count: number;
  own_z: number;
  own_usual: number;
  own_times: number;
  own_posts: number;
  league_z: number;
  league_usual: number;
  league_times: number;
  league_posts: number;
}

export interface Hit {
  id: string;
  kind: Kind;
  origin: "found" | "link" | "file";
  post_id: string | null;
  account: { id: string; handle: string; name: string; unit: string; member: string } | null;
  unit_id: string;
  platform: string;
  media: string;
  title: string;
  url: string;
  author: string;
  followers: number | null;
  published_at: string | null;
  published_day: string | null;
  day_only: boolean;
  strength: number;
  metric: Metric | "";
  mark: number;
  signals: Signal[];
  views: number | null;
  interactions: number | null;
  given: { likes: number | null; comments: number | null; saves: number | null; shares: number | null };
  state: "listed" | "dismissed" | "gone";
  reason: string;
  note: string;
  star_at: string | null;
  star_by: string;
  template_id: string | null;
  template_at: string | null;
  template_by: string;
  found_at: string;
  updated_at: string;
  by: string;
}

/** A hit with its curve and what is usual at the same ages. */
export interface Detail {
  hit: Hit;
  league: string;
  followers: number | null;
  points: { at: string; views: number | null; interactions: number | null; saves: number | null }[];
  steps: Step[];
  may_write: boolean;
  may_star: boolean;
}

export type Step = { mark: number } & Record<Metric | `own_${Metric}` | `league_${Metric}`, number | null>;

export interface Count {
  listed: number;
  week: number;
  starred: number;
  templated: number;
  looked_at: string | null;
}

export type Fields = Record<string, string>;

export interface Teardown {
  rev: number;
  fields: Fields;
  known: Fields;
  parts: { key: "preliminary" | "content" | "technical" | "interaction"; fields: string[] }[];
  by: string;
  updated_at: string | null;
}

export interface Edition {
  rev: number;
  by: string;
  at: string;
  fields: Fields;
  changed: string[];
}

export interface Compared {
  posts: number;
  times: number;
  above: number;
}

export interface Results {
  state: string;
  uses: number;
  posts: number;
  views: number | null;
  interactions: number | null;
  leads: number | null;
  compared_views: Compared;
  compared_interactions: Compared;
}

export interface SheetResult {
  rows: number;
  added: number;
  changed: number;
  same: number;
  faulty: number;
  faults: { row: number; column: string; message: string }[];
}

export interface Near {
  id: string;
  title: string;
  platform: string;
  url: string;
  day: string | null;
  mine: boolean;
  star: boolean;
  metric: Metric | "";
  mark: number;
  times: number;
  author: string;
  views: number | null;
  lesson: Fields;
  template_id: string | null;
}

export interface Settings {
  own_z: number;
  league_z: number;
  own_posts: number;
  league_posts: number;
  window_days: number;
  least_views: number;
  least_interactions: number;
  least_saves: number;
  marks: number[];
  may_edit: boolean;
}
