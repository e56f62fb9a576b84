/** One of a person's own submissions: where it stands, what to do next. On console and phone: it imports neither antd nor antd-mobile. */
import { useState } from "react";
import { asProblem, newKey, request, useRefresh } from "@/api";
import { FindingList } from "@/features/risk/checked/FindingList";
import { Marked } from "@/features/risk/checked/Marked";
import { relativeTime, timeText } from "@/i18n/format";
import { platformName } from "@/ui/words";
import { diff } from "./diff";
import { textMap, type Draft } from "./draft";
import { t } from "./i18n";
import { API, type State, type Story, type Submission } from "./types";
import { bodyOf } from "./write";
import { WriteForm } from "./WriteForm";
import "./desk.css";

/** What is shown after something was done. */
export interface Say {
  done: (text: string) => void;
  failed: (err: unknown) => void;
}

/** The sentence of a state. */
export function stateText(s: Submission): string {
  if (s.state === "waiting") return s.due_at ? t("says.waiting", { due: timeText(s.due_at) }) : t("says.waitingNoDue");
  if (s.state === "approved") return t("says.approved", { expires: timeText(s.expires_at) });
  return t(`says.${s.state}`);
}

const TONES: Partial<Record<State, string>> = { approved: "k-good", published: "k-good", changes: "k-warn", rejected: "k-bad", blocked: "k-bad", expired: "k-bad" };

/** The submission with its next step. */
export function Mine({ story: s, say }: { story: Story; say: Say }) {
  const [editing, setEditing] = useState(false);
  if (editing) return <Again story={s} say={say} onClose={() => setEditing(false)} />;
  return (
    <div className="d-one">
      <p className={`d-say ${TONES[s.state] ?? ""}`} role="status">
        {stateText(s)}
      </p>
      {s.state === "approved" && s.straight && <p className="k-muted">{t.slug("straight", s.straight)}</p>}
      {s.reason && (
        <div className="d-note">
          <b>{t("reasonOf", { name: s.decided_by })}</b>
          <p className="d-text">{s.reason}</p>
        </div>
      )}
      {s.state === "changes" && s.suggestion.length > 0 && <Suggestion story={s} />}
      <Next story={s} say={say} onEdit={() => setEditing(true)} />
      <Texts story={s} />
      <FindingList findings={s.findings} />
      {s.findings_more > 0 && <p className="k-muted">{t("findingsMore", { n: s.findings_more })}</p>}
      <p className="k-muted">
        {[t(`kind.${s.kind}`), platformName(s.platform), s.account && (s.account.name || s.account.handle), relativeTime(s.submitted_at)].filter(Boolean).join(" · ")}
      </p>
    </div>
  );
}

/** The fields with what the rules found in them. */
export function Texts({ story: s }: { story: Pick<Story, "texts" | "findings"> }) {
  return (
    <div>
      {s.texts.map((x) => (
        <div key={x.field} className="d-field">
          <b>{t.slug("field", x.field)}</b>
          <p className="d-text">
            <Marked text={x.text} findings={s.findings.filter((f) => f.field === x.field)} />
          </p>
        </div>
      ))}
    </div>
  );
}

function Suggestion({ story: s }: { story: Story }) {
  const before = textMap(s.texts);
  return (
    <section className="d-suggest" aria-label={t("suggestion")}>
      <b>{t("suggestion")}</b>
      {s.suggestion.map((x) => (
        <p key={x.field} className="d-text">
          {diff(before[x.field] ?? "", x.text).map((c, i) => (c.kind === "new" ? <ins key={i}>{c.text}</ins> : c.kind === "old" ? <del key={i}>{c.text}</del> : <span key={i}>{c.text}</span>))}
        </p>
      ))}
    </section>
  );
}

