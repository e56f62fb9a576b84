import { Button, Select } from "antd";
import { useNavigate } from "react-router";
import { useGet, type PageOf, type Query } from "@/api";
import { useScope, useScopedLink, useUrlState, useUrlStates } from "@/app/scope";
import { dayText, fullNumber, signedNumber, todayIn } from "@/i18n/format";
import { accountKindName, ACCOUNT_KINDS, Change, DataTable, EmptyState, Num, options, Page, PlatformGlyph, platformName, PLATFORMS, type Column } from "@/ui";
import { t } from "./i18n";
import { AccountName, nameOf, periodName, UnitName } from "./parts";
import { METRICS, STATES, type Row } from "./types";

interface RowPage extends PageOf<Row> {
  total: number;
}

/** The accounts that make up a figure: their sum is the figure. */
export default function Rows() {
  const scope = useScope();
  const [params] = useUrlStates();
  const [metric, setMetric] = useUrlState("metric", "views");
  const navigate = useNavigate();
  const link = useScopedLink();
  const state = (STATES as readonly string[]).includes(metric);
  const query: Query = { ...scope.query, metric };
  const head = useGet<RowPage>("/api/v1/insight/rows", { ...query, platform: params.get("platform"), kind: params.get("kind"), limit: 1 });
  const total = head.data?.total;
  return (
    <Page
      title={t("rows", { metric: nameOf(metric) })}
      back={link("/")}
      lead={total === undefined ? " " : lead(metric, state, total, scope)}
      actions={
        !state && (
          <Button onClick={() => void navigate(link("/content/posts", { ...pick(params), published: `${scope.from}..${scope.to}` }))}>{t("openPosts")}</Button>
        )
      }
    >
      <DataTable<Row>
        id={state ? "insight.states" : "insight.rows"}
        path="/api/v1/insight/rows"
        params={query}
        columns={columns(state, metric)}
        rowKey={(r) => r.account.id}
        defaultSort="-value"
        filters={[
          { key: "platform", type: "select", label: t("platform"), options: options(PLATFORMS, platformName) },
          { key: "kind", type: "select", label: t("kind"), options: options(ACCOUNT_KINDS, accountKindName) },
        ]}
        extra={
          <Select
            aria-label={t("metric")}
            value={metric}
            style={{ minWidth: 128 }}
            popupMatchSelectWidth={false}
            onChange={setMetric}
            options={[...STATES, ...METRICS].map((value) => ({ value, label: nameOf(value) }))}
          />
        }
        href={(r) => link(`/matrix/accounts/${r.account.id}`)}
        xlsx="/api/v1/insight/rows.xlsx"
        exportName={nameOf(metric)}
        empty={<EmptyState title={t("rowsNone")} text={t("rowsNoneText")} />}
      />
    </Page>
  );
}

function lead(metric: string, state: boolean, total: number, p: { from: string; to: string }): string {
  if (state) return t(p.to < todayIn() ? "rowsStatesPast" : "rowsStates", { day: dayText(p.to), n: fullNumber(total) });
  return t("rowsSum", { when: periodName(p), n: metric === "followers_gained" ? signedNumber(total) : fullNumber(total) });
}

function pick(params: URLSearchParams): Record<string, string> {
  return { platform: params.get("platform") ?? "" };
}

function columns(state: boolean, metric: string): Column<Row>[] {
  const sign = metric === "followers_gained";
  const names: Column<Row>[] = [
    { key: "account", title: t("account"), fixed: true, width: 280, render: (r) => <AccountName account={r.account} linked />, plain: (r) => r.account.name || r.account.handle },
    { key: "platform", title: t("platform"), width: 130, render: (r) => <PlatformGlyph platform={r.account.platform} />, plain: (r) => platformName(r.account.platform) },
    { key: "kind", title: t("kind"), width: 120, render: (r) => accountKindName(r.account.kind), plain: (r) => accountKindName(r.account.kind) },
    { key: "unit", title: t("unit"), render: (r) => <UnitName account={r.account} />, plain: (r) => r.account.unit_path },
    { key: "member", title: t("member"), width: 110, render: (r) => r.account.member || "—", plain: (r) => r.account.member },
  ];
  if (state) return names;
  return [
    ...names,
    { key: "value", title: nameOf(metric), sort: "value", sortFirst: "desc", align: "right", width: 120, render: (r) => <Num value={r.value} sign={sign} />, plain: (r) => r.value },
    { key: "previous", title: t("previous"), align: "right", width: 110, render: (r) => <Num value={r.previous} sign={sign} />, plain: (r) => r.previous ?? "" },
    { key: "change", title: t("change"), align: "right", width: 110, render: (r) => (sign ? "—" : <Change now={r.value} before={r.previous} />) },
  ];
}
