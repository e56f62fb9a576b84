import { Button } from "antd";
import type { ReactNode } from "react";
import { asProblem } from "@/api";
import { t } from "./i18n";
import "./ui.css";

/** Nothing here yet: says what belongs here and offers the one step that brings it. */
export function EmptyState(p: { title?: ReactNode; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className="k-empty">
      <svg width={64} height={48} viewBox="0 0 64 48" fill="none" stroke="currentColor" strokeWidth={1.5} aria-hidden>
        <rect x="8" y="8" width="48" height="34" rx="5" />
        <path d="M8 18h48M16 26h18M16 33h12" />
        <circle cx="14" cy="13" r="1" />
        <circle cx="19" cy="13" r="1" />
      </svg>
      <h2>{p.title ?? t("emptyTitle")}</h2>
      {p.text && <p>{p.text}</p>}
      {p.action}
    </div>
  );
}

/** What went wrong in words, and trying again. Takes anything thrown. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const p = asProblem(error);
  return (
    <div className="k-empty" role="alert">
      <svg width={48} height={48} viewBox="0 0 48 48" fill="none" stroke="currentColor" strokeWidth={1.8} aria-hidden>
        <path d="M24 7 43 40H5z" strokeLinejoin="round" />
        <path d="M24 20v9M24 34v.01" strokeLinecap="round" />
      </svg>
      <h2>{t("errorTitle")}</h2>
      <p>{p.message}</p>
      {p.fields.length > 0 && (
        <ul style={{ display: "inline-block", textAlign: "left" }}>
          {p.fields.map((f) => (
            <li key={f.location}>{f.message}</li>
          ))}
        </ul>
      )}
      {onRetry && p.status !== 403 && p.status !== 404 && (
        <div>
          <Button onClick={onRetry}>{t("retry")}</Button>
        </div>
      )}
    </div>
  );
}
