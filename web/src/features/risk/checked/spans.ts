/** Findings over a text: which still hold while it is typed, and what a tap on one does. How they are drawn → ui/Cut. */

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

const WEIGHT = { low: 1, medium: 2, high: 3 } as const;

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
