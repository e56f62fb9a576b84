import type { ReactNode } from "react";
import { Link } from "react-router";
import { fullNumber, isOlderThan, MISSING, percent, relativeTime, shortNumber, signedNumber, timeText, type Ratio } from "@/i18n/format";
import { t } from "./i18n";
import { Change } from "./values";
import { originName } from "./words";
import "./ui.css";

/** One figure of the server: now, before, the peer group, and where it comes from. */
export interface FigureData {
  value: number | null;
  previous?: number | null;
  peer?: number | null;
  /** Origin slugs, or their shares. */
  origins?: string[] | Record<string, number> | null;
  as_of?: string | null;
}

/** Props of Figure. */
export interface FigureProps {
  label: ReactNode;
  data?: FigureData | null;
  /** Shown instead of data.value, for figures that are no plain count. */
  shown?: ReactNode;
  /** "percent" for fractions, "signed" for differences. */
  as?: "count" | "percent" | "signed";
  /** Less is better: asleep, abnormal. */
  lessIsBetter?: boolean;
  /** Where the rows behind the figure are. */
  to?: string;
  onOpen?: () => void;
  loading?: boolean;
}

/** A figure with its change, the league mean and its freshness; a click opens the rows behind it. */
export function Figure(p: FigureProps) {
  const d = p.data;
  const text = show(d?.value, p.as);
  const exact = p.as === "percent" ? undefined : fullNumber(d?.value);
  const body = (
    <>
      <span className="k-figure-label">{p.label}</span>
      <span className="k-figure-value" title={exact === text ? undefined : exact}>
        {p.loading ? " " : (p.shown ?? text)}
      </span>
      {d && (
        <span className="k-figure-note">
          {d.previous !== undefined && (
            <span title={`${t("previous")} ${show(d.previous, p.as)}`}>
              {p.as === "signed" || d.previous === null || d.previous === 0 ? (
                `${t("previous")} ${show(d.previous, p.as)}`
              ) : (
                <Change now={d.value} before={d.previous} lessIsBetter={p.lessIsBetter} />
              )}
            </span>
          )}
          {d.peer !== undefined && d.peer !== null && (
            <span>
              {t("peer")} {show(p.as === "percent" ? d.peer : Math.round(d.peer), p.as)}
            </span>
          )}
        </span>
      )}
      {d?.as_of && <Fresh at={d.as_of} origins={d.origins} />}
    </>
  );
  const label = typeof p.label === "string" ? `${p.label} ${text} · ${t("rowsOf", { label: p.label })}` : undefined;
  if (p.to) {
    return (
      <Link className="k-figure" to={p.to} aria-label={label}>
        {body}
      </Link>
    );
  }
  if (p.onOpen) {
    return (
      <button type="button" className="k-figure" onClick={p.onOpen} aria-label={label}>
        {body}
      </button>
    );
  }
  return <div className="k-figure">{body}</div>;
}

function show(v: number | Ratio | null | undefined, as: FigureProps["as"]): string {
  if (v === null || v === undefined) return MISSING;
  if (as === "percent") return percent(v);
  if (typeof v === "object") return percent(v);
  return as === "signed" ? signedNumber(v) : shortNumber(v);
}

/** Figures side by side. */
export function FigureRow({ children }: { children: ReactNode }) {
  return <div className="k-figures">{children}</div>;
}

/** The freshness chip: "from export file, 3 hours ago"; amber when older than three days. */
export function Fresh({ at, origins }: { at?: string | null; origins?: FigureData["origins"] }) {
  if (!at) return <span className="k-fresh">{t("freshNone")}</span>;
  const names = (Array.isArray(origins) ? origins : Object.keys(origins ?? {})).map(originName).filter((n) => n !== MISSING);
  const old = isOlderThan(at, 3);
  const when = relativeTime(at);
  return (
    <span className="k-fresh" data-age={old ? "old" : "fresh"} title={timeText(at)}>
      {names.length ? t("fresh", { origin: names.join("+"), when }) : when}
    </span>
  );
}
