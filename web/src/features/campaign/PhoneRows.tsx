import { Link } from "react-router";
import { isOpen } from "./stand";
import { t } from "./i18n";
import { aboutText, dueText, stateTone } from "./says";
import type { MyTask } from "./types";

/** Tasks as rows that open. */
export function PhoneRows({ list }: { list: MyTask[] }) {
  return (
    <ul className="p-rows">
      {list.map((it) => {
        const due = dueText(it.due_at);
        const open = isOpen(it.state);
        return (
          <li key={it.id}>
            <Link to={`/tasks/${it.id}`} className="c-row">
              <span>
                <b className={it.unread && open ? "c-new" : undefined}>{it.title}</b>
                <small className={open && due.late ? "k-bad" : "k-muted"}>{[it.campaign, open && due.text].filter(Boolean).join(" · ")}</small>
                <small className="k-muted">{aboutText(it)}</small>
                {it.state === "rejected" && it.reason_text && <small className="k-bad">{it.reason_text}</small>}
              </span>
              <small className={`c-state k-${stateTone(it.state)}`}>{t.slug("state", it.state)}</small>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
