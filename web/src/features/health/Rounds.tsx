import { Button, DatePicker, Form, Input, Modal, Progress } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { EmptyState, ErrorState, Page, Section, StatusTag, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import type { Round } from "./types";

interface NewRound {
  unit?: string;
  name: string;
  due: string;
}

/** Clean-up rounds, newest first. */
export default function Rounds() {
  const can = useCan();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const got = useGet<{ items: Round[] }>("/api/v1/health/rounds");
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const add = can("health.write") ? <Button type="primary" onClick={() => setAdding(true)}>{t("newRound")}</Button> : null;
  return (
    <Page title={t("rounds")} lead={t("roundsLead")} actions={add}>
      {got.data?.items.length === 0 && <EmptyState title={t("roundsNone")} text={t("roundsNoneText")} action={add} />}
      {got.data?.items.map((r) => (
        <Section key={r.id} title={r.name} extra={<StatusTag tone={r.state === "open" ? "good" : "off"}>{t.slug("round", r.state)}</StatusTag>}>
          <RoundProgress round={r} />
          <p className="k-muted">
            {t("openedBy")} {r.opened_by} · {dayText(r.opened)} · {t("due", { day: dayText(r.due) })}
          </p>
          <Button onClick={() => void navigate(`/matrix/health/rounds/${r.id}`)}>{t("progressText", { done: r.counts.proved ?? 0, all: total(r) })}</Button>
        </Section>
      ))}
      {adding && <NewRoundDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

/** How many accounts a round holds. */
export const total = (r: Round) => Object.values(r.counts).reduce((n, x) => n + x, 0);

/** The share of a round's accounts that are done. */
export function RoundProgress({ round }: { round: Round }) {
  return <Progress percent={total(round) ? Math.round((100 * (round.counts.proved ?? 0)) / total(round)) : 0} aria-label={t("progress")} />;
}

function NewRoundDialog({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<{ unit?: string; name: string; due: Dayjs }>();
  const toast = useToast();
  const open = useSend<{ id: string }, NewRound>("POST", "/api/v1/health/rounds", ["/api/v1/health/"]);
  return (
    <Modal open title={t("newRound")} onCancel={onClose} onOk={() => form.submit()} okText={t("open")} cancelText={t("cancelWord")} confirmLoading={open.isPending}>
      <Form
        form={form}
        layout="vertical"
        onFinish={(v) =>
          open.mutate(
            { body: { unit: v.unit ?? "", name: v.name, due: v.due.format("YYYY-MM-DD") } },
            { onSuccess: () => { toast.done(t("roundOpened")); onClose(); }, onError: toast.failed },
          )
        }
      >
        <Form.Item name="name" label={t("roundName")} rules={[{ required: true, max: 60 }]}>
          <Input placeholder={t("roundNameHint")} autoFocus />
        </Form.Item>
        <Form.Item name="unit" label={t("roundUnit")}>
          <UnitSelect allowClear placeholder={t("roundUnitAll")} />
        </Form.Item>
        <Form.Item name="due" label={t("roundDue")} rules={[{ required: true }]}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
