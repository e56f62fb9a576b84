/** Answers of /api/v1/desk. */
import type { Finding as Checked } from "@/features/risk/checked/spans";

export const API = "/api/v1/desk";

export const KINDS = ["post", "profile", "reply", "comment", "live"] as const;
export type Kind = (typeof KINDS)[number];

export const LEVELS = ["none", "low", "medium", "high"] as const;

export type State = "reading" | "waiting" | "changes" | "rejected" | "blocked" | "approved" | "published" | "expired" | "withdrawn";

/** The fields of each kind, as they are filled in. */
export const FIELDS: Record<Kind, readonly string[]> = {
  post: ["title", "body"],
  profile: ["name", "bio"],
  reply: ["body"],
  comment: ["body"],
  live: ["title", "rundown"],
};

/** Fields of several lines. */
export const LONG: ReadonlySet<string> = new Set(["body", "bio", "rundown"]);

export interface FieldText {
  field: string;
  text: string;
}

export interface Media {
  kind: "image" | "video";
  name: string;
  link: string;
  note: string;
}

export interface Finding extends Checked {
  top: { text: string; weight: number }[];
}

export interface Account {
  id: string;
  platform: string;
  handle: string;
  name: string;
  unit: string;
  member: string;
}

export interface Submission {
  id: string;
  kind: Kind;
  platform: string;
  account?: Account | null;
  unit: string;
  author: string;
  own: boolean;
  state: State;
  version: number;
  title: string;
  texts: FieldText[];
  media: Media[];
  pictures: string[];
  verdict: string;
  level: (typeof LEVELS)[number];
  score: number;
  rules: string;
  findings: Finding[];
  findings_more: number;
  need: number;
  approvals: number;
  straight: string;
  sampled: boolean;
  submitted_at: string;
  due_at: string | null;
  overdue: boolean;
  claimed_by: string;
  claimed_own: boolean;
  assigned_to: string;
  decided_at: string | null;
  decided_by: string;
  reason: string;
  suggestion: FieldText[];
  expires_at: string | null;
  published_at: string | null;
  link: string;
}

export interface Picture {
  id: string;
  name: string;
  type: string;
  size: number;
  width: number;
  height: number;
  state: "new" | "read" | "unread";
  codes: string[];
  text: string;
  missing: string;
}

export interface Review {
  submission_id: string;
  version: number;
  reviewer: string;
  decision: "approve" | "changes" | "reject";
  reason: string;
  suggestion: FieldText[];
  excerpt: string;
  minutes: number;
  late: boolean;
  at: string;
}

export interface Version {
  version: number;
  texts: FieldText[];
  verdict: string;
  level: string;
  rules: string;
  findings: Finding[];
  outcome: State;
  by: string;
  at: string;
}

export interface Story extends Submission {
  versions: Version[];
  reviews: Review[];
  images: Picture[];
  /** Every link that was pasted, oldest first. */
  links: { link: string; by: string; own: boolean; at: string }[];
  /** Of the brand's own ranker, for who reviews. */
  ranked?: { ranker: number; likely: number; over: boolean; top: { text: string; weight: number }[] };
}

export interface Elsewhere {
  post_id: string;
  platform: string;
  handle: string;
  member: string;
  text: string;
  score: number;
  at: string | null;
}

export interface Stats {
  waiting: number;
  reading: number;
  overdue: number;
  second: number;
  oldest: string | null;
  levels: Record<string, number>;
  decided: number;
  late: number;
  median: number | null;
  p90: number | null;
  straight: number;
  blocked: number;
  reviewers: { name: string; decided: number; approved: number; changes: number; rejected: number; late: number; median: number }[];
}

export interface Rule {
  action: "sample" | "review" | "block";
  percent: number;
  reviewers: number;
  minutes: number;
}

export interface Settings {
  levels: Rule[];
  hq_reviews: boolean;
  reuse_approved: boolean;
  approval_days: number;
  profile_days: number;
  unread_pictures: "review" | "pass";
  opens: number;
  closes: number;
  weekdays: number[];
  holidays: string[];
  may_review: boolean;
  missing: string[];
}
