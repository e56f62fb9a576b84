import { Alert, Button, Popconfirm, Progress } from "antd";
import { useEffect, useState } from "react";
import { useGet, useRefresh, useSend } from "@/api";
import { useCan } from "@/app/session";
import { fullNumber, percent, timeText } from "@/i18n/format";
import { EmptyState, ErrorState, Facts, Page, Section, StatusTag, useToast } from "@/ui";
import { CheckedText } from "../checked/CheckedText";
import { featureText, featureWords } from "../checked/words";
import { t as risk } from "../i18n";
import { RiskTabs } from "../parts";
import { t } from "./i18n";
import type { Interval, Ranker, Rankers, Training, Verdicts } from "../types";

const API = "/api/v1/risk/rankers";

/** The brand's own rankers: from what they learn, what they reached, which is in use. */
export default function RankerPage() {
  const [every, setEvery] = useState<number | undefined>(undefined);
  const got = useGet<Rankers>(API, undefined, { keep: true, every });
  const refresh = useRefresh();
  const d = got.data;
  const running = d?.training?.state === "running";
  useEffect(() => setEvery(running ? 1_500 : undefined), [running]);
  useEffect(() => {
    if (!running) refresh("/api/v1/risk/runs"); // what was put into use looks at everything again
  }, [running, refresh]);
  if (got.error && !d) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  return (
    <Page title={t("rankerTitle")} lead={d && lead(d)} actions={d && <Actions rankers={d} onStarted={() => setEvery(1_500)} />}>
      <RiskTabs />
      {d?.training && <TrainingNote training={d.training} />}
      <VerdictsNow again={d?.training?.number ?? 0} />
      {d?.items.length === 0 && <EmptyState title={t("rankerNone")} text={t("rankerNoneText")} />}
      {d?.items.map((r) => <RankerCard key={r.number} ranker={r} />)}
      {d && d.items.length > 0 && <Try number={d.in_use || d.items[0]?.number || 0} />}
    </Page>
  );
}

function lead(d: Rankers): string {
  const name = d.by === "kosmos" ? risk("system") : d.by;
  if (d.in_use === 0) return d.since ? t("rankerBackLead", { name, when: timeText(d.since) }) : t("rankerShippedLead");
  return t("rankerUseLead", { n: d.in_use, name, when: timeText(d.since) });
}

function Actions({ rankers: d, onStarted }: { rankers: Rankers; onStarted: () => void }) {
  const can = useCan();
  const toast = useToast();
  const train = useSend("POST", API, [API]);
  const back = useSend("POST", `${API}/{number}/use`, ["/api/v1/risk/", "/api/v1/desk/"]);
  if (!can("risk.write")) return null;
  return (
    <>
      {d.in_use > 0 && (
        <Popconfirm
          title={t("rankerBackAsk")}
          okText={t("rankerBack")}
          cancelText={risk("cancel")}
          onConfirm={() => back.mutate({ path: { number: 0 } }, { onSuccess: () => toast.done(t("rankerBackDone")), onError: toast.failed })}
        >
          <Button loading={back.isPending}>{t("rankerBack")}</Button>
        </Popconfirm>
      )}
      <Button
        type="primary"
        loading={train.isPending || d.training?.state === "running"}
        onClick={() => train.mutate({}, { onSuccess: onStarted, onError: toast.failed })}
      >
        {t("rankerTrain")}
      </Button>
    </>
  );
}

function TrainingNote({ training: x }: { training: Training }) {
  const who = x.started_by === "kosmos" ? risk("system") : x.started_by;
  if (x.state === "running") {
    return (
      <Section title={t("rankerRunning")}>
        <Progress percent={x.total ? Math.floor((100 * x.done) / x.total) : 0} status="active" aria-label={risk("progress")} />
        <p className="k-muted" style={{ margin: 0 }}>
          {x.total ? t("rankerStep", { done: x.done, total: x.total }) : t("rankerGather")} · {who} · {timeText(x.started_at)}
        </p>
      </Section>
    );
  }
  if (x.state === "failed") return <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t("rankerFailed", { why: t.slug("fault", x.fault, t("fault.risk.ranker_broken")) })} />;
  return null;
}

