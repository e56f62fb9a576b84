import { Segmented, Select } from "antd";
import { useGet, type Query } from "@/api";
import { useScope, useScopedLink, useUrlStates } from "@/app/scope";
import { dayText, fullNumber } from "@/i18n/format";
import { accountKindName, DataTable, EmptyState, Num, options, Page, platformName, PLATFORMS, type Column } from "@/ui";
import { t } from "./i18n";
import { leagueName, type LeagueRule } from "./league";
import { AccountName, nameOf, periodName, UnitName } from "./parts";
import { BOARD_METRICS, WINDOWS, type Board, type League, type Place } from "./types";

const LIMITS = ["20", "50", "100"];

/** Who leads and who lags, by metric, window and league. */
export default function Leaderboard() {
  const { query: scope } = useScope();
  const [params, set] = useUrlStates();
  const link = useScopedLink();
  const at = (key: string, fallback: string) => params.get(key) ?? fallback;
  const metric = at("metric", "views");
  const span = at("window", "30d");
  const order = at("order", "top");
  const limit = at("limit", "50");
  const query: Query = {
    unit: scope.unit,
    metric,
    order,
    ...(span === "period" ? { from: scope.from, to: scope.to } : { window: span }),
  };
  const head = useGet<Board>("/api/v1/insight/leaderboard", { ...query, limit: 1 }, { keep: true });
  const leagues = useGet<{ items: League[] | null }>("/api/v1/insight/leagues", { unit: scope.unit });
  const put = (key: string, fallback: string) => (v: string) => set({ [key]: v === fallback ? "" : v });
  const rules = useGet<{ items: { definition: LeagueRule }[] | null; current: number }>("/api/v1/account/leagues", undefined, { stale: 300_000 });
  const rule = rules.data?.items?.[rules.data.current]?.definition;
  const b = head.data;
  return (
    <Page title={t("board")} lead={b ? lead(b, span, metric) : " "}>
      <div className="i-controls">
        <Segmented aria-label={t("window")} value={span} onChange={put("window", "30d")} options={WINDOWS.map((value) => ({ value, label: t(`window.${value}`) }))} />
        <Segmented aria-label={t("order")} value={order} onChange={put("order", "top")} options={["top", "bottom"].map((value) => ({ value, label: t(value === "top" ? "top" : "bottom") }))} />
      </div>
      <DataTable<Place>
        id="insight.leaderboard"
        path="/api/v1/insight/leaderboard"
        params={query}
        pageSize={Number(limit)}
        first
        columns={columns(metric, rule)}
        rowKey={(r) => r.account.id}
        filters={[
          { key: "platform", type: "select", label: t("platform"), options: options(PLATFORMS, platformName) },
          { key: "league", type: "select", label: t("league"), width: 200, options: leagues.data?.items?.map((l) => ({ value: l.id, label: `${leagueName(l.id, rule)} (${fullNumber(l.accounts)})` })) ?? [] },
        ]}
        extra={
          <>
            <Select
              aria-label={t("metric")}
              value={metric}
              style={{ minWidth: 128 }}
              popupMatchSelectWidth={false}
              onChange={put("metric", "views")}
              options={BOARD_METRICS.map((value) => ({ value, label: nameOf(value) }))}
            />
            <Select aria-label={t("limit", { n: limit })} value={limit} onChange={put("limit", "50")} options={LIMITS.map((value) => ({ value, label: t("limit", { n: value }) }))} />
          </>
        }
        href={(r) => link(`/matrix/accounts/${r.account.id}`)}
        xlsx="/api/v1/insight/leaderboard.xlsx"
        exportName={`${t("board")}-${nameOf(metric)}`}
        empty={<EmptyState title={t("boardNone")} text={t("boardNoneText")} />}
      />
    </Page>
  );
}

function lead(b: Board, span: string, metric: string): string {
  const when = span === "period" ? periodName(b.period) : t("boardWhen", { window: t.slug("window", span), from: dayText(b.period.from), to: dayText(b.period.to) });
  return t("boardLead", { when, metric: nameOf(metric) });
}

function columns(metric: string, rule?: LeagueRule): Column<Place>[] {
  const sign = metric === "followers_gained";
  return [
    { key: "place", title: t("place"), align: "right", width: 72, fixed: true, render: (r) => <b className="k-num">{fullNumber(r.place)}</b>, plain: (r) => r.place },
    { key: "account", title: t("account"), fixed: true, width: 260, render: (r) => <AccountName account={r.account} linked />, plain: (r) => r.account.name || r.account.handle },
    { key: "value", title: nameOf(metric), align: "right", width: 120, render: (r) => <Num value={r.value} sign={sign} />, plain: (r) => r.value },
    { key: "mean", title: t("leagueMean"), align: "right", width: 110, render: (r) => <Num value={round(r.league_mean)} sign={sign} />, plain: (r) => round(r.league_mean) ?? "" },
    { key: "times", title: t("vsLeague"), align: "right", width: 110, render: (r) => <Times of={r} />, plain: (r) => times(r) ?? "" },
    { key: "league", title: t("league"), width: 270, render: (r) => <span className="i-line">{leagueName(r.league, rule, true)}</span>, plain: (r) => leagueName(r.league, rule) },
    { key: "unit", title: t("unit"), render: (r) => <UnitName account={r.account} />, plain: (r) => r.account.unit_path },
    { key: "member", title: t("member"), width: 110, hidden: true, render: (r) => r.account.member || "—", plain: (r) => r.account.member },
    { key: "kind", title: t("kind"), width: 130, hidden: true, render: (r) => accountKindName(r.account.kind), plain: (r) => accountKindName(r.account.kind) },
  ];
}

const round = (v: number | null | undefined) => (v === null || v === undefined ? null : Math.round(v));

function times(r: Place): number | null {
  return r.league_mean && r.league_mean > 0 && r.value >= 0 ? Number((r.value / r.league_mean).toFixed(1)) : null;
}

function Times({ of }: { of: Place }) {
  const n = times(of);
  if (n === null) return <span className="k-muted">—</span>;
  return <span className={`k-num ${n > 1 ? "k-good" : n < 1 ? "k-bad" : "k-muted"}`}>{t("times", { n: n.toFixed(1) })}</span>;
}
