import { Button, Segmented } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { rawRequest, useGet } from "@/api";
import { useScope, useScopedLink, useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { change, dayText, fullNumber, percent, relativeTime, shortNumber, timeText, todayIn } from "@/i18n/format";
import { EmptyState, ErrorState, Figure, FigureRow, originName, Page, platformName, saveFile, Section, Trend, useToast } from "@/ui";
import { t } from "./i18n";
import { MoverLists } from "./MoverLists";
import { nameOf, periodName } from "./parts";
import { PartTable } from "./PartTable";
import { NoFiles, Start } from "./Start";
import { Todos } from "./Todos";
import { type Overview as Body, type SeriesBody } from "./types";

const SHOWN = ["views", "posts", "interactions", "followers_gained"] as const;

/** How the scope is doing: a sentence, figures, things to do, the course of the days, parts, and what changed. */
export default function Overview() {
  const can = useCan();
  if (!can("insight.read")) {
    return (
      <Page title={t("title")}>
        <EmptyState title={t("noAccess")} text={t("noAccessText")} />
      </Page>
    );
  }
  return <Board />;
}

function Board() {
  const { query } = useScope();
  const got = useGet<Body>("/api/v1/insight/overview", query, { keep: true });
  const o = got.data;
  if (got.error && !o) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (o && o.figures.accounts.value === 0) {
    return (
      <Page title={t("title")}>
        <Start />
      </Page>
    );
  }
  return (
    <Page title={t("title")} lead={o ? sentence(o) : " "} actions={<Export />}>
      <Figures o={o} />
      {o?.freshness?.length === 0 && <NoFiles />}
      <div className="i-two">
        <Todos />
        <Days />
      </div>
      <div className="i-half">
        <Section title={t("byPlatform")}>
          <PartTable by="platform" parts={o?.platforms} counted={o?.figures.accounts.value !== null} />
        </Section>
        <Section title={t("byKind")}>
          <PartTable by="kind" parts={o?.kinds} counted={o?.figures.accounts.value !== null} />
        </Section>
      </div>
      <MoverLists />
    </Page>
  );
}

/** "Last 30 days: 41 of 312 accounts are asleep, 6 fewer than before; 1.2M views, up 12.3%." */
export function sentence(o: Body): string {
  const { accounts, asleep, views } = o.figures;
  const before = asleep.previous;
  const diff = asleep.value === null || before === null || before === undefined ? null : asleep.value - before;
  const moved = diff === null ? "" : diff === 0 ? t("equal") : t(diff < 0 ? "fewer" : "moreOf", { n: fullNumber(Math.abs(diff)) });
  const head = t("sentence", { when: periodName(o.period), total: fullNumber(accounts.value), asleep: fullNumber(asleep.value), change: moved });
  if (!views.value) return head + t("stop");
  const rate = change(views.value, views.previous);
  const text = rate === null ? t("viewsOnly", { views: shortNumber(views.value) }) : t(rate < 0 ? "viewsDown" : "viewsUp", { views: shortNumber(views.value), rate: percent(Math.abs(rate)) });
  return head + text + t("stop");
}

function Figures({ o }: { o?: Body }) {
  const link = useScopedLink();
  const f = o?.figures;
  const plain = ["accounts", "active", "asleep", "abnormal", "posts", "lives", "views", "interactions"] as const;
  const bare = (k: (typeof plain)[number]) => f && { ...f[k], as_of: null };
  const rate = f && f.views.value ? { num: f.interactions.value ?? 0, den: f.views.value } : null;
  return (
    <>
      <div className="i-figures">
        <FigureRow>
          {plain.map((k) => (
            <Figure key={k} label={nameOf(k)} data={bare(k)} lessIsBetter={k === "asleep" || k === "abnormal"} loading={!o} to={f?.[k].value == null ? undefined : link("/insight/rows", { metric: k })} />
          ))}
          <Figure
            label={<span title={t("engagementHelp")}>{t("engagement")}</span>}
            shown={percent(rate)}
            data={f && engagement(f)}
            as="percent"
            loading={!o}
          />
          <Figure label={nameOf("followers_gained")} as="signed" data={f && { ...f.followers_delta, as_of: null }} loading={!o} to={link("/insight/rows", { metric: "followers_gained" })} />
        </FigureRow>
      </div>
      <p className="i-sources">
        {o && <span>{t("compared", { from: dayText(o.previous.from), to: dayText(o.previous.to) })}</span>}
        {o?.freshness?.length === 0 && <span>{t("sourcesNone")}</span>}
        {o?.freshness?.map((s) => (
          <span key={s.platform + s.origin} className="k-fresh" data-age="fresh" title={timeText(s.as_of)}>
            {t("sourceAt", { platform: platformName(s.platform), origin: originName(s.origin), when: relativeTime(s.as_of) })}
          </span>
        ))}
      </p>
    </>
  );
}

function engagement(f: Body["figures"]) {
  const part = (a?: number | null, b?: number | null) => (b ? (a ?? 0) / b : null);
  return {
    value: part(f.interactions.value, f.views.value),
    previous: part(f.interactions.previous, f.views.previous),
    peer: f.views.peer ? part(f.interactions.peer, f.views.peer) : null,
  };
}

function Export() {
  const { query } = useScope();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const res = await rawRequest("GET", "/api/v1/insight/overview.xlsx", { query });
      const name = `${t("title")}-${todayIn()}.xlsx`;
      saveFile(name, await res.blob());
      toast.done(t("exportDone", { name }));
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} onClick={() => void save()}>
      {t("export")}
    </Button>
  );
}

function Days() {
  const { query } = useScope();
  const [metric, setMetric] = useUrlState("trend", "views");
  const navigate = useNavigate();
  const link = useScopedLink();
  const got = useGet<SeriesBody>("/api/v1/insight/series", query, { keep: true });
  const days = got.data?.days ?? [];
  const before = got.data?.before ?? [];
  return (
    <Section
      title={t("trend")}
      extra={<Segmented size="small" value={metric} onChange={setMetric} options={SHOWN.map((value) => ({ value, label: nameOf(value) }))} />}
    >
      {got.error && !got.data ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : (
        <Trend
          label={t("trendLabel", { metric: nameOf(metric) })}
          loading={!got.data}
          height={360}
          x={days.map((d) => d.day)}
          series={[
            { name: t("now"), values: days.map((d) => d.values[metric] ?? 0) },
            { name: t("before"), values: days.map((_, i) => before[i]?.values[metric] ?? null), quiet: true },
          ]}
          onPick={(at) => void navigate(link("/insight/rows", { metric, from: at.name, to: at.name }))}
        />
      )}
    </Section>
  );
}
