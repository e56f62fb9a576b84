import { PlusOutlined } from "@ant-design/icons";
import { Button, DatePicker, Form, InputNumber, Modal, Popconfirm, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { asProblem, useGet, useSend } from "@/api";
import { accountKindName, ACCOUNT_KINDS, Day, EmptyState, ErrorState, options, Section, UnitPath, UnitSelect, useToast } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import { PillarName } from "./parts";
import type { Mix, Pillar } from "./types";
import "../library.css";

const MIXES = `${API}/mixes`;

/** The target mixes, and a dialog for a new one. */
export function Targets({ pillars }: { pillars: Pillar[] }) {
  const got = useGet<{ items: Mix[] }>(MIXES);
  const [open, setOpen] = useState(false);
  const toast = useToast();
  const drop = useSend("POST", `${MIXES}/remove`, [`${API}/`]);
  const add = (
    <Button type="primary" size="small" icon={<PlusOutlined />} onClick={() => setOpen(true)}>
      {t("addTarget")}
    </Button>
  );
  const list = got.data?.items ?? [];
  const remove = (m: Mix) =>
    drop.mutate({ body: { unit: m.unit_id ?? "", kind: m.kind, from: m.from } }, { onSuccess: () => toast.done(t("dropped")), onError: toast.failed });
  return (
    <Section title={t("targets")} extra={add}>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : got.data && !list.length ? (
        <EmptyState title={t("noTargets")} text={t("noTargetsText")} />
      ) : (
        <table className="l-table">
          <thead>
            <tr>
              <th scope="col">{t("from")}</th>
              <th scope="col">{t("unit")}</th>
              <th scope="col">{t("kind")}</th>
              <th scope="col">{t("target")}</th>
              <th scope="col">{t("setBy")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {list.map((m) => (
              <tr key={`${m.unit_id} ${m.kind} ${m.from}`}>
                <td><Day value={m.from} /></td>
                <td>{m.unit_id ? <UnitPath unit={m.unit_id} short /> : t("wholeBrand")}</td>
                <td>{m.kind ? accountKindName(m.kind) : t("allKinds")}</td>
                <td>
                  {m.shares.length === 0
                    ? t("ended")
                    : m.shares.map((s) => (
                        <span key={s.pillar_id} style={{ marginInlineEnd: 12, whiteSpace: "nowrap" }}>
                          <PillarName pillar={pillars.find((p) => p.id === s.pillar_id)} /> {s.percent}%
                        </span>
                      ))}
                </td>
                <td>{m.by || "—"}</td>
                <td>
                  <Popconfirm title={t("dropAsk")} okText={t("drop")} cancelText={t("cancel")} onConfirm={() => remove(m)}>
                    <Button size="small" type="link" danger>
                      {t("drop")}
                    </Button>
                  </Popconfirm>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open && <TargetDialog pillars={pillars.filter((p) => p.active)} last={list.find((m) => !m.unit_id && !m.kind)} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function TargetDialog({ pillars, last, onClose }: { pillars: Pillar[]; last?: Mix; onClose: () => void }) {
  const [unit, setUnit] = useState<string>();
  const [kind, setKind] = useState<string>();
  const [from, setFrom] = useState(dayjs());
  const [shares, setShares] = useState<Record<string, number | null>>(Object.fromEntries((last?.shares ?? []).map((s) => [s.pillar_id, s.percent])));
  const [faults, setFaults] = useState<string[]>([]);
  const toast = useToast();
  const send = useSend("PUT", MIXES, [`${API}/`]);
  const sum = pillars.reduce((n, p) => n + (shares[p.id] ?? 0), 0);
  const ok = () =>
    send.mutate(
      { body: { unit: unit ?? "", kind: kind ?? "", from: from.format("YYYY-MM-DD"), shares: pillars.filter((p) => shares[p.id]).map((p) => ({ pillar_id: p.id, percent: shares[p.id] })) } },
      {
        onSuccess: () => {
          toast.done(t("targetSaved"));
          onClose();
        },
        onError: (err) => {
          setFaults(asProblem(err).fields.map((f) => f.message));
          toast.failed(err);
        },
      },
    );
  return (
    <Modal open title={t("targetTitle")} okText={t("save")} cancelText={t("cancel")} onCancel={onClose} onOk={ok} confirmLoading={send.isPending} okButtonProps={{ disabled: sum !== 100 && sum !== 0 }}>
      <p className="k-muted">{t("targetHint")}</p>
      <Form layout="vertical" component="div">
        <Form.Item label={t("unit")}>
          <UnitSelect allowClear value={unit} onChange={(u) => setUnit(u ?? undefined)} placeholder={t("wholeBrand")} />
        </Form.Item>
        <Form.Item label={t("kind")}>
          <Select aria-label={t("kind")} allowClear value={kind} onChange={setKind} options={options(ACCOUNT_KINDS, accountKindName)} placeholder={t("allKinds")} />
        </Form.Item>
        <Form.Item label={t("from")}>
          <DatePicker aria-label={t("from")} allowClear={false} value={from} onChange={(d) => d && setFrom(d)} style={{ width: "100%" }} />
        </Form.Item>
      </Form>
      <div className="lp-shares">
        {pillars.map((p) => [
          <PillarName key={p.id} pillar={p} />,
          <InputNumber key={`${p.id}-n`} aria-label={p.name} min={0} max={100} precision={0} suffix="%" value={shares[p.id] ?? null} onChange={(n) => setShares({ ...shares, [p.id]: n })} style={{ width: "100%" }} />,
        ])}
      </div>
      <p className={sum === 100 ? "k-good" : sum ? "k-bad" : "k-muted"} role="status">
        {sum === 100 ? t("sumRight") : sum ? t("sum", { n: sum }) : t("noShares")}
      </p>
      {faults.map((f) => <p key={f} className="k-bad">{f}</p>)}
    </Modal>
  );
}
