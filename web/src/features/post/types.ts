/** Answers of /api/v1/post. */

/** What a post is made of. */
export const KINDS = ["video", "image", "live", "article", "text"] as const;

/** The counters of a post, in the order they are shown. */
export const COUNTERS = ["impressions", "views", "likes", "comments", "saves", "shares", "followers_gained"] as const;

export type Counter = (typeof COUNTERS)[number];

export interface Account {
  handle: string;
  name: string;
  unit_name: string;
  unit_path: string;
  member: string;
  kind: string;
}

export interface Post extends Record<Counter, number | null> {
  id: string;
  account_id: string;
  account: Account;
  platform: string;
  title: string;
  url: string;
  kind: string;
  published_at: string | null;
  day_only: boolean;
  status: string;
  as_of: string | null;
  origin: string;
  fell: string[];
  interactions: number | null;
}

export interface DayFigures {
  day: string;
  origin: string;
  opening: boolean;
  values: Record<string, number>;
}

export interface Snapshot {
  as_of: string | null;
  learned_at: string | null;
  origin: string;
  undone: boolean;
  counters: Record<Counter, number | null>;
}

export interface PostView {
  post: Post;
  days: DayFigures[];
  snapshots: Snapshot[];
}
