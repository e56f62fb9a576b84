import { Button, Form, Input, Modal, Popconfirm, Radio } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { DataTable, Page, StatusTag, UnitPath, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { AccountCell, CauseTag } from "./parts";
import { RoundProgress, total } from "./Rounds";
import { DECISIONS, type Round, type RoundItem } from "./types";

/** One clean-up round: each account is decided, then proved. */
export default function RoundPage() {
  const { round = "" } = useParams();
  const can = useCan();
  const toast = useToast();
  const [deciding, setDeciding] = useState<RoundItem | null>(null);
  const [proving, setProving] = useState<RoundItem | null>(null);
  const rounds = useGet<{ items: Round[] }>("/api/v1/health/rounds");
  const r = rounds.data?.items.find((x) => x.id === round);
  const close = useSend("POST", "/api/v1/health/rounds/{id}/close", ["/api/v1/health/"]);
  const act = (i: RoundItem) => {
    if (!can("health.write") || r?.state !== "open" || i.state === "proved") return null;
    return i.state === "decided" ? (
      <Button size="small" type="primary" onClick={() => setProving(i)}>{t("prove")}</Button>
    ) : (
      <Button size="small" onClick={() => setDeciding(i)}>{t("decide")}</Button>
    );
  };
  const columns: Column<RoundItem>[] = [
    { key: "account", title: t("account"), fixed: true, render: (i) => <AccountCell account={i.account} />, plain: (i) => `${i.account.name} @${i.account.handle}` },
    { key: "cause", title: t("cause"), width: 130, render: (i) => <CauseTag cause={i.cause} />, plain: (i) => t.slug("cause", i.cause) },
    { key: "member", title: t("member"), width: 110, render: (i) => i.account.member || "—", plain: (i) => i.account.member },
    { key: "unit", title: t("unit"), render: (i) => <UnitPath unit={i.account.unit_id} short />, plain: (i) => i.account.unit },
    { key: "state", title: t("state"), width: 110, render: (i) => <StatusTag tone={i.state === "proved" ? "good" : "warn"}>{t.slug("item", i.state)}</StatusTag>, plain: (i) => t.slug("item", i.state) },
    {
      key: "decision", title: t("decision"), render: (i) => (i.decision ? `${t.slug("decision", i.decision)}${i.reason ? ` · ${i.reason}` : ""} · ${i.decided_by}` : "—"),
      plain: (i) => (i.decision ? `${t.slug("decision", i.decision)} ${i.reason}` : ""),
    },
    { key: "proof", title: t("proof"), render: (i) => i.proof || "—", plain: (i) => i.proof },
    { key: "act", title: "", width: 110, render: act },
  ];
  const left = r ? total(r) - (r.counts.proved ?? 0) : 0;
  return (
    <Page
      back="/matrix/health/rounds"
      title={r?.name ?? t("rounds")}
      lead={r && `${t.slug("round", r.state)} · ${t("progressText", { done: r.counts.proved ?? 0, all: total(r) })} · ${t("due", { day: dayText(r.due) })}`}
      actions={
        can("health.write") && r?.state === "open" ? (
          <Popconfirm
            title={t("closeAsk", { name: r.name, left })}
            okText={t("closeRound")}
            cancelText={t("cancelWord")}
            onConfirm={() => close.mutate({ path: { id: round } }, { onSuccess: () => toast.done(t("roundClosed")), onError: toast.failed })}
          >
            <Button>{t("closeRound")}</Button>
          </Popconfirm>
        ) : undefined
      }
    >
      {r && <RoundProgress round={r} />}
      <DataTable<RoundItem>
        id="health.items"
        path={`/api/v1/health/rounds/${round}/items`}
        columns={columns}
        rowKey={(i) => i.account.id}
        filters={[{ key: "state", type: "select", label: t("state"), options: ["pending", "decided", "proved"].map((value) => ({ value, label: t.slug("item", value) })) }]}
      />
      {deciding && <DecideDialog round={round} item={deciding} onClose={() => setDeciding(null)} />}
      {proving && <ProveDialog round={round} item={proving} onClose={() => setProving(null)} />}
    </Page>
  );
}

interface DialogProps {
  round: string;
  item: RoundItem;
  onClose: () => void;
}

function DecideDialog({ round, item, onClose }: DialogProps) {
  const [form] = Form.useForm<{ decision: string; reason?: string }>();
  const toast = useToast();
  const decision = Form.useWatch("decision", form);
  const send = useSend<unknown, { decision: string; reason: string }>("PUT", "/api/v1/health/rounds/{id}/items/{account}/decision", ["/api/v1/health/"]);
  return (
    <Modal open title={<AccountCell account={item.account} />} onCancel={onClose} onOk={() => form.submit()} okText={t("decide")} cancelText={t("cancelWord")} confirmLoading={send.isPending}>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ decision: item.decision || "revive", reason: item.reason }}
        onFinish={(v) =>
          send.mutate(
            { path: { id: round, account: item.account.id }, body: { decision: v.decision, reason: v.reason ?? "" } },
            { onSuccess: () => { toast.done(t("decided")); onClose(); }, onError: toast.failed },
          )
        }
      >
        <Form.Item name="decision" label={t("decision")}>
          <Radio.Group optionType="button" options={DECISIONS.map((value) => ({ value, label: t.slug("decision", value) }))} />
        </Form.Item>
        <Form.Item name="reason" label={t("reason")} rules={[{ required: decision !== "revive" }]}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function ProveDialog({ round, item, onClose }: DialogProps) {
  const [form] = Form.useForm<{ proof: string }>();
  const toast = useToast();
  const send = useSend<unknown, { proof: string }>("PUT", "/api/v1/health/rounds/{id}/items/{account}/proof", ["/api/v1/health/"]);
  return (
    <Modal open title={<AccountCell account={item.account} />} onCancel={onClose} onOk={() => form.submit()} okText={t("prove")} cancelText={t("cancelWord")} confirmLoading={send.isPending}>
      <Form
        form={form}
        layout="vertical"
        onFinish={(v) =>
          send.mutate(
            { path: { id: round, account: item.account.id }, body: v },
            { onSuccess: () => { toast.done(t("proved")); onClose(); }, onError: toast.failed },
          )
        }
      >
        <Form.Item name="proof" label={t("proof")} rules={[{ required: true }]}>
          <Input.TextArea rows={2} maxLength={1000} placeholder={t("proofHint")} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