function Next({ story: s, say, onEdit }: { story: Story; say: Say; onEdit: () => void }) {
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [link, setLink] = useState("");
  const [correcting, setCorrecting] = useState(false);
  const last = s.links.at(-1);
  const [sure, setSure] = useState(false);
  const act = async (verb: string, body: object | undefined, done: (now: Submission) => string) => {
    setBusy(true);
    try {
      const now = await request<Submission>("POST", `${API}/mine/${s.id}/${verb}`, { body, idempotencyKey: newKey() });
      say.done(done(now));
      setLink("");
      setCorrecting(false);
      refresh(API, "/api/v1/todo");
    } catch (err) {
      say.failed(err);
      if (asProblem(err).status === 409) refresh(API);
    } finally {
      setBusy(false);
      setSure(false);
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText(s.texts.map((x) => x.text).join("\n\n"));
    say.done(t("copied"));
  };
  return (
    <>
      {(s.state === "approved" || correcting) && (
        <form
          className="d-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (correcting) void act("link", { link }, () => t("corrected"));
            else void act("publish", { link }, () => t("published"));
          }}
        >
          <label>
            <span className="d-label">{t(correcting ? "correctAsk" : "pasteLink")}</span>
            <input className="d-input" value={link} onChange={(e) => setLink(e.target.value)} maxLength={2000} autoComplete="off" autoFocus={correcting} />
            <small className="k-muted">{t(correcting ? "correctHint" : "pasteHint")}</small>
          </label>
          <div className="d-acts">
            {correcting ? (
              <button type="button" className="d-btn" onClick={() => setCorrecting(false)}>
                {t("cancel")}
              </button>
            ) : (
              typeof navigator !== "undefined" && navigator.clipboard && (
                <button type="button" className="d-btn" onClick={() => void copy()}>
                  {t("copy")}
                </button>
              )
            )}
            <button type="submit" className="d-btn d-main" disabled={busy || !link.trim()}>
              {t(correcting ? "correctLink" : "publish")}
            </button>
          </div>
        </form>
      )}
      {s.links.length > 1 && (
        <div>
          <b>{t("earlierLinks")}</b>
          <ul className="d-links k-muted">
            {s.links.slice(0, -1).map((l, i) => (
              <li key={i}>
                {l.link} · {l.by} · {timeText(l.at)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="d-acts">
        {s.state === "published" && s.link && (
          <a className="d-btn d-main" href={s.link} target="_blank" rel="noopener noreferrer">
            {t("openLink")}
          </a>
        )}
        {s.state === "published" && last?.own && !correcting && (
          <button type="button" className="d-btn" onClick={() => setCorrecting(true)}>
            {t("correctLink")}
          </button>
        )}
        {s.state === "changes" && s.suggestion.length > 0 && (
          <button type="button" className="d-btn d-main" disabled={busy} onClick={() => void act("accept", { version: s.version }, (now) => t(now.state === "approved" ? "takenOver" : "takenWaiting"))}>
            {t("takeOver")}
          </button>
        )}
        {["changes", "rejected", "blocked", "expired", "approved", "waiting"].includes(s.state) && (
          <button type="button" className={`d-btn ${s.state === "blocked" || s.state === "rejected" || s.state === "expired" ? "d-main" : ""}`} disabled={busy} onClick={onEdit}>
            {t(s.state === "changes" ? "editSelf" : "editAgain")}
          </button>
        )}
        {["reading", "waiting", "changes", "approved"].includes(s.state) &&
          (sure ? (
            <span className="d-acts" role="group" aria-label={t("withdrawAsk")}>
              <span>{t("withdrawAsk")}</span>
              <button type="button" className="d-btn" disabled={busy} onClick={() => void act("withdraw", undefined, () => t("withdrawn", { title: s.title }))}>
                {t("withdraw")}
              </button>
              <button type="button" className="d-btn" onClick={() => setSure(false)}>
                {t("keep")}
              </button>
            </span>
          ) : (
            <button type="button" className="d-btn" disabled={busy} onClick={() => setSure(true)}>
              {t("withdraw")}
            </button>
          ))}
      </div>
    </>
  );
}

/** Writing a new version. */
function Again({ story: s, say, onClose }: { story: Story; say: Say; onClose: () => void }) {
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [draft, setDraft] = useState<Draft>({
    kind: s.kind,
    accountId: s.account?.id ?? "",
    platform: s.platform,
    texts: { ...textMap(s.texts), ...(s.state === "changes" ? textMap(s.suggestion) : {}) },
    media: s.media,
    pictures: s.images.map((p) => ({ id: p.id, name: p.name })),
  });
  const send = async () => {
    setBusy(true);
    try {
      const { texts, media, pictures } = bodyOf(draft);
      const now = await request<Submission>("POST", `${API}/mine/${s.id}/resubmit`, { body: { version: s.version, texts, media, pictures }, idempotencyKey: newKey() });
      say.done(sentText(now));
      refresh(API, "/api/v1/todo");
      onClose();
    } catch (err) {
      say.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="d-one">
      <WriteForm value={draft} onChange={setDraft} accounts={[]} again busy={busy} onSend={() => void send()} />
      <button type="button" className="d-btn" onClick={onClose}>
        {t("cancel")}
      </button>
    </div>
  );
}

/** What came of handing in. */
export function sentText(s: Submission): string {
  if (s.state === "approved") return t("sentApproved");
  if (s.state === "blocked") return t("sentBlocked");
  return t(s.state === "reading" ? "sentReading" : "sentWaiting");
}
