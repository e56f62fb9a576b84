import { Button, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useGet, useSend } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { comma, relativeTime, timeText } from "@/i18n/format";
import { DataTable, EmptyState, Page, PLATFORMS, platformName, RelTime, StatusTag, Time, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { LevelTag, StateTag, Target } from "./parts";
import { API, KINDS, LEVELS, type Settings, type Stats, type Submission } from "./types";
import "./desk.css";

const TABS = ["waiting", "assigned", "overdue", "changes", "approved", "published", "rejected", "blocked", "all"] as const;
type Tab = (typeof TABS)[number];

/** What a tab asks the server for. */
function asked(tab: Tab) {
  if (tab === "assigned") return { state: "waiting", assigned: "me" };
  if (tab === "overdue") return { overdue: true };
  return tab === "all" ? {} : { state: tab };
}

/** The queue: what to look at first, and what became of the rest. */
export default function Queue() {
  const { query } = useScope();
  const [params, setParams] = useUrlStates();
  const navigate = useNavigate();
  const toast = useToast();
  const tab = (TABS.find((x) => x === params.get("state")) ?? "waiting");
  const stats = useGet<Stats>(`${API}/stats`, { unit: query.unit, days: 30 });
  const settings = useGet<Settings>(`${API}/settings`);
  const [rejecting, setRejecting] = useState<{ rows: Submission[]; end: (ok: boolean) => void } | null>(null);
  const bulk = useSend<{ done: number; skipped: { why: string }[] }, { items: { id: string; version: number }[]; decision: string; reason?: string }>("POST", `${API}/bulk`, [API]);
  const queued = tab === "waiting" || tab === "assigned" || tab === "overdue";
  const decide = async (rows: Submission[], decision: string, reason?: string) => {
    const r = await bulk.mutateAsync({ body: { items: rows.map((x) => ({ id: x.id, version: x.version })), decision, reason } });
    const why = [...new Set(r.skipped.map((x) => x.why))].join(comma());
    toast.done(r.skipped.length ? t("bulkSkipped", { done: r.done, skipped: r.skipped.length, why }) : t("bulkDone", { done: r.done }));
  };
  const d = stats.data;
  const lead = d && (d.waiting > 0 ? t("sentence", { waiting: d.waiting, overdue: d.overdue, decided: d.decided }) : t("sentenceNone", { decided: d.decided }));
  return (
    <Page
      title={t("title")}
      lead={lead}
      actions={
        <>
          <Link to="/content/desk/figures"><Button>{t("figuresTitle")}</Button></Link>
          <Link to="/content/desk/settings"><Button>{t("settingsTitle")}</Button></Link>
        </>
      }
    >
      {settings.data && settings.data.missing.length > 0 && <p className="d-note">{t("toolsMissing", { names: settings.data.missing.join(comma()) })}</p>}
      <div style={{ overflowX: "auto", marginBottom: 12 }}>
        <Segmented<Tab>
          aria-label={t("tabs")}
          value={tab}
          onChange={(v) => setParams({ state: v === "waiting" ? "" : v })}
          options={TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        />
      </div>
      <DataTable<Submission>
        key={tab}
        id={queued ? "desk.queue" : "desk.past"}
        path={`${API}/submissions`}
        params={{ unit: query.unit, ...asked(tab) }}
        columns={columns(queued)}
        rowKey={(s) => s.id}
        defaultSort={queued ? "rank" : "new"}
        filters={[
          { key: "kind", type: "select", label: t("kind"), options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
          { key: "platform", type: "select", label: t("platform"), options: PLATFORMS.map((value) => ({ value, label: platformName(value) })) },
          { key: "level", type: "select", label: t("level"), options: LEVELS.map((value) => ({ value, label: t(`level.${value}`) })) },
        ]}
        href={(s) => `/content/desk/${s.id}`}
        onOpen={(s) => void navigate(`/content/desk/${s.id}`)}
        bulk={
          queued && settings.data?.may_review
            ? [
                { key: "approve", label: t("bulkApprove"), run: (rows) => decide(rows, "approve") },
                { key: "reject", label: t("bulkReject"), danger: true, run: (rows) => new Promise<boolean>((end) => setRejecting({ rows, end })) },
              ]
            : undefined
        }
        empty={<EmptyState title={t("none")} text={t("noneText")} />}
      />
      {rejecting && (
        <RejectDialog
          n={rejecting.rows.length}
          onCancel={() => { rejecting.end(false); setRejecting(null); }}
          onSend={async (reason) => {
            try {
              await decide(rejecting.rows, "reject", reason);
              rejecting.end(true);
            } catch (err) {
              toast.failed(err);
              rejecting.end(false);
            }
            setRejecting(null);
          }}
        />
      )}
    </Page>
  );
}

function RejectDialog({ n, onCancel, onSend }: { n: number; onCancel: () => void; onSend: (reason: string) => Promise<void> }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <Modal
      open
      title={t("bulkReject")}
      onCancel={onCancel}
      onOk={() => { setBusy(true); void onSend(reason.trim()); }}
      okText={t("confirmReject")}
      cancelText={t("cancel")}
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      confirmLoading={busy}
    >
      <p>{t("bulkAsk", { n })}</p>
      <Input.TextArea aria-label={t("reason")} value={reason} onChange={(e) => setReason(e.target.value)} maxLength={1000} rows={3} autoFocus />
    </Modal>
  );
}

function columns(queued: boolean): Column<Submission>[] {
  return [
    { key: "content", title: t("content"), fixed: true, width: 300, render: (s) => <b style={{ fontWeight: 500 }}>{s.title}</b>, plain: (s) => s.title },
    { key: "kind", title: t("kind"), width: 100, render: (s) => t(`kind.${s.kind}`), plain: (s) => t(`kind.${s.kind}`) },
    { key: "account", title: t("account"), width: 170, render: (s) => <Target item={s} />, plain: (s) => s.account?.handle ?? platformName(s.platform) },
    { key: "author", title: t("author"), width: 110, render: (s) => s.author, plain: (s) => s.author },
    { key: "level", title: t("level"), width: 90, render: (s) => <LevelTag level={s.level} />, plain: (s) => t.slug("level", s.level) },
    { key: "score", title: t("score"), width: 90, align: "right", render: (s) => <span className="k-num">{Math.round(s.score * 100)}</span>, plain: (s) => Math.round(s.score * 100) },
    { key: "submitted", title: t("submitted"), width: 120, render: (s) => <RelTime value={s.submitted_at} />, plain: (s) => timeText(s.submitted_at) },
    ...(queued
      ? [
          {
            key: "due", title: t("due"), width: 170, plain: (s: Submission) => timeText(s.due_at),
            render: (s: Submission) => (s.overdue ? <StatusTag tone="bad">{t("overdue")} · {relativeTime(s.due_at)}</StatusTag> : <Time value={s.due_at} />),
          },
        ]
      : []),
    {
      key: "status", title: t("status"), width: 200, plain: (s) => t(`state.${s.state}`),
      render: (s) => (
        <>
          <StateTag state={s.state} />{" "}
          <small className="k-muted">
            {[
              s.claimed_by && !s.claimed_own && t("claimedBy", { name: s.claimed_by }),
              s.assigned_to && t("assignedTo", { name: s.assigned_to }),
              s.state === "waiting" && s.approvals > 0 && t("secondPerson", { n: s.need - s.approvals }),
              s.sampled && s.state === "waiting" && t("sampledNote"),
            ].filter(Boolean).join(" · ")}
          </small>
        </>
      ),
    },
    { key: "unit", title: t("unit"), width: 160, render: (s) => s.unit || "—", plain: (s) => s.unit },
  ];
}
