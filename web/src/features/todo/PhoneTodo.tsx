import { Button, TextArea } from "antd-mobile";
import { useEffect, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { Failed, Waiting } from "@/phone/kit";
import { APPS } from "@/ui/apps";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import { useMine } from "./mine";
import { dueText } from "./open";
import { useTurn } from "./turned";
import type { How, Item, Turned } from "./types";
import "./phone.css";

/** One to-do on one screen: what, why, by when; done or declined, then the next one. */
export default function PhoneTodo() {
  const { id = "" } = useParams();
  const go = useNavigate();
  const turn = useTurn();
  const { list, turned, open } = useMine();
  const at = open.findIndex((it) => it.id === id);
  const item = open[at];
  useEffect(() => {
    document.title = `${item?.title ?? t("phoneTitle")} · Kosmos`;
    scrollTo(0, 0);
  }, [item?.title]);
  const last = turned.at(-1);
  const [closing, setClosing] = useState("");
  if (!item && !list.data) return list.error ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  if (!item && closing === id) return <Waiting />; // on the way to the next
  if (!item) return <Ended mine={turned.find((x) => x.item.id === id)} left={open[0]} />;
  const close = async (how: How, note = "") => {
    const next = open[at + 1] ?? open[at - 1];
    setClosing(id);
    await turn.close(item, how, note);
    void go(next ? `/todo/${next.id}` : "/today", { replace: true });
  };
  return (
    <article className="t-one">
      <p className="t-nav">
        <Link to="/today">‹ {t("back")}</Link>
        <span className="k-muted">{t("place", { at: at + 1, of: open.length })}</span>
      </p>
      {last && <Undo turned={last} onUndo={() => void turn.reopen(last.item)} />}
      <h1>{item.title}</h1>
      <Told item={item} />
      <Foot key={item.id} item={item} onClose={(how, note) => void close(how, note)} />
    </article>
  );
}

function Told({ item: it }: { item: Item }) {
  const due = dueText(it);
  const about = [it.platform && platformName(it.platform), it.unit_name].filter(Boolean).join(" · ");
  return (
    <dl className="t-told">
      {it.why && (
        <>
          <dt>{t("why")}</dt>
          <dd>{it.why}</dd>
        </>
      )}
      {due && (
        <>
          <dt>{t("when")}</dt>
          <dd className={it.overdue ? "k-bad" : undefined}>{due}</dd>
        </>
      )}
      {about && (
        <>
          <dt>{t("about")}</dt>
          <dd>{about}</dd>
        </>
      )}
    </dl>
  );
}

function Undo({ turned, onUndo }: { turned: Turned; onUndo: () => void }) {
  return (
    <p className="t-undo" role="status">
      <span>{t(turned.how === "done" ? "phoneDone" : "phoneDismissed", { title: turned.item.title })}</span>
      <Button size="mini" onClick={onUndo}>
        {t("undo")}
      </Button>
    </p>
  );
}

/** A tap this soon was meant for the screen before: the second of a double tap. */
const TOO_SOON = 400;

const REASONS = ["busy", "unable", "stopped", "already"] as const;

function Foot({ item, onClose }: { item: Item; onClose: (how: How, note?: string) => void }) {
  const [declining, setDeclining] = useState(false);
  const [note, setNote] = useState("");
  const [sent, setSent] = useState(false);
  const [born] = useState(() => Date.now());
  const close = (how: How, why?: string) => {
    if (sent || Date.now() - born < TOO_SOON) return;
    setSent(true);
    onClose(how, why);
  };
  if (declining) {
    return (
      <div className="t-foot" role="group" aria-label={t("declineAsk")}>
        <b>{t("declineAsk")}</b>
        <div className="t-reasons">
          {REASONS.map((r) => (
            <Button key={r} size="small" aria-pressed={note === t(`reason.${r}`)} color={note === t(`reason.${r}`) ? "primary" : "default"} onClick={() => setNote(t(`reason.${r}`))}>
              {t(`reason.${r}`)}
            </Button>
          ))}
        </div>
        <TextArea value={note} onChange={setNote} rows={2} maxLength={200} placeholder={t("declineHint")} aria-label={t("declineAsk")} />
        <div className="t-acts">
          <Button size="large" onClick={() => setDeclining(false)}>
            {t("keep")}
          </Button>
          <Button size="large" color="primary" disabled={!note.trim() || sent} onClick={() => close("dismissed", note.trim())}>
            {t("declineSend")}
          </Button>
        </div>
      </div>
    );
  }
  if (item.locked) {
    return (
      <div className="t-foot">
        <Link className="t-big" to={item.link}>
          {t("goThere")}
        </Link>
      </div>
    );
  }
  return (
    <div className="t-foot">
      <Elsewhere item={item} />
      <div className="t-acts">
        <Button size="large" disabled={sent} onClick={() => setDeclining(true)}>
          {t("decline")}
        </Button>
        <Button size="large" color="primary" disabled={sent} onClick={() => close("done")}>
          {t("finish")}
        </Button>
      </div>
    </div>
  );
}

/** Where the work itself is done: the platform's app, or a page of the console for those who manage. */
function Elsewhere({ item: it }: { item: Item }) {
  const app = it.audience === "owner" ? APPS[it.platform] : undefined;
  if (app) {
    return (
      <a className="t-out" href={app} target="_blank" rel="noopener noreferrer">
        {t("openApp", { platform: platformName(it.platform) })}
      </a>
    );
  }
  if (!it.link || it.audience === "owner") return null;
  return (
    <a className="t-out" href={it.link}>
      {t("openConsole")}
    </a>
  );
}

/** The screen of a to-do that is not open any more. */
function Ended({ mine, left }: { mine?: Turned; left?: Item }) {
  return (
    <div className="p-center">
      <div>
        <h1>{mine ? t("phoneDone", { title: mine.item.title }) : t("goneTitle")}</h1>
        <p>{mine ? t.slug("state", mine.how) : t("goneText")}</p>
        <Link className="t-out" to={left ? `/todo/${left.id}` : "/today"} replace>
          {left ? t("phoneStart") : t("toList")}
        </Link>
      </div>
    </div>
  );
}
