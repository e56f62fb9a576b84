import { Button, Skeleton } from "antd";
import { useEffect } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useGet, useList } from "@/api";
import { useCan } from "@/app/session";
import { Marked } from "@/features/risk/checked/Marked";
import { relativeTime, timeText } from "@/i18n/format";
import { ErrorState, Facts, Page, PlatformGlyph, RelTime, Section, StatusTag, Time } from "@/ui";
import { Around } from "./Around";
import { useClaim } from "./claim";
import { Decide } from "./Decide";
import { t } from "./i18n";
import { LevelTag, StateTag, Target } from "./parts";
import { Ranked } from "./Ranked";
import { unreadText } from "./says";
import { StoryLine } from "./StoryLine";
import { API, type Settings, type Story, type Submission } from "./types";
import "./desk.css";

/** One submission: all a reviewer needs, and the decision. */
export default function ReviewPage() {
  const { id = "" } = useParams();
  const got = useGet<Story>(`${API}/submissions/${id}`, undefined, { stale: 0 });
  const settings = useGet<Settings>(`${API}/settings`);
  const queue = useList<Submission>(`${API}/submissions`, { state: "waiting", sort: "rank" }, 100);
  const s = got.data;
  const mine = settings.data?.may_review === true && s?.state === "waiting" && !s.own;
  const claim = useClaim(id, mine);
  const place = usePlace(id, queue.rows);
  const can = useCan();
  if (!s) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  return (
    <Page
      title={s.title}
      back="/content/desk"
      lead={
        <>
          <StateTag state={s.state} /> {t(`kind.${s.kind}`)} · <Target item={s} /> · {s.author} · {s.unit || "—"}
        </>
      }
      actions={
        <>
          {place.of > 0 && <span className="k-muted">{t("place", { at: place.at || "—", of: place.of })}</span>}
          <Button onClick={place.back} disabled={!place.previous}>{t("previous")}</Button>
          <Button onClick={place.on} disabled={!place.next}>{t("next")}</Button>
        </>
      }
    >
      <div className="d-review">
        <div>
          <Section title={t("text")}>
            {s.texts.map((x) => (
              <div key={x.field} className="d-field">
                <b>{t.slug("field", x.field)}</b>
                <p className="d-text">
                  <Marked text={x.text} findings={s.findings.filter((f) => f.field === x.field)} />
                </p>
              </div>
            ))}
          </Section>
          <Section title={t("pictures")}>
            <Media story={s} />
          </Section>
          <Around id={s.id} />
          <Section title={t("history")} extra={can("evidence.read") && <Link to={`/content/evidence?object=submission&object_id=${s.id}`}>{t("proof")}</Link>}>
            <StoryLine story={s} />
          </Section>
        </div>
        <div className="d-side">
          <Decide key={`${s.id}-${s.version}`} story={s} settings={settings.data} taken={claim} onDone={place.after} />
          {s.ranked && (
            <Section title={t("rankedTitle")}>
              <Ranked ranked={s.ranked} />
            </Section>
          )}
          <Section>
            <Facts
              items={[
                { key: "level", label: t("level"), value: <LevelTag level={s.level} /> },
                { key: "score", label: t("score"), value: <span className="k-num">{Math.round(s.score * 100)}</span> },
                { key: "submitted", label: t("submitted"), value: <RelTime value={s.submitted_at} /> },
                {
                  key: "due", label: t("due"),
                  value: s.state === "waiting" ? s.overdue ? <StatusTag tone="bad">{t("overdue")} · {relativeTime(s.due_at)}</StatusTag> : <Time value={s.due_at} /> : "—",
                },
                ...(s.need > 1 ? [{ key: "need", label: t("people"), value: `${s.approvals} / ${s.need}` }] : []),
                ...(s.assigned_to ? [{ key: "for", label: t("handOver"), value: s.assigned_to }] : []),
                ...(s.link ? [{ key: "link", label: t("state.published"), value: <a href={s.link} target="_blank" rel="noopener noreferrer">{timeText(s.published_at)}</a> }] : []),
              ]}
            />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** Where the submission stands in the queue, and how to go on. */
function usePlace(id: string, rows: Submission[]) {
  const navigate = useNavigate();
  const free = rows.filter((r) => !r.own && (r.id === id || !r.claimed_by || r.claimed_own));
  const at = free.findIndex((r) => r.id === id);
  const next = free[at + 1] ?? (at < 0 ? free[0] : undefined);
  const previous = at > 0 ? free[at - 1] : undefined;
  const to = (s?: Submission) => s && void navigate(`/content/desk/${s.id}`);
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (typing(e)) return;
      if (e.key === "j" && next) void navigate(`/content/desk/${next.id}`);
      if (e.key === "k" && previous) void navigate(`/content/desk/${previous.id}`);
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [navigate, next, previous]);
  return {
    at: at + 1,
    of: free.length,
    next,
    previous,
    on: () => to(next),
    back: () => to(previous),
    /** After a decision: the next one, or the desk when nothing is left. */
    after: () => (next && next.id !== id ? to(next) : void navigate("/content/desk")),
  };
}

/** Whether the key belongs to a text box or a dialog. */
export function typing(e: KeyboardEvent): boolean {
  const el = e.target as HTMLElement | null;
  return e.ctrlKey || e.metaKey || e.altKey || !!el?.closest("input, textarea, select, [contenteditable], .ant-modal, .ant-select");
}

function Media({ story: s }: { story: Story }) {
  if (s.images.length === 0 && s.media.length === 0) return <p className="k-muted">{t("mediaNone")}</p>;
  return (
    <ul className="d-pictures">
      {s.images.map((p) => (
        <li key={p.id}>
          <a href={`${API}/pictures/${p.id}`} target="_blank" rel="noopener noreferrer">
            <img src={`${API}/pictures/${p.id}`} alt={p.name} loading="lazy" />
          </a>
          {p.state === "new" && <p className="k-muted">{t("reading")}</p>}
          {p.state === "unread" && <p className="k-warn">{unreadText(p.missing)}</p>}
          {p.codes.length > 0 && <p className="k-bad">{t("readCodes", { codes: p.codes.join(t("and")) })}</p>}
          {p.text && (
            <p>
              <Marked text={p.text} findings={[]} />
            </p>
          )}
        </li>
      ))}
      {s.media.map((m, i) => (
        <li key={i}>
          <PlatformGlyph platform={s.platform} /> {m.link ? <a href={m.link} target="_blank" rel="noopener noreferrer">{m.name || m.link}</a> : m.name}
          {m.note && <p className="k-muted">{m.note}</p>}
        </li>
      ))}
    </ul>
  );
}
