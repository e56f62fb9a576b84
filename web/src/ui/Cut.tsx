/** Texts with marked places, on console and phone: it imports neither antd nor antd-mobile. */
import { Fragment, type ReactNode } from "react";

/** A place in a text; start and end count Unicode code points (an emoji is one). */
export interface Span {
  start: number;
  end: number;
}

/** A part of a text with the spans that lie over it. */
export interface Piece<S extends Span> {
  text: string;
  over: S[];
}

/** Cuts a text where spans begin and end. Spans that do not lie within the text are left out. */
export function cut<S extends Span>(text: string, spans: readonly S[]): Piece<S>[] {
  const points = Array.from(text);
  const valid = spans.filter((s) => s.start >= 0 && s.start < s.end && s.end <= points.length);
  const cuts = new Set([0, points.length]);
  for (const s of valid) {
    cuts.add(s.start);
    cuts.add(s.end);
  }
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((from, i) => {
    const to = at[i + 1] ?? points.length;
    return { text: points.slice(from, to).join(""), over: valid.filter((s) => s.start <= from && to <= s.end) };
  });
}

/** A text whose places are drawn by `mark`. */
export function Cut<S extends Span>({ text, spans, mark }: { text: string; spans: readonly S[]; mark: (text: string, over: S[]) => ReactNode }) {
  return cut(text, spans).map((p, i) => (p.over.length ? <Fragment key={i}>{mark(p.text, p.over)}</Fragment> : <span key={i}>{p.text}</span>));
}
