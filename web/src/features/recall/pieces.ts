import type { Span } from "./types";

/** A piece of a text; hit when it lies in a span. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** Cuts a text at its spans, which count code points (an emoji is one). */
export function pieces(text: string, spans: Span[]): Piece[] {
  const chars = [...text];
  const out: Piece[] = [];
  let at = 0;
  for (const s of spans) {
    if (s.start > at) out.push({ text: chars.slice(at, s.start).join(""), hit: false });
    out.push({ text: chars.slice(Math.max(s.start, at), s.end).join(""), hit: true });
    at = Math.max(at, s.end);
  }
  if (at < chars.length) out.push({ text: chars.slice(at).join(""), hit: false });
  return out.filter((p) => p.text !== "");
}
