import { pieces } from "./pieces";
import type { Span } from "./types";
import "./recall.css";

/** A text with the claim marked in it. */
export function MarkedText({ text, spans }: { text: string; spans: Span[] }) {
  return (
    <span className="r-text">
      {pieces(text, spans).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>))}
    </span>
  );
}
