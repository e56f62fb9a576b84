import { Table } from "antd";
import { useState } from "react";
import { useScope } from "@/app/scope";
import { DataTable, Drawer, EmptyState, Facts, Page, Time, UnitPath, type Column, type Filter } from "@/ui";
import { fullNumber } from "@/i18n/format";
import { changes, type Changed } from "./diff";
import { t } from "./i18n";

interface Row {
  id: string;
  at: string;
  actor_kind: string;
  actor_name: string;
  action: string;
  unit_id: string | null;
  object_kind: string;
  object_name: string;
  counts: Record<string, number>;
  before: unknown;
  after: unknown;
}

const ROOMS = ["identity", "org", "account", "reflow", "health", "todo", "jobs"] as const;

function actionText(action: string): string {
  const [room = "", verb = ""] = action.split(".");
  const family = verb.split("_")[0];
  return `${t.slug("room", room, room)} · ${t.slug("verb", verb, t.slug("verb", family, verb.replaceAll("_", " ")))}`;
}

function who(r: Row): string {
  if (r.actor_kind === "system") return t("system");
  return r.actor_kind === "token" ? t("token", { name: r.actor_name }) : r.actor_name;
}

function counts(r: Row): string {
  return Object.entries(r.counts)
    .filter(([, n]) => n !== 0)
    .map(([k, n]) => {
      const key = `count.${k}`;
      return t(t.has(key) ? key : "count.other", { n: fullNumber(n) });
    })
    .join(" · ");
}

const columns: Column<Row>[] = [
  { key: "at", title: t("when"), fixed: true, width: 160, render: (r) => <Time value={r.at} />, plain: (r) => r.at },
  { key: "who", title: t("who"), width: 180, render: who, plain: who },
  { key: "action", title: t("action"), width: 260, render: (r) => actionText(r.action), plain: (r) => actionText(r.action) },
  { key: "object", title: t("object"), render: (r) => r.object_name || "—", plain: (r) => r.object_name },
  { key: "unit", title: t("unit"), render: (r) => <UnitPath unit={r.unit_id} short /> },
  { key: "counts", title: t("counts"), render: (r) => counts(r) || "—", plain: counts },
];

const filters: Filter[] = [
  { key: "action", label: t("room"), type: "select", options: ROOMS.map((r) => ({ value: `${r}.`, label: t(`room.${r}`) })) },
];

/** The audit trail: newest first, each row opens to what changed. */
export default function Trail() {
  const { from, to } = useScope();
  const [open, setOpen] = useState<Row | null>(null);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <DataTable<Row>
        id="audit.entries"
        path="/api/v1/audit/entries"
        params={{ from, to }}
        columns={columns}
        rowKey={(r) => r.id}
        filters={filters}
        onOpen={setOpen}
        empty={<EmptyState title={t("empty")} text={t("emptyText")} />}
      />
      <Drawer open={open !== null} onClose={() => setOpen(null)} title={t("detail")}>
        {open && <Detail row={open} />}
      </Drawer>
    </Page>
  );
}

function Detail({ row }: { row: Row }) {
  const list = changes(row.before, row.after);
  return (
    <>
      <Facts
        items={[
          { label: t("when"), value: <Time value={row.at} /> },
          { label: t("who"), value: who(row) },
          { label: t("action"), value: actionText(row.action) },
          { label: t("object"), value: row.object_name || null },
          { label: t("unit"), value: <UnitPath unit={row.unit_id} /> },
          { label: t("counts"), value: counts(row) || null },
        ]}
      />
      <h3>{t("changes")}</h3>
      {list.length ? (
        <Table<Changed>
          size="small"
          pagination={false}
          rowKey="field"
          dataSource={list}
          columns={[
            { title: t("field"), dataIndex: "field" },
            { title: t("before"), dataIndex: "before" },
            { title: t("after"), dataIndex: "after" },
          ]}
        />
      ) : (
        <p className="k-muted">{t("noChanges")}</p>
      )}
    </>
  );
}
