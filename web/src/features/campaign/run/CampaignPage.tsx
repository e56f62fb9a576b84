import { Alert, Button, Progress, Skeleton } from "antd";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { useGet, useRefresh } from "@/api";
import { useScope, useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { comma, fullNumber, percent, relativeTime, timeText } from "@/i18n/format";
import { ErrorState, Facts, Figure, FigureRow, Page, platformName, Section } from "@/ui";
import { Alike } from "../guard/Alike";
import { Verdict } from "../plan/StepCheck";
import { API } from "../types";
import { Behind } from "./Behind";
import { BoardTasks, BoardUnits } from "./BoardTables";
import { CampaignState } from "./Campaigns";
import { funnelOf, handedOf, lookOf, missingOf, passedOf } from "./counts";
import { t } from "./i18n";
import { Notes } from "./Notes";
import { Story } from "./Story";
import { Turns } from "./Turns";
import type { Board, Campaign } from "./types";
import "../console.css";

/** One campaign: how it stands in a sentence, in figures, by unit and task; who is behind; what happened. */
export default function CampaignPage() {
  const { id = "" } = useParams();
  const { unit } = useScope();
  const path = `${API}/campaigns/${id}`;
  const got = useGet<Campaign>(path, undefined, { stale: 0 });
  const c = got.data;
  const out = !!c && c.version > 0;
  const board = useGet<Board>(out ? `${path}/board` : null, { unit }, { keep: true, every: c?.state === "dispatching" ? 1500 : undefined });
  useFollow(c, path);
  if (!c) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  const b = board.data;
  return (
    <Page
      title={c.plan.title}
      back="/content/campaigns"
      lead={
        <>
          <CampaignState state={c.state} /> {sentence(c, b)}
        </>
      }
      actions={<Actions campaign={c} />}
    >
      {c.note && c.state === "draft" && <Alert type="warning" showIcon style={{ marginBottom: 12 }} title={t("returnedWhy", { note: c.note })} />}
      {c.changed && <Alert type="warning" showIcon style={{ marginBottom: 12 }} title={t("changedText")} />}
      {c.held && <Alert type="info" showIcon style={{ marginBottom: 12 }} title={c.held} />}
      {c.state === "dispatching" && <Dispatching campaign={c} />}
      {!out && <Plan campaign={c} />}
      {out && board.error && <ErrorState error={board.error} onRetry={() => void board.refetch()} />}
      {out && b && (
        <>
          <Figures id={id} board={b} />
          <BoardUnits board={b} />
          <BoardTasks board={b} />
          {c.state === "running" && <Behind id={id} board={b} />}
        </>
      )}
      {c.state !== "dispatching" && <Alike campaign={c} />}
      {out && <Notes campaign={c} />}
      {c.verdict !== "" && c.verdict !== "pass" && <Verdict campaign={c} />}
      <Story campaign={c} />
    </Page>
  );
}

/** While the walk over the audience runs, the page looks again until it is done. */
function useFollow(c: Campaign | undefined, path: string) {
  const refresh = useRefresh();
  const busy = c?.state === "dispatching";
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => refresh(path), 1000);
    return () => clearInterval(timer);
  }, [busy, refresh, path]);
}

function sentence(c: Campaign, b?: Board): string {
  if (c.state === "draft" || c.state === "checked") return t("sentenceDraft");
  if (c.state === "approval") return t("sentenceApproval", { by: c.created_by });
  if (!b || b.counts.total === 0) return c.state === "dispatching" ? t("sentenceDispatching") : t("sentenceNobody");
  const s = b.counts.states;
  const handed = handedOf(s);
  const p = { name: b.name, all: fullNumber(b.counts.total), handed: fullNumber(handed), share: percent({ num: handed, den: b.counts.total }, 0), passed: fullNumber(passedOf(s)), missing: fullNumber(missingOf(s)), late: fullNumber(b.counts.late) };
  if (c.state === "closed" || c.state === "reviewed") return t("sentenceClosed", p);
  return t("sentenceRunning", p) + (b.counts.late > 0 ? t("sentenceLate", p) : c.plan.ends_at ? t("sentenceEnds", { when: relativeTime(c.plan.ends_at) }) : "");
}

