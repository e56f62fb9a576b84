import { Cut } from "@/ui/Cut";
import type { Span } from "./types";
import "./recall.css";

/** A text with the claim marked in it. */
export function MarkedText({ text, spans }: { text: string; spans: Span[] }) {
  return (
    <span className="r-text">
      <Cut text={text} spans={spans} mark={(x) => <mark>{x}</mark>} />
    </span>
  );
}
