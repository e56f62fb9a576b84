/** Answers of /api/v1/insight. */
import type { FigureData } from "@/ui";

/** Quantities that sum over days. */
export const METRICS = ["posts", "lives", "views", "likes", "comments", "saves", "shares", "interactions", "followers_gained", "leads", "inquiries", "replies"] as const;

/** Quantities that say how accounts stand. */
export const STATES = ["accounts", "active", "asleep", "abnormal"] as const;

/** What a leaderboard can be ordered by. */
export const BOARD_METRICS = ["views", "interactions", "posts", "likes", "comments", "saves", "shares", "followers_gained", "lives", "leads", "inquiries", "replies"] as const;

/** Spans a leaderboard is kept for; "period" = the days of the top bar. */
export const WINDOWS = ["7d", "30d", "90d", "month", "period"] as const;

export type Metric = (typeof METRICS)[number];
export type State = (typeof STATES)[number];

/** A plain count with its past and its peers. */
export type Figures = FigureData & { value: number | null };

export interface Period {
  from: string;
  to: string;
}

export interface Part {
  key: string;
  accounts: number;
  active: number;
  values: Record<string, number>;
  previous: Record<string, number>;
}

export interface Source {
  platform: string;
  origin: string;
  as_of: string | null;
}

export interface Overview {
  period: Period;
  previous: Period;
  closed: string | null;
  /** By state and metric; followers_gained stands under followers_delta here. */
  figures: Record<Exclude<Metric, "followers_gained"> | "followers_delta" | State, Figures>;
  platforms: Part[] | null;
  kinds: Part[] | null;
  freshness: Source[] | null;
}

export interface DayValues {
  day: string;
  values: Record<string, number>;
}

export interface SeriesBody {
  period: Period;
  previous: Period;
  days: DayValues[];
  before: DayValues[];
}

/** The curve of one account, with its follower counts. */
export interface AccountSeries extends SeriesBody {
  /** Those told in the period, and the last one before it. */
  followers: { as_of: string; followers: number; origin: string }[];
}

export interface AccountLabel {
  id: string;
  handle: string;
  name: string;
  unit_id: string | null;
  unit_name: string;
  unit_path: string;
  platform: string;
  kind: string;
  member: string;
}

export interface Mover {
  account: AccountLabel;
  value: number;
  previous: number;
  reason: { slug: string; posts?: number; previous_posts?: number; title?: string; post_id?: string; share?: number; day?: string };
}

export interface Movers {
  up: Mover[] | null;
  down: Mover[] | null;
}

export interface Row {
  account: AccountLabel;
  value: number;
  previous: number | null;
}

export interface Place {
  place: number;
  account: AccountLabel;
  value: number;
  league: string;
  league_mean: number | null;
}

export interface Board {
  window: string;
  period: Period;
  closed: string | null;
  items: Place[] | null;
}

export interface League {
  id: string;
  accounts: number;
}

export interface Mine {
  period: Period;
  previous: Period;
  accounts: { account: AccountLabel; asleep: boolean; abnormal: boolean; last_post_day: string | null; posts: number; views: number }[] | null;
  figures: Record<"posts" | "views" | "interactions" | "followers_delta", Figures>;
  rank: { place: number; of: number; league: string; metric: string; value: number } | null;
  wake: { account: AccountLabel; days: number | null }[] | null;
}
