/** What is written of a campaign, as /api/v1/campaign keeps it. */
import type { FormField, TaskType } from "../types";

export interface Question {
  text: string;
  options: string[] | null;
  /** The place of the right option. */
  right: number;
}

/** What headquarters wants on one platform; platform "" = on all. */
export interface Brief {
  platform: string;
  text: string;
  standard: string;
  right: string[] | null;
  wrong: string[] | null;
  question: Question;
}

export interface Phase {
  name: string;
  starts_at: string | null;
  ends_at: string | null;
}

/** Who a campaign is for; an empty list does not filter. */
export interface Filter {
  units: string[] | null;
  roles: string[] | null;
  tags: string[] | null;
  platforms: string[] | null;
  kinds: string[] | null;
  ownership: "" | "company" | "personal";
  levels: string[] | null;
  followers_min: number | null;
  followers_max: number | null;
  tenure_min: number;
  tenure_max: number;
  done_min: number | null;
  done_max: number | null;
  not_units: string[] | null;
  not_members: string[] | null;
  not_tags: string[] | null;
}

export interface Evidence {
  link: boolean;
  screenshots: number;
  form: boolean;
  question: boolean;
  hashtag: boolean;
  /** The store must be named in the text, or a picture shows the post's location. */
  place: boolean;
  by_hand: boolean;
}

export interface TaskPlan {
  id: string | null;
  type: TaskType;
  title: string;
  why: string;
  steps: string;
  platforms: string[] | null;
  /** 1 is the first phase, 0 none. */
  phase: number;
  due_at: string | null;
  minutes: number;
  mandatory: boolean;
  template: string | null;
  /** fact: prices, stock, display, which may be alike. */
  content: "" | "fact";
  materials: string[] | null;
  target: string;
  evidence: Evidence;
  fields: FormField[] | null;
  reward: { text: string; fen: number; points: number };
}

export const TARGETS = ["people", "posts", "views", "interactions"] as const;

/** Everything of a campaign that people write. */
export interface Plan {
  title: string;
  goal: string;
  target: Record<(typeof TARGETS)[number], number | null>;
  topic: string;
  topic_kind: "" | "trend" | "created";
  topic_reason: string;
  hashtags: { all: string[] | null; platforms: Record<string, string[]> | null };
  mode: "" | "spread" | "burst";
  starts_at: string | null;
  ends_at: string | null;
  phases: Phase[] | null;
  /** Minutes of the local day. */
  quiet: { from: number; to: number };
  weekly_minutes: number;
  briefs: Brief[] | null;
  materials: string[] | null;
  audience: Filter;
  tasks: TaskPlan[] | null;
  recur: { every: "" | "week" | "month"; until: string | null };
  similar: number;
}

/** How many are meant. */
export interface Count {
  people: number;
  accounts: number;
  company: number;
  personal: number;
  unasked: number;
  no_account: number;
  units: number;
}

export const NO_QUESTION: Question = { text: "", options: [], right: 0 };

/** A task as it begins: what such a task is usually proved with. */
export function newTask(type: TaskType): TaskPlan {
  const posts = type === "publish_note" || type === "publish_video" || type === "go_live";
  return {
    id: null, type, title: "", why: "", steps: "", platforms: [], phase: 0, due_at: null, minutes: posts ? 5 : 10, mandatory: false, template: null, content: "",
    materials: [], target: "", fields: [], reward: { text: "", fen: 0, points: 0 },
    evidence: { link: posts || type === "comment_link", screenshots: posts || type === "form" ? 0 : 1, form: type === "form", question: false, hashtag: posts, place: false, by_hand: false },
  };
}

/** Whether a task ends in a post with a link and hashtags. */
export const publishes = (t: TaskType): boolean => t === "publish_note" || t === "publish_video" || t === "go_live";

/** Whether a task is done on an account, once for each that matches. */
export const onAccount = (t: TaskType): boolean => publishes(t) || t === "comment_link" || t === "update_home";
