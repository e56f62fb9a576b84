import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Input, Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { request, useGet, useRefresh } from "@/api";
import { useScope, useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, Day, EmptyState, Page, RelTime, StatusTag, Text, useToast, type Bulk, type Column, type Filter } from "@/ui";
import { AddTodo } from "./AddTodo";
import { t } from "./i18n";
import type { Item, Summary } from "./types";

const owner = (it: Item) => it.member_name || t.slug("audience", it.audience, "");

const open: Column<Item>[] = [
  {
    key: "title",
    title: t("what"),
    fixed: true,
    render: (it) => (it.link ? <Link to={it.link}>{it.title}</Link> : it.title),
    plain: (it) => it.title,
  },
  { key: "unit", title: t("where"), render: (it) => <Text value={it.unit_name} />, plain: (it) => it.unit_name },
  { key: "owner", title: t("who"), width: 140, render: (it) => <Text value={owner(it)} />, plain: owner },
  {
    key: "due",
    title: t("due"),
    width: 170,
    render: (it) =>
      it.overdue ? (
        <StatusTag tone="bad">
          {t("overdue")} · <Day value={it.due} />
        </StatusTag>
      ) : it.due ? (
        <Day value={it.due} />
      ) : (
        t("noDue")
      ),
    plain: (it) => it.due,
  },
  { key: "from", title: t("createdBy"), width: 130, hidden: true, render: (it) => <Text value={it.created_by} />, plain: (it) => it.created_by },
  { key: "at", title: t("createdAt"), width: 130, hidden: true, render: (it) => <RelTime value={it.created_at} />, plain: (it) => it.created_at },
];

const closed: Column<Item>[] = [
  ...open.slice(0, 3),
  {
    key: "state",
    title: t("state"),
    width: 120,
    render: (it) => <StatusTag tone={it.state === "done" ? "good" : "off"}>{t.slug("state", it.state)}</StatusTag>,
    plain: (it) => t.slug("state", it.state),
  },
  { key: "note", title: t("note"), render: (it) => <Text value={it.note} />, plain: (it) => it.note },
  { key: "closedBy", title: t("closedBy"), width: 120, render: (it) => <Text value={it.closed_by} />, plain: (it) => it.closed_by },
  { key: "closedAt", title: t("closedAt"), width: 130, render: (it) => <RelTime value={it.closed_at} />, plain: (it) => it.closed_at },
];

const ROOMS = ["health", "account", "reflow", "recall", "todo"] as const;

/** Says why chosen to-dos cannot be closed by hand. */
const locked = (rows: Item[]) => (rows.some((it) => it.locked) ? t("lockedText") : undefined);

const filters: Filter[] = [
  { key: "room", label: t("room"), type: "select", options: ROOMS.map((value) => ({ value, label: t(`room.${value}`) })) },
];

/** What the person, or the units the person manages, have to do. */
export default function Todos() {
  const { unit } = useScope();
  const [box, setBox] = useUrlState("box", "mine");
  const [adding, setAdding] = useState(false);
  const summary = useGet<Summary>("/api/v1/todo/summary");
  const can = useCan();
  const s = summary.data;
  const done = box === "closed";
  return (
    <Page
      title={t("title")}
      lead={s && (s.open ? t("sentence", { ...s }) : t("sentenceNone"))}
      actions={
        can("todo.manage") && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )
      }
    >
      <DataTable<Item>
        key={box}
        id={`todo.${box}`}
        path="/api/v1/todo/items"
        params={done ? { state: "closed", box: can("todo.manage") ? "units" : "mine", unit: can("todo.manage") ? unit : "" } : { box, unit: box === "units" ? unit : "" }}
        columns={done ? closed : open}
        rowKey={(it) => it.id}
        filters={filters}
        bulk={useTurns(done)}
        extra={
          <Segmented
            value={box}
            onChange={setBox}
            options={[
              { value: "mine", label: t("mine") },
              ...(can("todo.manage") ? [{ value: "units", label: t("units") }] : []),
              { value: "closed", label: t("closed") },
            ]}
          />
        }
        empty={done ? <EmptyState title={t("emptyClosed")} /> : <NothingMine box={box} onUnits={() => setBox("units")} />}
      />
      {adding && <AddTodo onClose={() => setAdding(false)} />}
    </Page>
  );
}

/** Nothing of one's own: whoever manages units finds more there. */
function NothingMine({ box, onUnits }: { box: string; onUnits: () => void }) {
  const can = useCan();
  const more = box === "mine" && can("todo.manage");
  return <EmptyState title={t("empty")} text={t("emptyText")} action={more && <Button onClick={onUnits}>{t("seeUnits")}</Button>} />;
}

/** What can be done with chosen to-dos; each can be taken back. */
function useTurns(done: boolean): Bulk<Item>[] {
  const toast = useToast();
  const refresh = useRefresh();
  const { modal } = App.useApp();
  const turn = async (verb: "done" | "dismiss" | "reopen", rows: Item[], note = "") => {
    const ids = rows.map((it) => it.id);
    for (let i = 0; i < ids.length; i += 200) await request("POST", `/api/v1/todo/${verb}`, { body: { ids: ids.slice(i, i + 200), note } });
    refresh("/api/v1/todo/");
    const undo = () => turn(verb === "reopen" ? "done" : "reopen", rows);
    toast.undoable(t(`${verb}Text`, { n: rows.length }), undo);
  };
  if (done) return [{ key: "reopen", label: t("reopen"), blocked: locked, run: (rows) => turn("reopen", rows) }];
  return [
    { key: "done", label: t("done"), blocked: locked, run: (rows) => turn("done", rows) },
    {
      key: "dismiss",
      label: t("dismiss"),
      blocked: locked,
      run: (rows) =>
        new Promise((resolve, reject) => {
          let note = "";
          modal.confirm({
            title: t("reason"),
            content: <Input.TextArea autoFocus aria-label={t("reason")} placeholder={t("reasonHint")} maxLength={500} onChange={(e) => (note = e.target.value)} />,
            okText: t("dismiss"),
            onOk: () => turn("dismiss", rows, note).then(resolve, reject),
            onCancel: () => resolve(false),
          });
        }),
    },
  ];
}
