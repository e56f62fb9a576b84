/** Answers of /api/v1/library. */

export const API = "/api/v1/library";

export const KINDS = ["asset", "template", "script", "rundown", "talk", "idea", "case"] as const;
export type Kind = (typeof KINDS)[number];

export const STATES = ["draft", "checked", "approved", "out"] as const;
export type State = (typeof STATES)[number];

/** What the rules say. */
export type Grade = "" | "pass" | "warn" | "review" | "block";

export const VAR_TYPES = ["store", "city", "price", "adviser", "phone", "date", "free"] as const;

export interface Variable {
  name: string;
  type: (typeof VAR_TYPES)[number];
  value: string;
}

export interface Shot {
  scene: string;
  words: string;
  seconds: number;
  note: string;
}

/** What a version says. */
export interface Content {
  title: string;
  body: string;
  fact: boolean;
  platforms: string[] | null;
  variables: Variable[] | null;
  shots: Shot[] | null;
  stage: string;
  objection: string;
  post_url: string;
  post_id: string | null;
  lesson: string;
  files: string[] | null;
  assets: string[] | null;
  holder: string;
  licence: string;
  expires: string | null;
}

export interface FileRow {
  id: string;
  name: string;
  media: string;
  size: number;
  url: string;
  thumb: string;
  width: number;
  height: number;
}

export interface Finding {
  field: string;
  rule: string;
  severity: string;
  text: string;
  reason: string;
  reason_en: string;
  article: string;
  rewrite: string;
}

export interface Item {
  id: string;
  kind: Kind;
  unit_id: string;
  folder_id: string | null;
  title: string;
  summary: string;
  tags: string[];
  product_id: string | null;
  product: string;
  pillar_id: string | null;
  state: State;
  version: number;
  live: number;
  rev: number;
  verdict: Grade;
  usable: boolean;
  why: string;
  expires: string | null;
  plan_day: string | null;
  cover: string;
  reason: string;
  owner: string;
  uses: number;
  views: number | null;
  interactions: number | null;
  best: string;
  measured_at: string | null;
  made_at: string;
  updated_at: string;
  content?: Content;
  findings?: Finding[];
  files?: FileRow[];
  may_write: boolean;
  may_approve: boolean;
}

export interface Edition {
  version: number;
  title: string;
  content: Content;
  note: string;
  made_by: string;
  made_at: string;
  verdict: Grade;
  findings: Finding[];
}

export interface Results {
  uses: number;
  posts: number;
  views: number | null;
  interactions: number | null;
  leads: number | null;
  best: { name: string; posts: number; views: number | null; interactions: number | null }[];
  recent: string[];
  whole: boolean;
}

export interface Folder {
  id: string;
  unit_id: string;
  parent_id: string | null;
  name: string;
}

export interface Words {
  title: string;
  body: string;
  fault: string;
  name: string;
  repeated: boolean;
}

export interface Taken {
  text: Words;
  files: FileRow[];
  version: number;
  rewritten: boolean;
  /** The rewriting service may be asked for other words. */
  may_reword: boolean;
}

export interface Account {
  id: string;
  platform: string;
  name: string;
}

/** What a text can do, and some of its fillings. */
export interface Preview {
  fault: { field: string; slug: string; name: string; line: number; column: number } | null;
  choices: number;
  texts: number;
  exact: boolean;
  groups: { name: string; alternatives: number }[];
  variables: string[];
  too_long: { platform: string; field: string; over: number; most: number }[];
  shown: { title: string; body: string; fault: string; name: string; verdict: Grade }[];
}

export interface Proposal {
  id: string;
  kind: Kind;
  title: string;
  content: Content;
  files: FileRow[];
  pitch: string;
  unit_id: string;
  by: string;
  state: "waiting" | "accepted" | "returned";
  verdict: Grade;
  note: string;
  item_id: string | null;
  decided_by: string;
  decided_at: string | null;
  made_at: string;
}

/** The endpoint that rewrites texts, without its key. */
export interface Endpoint {
  enabled: boolean;
  url: string;
  model: string;
  instruction: string;
  has_key: boolean;
}

/** How a trial of an endpoint went. */
export interface Trial {
  ok: boolean;
  slug: string;
  says: string;
  status: number;
  sent: { title: string; body: string };
  got: { title: string; body: string };
  took_ms: number;
}

/** A content with nothing in it. */
export const blank = (): Content => ({
  title: "", body: "", fact: false, platforms: [], variables: [], shots: [], stage: "", objection: "", post_url: "", post_id: null, lesson: "", files: [], assets: [], holder: "",
  licence: "", expires: null,
});

/** Kinds whose texts hold variables and alternatives. */
export const fillable = (k: Kind): boolean => k === "template" || k === "script" || k === "talk" || k === "rundown";

/** Everything a content says, for comparing versions. */
export const said = (c: Content): string =>
  [c.title, c.body, c.stage, c.objection, ...(c.shots ?? []).map((s, i) => [`${i + 1}.`, s.scene, s.words, s.seconds ? `${s.seconds}″` : "", s.note].filter(Boolean).join(" ")), c.lesson, c.post_url, c.holder, c.licence, c.expires]
    .filter(Boolean)
    .join("\n");
