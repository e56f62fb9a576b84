import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { Change, DataTable, Day, EmptyState, Num, Page, StatusTag, UnitPath, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { AccountCell, HealthDrawer } from "./parts";
import { Explained } from "./Explained";
import { ANOMALIES, type Anomaly } from "./types";

/** Sudden losses, newest first; each is handled with a note. */
export default function Anomalies() {
  const { query } = useScope();
  const can = useCan();
  const toast = useToast();
  const [picked, setPicked] = useState<Anomaly | null>(null);
  const [handled, setHandled] = useState<Anomaly | null>(null);
  const [note, setNote] = useState("");
  const see = useSend<unknown, { note: string }>("POST", "/api/v1/health/anomalies/{id}/seen", ["/api/v1/health/"]);
  const columns: Column<Anomaly>[] = [
    { key: "day", title: t("day"), width: 110, fixed: true, render: (a) => <Day value={a.day} />, plain: (a) => a.day },
    { key: "account", title: t("account"), render: (a) => <AccountCell account={a.account} />, plain: (a) => `${a.account.name} @${a.account.handle}` },
    { key: "kind", title: t("kind"), width: 130, render: (a) => t.slug("kind", a.kind), plain: (a) => t.slug("kind", a.kind) },
    {
      key: "change", title: t("change"), align: "right", width: 200, plain: (a) => `${a.before} → ${a.after}`,
      render: (a) => <span><Num value={a.before} /> → <Num value={a.after} /> <Change now={a.after} before={a.before} /></span>,
    },
    { key: "unit", title: t("unit"), render: (a) => <UnitPath unit={a.account.unit_id} short />, plain: (a) => a.account.unit },
    {
      key: "state", title: t("state"), width: 240, plain: (a) => (a.state === "seen" ? `${a.seen_by}: ${a.note}` : t("anomaly.open")),
      render: (a) =>
        a.state === "seen" ? (
          <StatusTag tone="off">{a.note ? t("seenBy", { name: a.seen_by, note: a.note }) : t("anomaly.seen")}</StatusTag>
        ) : can("health.write") ? (
          <Button size="small" onClick={() => { setNote(""); setHandled(a); }}>{t("seeIt")}</Button>
        ) : (
          <StatusTag tone="warn">{t("anomaly.open")}</StatusTag>
        ),
    },
  ];
  const done = () =>
    see.mutate(
      { path: { id: handled?.id ?? "" }, body: { note } },
      { onSuccess: () => { toast.done(t("seenDone")); setHandled(null); }, onError: toast.failed },
    );
  return (
    <Page title={t("anomalies")} lead={t("anomaliesLead")}>
      <DataTable<Anomaly>
        id="health.anomalies"
        path="/api/v1/health/anomalies"
        params={{ unit: query.unit }}
        columns={columns}
        rowKey={(a) => a.id}
        filters={[
          { key: "kind", type: "select", label: t("kind"), options: ANOMALIES.map((value) => ({ value, label: t.slug("kind", value) })) },
          { key: "state", type: "select", label: t("state"), options: ["open", "seen"].map((value) => ({ value, label: t.slug("anomaly", value) })) },
        ]}
        onOpen={setPicked}
        empty={<EmptyState title={t("anomaliesNone")} text={t("anomaliesNoneText")} />}
      />
      <HealthDrawer account={picked?.account ?? null} above={picked && <Explained anomaly={picked} />} onClose={() => setPicked(null)} />
      <Modal open={handled !== null} title={t("seeIt")} onCancel={() => setHandled(null)} onOk={done} okText={t("save")} cancelText={t("cancelWord")} confirmLoading={see.isPending}>
        <Input.TextArea aria-label={t("note")} value={note} onChange={(e) => setNote(e.target.value)} placeholder={t("noteHint")} maxLength={500} rows={3} autoFocus />
      </Modal>
    </Page>
  );
}
