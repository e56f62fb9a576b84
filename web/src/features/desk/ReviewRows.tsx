import { Link } from "react-router";
import { relativeTime } from "@/i18n/format";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import type { Submission } from "./types";

const TONES: Record<string, string> = { high: "k-bad", medium: "k-warn" };

/** Submissions that wait, as rows that open. */
export function ReviewRows({ list }: { list: Submission[] }) {
  return (
    <ul className="p-rows">
      {list.map((s) => (
        <li key={s.id}>
          <Link to={`/content/desk/${s.id}`} className="d-row">
            <b>{s.title}</b>
            <small>
              <span className={TONES[s.level] ?? "k-muted"}>{t("level")} {t(`level.${s.level}`)}</span>
              <span className={s.overdue ? "k-bad" : "k-muted"}> · {dueText(s)}</span>
            </small>
            <small className="k-muted">{[t(`kind.${s.kind}`), platformName(s.platform), s.account && (s.account.name || s.account.handle), s.author].filter(Boolean).join(" · ")}</small>
            {notes(s).map((n) => (
              <small key={n} className="k-warn">{n}</small>
            ))}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** When it should be decided. */
export function dueText(s: Submission): string {
  if (!s.due_at) return relativeTime(s.submitted_at);
  return t(s.overdue ? "overdueSince" : "dueAt", { when: relativeTime(s.due_at) });
}

function notes(s: Submission): string[] {
  return [
    s.own ? t("ownOnly") : "",
    s.claimed_by && !s.claimed_own ? t("claimedOther", { name: s.claimed_by }) : "",
    s.need > 1 ? t("secondPerson", { n: s.need - s.approvals }) : "",
    s.assigned_to ? t("assignedTo", { name: s.assigned_to }) : "",
  ].filter(Boolean);
}
