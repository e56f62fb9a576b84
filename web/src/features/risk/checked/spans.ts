/** Findings over a text: from code points to pieces that can be drawn, and what a tap on a finding does. */

/** One place where a rule fired; start and end count Unicode code points. */
export interface Finding {
  field: string;
  rule: string;
  category: string;
  severity: "low" | "medium" | "high";
  start: number;
  end: number;
  text: string;
  reason: string;
  article: string;
  /** Advice in words. */
  rewrite: string;
  /** Words that may stand instead; "" when only leaving out will do. */
  replace?: string;
}

/** A part of a text with the findings that lie over it. */
export interface Piece {
  text: string;
  over: Finding[];
}

const WEIGHT = { low: 1, medium: 2, high: 3 } as const;

/** Cuts a text where findings begin and end. */
export function pieces(text: string, findings: Finding[]): Piece[] {
  const points = Array.from(text);
  const cuts = new Set([0, points.length]);
  const valid = findings.filter((f) => f.start < f.end && f.end <= points.length);
  for (const f of valid) {
    cuts.add(f.start);
    cuts.add(f.end);
  }
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((from, i) => {
    const to = at[i + 1] ?? points.length;
    return { text: points.slice(from, to).join(""), over: valid.filter((f) => f.start <= from && to <= f.end) };
  });
}

/** The worst severity of findings; undefined when there is none. */
export function worst(findings: Finding[]): Finding["severity"] | undefined {
  return findings.reduce<Finding["severity"] | undefined>((w, f) => (w && WEIGHT[w] >= WEIGHT[f.severity] ? w : f.severity), undefined);
}

/** The findings of an older text that still hold: those before and behind the part that was typed over. */
export function carry(findings: Finding[], before: string, now: string): Finding[] {
  if (before === now) return findings;
  const a = Array.from(before);
  const b = Array.from(now);
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const shift = b.length - a.length;
  return findings.flatMap((f) => {
    if (f.end <= head) return [f];
    if (f.start >= a.length - tail) return [{ ...f, start: f.start + shift, end: f.end + shift }];
    return [];
  });
}

/** The text with a finding put right: its replacement, or without it. */
export function mend(text: string, f: Finding): string {
  const points = Array.from(text);
  return [...points.slice(0, f.start), ...Array.from(f.replace ?? ""), ...points.slice(f.end)].join("");
}
