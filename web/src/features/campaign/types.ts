/** Answers of /api/v1/campaign that phone and console share. */
import type { Brief } from "./plan/types";

export const API = "/api/v1/campaign";

/** What a member is asked to do. */
export const TASK_TYPES = ["publish_note", "publish_video", "go_live", "comment_link", "update_home", "attend_training", "offline_event", "form"] as const;
export type TaskType = (typeof TASK_TYPES)[number];

/** Where a member stands with a task. */
export const STEPS = ["given", "accepted", "submitted", "look", "passed", "rejected", "appealed", "settled", "denied", "declined", "gone"] as const;
export type Step = (typeof STEPS)[number];

export interface Reward {
  text: string;
  fen: number;
  points: number;
}

/** One of my tasks, as a row. */
export interface MyTask {
  id: string;
  campaign_id: string;
  campaign: string;
  type: TaskType;
  title: string;
  why: string;
  account_id: string;
  account: string;
  platform: string;
  state: Step;
  reason: string;
  reason_text: string;
  due_at: string | null;
  publish_at: string | null;
  late: boolean;
  unread: boolean;
  mandatory: boolean;
  minutes: number;
  reward: Reward;
}

export interface MyList {
  items: MyTask[];
  /** Tasks I have to act on, and their minutes. */
  open: number;
  minutes: number;
  /** Minutes a week I may be asked for; 0 = no cap. */
  cap: number;
  /** Tasks kept back because this week's minutes are used up. */
  later: number;
}

export interface FormField {
  key: string;
  label: string;
  kind: "text" | "number" | "choice" | "yes_no";
  options: string[] | null;
  required: boolean;
}

export interface Material {
  id: string;
  kind: string;
  title: string;
  usable: boolean;
  why: string;
  files: { name: string; media: string; size: number; url: string }[] | null;
}

/** One test of a proof. */
export interface Check {
  test: string;
  result: "pass" | "wait" | "look" | "fail";
  slug: string;
  text: string;
}

export interface Submission {
  id: string;
  no: number;
  at: string;
  link: string;
  platform: string;
  post_id: string;
  post_title: string;
  published_at: string | null;
  text: string;
  note: string;
  answer: number | null;
  form: Record<string, string> | null;
  pictures: string[] | null;
  state: Step;
  checks: Check[] | null;
  reason: string;
  why: string;
  decision: string;
  decided_by: string;
  decided_at: string | null;
  appeal: string;
  figures: { views: number | null; interactions: number | null; as_of: string | null };
}

export interface UnitNote {
  unit_id: string;
  unit: string;
  text: string;
  at: string;
  by: string;
}

/** One of my tasks with all that is needed to do it. */
export interface MyPage {
  task: MyTask;
  steps: string;
  goal: string;
  topic: string;
  hashtags: string[] | null;
  brief: Brief;
  asks: boolean;
  notes: UnitNote[] | null;
  text: { title: string; body: string; own: boolean };
  materials: Material[] | null;
  target: string;
  evidence: { link: boolean; screenshots: number; form: boolean; question: boolean; hashtag: boolean; place: boolean; by_hand: boolean };
  fields: FormField[] | null;
  opens_at: string | null;
  ends_at: string | null;
  app_url: string;
  submissions: Submission[] | null;
  can_accept: boolean;
  can_decline: boolean;
  can_submit: boolean;
  can_appeal: boolean;
  version: number;
  changed_since: boolean;
  card: { title: string; line: string; link: string };
}

/** An imported post that may prove a task. */
export interface PostPick {
  id: string;
  title: string;
  url: string;
  published_at: string;
  used: boolean;
}

/** How far I am, and my place in my unit. */
export interface MyRank {
  given: number;
  done: number;
  rank: number | null;
  of: number;
  unit: string;
  fen: number;
  points: number;
}

export const DECLINES = ["no_time", "not_my_topic", "on_leave", "account_down", "unwilling", "other"] as const;