function Actions({ campaign: c }: { campaign: Campaign }) {
  const can = useCan();
  const link = useScopedLink();
  const base = `/content/campaigns/${c.id}`;
  const out = c.version > 0;
  return (
    <>
      {c.editable && can("campaign.write") && (
        <Link to={`${base}/edit`}>
          <Button>{t("edit")}</Button>
        </Link>
      )}
      {out && c.plan.mode === "burst" && (
        <Link to={link(`${base}/war`)}>
          <Button>{t("war")}</Button>
        </Link>
      )}
      {out && (
        <>
          <Link to={`${base}/around`}>
            <Button>{t("around")}</Button>
          </Link>
          <Link to={link(`${base}/results`)}>
            <Button>{t("results")}</Button>
          </Link>
        </>
      )}
      <Turns campaign={c} />
    </>
  );
}

function Dispatching({ campaign: c }: { campaign: Campaign }) {
  const p = c.progress;
  const share = p.expected ? Math.min(99, Math.floor((100 * p.people) / p.expected)) : 0;
  return (
    <Section title={t("dispatching")}>
      <Progress percent={share} status="active" aria-label={t("dispatching")} />
      <p className="k-muted">{t("dispatchText", { people: fullNumber(p.people), expected: fullNumber(p.expected), made: fullNumber(p.made) })}</p>
    </Section>
  );
}

function Figures({ id, board: b }: { id: string; board: Board }) {
  const can = useCan();
  const link = useScopedLink();
  const s = b.counts.states;
  const look = lookOf(s);
  const share = (n: number) => t("ofAll", { share: percent({ num: n, den: b.counts.total }, 0) });
  return (
    <FigureRow>
      {funnelOf(b.counts).map((x) => (
        <Figure key={x.key} label={x.key === "given" ? t("f.given") : `${t(`f.${x.key}`)} ${b.counts.total ? share(x.n) : ""}`} data={{ value: x.n }} />
      ))}
      <Figure label={t("f.look")} data={{ value: look }} to={can("campaign.review") && look > 0 ? link("/content/campaigns/reviews", { campaign: id }) : undefined} lessIsBetter />
      <Figure label={t("f.late")} data={{ value: b.counts.late }} lessIsBetter />
      <Figure label={t("f.declined")} data={{ value: s.declined ?? 0 }} />
    </FigureRow>
  );
}

/** What is planned, before anything went out. */
function Plan({ campaign: c }: { campaign: Campaign }) {
  const p = c.plan;
  return (
    <Section title={t("plan")}>
      <Facts
        items={[
          { label: t("goal"), value: p.goal || "—" },
          { label: t("topic"), value: p.topic || "—" },
          { label: t("hashtags"), value: (p.hashtags.all ?? []).map((h) => `#${h}`).join(" ") || "—" },
          { label: t("window"), value: p.starts_at || p.ends_at ? `${timeText(p.starts_at)} – ${timeText(p.ends_at)}` : "—" },
          { label: t("modeOf"), value: t.slug("mode", p.mode || "spread") },
          { label: t("platforms"), value: p.audience.platforms?.map(platformName).join(comma()) || t("allPlatforms") },
          { label: t("tasks"), value: (p.tasks ?? []).map((x) => x.title).join(comma()) || "—" },
          { label: t("by"), value: `${c.created_by} · ${timeText(c.created_at)}` },
        ]}
      />
      {(p.briefs ?? []).map((b) => (
        <div key={b.platform} style={{ marginTop: 16 }}>
          <b>{b.platform ? t("briefOf", { platform: platformName(b.platform) }) : t("brief")}</b>
          <p className="c-words">{b.text || "—"}</p>
          {b.standard && <p className="c-words k-muted">{t("standard", { text: b.standard })}</p>}
        </div>
      ))}
    </Section>
  );
}
