/** Answers of /api/v1/evidence. */
export const API = "/api/v1/evidence";

export interface Step {
  seq: number;
  at: string;
  kind: string;
  title: string;
  object: string;
  object_id: string | null;
  actor_id: string;
  actor_kind: string;
  actor_name: string;
  body: Record<string, unknown>;
  texts: Record<string, string>;
  erased: string[];
  prev: string;
  hash: string;
}

export interface Anchor {
  day: string;
  steps: number;
  hash: string;
  key: string;
  signature: string;
}

export interface Head {
  steps: number;
  hash: string;
  at: string | null;
  anchors: Anchor[];
  mark?: { steps: number; hash: string; at: string };
}

export interface Checked {
  ok: boolean;
  steps: number;
  anchors: number;
  hash: string;
  faults: { what: string; text: string; seq: number }[];
  more: number;
}
