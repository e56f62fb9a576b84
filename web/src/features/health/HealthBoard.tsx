import { Button } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText, todayIn } from "@/i18n/format";
import {
  Bars, DataTable, EmptyState, ErrorState, Figure, FigureRow, options, Page, platformName, PLATFORMS, scoreTone, Section, StatusTag, UnitPath, useToast,
  accountKindName, ACCOUNT_KINDS, type Column, type View,
} from "@/ui";
import { t } from "./i18n";
import { AccountCell, CauseTag, HealthDrawer, needsText } from "./parts";
import { SettingsDialog } from "./SettingsDialog";
import { BANDS, CAUSES, type AccountRef, type Board, type Judgement } from "./types";

/** The list's columns; a function, because the language may change while the page stands. */
const columns = (): Column<Judgement>[] => [
  { key: "account", title: t("account"), fixed: true, width: 250, render: (j) => <AccountCell account={j.account} />, plain: (j) => `${j.account.name} @${j.account.handle}` },
  { key: "score", title: t("score"), align: "right", width: 76, render: (j) => <StatusTag tone={scoreTone(j.score)}>{j.score}</StatusTag>, plain: (j) => j.score },
  { key: "peer", title: t("peer"), align: "right", width: 84, render: (j) => j.peer_mean || "—", plain: (j) => j.peer_mean || "" },
  { key: "cause", title: t("cause"), width: 130, render: (j) => <CauseTag cause={j.cause} />, plain: (j) => t.slug("cause", j.cause) },
  { key: "since", title: t("sinceHow"), align: "right", width: 84, render: (j) => (j.since ? <span className="h-line" title={dayText(j.since)}>{t("sinceDays", { n: daysSince(j.since) })}</span> : "—"), plain: (j) => j.since ?? "" },
  { key: "remedy", title: t("remedy"), render: (j) => (j.cause ? t.slug("remedy", j.cause) : "—"), plain: (j) => (j.cause ? t.slug("remedy", j.cause) : "") },
  { key: "member", title: t("member"), width: 110, render: (j) => j.account.member || "—", plain: (j) => j.account.member },
  { key: "unit", title: t("unit"), render: (j) => <UnitPath unit={j.account.unit_id} short />, plain: (j) => j.account.unit },
];

const daysSince = (day: string) => Math.round((Date.parse(todayIn()) - Date.parse(day)) / 86_400_000);

/** The zombie board: how the accounts of the scope are, why some do not work, and the list of all. */
export default function HealthBoard() {
  const { query } = useScope();
  const unit = { unit: query.unit };
  const [, setParams] = useUrlStates();
  const [picked, setPicked] = useState<AccountRef | null>(null);
  const [editing, setEditing] = useState(false);
  const can = useCan();
  const toast = useToast();
  const board = useGet<Board>("/api/v1/health/board", unit, { keep: true });
  const judge = useSend("POST", "/api/v1/health/judge", ["/api/v1/health/"]);
  const b = board.data;
  const show = (change: Record<string, string>) => setParams({ band: "", cause: "", ...change });
  const bad = b ? Object.values(b.causes).reduce((n, x) => n + x, 0) : 0;
  const causes = b ? CAUSES.filter((c) => b.causes[c]) : [];
  const views: View[] = [
    { key: "all", label: t("all"), query: {} },
    { key: "zombies", label: t("zombies"), query: { cause: "any" } },
    { key: "red", label: t("band.red"), query: { band: "red" } },
    { key: "stopped", label: t("cause.stopped"), query: { cause: "stopped" } },
    { key: "unseen", label: t("cause.unseen"), query: { cause: "unseen" } },
  ];
  const judgeNow = can("health.write") && (
    <Button type="primary" loading={judge.isPending} onClick={() => judge.mutate({}, { onSuccess: () => toast.done(t("judging")), onError: toast.failed })}>
      {t("judgeNow")}
    </Button>
  );
  if (board.error && !b) return <ErrorState error={board.error} onRetry={() => void board.refetch()} />;
  return (
    <Page
      title={t("title")}
      lead={b && (b.judged ? t("sentence", { total: b.accounts, bad, red: b.bands.red ?? 0, woken: b.outcomes_30.awake ?? 0 }) : t("sentenceNone"))}
      actions={
        <>
          {can("health.settings") && b && <Button onClick={() => setEditing(true)}>{t("settings")}</Button>}
          {judgeNow}
        </>
      }
    >
      <FigureRow>
        {BANDS.map((k) => (
          <Figure key={k} label={t.slug("band", k)} data={b && { value: b.bands[k] ?? 0, as_of: b.judged_at }} loading={!b} onOpen={() => show({ band: k })} />
        ))}
        <Figure label={t("zombies")} data={b && { value: bad, as_of: b.judged_at }} loading={!b} onOpen={() => show({ cause: "any" })} />
        <Figure label={t("outcome.awake")} data={b && { value: b.outcomes_30.awake ?? 0 }} loading={!b} />
      </FigureRow>
      {b && causes.length > 0 && (
        <Section title={t("causesTitle")} extra={<span className="k-muted">{t("causesHint")}</span>}>
          <Bars
            sideways
            label={t("causesTitle")}
            x={causes.map((c) => t.slug("cause", c))}
            series={[{ name: t("account"), values: causes.map((c) => b.causes[c] ?? 0) }]}
            onPick={(at) => show({ cause: causes[at.index] ?? "" })}
          />
        </Section>
      )}
      {b && <SilentNote silent={b.silent} />}
      <DataTable<Judgement>
        id="health.accounts"
        path="/api/v1/health/accounts"
        params={unit}
        columns={columns()}
        rowKey={(j) => j.account.id}
        views={views}
        filters={[
          { key: "band", type: "select", label: t("band"), options: options(BANDS, (x) => t.slug("band", x)) },
          { key: "cause", type: "select", label: t("cause"), options: [{ value: "any", label: t("zombies") }, ...options(CAUSES, (x) => t.slug("cause", x))] },
          { key: "platform", type: "select", label: t("platform"), options: options(PLATFORMS, platformName) },
          { key: "kind", type: "select", label: t("kind"), options: options(ACCOUNT_KINDS, accountKindName) },
        ]}
        onOpen={(j) => setPicked(j.account)}
        empty={b && !b.judged ? <EmptyState title={t("unjudged")} text={t("sentenceNone")} action={judgeNow} /> : <EmptyState title={t("nothing")} text={t("nothingText")} />}
      />
      <HealthDrawer account={picked} onClose={() => setPicked(null)} />
      {editing && b && <SettingsDialog settings={b.settings} onClose={() => setEditing(false)} />}
    </Page>
  );
}

/** For how many accounts a cause says nothing because no source told the figures it needs. */
function SilentNote({ silent }: { silent: Board["silent"] }) {
  const causes = CAUSES.filter((c) => silent[c]);
  if (causes.length === 0) return null;
  return (
    <Section title={t("silentTitle")} extra={<span className="k-muted">{t("silentText")}</span>}>
      <ul className="h-silent">
        {causes.map((c) => (
          <li key={c}>{t("silentBoard", { n: silent[c] ?? 0, cause: t.slug("cause", c), needs: needsText(NEEDS[c] ?? []) })}</li>
        ))}
      </ul>
      <p className="k-muted">{t("silentHow")}</p>
    </Section>
  );
}

/** The figures the causes of inquiries need. */
const NEEDS: Record<string, string[]> = { no_replies: ["inquiries", "replies"], not_converting: ["inquiries", "leads"], unasked: ["inquiries", "leads"] };
