import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { timeText } from "@/i18n/format";
import { Failed, Waiting } from "@/phone/kit";
import { outbox } from "@/phone/outbox";
import { useAct, useHeld } from "./act";
import { isOpen, shownState, taskPath } from "./stand";
import { t } from "./i18n";
import { PhoneBrief } from "./PhoneBrief";
import { PhoneFoot } from "./PhoneFoot";
import { PhoneHandIn } from "./PhoneHandIn";
import { PhoneMaterial } from "./PhoneMaterial";
import { PhoneStand } from "./PhoneStand";
import { aboutText, dueText } from "./says";
import type { MyPage } from "./types";
import "./campaign.css";

/** One task on one screen: what, why, by when; accept, do, hand in; then how it went. */
export default function PhoneTask() {
  const { id = "" } = useParams();
  const got = useGet<MyPage>(taskPath(id), undefined, { stale: 5_000 });
  const title = got.data?.task.title;
  useEffect(() => {
    document.title = `${title ?? t("todayTitle")} · Kosmos`;
    scrollTo(0, 0);
  }, [title]);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  return <Screen key={id} page={got.data} />;
}

function Screen({ page }: { page: MyPage }) {
  const task = page.task;
  const held = useHeld(task.id);
  const [handing, setHanding] = useState(false);
  useReceipt(page);
  const state = shownState(task.state, held);
  const working = state === "accepted" || state === "rejected";
  const refused = held.submit?.refused ? held.submit : undefined;
  return (
    <article className="c-one">
      <p className="c-nav">
        <Link to="/today">‹ {t("toToday")}</Link>
        <span className="k-muted">{task.campaign}</span>
      </p>
      <h1>{task.title}</h1>
      {page.changed_since && <p className="c-note">{t("changed")}</p>}
      <PhoneStand page={page} state={state} waiting={!!held.submit && !refused} />
      {refused && (
        <p role="alert" className="c-note k-bad">
          {t("refused", { why: refused.refused })}{" "}
          <button type="button" className="c-link" onClick={() => void outbox.drop(refused.id)}>
            {t("refusedAgain")}
          </button>
        </p>
      )}
      {isOpen(state) && !handing && <Told page={page} />}
      {working && handing && <PhoneHandIn page={page} onBack={() => setHanding(false)} />}
      {working && !handing && <PhoneMaterial page={page} />}
      <PhoneBrief key={String(working)} page={page} open={!working} />
      {isOpen(state) && !handing && <PhoneFoot page={page} state={state} onHandIn={() => setHanding(true)} />}
    </article>
  );
}

function Told({ page }: { page: MyPage }) {
  const task = page.task;
  const due = dueText(task.due_at);
  const lines: [string, string, boolean?][] = [
    [t("when"), due.text, due.late],
    ...(task.publish_at ? [[t("slot"), timeText(task.publish_at).slice(5)] as [string, string]] : []),
    ...(task.why ? [[t("why"), task.why] as [string, string]] : []),
    [t("about"), aboutText(task) || t("aboutNone")],
    ...(page.target ? [[t.slug("target", task.type, t("targetAny")), page.target] as [string, string]] : []),
  ];
  return (
    <dl className="c-told">
      {lines.map(([name, text, bad]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={bad ? "k-bad" : undefined}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Tells headquarters once that the task, in this version, was opened. */
function useReceipt(page: MyPage) {
  const act = useAct(page.task.id);
  const told = useRef(0);
  const { unread, title } = page.task;
  const version = page.version;
  useEffect(() => {
    if (!unread || told.current === version) return;
    told.current = version;
    void act("read", { version }, t("did.read", { title }));
  }, [act, unread, version, title]);
}
