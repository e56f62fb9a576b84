import { useEffect } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useGet } from "@/api";
import { Marked } from "@/features/risk/checked/Marked";
import { percent, relativeTime, timeText } from "@/i18n/format";
import { Card, Failed, Waiting } from "@/phone/kit";
import { platformName } from "@/ui/words";
import { useClaim } from "./claim";
import { t } from "./i18n";
import { PhoneDecide } from "./PhoneDecide";
import { Ranked } from "./Ranked";
import { dueText } from "./ReviewRows";
import { free, useQueue } from "./reviewing";
import { unreadText } from "./says";
import { StoryLine } from "./StoryLine";
import { API, type Elsewhere, type Review, type Settings, type Story } from "./types";
import "./desk.css";

/** One submission on the phone: all a reviewer needs on one screen, the decision at the thumb. */
export default function PhoneReview() {
  const { id = "" } = useParams();
  const go = useNavigate();
  const got = useGet<Story>(`${API}/submissions/${id}`, undefined, { stale: 0 });
  const settings = useGet<Settings>(`${API}/settings`);
  const queue = useQueue({ state: "waiting", sort: "rank" });
  const s = got.data;
  const may = settings.data?.may_review === true && s?.state === "waiting" && !s.own;
  const taken = useClaim(id, may);
  const open = queue.rows.filter((r) => r.id === id || free(r));
  const at = open.findIndex((r) => r.id === id);
  const next = open[at + 1] ?? open.find((r) => r.id !== id);
  useGet<Story>(next ? `${API}/submissions/${next.id}` : null); // at hand when the network goes
  useEffect(() => {
    document.title = `${s?.title ?? t("title")} · Kosmos`;
  }, [s?.title]);
  if (!s) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const on = () => void go(next ? `/content/desk/${next.id}` : "/content/desk", { replace: true });
  return (
    <article className="d-phone">
      <p className="d-head">
        <Link to="/content/desk">‹ {t("toQueue")}</Link>
        {at >= 0 && <span className="k-muted">{t("placeShort", { at: at + 1, of: open.length })}</span>}
        {next && <Link to={`/content/desk/${next.id}`} replace>{t("nextShort")} ›</Link>}
      </p>
      <h1>{s.title}</h1>
      <p className="k-muted" style={{ margin: "0 4px 12px" }}>
        {[t(`kind.${s.kind}`), platformName(s.platform), s.account ? s.account.name || s.account.handle : t("noAccount"), s.author, s.unit].filter(Boolean).join(" · ")}
        <br />
        {s.state === "waiting" ? <span className={s.overdue ? "k-bad" : undefined}>{dueText(s)}</span> : t(`state.${s.state}`)}
        {s.need > 1 && s.state === "waiting" && ` · ${t("secondPerson", { n: s.need - s.approvals })}`}
      </p>
      <Notice story={s} settings={settings.data} taken={taken} />
      <PhoneDecide key={`${s.id}-${s.version}`} story={s} may={may && !taken} onDone={on}>
        <Card title={t("text")}>
          {s.texts.map((x) => (
            <div key={x.field} className="d-field">
              <b>{t.slug("field", x.field)}</b>
              <p className="d-text">
                <Marked text={x.text} findings={s.findings.filter((f) => f.field === x.field)} />
              </p>
            </div>
          ))}
        </Card>
        <Media story={s} />
      </PhoneDecide>
      {s.ranked && (
        <Card title={t("rankedTitle")}>
          <Ranked ranked={s.ranked} />
        </Card>
      )}
      <Around id={s.id} />
      <Card title={t("history")}>
        <StoryLine story={s} />
      </Card>
    </article>
  );
}

/** Why nothing can be decided here, or how somebody decided. */
function Notice({ story: s, settings, taken }: { story: Story; settings?: Settings; taken: string }) {
  const text =
    s.state !== "waiting" ? (s.decided_at ? `${t(`state.${s.state}`)} · ${s.decided_by} · ${timeText(s.decided_at)}` : "")
    : taken ? taken
    : s.own ? t("ownOnly")
    : settings && !settings.may_review ? t("reviewOnly")
    : "";
  return text ? <p className="d-note" role="status" style={{ marginBottom: 12 }}>{text}</p> : null;
}

function Media({ story: s }: { story: Story }) {
  if (s.images.length === 0 && s.media.length === 0) return null;
  return (
    <Card title={t("pictures")}>
      <ul className="d-pictures">
        {s.images.map((p) => (
          <li key={p.id}>
            <a href={`${API}/pictures/${p.id}`} target="_blank" rel="noopener noreferrer">
              <img src={`${API}/pictures/${p.id}`} alt={p.name} loading="lazy" />
            </a>
            {p.state === "new" && <p className="k-muted">{t("reading")}</p>}
            {p.state === "unread" && <p className="k-warn">{unreadText(p.missing)}</p>}
            {p.codes.length > 0 && <p className="k-bad">{t("readCodes", { codes: p.codes.join(t("and")) })}</p>}
            {p.text && <p className="d-text">{t("readText", { text: p.text })}</p>}
          </li>
        ))}
        {s.media.map((m, i) => (
          <li key={`m${i}`}>
            {m.link ? <a href={m.link} target="_blank" rel="noopener noreferrer">{m.name || m.link}</a> : m.name}
            {m.note && <p className="k-muted">{m.note}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The same words elsewhere, and how similar texts were decided. */
function Around({ id }: { id: string }) {
  const got = useGet<{ similar: Review[]; elsewhere: Elsewhere[] }>(`${API}/submissions/${id}/around`);
  const { similar = [], elsewhere = [] } = got.data ?? {};
  if (!got.data) return null;
  return (
    <>
      <Card title={t("elsewhere")}>
        {elsewhere.length === 0 && <p className="k-muted">{t("elsewhereNone")}</p>}
        <ul className="d-around">
          {elsewhere.map((e) => (
            <li key={e.post_id}>
              <p>{e.text}</p>
              <p className="k-muted">{[platformName(e.platform), e.handle, e.member, t("sameShare", { percent: percent(e.score) })].filter(Boolean).join(" · ")}</p>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t("similar")}>
        {similar.length === 0 && <p className="k-muted">{t("similarNone")}</p>}
        <ul className="d-around">
          {similar.map((r) => (
            <li key={`${r.submission_id}-${r.version}-${r.reviewer}`}>
              <p>
                <b className={r.decision === "approve" ? "k-good" : r.decision === "reject" ? "k-bad" : "k-warn"}>{t(`decision.${r.decision}`)}</b> {r.excerpt}
              </p>
              <p className="k-muted">{[r.reviewer, relativeTime(r.at), r.reason].filter(Boolean).join(" · ")}</p>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
