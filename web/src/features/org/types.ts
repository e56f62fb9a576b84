/** What the org room answers. */
import type { Unit as TreeUnit } from "@/app/units";

/** A unit with all it carries. */
export interface Unit extends TreeUnit {
  depth: number;
  city: string;
  store_type: string;
  code: string;
  tags: string[];
  status: "open" | "closed";
  opened_day?: string | null;
  closed_day?: string | null;
  merged_into?: string | null;
  version: number;
  members: number;
  all_members: number;
  accounts: number;
  all_accounts: number;
  all_units: number;
}

/** A change of a unit's parent. */
export interface Move {
  id: string;
  to_id: string;
  day: string;
  state: "planned" | "done" | "cancelled" | "failed";
  why: string;
  by: string;
}

/** One unit's page. */
export interface UnitView {
  unit: Unit;
  parents: Unit[];
  planned: Move[];
  target: string;
}

/** A line of a timeline. */
export interface Entry {
  id: string;
  action: string;
  from: string;
  to: string;
  day?: string | null;
  why: string;
  by: string;
  at: string;
}

/** A person of the matrix. */
export interface Member {
  id: string;
  unit_id: string;
  unit_name: string;
  unit_path: string;
  name: string;
  role: string;
  title: string;
  code: string;
  phone: string;
  personas: string[];
  tags: string[];
  status: "active" | "left";
  joined_day?: string | null;
  left_day?: string | null;
  has_user: boolean;
  version: number;
}

/** A label and how often it is used. */
export interface Label {
  tag: string;
  n: number;
}

/** The personas of the field. */
export const PERSONAS = ["shopping_assistant", "topic_expert", "private_partner"] as const;

/** Where reads of this room live; a write drops all of them. */
export const API = "/api/v1/org";
export const DROPS = ["/api/v1/org/"];

/** A key with names in both languages. */
export interface Word {
  key: string;
  zh: string;
  en: string;
}

/** The dated knowledge behind the start guide. */
export interface Pack {
  day: string;
  source: string;
  conditions: (Word & { advice_zh: string; advice_en: string })[];
  goals: (Word & { kpis_zh: string[]; kpis_en: string[] })[];
  industries: Word[];
  platforms: { slug: string; zh: string; en: string; strength_zh: string; strength_en: string; source: string }[];
  layouts: (Word & { shape_zh: string; shape_en: string; pros_zh: string[]; pros_en: string[]; cons_zh: string[]; cons_en: string[] })[];
  structures: (Word & { when_zh: string; when_en: string; pros_zh: string[]; pros_en: string[]; cons_zh: string[]; cons_en: string[] })[];
}

/** What a brand says about itself. */
export interface Answers {
  conditions: string[];
  goal: string;
  industry: string;
  gender: string;
  ages: string[];
  tiers: string[];
  spending: string;
  outlets: number;
  lines: string[];
  regions: string[];
  famous: boolean;
  uneven: boolean;
  private: boolean;
}

interface Reason {
  key: string;
  for: boolean;
}

/** A result of the guide. */
export interface Fit {
  id: string;
  answers: Answers;
  result: {
    verdict: "ready" | "partly" | "not_ready";
    missing: string[];
    platforms: { platform: string; score: number; reasons: Reason[] }[];
    layout: { key: string; reasons: Reason[] };
    structure: { key: string; reasons: Reason[] };
    /** By structure. */
    units: Record<string, { path: string; kind: string; role: string }[]>;
  };
  layout: string;
  structure: string;
  goal: string;
  pack_day: string;
  at: string;
  by: string;
  applied_at?: string | null;
}
