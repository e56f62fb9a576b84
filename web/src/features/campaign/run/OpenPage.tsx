import { Button, Select, Skeleton, Table } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { newKey, request, useGet, useRefresh } from "@/api";
import { useScope, useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { fullNumber, percent } from "@/i18n/format";
import { EmptyState, ErrorState, Page, Section, Time, useToast } from "@/ui";
import { t as words } from "../i18n";
import { API } from "../types";
import { handedOf } from "./counts";
import { t } from "./i18n";
import { remindedText } from "./reminded";
import type { OpenRow, OpenTasks, Reminded } from "./types";
import "../console.css";

const lateOf = (rows: OpenRow[]) => rows.reduce((n, r) => n + r.counts.late, 0);
const missingOf = (rows: OpenRow[]) => rows.reduce((n, r) => n + r.missing, 0);

/** What every unit below still owes, over all running campaigns: late ones first, one tap reminds. */
export default function OpenPage() {
  const { unit } = useScope();
  const link = useScopedLink();
  const got = useGet<OpenTasks>(`${API}/open`, { unit }, { keep: true, stale: 0 });
  const [campaign, setCampaign] = useState<string>();
  const data = got.data;
  const all = data?.items ?? [];
  const rows = campaign ? all.filter((r) => r.campaign_id === campaign) : all;
  const campaigns = [...new Map(all.map((r) => [r.campaign_id, r.campaign])).entries()];
  return (
    <Page title={t("open")} back={link("/content/campaigns")} lead={data && rows.length > 0 ? t("openLead", { n: fullNumber(missingOf(rows)), late: fullNumber(lateOf(rows)) }) : t("openText")}>
      {got.error && !data && <ErrorState error={got.error} onRetry={() => void got.refetch()} />}
      {!data && !got.error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <Section
          title={data.name || t("openUnits")}
          extra={campaigns.length > 1 && <Select aria-label={t("campaign")} allowClear placeholder={t("allCampaigns")} value={campaign} onChange={setCampaign} options={campaigns.map(([value, label]) => ({ value, label }))} style={{ minWidth: 200 }} />}
          flush
        >
          <OpenTable rows={rows} />
          {data.left > 0 && <p className="k-card-body k-muted">{t("openLeft", { n: fullNumber(data.left) })}</p>}
        </Section>
      )}
    </Page>
  );
}

function OpenTable({ rows }: { rows: OpenRow[] }) {
  const link = useScopedLink();
  const { setUnit } = useScope();
  const can = useCan();
  return (
    <Table<OpenRow>
      size="small"
      rowKey={(r) => `${r.unit_id} ${r.task_id}`}
      dataSource={rows}
      pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <EmptyState title={t("openNone")} text={t("openNoneText")} /> }}
      columns={[
        { key: "unit", title: t("unitOf"), fixed: "start", width: 200, render: (_, r) => (r.direct ? t("openDirect", { unit: r.unit }) : r.leaf ? r.unit : <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setUnit(r.unit_id)}>{r.unit}</Button>) },
        {
          key: "task", title: t("task"), width: 240,
          render: (_, r) => (
            <>
              <Link to={link(`/content/campaigns/${r.campaign_id}`, { unit: r.unit_id })}>{r.task}</Link>
              <div className="k-muted">{[r.campaign, words.slug("type", r.type)].join(" · ")}</div>
            </>
          ),
        },
        { key: "due", title: t("due"), width: 150, render: (_, r) => <span className={r.counts.late > 0 ? "k-bad" : undefined}><Time value={r.due_at} /></span> },
        { key: "missing", title: t("col.missing"), align: "right", width: 90, render: (_, r) => <span className={r.counts.late > 0 ? "k-num k-bad" : "k-num"}>{fullNumber(r.missing)}</span> },
        { key: "all", title: t("col.all"), align: "right", width: 90, render: (_, r) => <span className="k-num">{fullNumber(r.counts.total)}</span> },
        { key: "share", title: t("col.share"), align: "right", width: 100, render: (_, r) => <span className="k-num">{percent({ num: handedOf(r.counts.states), den: r.counts.total })}</span> },
        ...(can("campaign.remind") ? [{ key: "remind", title: t("remind"), width: 110, render: (_: unknown, r: OpenRow) => <Remind row={r} /> }] : []),
      ]}
    />
  );
}

/** One tap reminds those of a unit who have not handed a task in. */
function Remind({ row: r }: { row: OpenRow }) {
  const toast = useToast();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const got = await request<Reminded>("POST", `${API}/campaigns/${r.campaign_id}/remind`, { body: { left: "submit", task: r.task_id, unit: r.unit_id, members: [] }, idempotencyKey: newKey() });
      toast.done(remindedText(got));
      setDone(true);
      refresh(`${API}/campaigns/${r.campaign_id}/`);
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" loading={busy} disabled={done} aria-label={t("remindOf", { unit: r.unit, task: r.task })} onClick={() => void run()}>
      {t(done ? "remindDone" : r.direct ? "remindAll" : "remind")}
    </Button>
  );
}
