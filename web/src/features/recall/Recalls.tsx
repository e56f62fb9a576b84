import { PlusOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useGet, type PageOf } from "@/api";
import { useCan } from "@/app/session";
import { comma } from "@/i18n/format";
import { DataTable, Day, EmptyState, Page, RelTime, StatusTag, type Column } from "@/ui";
import { t } from "./i18n";
import { NewRecall } from "./NewRecall";
import { API, finished, total, type Recall } from "./types";

/** The state as a tag; red when texts wait past the due day. */
export function StateTag({ recall: r }: { recall: Recall }) {
  if (r.overdue) return <StatusTag tone="bad">{t("overdue")}</StatusTag>;
  return <StatusTag tone={r.state === "closed" ? "off" : r.state === "open" ? "warn" : "plain"}>{t.slug("state", r.state)}</StatusTag>;
}

/** How much of a recall is through. */
export function RecallProgress({ recall: r }: { recall: Recall }) {
  const all = total(r.counts);
  return <Progress percent={all ? Math.floor((100 * finished(r.counts)) / all) : 0} size="small" aria-label={t("progress")} />;
}

const columns: Column<Recall>[] = [
  { key: "title", title: t("what"), fixed: true, render: (r) => <b>{r.title}</b>, plain: (r) => r.title },
  { key: "terms", title: t("claim"), render: (r) => r.terms.join(comma()), plain: (r) => r.terms.join(comma()) },
  { key: "state", title: t("state"), width: 110, render: (r) => <StateTag recall={r} />, plain: (r) => t.slug("state", r.state) },
  { key: "found", title: t("found"), width: 80, align: "right", render: (r) => total(r.counts), plain: (r) => total(r.counts) },
  { key: "progress", title: t("progress"), width: 160, render: (r) => <RecallProgress recall={r} />, plain: (r) => t("progressText", { done: finished(r.counts), all: total(r.counts) }) },
  { key: "due", title: t("due"), width: 120, render: (r) => <Day value={r.due} />, plain: (r) => r.due },
  { key: "opened", title: t("opened"), width: 150, render: (r) => <RelTime value={r.opened_at} />, plain: (r) => r.opened_at },
  { key: "by", title: t("openedBy"), width: 120, render: (r) => r.opened_by, plain: (r) => r.opened_by },
];

/** Recalls, newest first. */
export default function Recalls() {
  const can = useCan();
  const go = useNavigate();
  const [adding, setAdding] = useState(false);
  const open = useGet<PageOf<Recall>>(`${API}/recalls`, { state: "open", limit: 100 });
  const rows = open.data?.items ?? [];
  const sum = (key: "waiting" | "proved") => rows.reduce((n, r) => n + (r.counts[key] ?? 0), 0);
  const add = can("recall.write") ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  ) : undefined;
  return (
    <Page title={t("title")} lead={rows.length ? t("leadOpen", { n: rows.length, waiting: sum("waiting"), proved: sum("proved") }) : t("lead")} actions={add}>
      <DataTable<Recall>
        id="recall.recalls"
        path={`${API}/recalls`}
        columns={columns}
        rowKey={(r) => r.id}
        href={(r) => `/content/recalls/${r.id}`}
        filters={[
          { key: "state", type: "select", label: t("state"), options: (["searching", "open", "closed"] as const).map((value) => ({ value, label: t(`state.${value}`) })) },
        ]}
        exportName={t("title")}
        empty={<EmptyState title={t("none")} text={t("noneText")} action={add} />}
      />
      {adding && (
        <NewRecall
          onClose={() => setAdding(false)}
          onOpened={(id) => {
            setAdding(false);
            void go(`/content/recalls/${id}`);
          }}
        />
      )}
    </Page>
  );
}