/** What a training would learn from now. */
function VerdictsNow({ again }: { again: number }) {
  const got = useGet<Verdicts>(`${API}/verdicts`, { after: again || undefined }, { keep: true });
  const v = got.data;
  if (!v) return null;
  return (
    <Section title={t("rankerVerdicts")} extra={<StatusTag tone={v.ready ? "good" : "off"}>{t(v.ready ? "verdictsReady" : "verdictsFew")}</StatusTag>}>
      <Facts
        items={[
          { key: "texts", label: t("verdictsTexts"), value: t("verdictsTextsSay", { refused: fullNumber(v.refused), approved: fullNumber(v.approved) }) },
          { key: "marks", label: t("verdictsMarks"), value: t("verdictsMarksSay", { right: fullNumber(v.right), wrong: fullNumber(v.false_alarms) }) },
        ]}
      />
      <p className="k-muted" style={{ marginBottom: 0 }}>
        {t("verdictsLeast", { n: v.least })}
        {v.left > 0 && ` ${t("verdictsLeft", { n: fullNumber(v.left) })}`}
      </p>
    </Section>
  );
}

function RankerCard({ ranker: r }: { ranker: Ranker }) {
  const can = useCan();
  const toast = useToast();
  const use = useSend("POST", `${API}/{number}/use`, ["/api/v1/risk/", "/api/v1/desk/"]);
  const who = r.trainer === "kosmos" ? risk("system") : r.trainer;
  return (
    <Section title={t("rankerName", { n: r.number })} extra={r.in_use ? <StatusTag tone="good">{t("rankerInUse")}</StatusTag> : <span className="k-muted">{`${who} · ${timeText(r.trained_at)}`}</span>}>
      {r.order && (
        <>
          <p style={{ marginTop: 0 }}><b>{gainText(r.order.gain)}</b></p>
          <Facts
            items={[
              { key: "gain", label: t("rankerArea"), value: t("rankerAreaSay", { own: shown(r.order.own), shipped: shown(r.order.shipped) }) },
              { key: "precision", label: t("rankerPrecision"), value: shown(r.order.precision) },
              { key: "recall", label: t("rankerRecall"), value: shown(r.order.recall) },
              { key: "rows", label: t("rankerRows"), value: t("rankerRowsSay", { n: fullNumber(r.order.rows), refused: fullNumber(r.order.refused) }) },
            ]}
          />
        </>
      )}
      {r.alarms && (
        <Facts
          items={[
            { key: "lowered", label: t("rankerLowered"), value: shown(r.alarms.lowered) },
            { key: "lost", label: t("rankerLost"), value: shown(r.alarms.lost) },
            { key: "rows", label: t("rankerAlarmRows"), value: t("rankerAlarmRowsSay", { n: fullNumber(r.alarms.rows), wrong: fullNumber(r.alarms.false) }) },
          ]}
        />
      )}
      {r.words.length > 0 && (
        <p>
          <span className="k-muted">{t("rankerWords")}</span> {r.words.slice(0, 12).map((x) => featureText(x.text)).join(t("and"))}
        </p>
      )}
      <p className="k-muted" style={{ marginBottom: 0 }}>{t("rankerHonest")}</p>
      {can("risk.write") && !r.in_use && (
        <div className="k-actions" style={{ marginTop: 12 }}>
          <Button
            loading={use.isPending}
            onClick={() => use.mutate({ path: { number: r.number } }, { onSuccess: () => toast.done(t("rankerUseDone", { n: r.number })), onError: toast.failed })}
          >
            {t("rankerUse")}
          </Button>
        </div>
      )}
    </Section>
  );
}

/** Whether the order became better, said only when the interval says so. */
function gainText(g: Interval): string {
  if (g.low > 0) return t("rankerBetter");
  if (g.high < 0) return t("rankerWorse");
  return t("rankerSame");
}

/** A figure with its interval. */
const shown = (i: Interval) => t("interval", { value: percent(i.value), low: percent(i.low), high: percent(i.high) });

interface Tried {
  likely: number;
  over: boolean;
  top: { text: string; weight: number }[];
}

/** A sentence to try a ranker on; it says by which parts it goes. */
function Try({ number }: { number: number }) {
  const toast = useToast();
  const [text, setText] = useState("");
  const send = useSend<Tried>("POST", `${API}/{number}/try`);
  const r = send.data;
  return (
    <Section title={t("rankerTry", { n: number })}>
      <CheckedText value={text} onChange={setText} field="body" kind="post" rows={2} label={t("rankerTry", { n: number })} placeholder={risk("tryTextHint")} maxLength={2000} />
      <div className="k-actions" style={{ marginTop: 8 }}>
        <Button disabled={!text.trim()} loading={send.isPending} onClick={() => send.mutate({ path: { number }, body: { text } }, { onError: toast.failed })}>{t("rankerTryDo")}</Button>
      </div>
      {r && (
        <p role="status" style={{ marginBottom: 0 }}>
          <StatusTag tone={r.over ? "warn" : "good"}>{t(r.over ? "rankerOver" : "rankerUnder")}</StatusTag> {r.top.length > 0 && t("rankerWhy", { words: featureWords(r.top) })}
        </p>
      )}
    </Section>
  );
}
