import type { ReactNode } from "react";
import "./ui.css";

/** Healthy, watch, act, off, and plain. */
export type Tone = "good" | "warn" | "bad" | "off" | "plain";

/** A state: a word with a sign whose shape differs per tone (never colour alone). */
export function StatusTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  const cls = tone === "plain" ? "" : tone === "off" ? " k-muted" : ` k-${tone}`;
  return (
    <span className={`k-status${cls}`} data-tone={tone}>
      {children}
    </span>
  );
}

/** The tone of a health score: 0-45 act, 46-75 watch, 76-100 healthy. */
export function scoreTone(score: number | null | undefined): Tone {
  if (score === null || score === undefined) return "off";
  return score <= 45 ? "bad" : score <= 75 ? "warn" : "good";
}
