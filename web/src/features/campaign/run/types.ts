/** Answers of /api/v1/campaign that the console's pages of running campaigns read. */
import type { Finding as Checked } from "@/features/risk/checked/spans";
import type { Brief, Evidence, Plan } from "../plan/types";
import type { FormField, Step, Submission, TaskType, UnitNote } from "../types";

export const STATES = ["draft", "checked", "approval", "dispatching", "running", "closed", "reviewed"] as const;
export type State = (typeof STATES)[number];

export type Verb = "check" | "submit" | "withdraw" | "approve" | "return" | "redispatch" | "close" | "reopen" | "review";

export interface Progress {
  expected: number;
  people: number;
  made: number;
  began_at: string | null;
  ended_at: string | null;
}

/** A place of the plan where a rule fired; field is the path in the plan. */
export interface Finding extends Omit<Checked, "category"> {
  category?: string;
  reason_en: string;
}

export interface Campaign {
  id: string;
  unit_id: string;
  state: State;
  plan: Plan;
  rev: number;
  version: number;
  changed: boolean;
  verdict: "" | "pass" | "warn" | "review" | "block";
  findings: Finding[] | null;
  created_at: string;
  created_by: string;
  approved_by: string;
  note: string;
  lessons: string;
  template: string;
  progress: Progress;
  closed_at: string | null;
  notes: UnitNote[] | null;
  turns: Verb[] | null;
  editable: boolean;
  edited_by: string;
  /** Why the reader, who approves otherwise, cannot approve this one; "" when they can. */
  held: string;
  /** The item of the library that keeps its lessons. */
  case: string | null;
}

/** People whose texts hang together, and one of the texts. */
export interface Cluster {
  size: number;
  percent: number;
  who: { member_id: string; member: string; unit: string; account: string }[] | null;
  text: string;
}

/** The texts of a kind on a platform, held against their threshold; place is the threshold's platform, kind and industry. */
export interface AlikeGroup {
  platform: string;
  kind: string;
  most: number;
  why: string;
  place: string[] | null;
  own: "" | "brand" | "campaign";
  texts: number;
  over: number;
  highest: number;
  sets: number;
  clusters: Cluster[] | null;
}

export interface Alike {
  state: "none" | "waiting" | "done" | "failed";
  mode: "off" | "warn" | "block" | "look" | "reject";
  at: string | null;
  texts: number;
  over: number;
  left: number;
  faults: number;
  why: string;
  groups: AlikeGroup[] | null;
}

export type ByStep = Partial<Record<Step, number>>;

/** A campaign in the list. */
export interface Row {
  id: string;
  title: string;
  topic: string;
  state: State;
  mode: string;
  unit: string;
  starts_at: string | null;
  ends_at: string | null;
  platforms: string[] | null;
  tasks: number;
  created_at: string;
  created_by: string;
  counts: ByStep | null;
  read: number;
}

export interface Template {
  key: string;
  title: string;
  about: string;
  plan: Plan;
}

/** How many assignments stand where. */
export interface Counts {
  total: number;
  read: number;
  late: number;
  states: ByStep;
}

export interface BoardUnit {
  id: string;
  name: string;
  kind: string;
  leaf: boolean;
  counts: Counts;
}

export interface BoardTask {
  id: string;
  type: TaskType;
  title: string;
  due_at: string | null;
  mandatory: boolean;
  dropped: boolean;
  counts: Counts;
}

export interface Board {
  unit_id: string;
  name: string;
  path: string;
  counts: Counts;
  tasks: BoardTask[] | null;
  units: BoardUnit[] | null;
}

export interface Who {
  member_id: string;
  member: string;
  unit_id: string;
  unit: string;
  account_id: string;
  account: string;
  platform: string;
  company: boolean;
}

export interface Assignment {
  id: string;
  task_id: string;
  task: string;
  who: Who;
  state: Step;
  reason: string;
  why: string;
  due_at: string | null;
  late: boolean;
  read_at: string | null;
  changed_at: string;
}

export const LEFTS = ["read", "accept", "submit"] as const;
export type Left = (typeof LEFTS)[number];

export interface Reminded {
  people: number;
  recent: number;
  no_user: number;
}

/** A task that a unit has not finished. */
export interface OpenRow {
  unit_id: string;
  unit: string;
  leaf: boolean;
  campaign_id: string;
  campaign: string;
  task_id: string;
  task: string;
  type: TaskType;
  due_at: string | null;
  missing: number;
  counts: Counts;
  /** Of the unit's own people, who are in no unit below it. */
  direct: boolean;
}

