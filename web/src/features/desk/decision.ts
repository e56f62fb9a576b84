/** What a reviewer decides, on console and phone. */
import { mend } from "@/features/risk/checked/spans";
import { textMap } from "./draft";
import { FIELDS, type Finding, type Story } from "./types";

/** The reviewer's word on findings: right, or a false alarm. */
export type Marks = Record<string, boolean>;

export type Verb = "approve" | "changes" | "reject";

/** The body of a review. */
export interface Decision {
  version: number;
  decision: Verb;
  reason?: string;
  suggestion?: { field: string; text: string }[];
  marks: { rule: string; field: string; start: number; right: boolean }[];
}

export const keyOf = (f: Finding) => `${f.field}|${f.rule}|${f.start}`;

/** Marks with one said, or taken back when it is said again. */
export function withMark(marks: Marks, f: Finding, right: boolean): Marks {
  const next = { ...marks };
  if (next[keyOf(f)] === right) delete next[keyOf(f)];
  else next[keyOf(f)] = right;
  return next;
}

/** The decision on what the reviewer saw; of a suggestion only what differs. */
export function decisionOf(s: Story, decision: Verb, said: { reason: string; texts: Record<string, string>; marks: Marks }): Decision {
  const before = textMap(s.texts);
  const suggestion = FIELDS[s.kind].flatMap((field) => {
    const text = said.texts[field];
    return text?.trim() && text !== before[field] ? [{ field, text }] : [];
  });
  return {
    version: s.version,
    decision,
    reason: said.reason.trim() || undefined,
    suggestion: decision === "changes" ? suggestion : undefined,
    marks: s.findings.flatMap((f) => {
      const right = said.marks[keyOf(f)];
      return right === undefined ? [] : [{ rule: f.rule, field: f.field, start: f.start, right }];
    }),
  };
}

/** The fields with every finding that has words to stand instead put right: where a suggestion begins. */
export function mended(s: Story, marks: Marks): Record<string, string> {
  const out = textMap(s.texts);
  for (const field of FIELDS[s.kind]) {
    let end = Infinity;
    const list = s.findings.filter((f) => f.field === field && f.replace && marks[keyOf(f)] !== false).sort((a, b) => b.start - a.start);
    for (const f of list) {
      if (f.end > end) continue; // lies under one that was put right
      out[field] = mend(out[field] ?? "", f);
      end = f.start;
    }
  }
  return out;
}
