import { Button, Segmented, Select } from "antd";
import { useState } from "react";
import { newKey, request, useRefresh } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { DataTable, EmptyState, PlatformGlyph, RelTime, StatusTag, Time, useToast, type Column } from "@/ui";
import { t as words } from "../i18n";
import { stateTone } from "../says";
import { API } from "../types";
import { t } from "./i18n";
import { remindedText } from "./reminded";
import { LEFTS, type Assignment, type Board, type Left, type Reminded } from "./types";

const columns: Column<Assignment>[] = [
  { key: "member", title: t("member"), fixed: true, width: 130, render: (a) => a.who.member || "—", plain: (a) => a.who.member },
  { key: "unit", title: t("unitOf"), width: 200, render: (a) => a.who.unit, plain: (a) => a.who.unit },
  { key: "task", title: t("task"), width: 200, render: (a) => a.task, plain: (a) => a.task },
  {
    key: "account", title: t("account"), width: 170, plain: (a) => a.who.account,
    render: (a) => (a.who.account ? <span className="k-path"><PlatformGlyph platform={a.who.platform} bare /> {a.who.account}</span> : "—"),
  },
  { key: "state", title: t("stateOf"), width: 110, render: (a) => <StatusTag tone={stateTone(a.state)}>{words.slug("state", a.state)}</StatusTag>, plain: (a) => words.slug("state", a.state) },
  { key: "read", title: t("readAt"), width: 130, render: (a) => (a.read_at ? <RelTime value={a.read_at} /> : t("unread")), plain: (a) => timeText(a.read_at) },
  { key: "due", title: t("due"), width: 150, render: (a) => <span className={a.late ? "k-bad" : undefined}><Time value={a.due_at} /></span>, plain: (a) => timeText(a.due_at) },
];

/** Who has not read, accepted or handed in; one tap reminds them all, or the chosen ones. */
export function Behind({ id, board }: { id: string; board: Board }) {
  const { unit } = useScope();
  const can = useCan();
  const toast = useToast();
  const refresh = useRefresh();
  const [left, setLeft] = useState<Left>("submit");
  const [task, setTask] = useState<string>();
  const [busy, setBusy] = useState(false);
  const remind = async (members: string[]) => {
    setBusy(true);
    try {
      const got = await request<Reminded>("POST", `${API}/campaigns/${id}/remind`, { body: { left, task: task ?? null, unit, members }, idempotencyKey: newKey() });
      toast.done(remindedText(got));
      refresh(`${API}/campaigns/${id}/`);
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const tasks = (board.tasks ?? []).filter((x) => !x.dropped);
  return (
    <div className="c-behind">
      <div className="c-actions c-behind-head">
        <h2>{t("behind")}</h2>
        <Segmented<Left> aria-label={t("behind")} value={left} onChange={setLeft} options={LEFTS.map((value) => ({ value, label: t(`left.${value}`) }))} />
        {tasks.length > 1 && <Select aria-label={t("task")} allowClear placeholder={t("allTasks")} value={task} onChange={setTask} options={tasks.map((x) => ({ value: x.id, label: x.title }))} style={{ minWidth: 180 }} />}
        {can("campaign.remind") && (
          <Button type="primary" loading={busy} onClick={() => void remind([])}>
            {t("remindAll")}
          </Button>
        )}
      </div>
      <DataTable<Assignment>
        key={left + (task ?? "")}
        id="campaign.behind"
        path={`${API}/campaigns/${id}/assignments`}
        params={{ left, task, unit }}
        columns={columns}
        rowKey={(a) => a.id}
        bulk={can("campaign.remind") ? [{ key: "remind", label: t("remind"), run: (rows) => remind([...new Set(rows.map((a) => a.who.member_id))]) }] : undefined}
        exportName={t("behind")}
        empty={<EmptyState title={t(`behindNone.${left}`)} />}
      />
    </div>
  );
}
