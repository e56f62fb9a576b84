import { TextArea, Toast } from "antd-mobile";
import { useState } from "react";
import { APPS } from "@/ui/apps";
import { platformName } from "@/ui/words";
import { useAct } from "./act";
import { copyText } from "./copy";
import { t } from "./i18n";
import { openApp, schemeOf } from "./links";
import { textOf } from "./PhoneMaterial";
import { DECLINES, type MyPage, type Step } from "./types";

/** A tap this soon was meant for the screen before: the second of a double tap. */
const TOO_SOON = 400;

/** What comes next, at the thumb. */
export function PhoneFoot({ page, state, onHandIn }: { page: MyPage; state: Step; onHandIn: () => void }) {
  const task = page.task;
  const act = useAct(task.id);
  const [born] = useState(() => Date.now());
  const [sent, setSent] = useState(false);
  const [declining, setDeclining] = useState(false);
  if (declining) return <Decline page={page} onBack={() => setDeclining(false)} />;
  if (state === "given") {
    const accept = () => {
      if (sent || Date.now() - born < TOO_SOON) return;
      setSent(true);
      void act("accept", {}, t("did.accept", { title: task.title }));
    };
    return (
      <div className="c-foot">
        {!page.can_decline && <p className="k-muted c-flat">{t("mandatory")}</p>}
        <div className="c-acts">
          {page.can_decline && (
            <button type="button" className="c-btn" onClick={() => setDeclining(true)}>
              {t("decline")}
            </button>
          )}
          <button type="button" className="c-btn c-main" disabled={sent} onClick={accept}>
            {t("accept")}
          </button>
        </div>
      </div>
    );
  }
  const app = page.app_url || APPS[task.platform];
  return (
    <div className="c-foot">
      {page.can_decline && state === "accepted" && (
        <button type="button" className="c-link" onClick={() => setDeclining(true)}>
          {t("declineAfter")}
        </button>
      )}
      <div className="c-acts" data-even>
        {app && <OpenApp page={page} app={app} />}
        <button type="button" className={app ? "c-btn" : "c-btn c-main"} disabled={!page.can_submit && page.task.state === state} onClick={onHandIn}>
          {t("handIn")}
        </button>
      </div>
    </div>
  );
}

/** One tap: the words are copied and the app opens; its web page when the app is not there. */
function OpenApp({ page, app }: { page: MyPage; app: string }) {
  const text = textOf(page);
  const scheme = /^https?:/.test(app) ? schemeOf(page.task.platform) : app;
  const web = /^https?:/.test(app) ? app : (APPS[page.task.platform] ?? "");
  const go = async () => {
    if (text) {
      const ok = await copyText(text);
      Toast.show({ content: t(ok ? "copiedGo" : "copyFailed", { platform: platformName(page.task.platform) }) });
    }
    if (scheme) openApp(scheme, web);
    else location.assign(web);
  };
  return (
    <button type="button" className="c-btn c-main" onClick={() => void go()}>
      {t(text ? "copyOpen" : "open", { platform: platformName(page.task.platform) })}
    </button>
  );
}

function Decline({ page, onBack }: { page: MyPage; onBack: () => void }) {
  const act = useAct(page.task.id);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [sent, setSent] = useState(false);
  const ready = reason !== "" && (reason !== "other" || note.trim() !== "") && !sent;
  return (
    <div className="c-foot" role="group" aria-label={t("declineAsk")}>
      <b>{t("declineAsk")}</b>
      <p className="k-muted c-flat">{t("declineFree")}</p>
      <div className="c-pills">
        {DECLINES.map((r) => (
          <button key={r} type="button" aria-pressed={reason === r} onClick={() => setReason(r)}>
            {t(`declines.${r}`)}
          </button>
        ))}
      </div>
      {reason === "other" && <TextArea value={note} onChange={setNote} rows={2} maxLength={300} placeholder={t("declineHint")} aria-label={t("declineHint")} />}
      <div className="c-acts">
        <button type="button" className="c-btn" onClick={onBack}>
          {t("keep")}
        </button>
        <button
          type="button"
          className="c-btn c-main"
          disabled={!ready}
          onClick={() => {
            setSent(true);
            void act("decline", { reason, note: note.trim() }, t("did.decline", { title: page.task.title }));
          }}
        >
          {t("declineSend")}
        </button>
      </div>
    </div>
  );
}
