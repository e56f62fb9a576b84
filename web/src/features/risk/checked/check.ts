import { useEffect, useRef, useState } from "react";
import { request } from "@/api";
import { carry, type Finding } from "./spans";

/** What POST /api/v1/risk/check answers. */
export interface Checked {
  verdict: "pass" | "warn" | "review" | "block";
  score: number;
  version: number;
  findings: Finding[];
  /** Findings beyond the gravest ones, which are listed. */
  findings_more: number;
}

/** What a text is and where it will stand. */
export interface CheckContext {
  field: string;
  kind?: "post" | "profile" | "reply" | "comment" | "live";
  platform?: string;
}

/** How long typing must rest before the text is checked. */
const REST = 250;

/** Checks a text while it is typed. Old findings stay where they still hold until the new answer is there. */
export function useChecked(text: string, { field, kind, platform }: CheckContext, still = false) {
  const [seen, setSeen] = useState<{ text: string; answer: Checked } | null>(null);
  const [failed, setFailed] = useState(false);
  const first = useRef(true);
  const empty = text.trim() === "";
  useEffect(() => {
    if (empty || still) return;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        first.current = false;
        request<Checked>("POST", "/api/v1/risk/check", { body: { texts: [{ field, text }], kind, platform }, signal: stop.signal })
          .then((answer) => {
            setSeen({ text, answer });
            setFailed(false);
          })
          .catch(() => {
            if (!stop.signal.aborted) setFailed(true);
          });
      },
      first.current ? 0 : REST,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, empty, still, field, kind, platform]);
  const fresh = seen?.text === text;
  return {
    findings: empty || !seen ? [] : carry(seen.answer.findings, seen.text, text),
    more: empty ? 0 : (seen?.answer.findings_more ?? 0),
    verdict: empty ? ("pass" as const) : fresh ? seen.answer.verdict : null,
    checking: !empty && !fresh && !failed,
    failed: failed && !fresh,
  };
}
