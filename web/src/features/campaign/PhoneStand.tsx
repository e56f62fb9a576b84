import { TextArea } from "antd-mobile";
import { useState } from "react";
import { Link } from "react-router";
import { shortNumber, timeText } from "@/i18n/format";
import { useAct } from "./act";
import { t } from "./i18n";
import { stateTone } from "./says";
import type { MyPage, Step } from "./types";

/** How what was handed in stands, with the reasons in words; a refusal can be appealed against. */
export function PhoneStand({ page, state, waiting }: { page: MyPage; state: Step; waiting: boolean }) {
  const told = state === page.task.state;
  if (state === "given" || (state === "accepted" && !page.submissions?.length)) return null;
  const s = told ? page.submissions?.[0] : undefined;
  const faults = (s?.checks ?? []).filter((c) => c.result === "fail" || (state === "look" && c.result === "look") || (state === "submitted" && c.result === "wait"));
  const why = [...new Set([s?.decision, ...faults.map((c) => c.text), ...(faults.length || !told ? [] : [page.task.reason_text])])].filter(Boolean);
  return (
    <section className="c-stand" data-tone={stateTone(state)} role="status">
      <b>{t.slug("stand", state)}</b>
      {waiting && <p>{t("kept")}</p>}
      {why.length > 0 && (
        <ul>
          {why.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {s && <p className="k-muted">{[t("sentAt", { at: timeText(s.at) }), s.figures.views !== null && t("views", { n: shortNumber(s.figures.views) }), s.figures.interactions !== null && t("interactions", { n: shortNumber(s.figures.interactions) })].filter(Boolean).join(" · ")}</p>}
      {s?.link && (
        <p>
          <a href={s.link} target="_blank" rel="noopener noreferrer">
            {t("openPost")}
          </a>
        </p>
      )}
      {s?.appeal && <p className="k-muted">{t("appealSaid", { text: s.appeal })}</p>}
      {(state === "passed" || state === "settled") && (
        <Link to={`/tasks/${page.task.id}/card`} className="c-btn">
          {t("card")}
        </Link>
      )}
      {told && page.can_appeal && <Appeal page={page} />}
    </section>
  );
}

function Appeal({ page }: { page: MyPage }) {
  const act = useAct(page.task.id);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [sent, setSent] = useState(false);
  if (!open) {
    return (
      <button type="button" className="c-link" onClick={() => setOpen(true)}>
        {t("appeal")}
      </button>
    );
  }
  return (
    <div className="c-form">
      <TextArea value={text} onChange={setText} rows={3} maxLength={500} aria-label={t("appealWhy")} placeholder={t("appealHint")} />
      <button
        type="button"
        className="c-btn c-main"
        disabled={!text.trim() || sent}
        onClick={() => {
          setSent(true);
          void act("appeal", { note: text.trim() }, t("did.appeal", { title: page.task.title }));
        }}
      >
        {t("appealSend")}
      </button>
    </div>
  );
}
