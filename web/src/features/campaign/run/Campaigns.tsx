import { PlusOutlined } from "@ant-design/icons";
import { Button, Progress, Segmented } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useGet, type PageOf } from "@/api";
import { useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { DataTable, EmptyState, Page, PlatformGlyph, RelTime, StatusTag, Time, type Column } from "@/ui";
import { API } from "../types";
import { handedOf, lookOf, missingOf, passedOf, totalOf } from "./counts";
import { t as g } from "../guard/i18n";
import { t } from "./i18n";
import { NewCampaign } from "./NewCampaign";
import { STATES, type Row, type State } from "./types";
import "../console.css";

const TABS = ["running", "draft", "approval", "closed", "reviewed", "all"] as const;
type Tab = (typeof TABS)[number];

/** The state of a campaign as a tag. */
export function CampaignState({ state }: { state: State }) {
  const tone = state === "running" || state === "dispatching" ? "good" : state === "approval" || state === "checked" ? "warn" : state === "draft" ? "plain" : "off";
  return <StatusTag tone={tone}>{t(`state.${state}`)}</StatusTag>;
}

/** Handed in of all, as a bar; "—" before anything was dispatched. */
export function Share({ row: r }: { row: Pick<Row, "counts"> }) {
  const all = totalOf(r.counts ?? {});
  if (all === 0) return <span className="k-muted">—</span>;
  const handed = handedOf(r.counts ?? {});
  return (
    <div title={t("shareText", { handed, all })}>
      <Progress percent={Math.floor((100 * handed) / all)} size="small" aria-label={t("shareText", { handed, all })} />
    </div>
  );
}

const columns: Column<Row>[] = [
  {
    key: "title", title: t("campaign"), fixed: true, width: 260, plain: (r) => r.title,
    render: (r) => (
      <>
        <b style={{ fontWeight: 500 }}>{r.title}</b>
        {r.topic && <div className="k-muted">#{r.topic.replace(/^#|#$/g, "")}</div>}
      </>
    ),
  },
  { key: "state", title: t("stateOf"), width: 110, render: (r) => <CampaignState state={r.state} />, plain: (r) => t(`state.${r.state}`) },
  { key: "progress", title: t("progress"), width: 150, render: (r) => <Share row={r} />, plain: (r) => `${handedOf(r.counts ?? {})}/${totalOf(r.counts ?? {})}` },
  { key: "passed", title: t("passed"), width: 80, align: "right", render: (r) => dash(r, passedOf(r.counts ?? {})), plain: (r) => passedOf(r.counts ?? {}) },
  { key: "look", title: t("look"), width: 90, align: "right", render: (r) => dash(r, lookOf(r.counts ?? {})), plain: (r) => lookOf(r.counts ?? {}) },
  { key: "missing", title: t("missing"), width: 90, align: "right", render: (r) => dash(r, missingOf(r.counts ?? {})), plain: (r) => missingOf(r.counts ?? {}) },
  {
    key: "platforms", title: t("platforms"), width: 130, plain: (r) => (r.platforms ?? []).join(" "),
    render: (r) => (r.platforms?.length ? <span className="c-glyphs">{r.platforms.map((p) => <PlatformGlyph key={p} platform={p} />)}</span> : t("allPlatforms")),
  },
  { key: "starts", title: t("starts"), width: 140, hidden: true, render: (r) => <Time value={r.starts_at} />, plain: (r) => timeText(r.starts_at) },
  { key: "ends", title: t("ends"), width: 140, render: (r) => <Time value={r.ends_at} />, plain: (r) => timeText(r.ends_at) },
  { key: "mode", title: t("modeOf"), width: 90, render: (r) => t.slug("mode", r.mode || "spread"), plain: (r) => t.slug("mode", r.mode || "spread") },
  { key: "unit", title: t("unitOf"), width: 150, hidden: true, render: (r) => r.unit || t("wholeBrand"), plain: (r) => r.unit },
  { key: "created", title: t("created"), width: 130, render: (r) => <RelTime value={r.created_at} />, plain: (r) => timeText(r.created_at) },
  { key: "by", title: t("by"), width: 100, render: (r) => r.created_by, plain: (r) => r.created_by },
];

/** Nothing stands where nothing was dispatched yet. */
const dash = (r: Row, n: number) => (totalOf(r.counts ?? {}) === 0 ? <span className="k-muted">—</span> : n);

/** Campaigns by state, newest first. */
export default function Campaigns() {
  const can = useCan();
  const go = useNavigate();
  const [params, setParams] = useUrlStates();
  const [adding, setAdding] = useState(false);
  const running = useGet<PageOf<Row>>(`${API}/campaigns`, { state: "running", limit: 100 });
  const rows = running.data?.items ?? [];
  const asked = params.get("state");
  // Nothing runs: drafts and what is over are a better beginning than an empty list.
  const tab: Tab = TABS.find((x) => x === asked) ?? (STATES.includes(asked as State) || (running.data && rows.length === 0) ? "all" : "running");
  const sum = (f: (c: NonNullable<Row["counts"]>) => number) => rows.reduce((n, r) => n + f(r.counts ?? {}), 0);
  const add = can("campaign.write") ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  ) : undefined;
  return (
    <Page
      title={t("title")}
      lead={rows.length ? t("leadRunning", { n: rows.length, missing: sum(missingOf), look: sum(lookOf) }) : t("lead")}
      actions={
        <>
          <Link to="/content/campaigns/open">
            <Button>{t("open")}</Button>
          </Link>
          {can("campaign.review") && (
            <Link to="/content/campaigns/reviews">
              <Button>{t("review")}</Button>
            </Link>
          )}
          <Link to="/content/campaigns/settings">
            <Button>{g("settings")}</Button>
          </Link>
          {add}
        </>
      }
    >
      <div style={{ overflowX: "auto", marginBottom: 12 }}>
        <Segmented<Tab> aria-label={t("stateOf")} value={tab} onChange={(v) => setParams({ state: v })} options={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))} />
      </div>
      <DataTable<Row>
        key={tab}
        id="campaign.campaigns"
        path={`${API}/campaigns`}
        params={tab === "all" ? {} : { state: tab }}
        columns={columns}
        rowKey={(r) => r.id}
        href={(r) => (r.state === "draft" || r.state === "checked" ? `/content/campaigns/${r.id}/edit` : `/content/campaigns/${r.id}`)}
        filters={[{ key: "q", type: "search", label: t("search") }]}
        exportName={t("title")}
        empty={<EmptyState title={t("none")} text={t("noneText")} action={add} />}
      />
      {adding && <NewCampaign onClose={() => setAdding(false)} onMade={(id) => void go(`/content/campaigns/${id}/edit`)} />}
    </Page>
  );
}
