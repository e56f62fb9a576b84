import { Link } from "react-router";
import { relativeTime } from "@/i18n/format";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import type { Submission } from "./types";

/** Submissions as rows that open. */
export function PhoneRows({ list }: { list: Submission[] }) {
  return (
    <ul className="p-rows">
      {list.map((s) => (
        <li key={s.id}>
          <Link to={`/desk/mine/${s.id}`} className="d-row">
            <b>{s.title}</b>
            <small className={["changes", "rejected", "blocked", "expired"].includes(s.state) ? "k-bad" : s.state === "approved" ? "k-good" : "k-muted"}>
              {[t(`state.${s.state}`), platformName(s.platform), relativeTime(s.submitted_at)].join(" · ")}
            </small>
          </Link>
        </li>
      ))}
    </ul>
  );
}
