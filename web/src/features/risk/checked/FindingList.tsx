import type { ReactNode } from "react";
import type { Finding } from "./spans";
import { t } from "./i18n";
import "./checked.css";

/** What was found: the words, why, by which rule of law, and one tap that puts it right. */
export function FindingList({ findings, onMend, extra }: { findings: Finding[]; onMend?: (f: Finding) => void; extra?: (f: Finding) => ReactNode }) {
  if (!findings.length) return null;
  return (
    <ul className="ck-list" aria-label={t("list")}>
      {findings.map((f, i) => (
        <li key={`${f.rule}-${f.start}-${i}`} data-severity={f.severity}>
          <p>
            <b data-severity={f.severity}>{t(`severity.${f.severity}`)}</b> <q>{f.text}</q> {f.reason}
          </p>
          {f.rewrite && <p className="k-muted">{t("advice", { rewrite: f.rewrite })}</p>}
          {f.article && <p className="k-muted">{t("article", { article: f.article })}</p>}
          {(onMend || extra) && (
            <div className="ck-acts">
              {onMend && (
                <button type="button" onClick={() => onMend(f)}>
                  {f.replace ? t("replace", { to: f.replace }) : t("drop", { text: short(f.text) })}
                </button>
              )}
              {extra?.(f)}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

const short = (s: string) => (Array.from(s).length > 8 ? `${Array.from(s).slice(0, 8).join("")}…` : s);