export interface OpenTasks {
  unit_id: string | null;
  name: string;
  items: OpenRow[] | null;
  left: number;
}

/** One change of a campaign. */
export interface Happening {
  id: string;
  at: string;
  by: string;
  system: boolean;
  what: string;
  unit: string;
  version: number;
  parts: string[] | null;
  note: string;
  reason: string;
  why: string;
  name: string;
  left: "" | Left;
  verdict: Campaign["verdict"];
  alone: boolean;
  counts: Partial<Record<"people" | "made" | "recent" | "no_user" | "decided", number>> | null;
}

/** A proof in the review queue. */
export interface ReviewRow extends Assignment {
  campaign: string;
  campaign_id: string;
  rev: number;
  submission: Submission;
  claimed_by: string;
  claimed_own: boolean;
  claim_until: string | null;
}

export interface ReviewOne {
  row: ReviewRow;
  older: Submission[] | null;
  brief: Brief;
  hashtags: string[] | null;
  evidence: Evidence;
  fields: FormField[] | null;
  alike: { assignment: string; member: string; unit: string; text: string; percent: number }[] | null;
}

export const REJECTS = ["off_brief", "no_hashtag", "not_mine", "wrong_platform", "outside_window", "too_alike", "risky", "bad_picture", "deleted", "wrong_form", "other"] as const;

export interface Decided {
  done: number;
  skipped: { id: string; slug: string; why: string }[] | null;
}

export interface Sum {
  posts: number;
  told: number;
  views: number | null;
  interactions: number | null;
}

export interface Against {
  accounts: number;
  days: number;
  posts_before: number | null;
  posts_during: number | null;
  views_before: number | null;
  views_during: number | null;
  interactions_before: number | null;
  interactions_during: number | null;
}

export interface Fans {
  accounts: number;
  start: number | null;
  end: number | null;
}

export interface PostResult {
  post_id: string;
  title: string;
  url: string;
  platform: string;
  account: string;
  unit: string;
  published_at: string;
  views: number | null;
  interactions: number | null;
}

export interface Results {
  unit_id: string;
  unit: string;
  counts: Counts;
  people: number;
  took_part: number;
  units_all: number;
  units_part: number;
  target: Plan["target"];
  sum: Sum;
  official: Sum;
  dealers: Sum;
  curve: { day: string; posts: number; views: number | null; interactions: number | null }[] | null;
  units: { unit_id: string; name: string; counts: Counts; sum: Sum }[] | null;
  best: PostResult[] | null;
  participants: Against;
  others: Against;
  official_followers: Fans;
  matrix_followers: Fans;
  cost_fen: number | null;
  as_of: string | null;
  lessons: string;
}

export interface War {
  hours: { at: string; posts: number; handed: number; slots: number }[] | null;
  voice: { who: "official" | "dealers" | "partners" | "outsiders"; posts: number; views: number | null; told: number; places: number }[] | null;
  limits: { platform: string; per_hour: number; per_day: number; from: string; source: string; confidence: "official" | "observed" | "estimate"; peak: number; over: boolean }[] | null;
  counts: Counts;
  as_of: string;
}

export const PARTNER_KINDS = ["kol", "ambassador", "brand", "media"] as const;

export interface Partner {
  id: string | null;
  kind: (typeof PARTNER_KINDS)[number];
  name: string;
  platform: string;
  cost_fen: number | null;
  links: string[] | null;
  for: string[] | null;
  views: number | null;
  interactions: number | null;
  followers: number | null;
  leads: number | null;
  note: string;
  for_names: string[] | null;
}

export const ACTIVITY_KINDS = ["challenge", "draw", "qa", "co_creation"] as const;

export interface Activity {
  id: string | null;
  kind: (typeof ACTIVITY_KINDS)[number];
  title: string;
  platform: string;
  link: string;
  starts_at: string | null;
  ends_at: string | null;
  outsiders: number | null;
  posts: number | null;
  views: number | null;
  interactions: number | null;
  as_of: string | null;
  rules: string;
}

export const MENTION_BY = ["post", "live", "activity", "home", "external"] as const;

export interface Linkage {
  nodes: { key: string; name: string; kind: "account" | "partner" | "outside"; unit: string; gained: number | null; in: number; out: number; partner: boolean }[] | null;
  edges: { id: string | null; from: string; to: string; by: (typeof MENTION_BY)[number]; n: number; last: string }[] | null;
}
