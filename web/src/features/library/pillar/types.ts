/** Answers of /api/v1/library about content pillars. */
import { useGet } from "@/api";
import { API } from "../types";

export const PILLARS = `${API}/pillars`;

export interface Pillar {
  id: string;
  name: string;
  color: string;
  active: boolean;
  words: string[];
  hashtags: string[];
  products: { id: string; name: string }[];
}

export interface Pillars {
  /** 0: never set. */
  version: number;
  days: number;
  least: number;
  /** Posts or accounts are still being sorted. */
  left: boolean;
  may_set: boolean;
  items: Pillar[];
}

export interface MixPart {
  pillar_id: string | null;
  posts: number;
  /** Tenths of a percent. */
  share: number | null;
  target: number | null;
  short: number;
}

export interface MixView {
  from: string;
  to: string;
  least: number;
  posts: number;
  accounts: number;
  targeted: number;
  judged: number;
  lacking: number;
  parts: MixPart[];
  left: boolean;
}

export interface Seat {
  id: string;
  platform: string;
  kind: string;
  handle: string;
  name: string;
  unit_id: string;
  unit: string;
  member: string;
}

export const STANDINGS = ["short", "fine", "few", "none"] as const;

export interface Gap {
  account: Seat;
  posts: number;
  standing: (typeof STANDINGS)[number];
  short: number | null;
  worst_id: string | null;
  parts: { pillar_id: string | null; posts: number; target: number | null; short: number }[];
}

export interface SortedPost {
  id: string;
  title: string;
  url: string;
  day: string | null;
  pillar_id: string | null;
  how: "rule" | "item" | "hand";
  account: Seat;
}

export interface Mix {
  unit_id: string | null;
  kind: string;
  from: string;
  shares: { pillar_id: string; percent: number }[];
  by: string;
  made_at: string;
}

export interface Lack {
  account_id: string;
  account: string;
  platform: string;
  pillar_id: string;
  pillar: string;
  color: string;
  short: number;
  items: number;
}

/** The brand's pillars. */
export const usePillars = (every?: number) => useGet<Pillars>(PILLARS, undefined, { every });

/** Colours that are told apart on light and dark ground, in the order they are given out. */
export const COLORS = ["#3b7ddd", "#2e9e6b", "#d9822b", "#8e5bd0", "#d1495b", "#1a9ba8", "#9a7b1f", "#6b7785"];
