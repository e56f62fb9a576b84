/** Small parts of phone pages. They import nothing of antd, which would not fit the phone. */
import { Button, DotLoading } from "antd-mobile";
import type { ReactNode } from "react";
import { asProblem } from "@/api";
import { fullNumber, relativeTime, shortNumber, timeText, MISSING } from "@/i18n/format";
import { t } from "./i18n";

/** A titled card on a phone page. */
export function Card({ title, extra, children }: { title?: ReactNode; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="p-card">
      {title && (
        <h2>
          <span>{title}</span>
          {extra && <span>{extra}</span>}
        </h2>
      )}
      {children}
    </section>
  );
}

/** Big figures side by side, three in a row. */
export function PhoneFigures({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <div className="p-figures">
      {items.map((f) => (
        <div key={f.label}>
          <b>{f.value ?? MISSING}</b>
          <span>{f.label}</span>
        </div>
      ))}
    </div>
  );
}

/** What failed, with another try. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div role="alert" style={{ textAlign: "center", padding: 12 }}>
      <p className="k-muted">{asProblem(error).message}</p>
      <Button size="small" onClick={onRetry}>
        {t("retry")}
      </Button>
    </div>
  );
}

/** Something is on its way. */
export function Waiting() {
  return (
    <div role="status" aria-label={t("opening")} style={{ textAlign: "center", padding: 16 }}>
      <DotLoading />
    </div>
  );
}

/** A count in short form, the full one on a long press. */
export function Count({ value }: { value: number | null | undefined }) {
  return (
    <span className="k-num" title={fullNumber(value)}>
      {shortNumber(value)}
    </span>
  );
}

/** "3 minutes ago", the exact moment on a long press. */
export function Ago({ value }: { value: string | null | undefined }) {
  return (
    <time className="k-muted" title={timeText(value)}>
      {relativeTime(value)}
    </time>
  );
}
