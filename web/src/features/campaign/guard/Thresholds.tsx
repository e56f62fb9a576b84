import { PlusOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, InputNumber, Modal, Select, Table } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { dayText } from "@/i18n/format";
import { options, PLATFORMS, platformName, Section } from "@/ui";
import { Field } from "../plan/parts";
import { t } from "./i18n";
import { INDUSTRIES, KINDS, samePlace, type Choices, type Settings, type Threshold } from "./types";
import { industryOf, placeOf, whyOf } from "./words";

interface Row {
  key: string;
  at: Threshold;
  shipped?: Threshold;
  own?: Threshold;
}

/** The program's thresholds with the brand's beside them, then those only the brand has. */
function rowsOf(s: Settings): Row[] {
  const shipped = s.shipped_thresholds ?? [];
  const own = s.thresholds ?? [];
  const key = (x: Threshold) => [x.platform, x.kind, x.industry, x.from].join("|");
  const lines: Row[] = shipped.map((x) => ({ key: key(x), at: x, shipped: x }));
  for (const o of own) {
    const line = lines.find((r) => samePlace(r.at, o) && !r.own);
    if (line) line.own = o;
    else lines.push({ key: key(o) + "own", at: o, own: o, shipped: shipped.find((x) => samePlace(x, o)) });
  }
  return lines;
}

/** How alike is too much: the program's figure, the brand's, and why. */
export function Thresholds({ settings: s, may, save }: { settings: Settings; may: boolean; save: (c: Partial<Choices>) => Promise<boolean> }) {
  const [editing, setEditing] = useState<{ row: Threshold; old?: Threshold } | null>(null);
  const own = s.thresholds ?? [];
  const name = (r: Row) => placeOf(r.at.platform, r.at.kind, r.at.industry);
  return (
    <Section
      title={t("thresholds")}
      extra={
        may && (
          <Button icon={<PlusOutlined />} onClick={() => setEditing({ row: { platform: "", kind: "", industry: "", most: 70, from: null, why: "" } })}>
            {t("addThreshold")}
          </Button>
        )
      }
      flush
    >
      <p className="k-card-body k-muted">{t("thresholdsText", { industry: s.industry ? industryOf(s.industry) : t("industryNone") })}</p>
      <Table<Row>
        size="small"
        rowKey="key"
        dataSource={rowsOf(s)}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "place", title: t("place"), render: (_, r) => <b style={{ fontWeight: 500 }}>{name(r)}</b> },
          { key: "shipped", title: t("shippedMost"), align: "right", render: (_, r) => <span className={r.own ? "k-muted" : undefined}>{r.shipped ? `${r.shipped.most}%` : "—"}</span> },
          { key: "own", title: t("ownMost"), align: "right", render: (_, r) => (r.own ? <b>{r.own.most}%</b> : "—") },
          { key: "why", title: t("why"), width: 360, render: (_, r) => <div className="c-wrap">{whyOf([r.at.platform, r.at.kind, r.at.industry], r.own?.why ?? "", r.shipped?.why ?? "")}</div> },
          { key: "from", title: t("from"), render: (_, r) => (r.own ? dayText(r.own.from) : t("shipped")) },
          ...(may
            ? [
                {
                  key: "acts", title: "",
                  render: (_: unknown, r: Row) => (
                    <>
                      <Button type="link" size="small" aria-label={t("editOne", { name: name(r) })} onClick={() => setEditing({ row: r.own ?? { ...r.at, from: null, why: "" }, old: r.own })}>
                        {t("edit")}
                      </Button>
                      {r.own && (
                        <Button type="link" size="small" aria-label={t("removeOne", { name: name(r) })} onClick={() => void save({ thresholds: own.filter((x) => x !== r.own) })}>
                          {t("remove")}
                        </Button>
                      )}
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
      {editing && (
        <Dialog
          value={editing.row}
          onClose={() => setEditing(null)}
          onSave={async (x) => {
            if (await save({ thresholds: [...own.filter((o) => o !== editing.old), x] })) setEditing(null);
          }}
        />
      )}
    </Section>
  );
}

function Dialog({ value, onClose, onSave }: { value: Threshold; onClose: () => void; onSave: (x: Threshold) => Promise<void> }) {
  const [x, setX] = useState(value);
  const [busy, setBusy] = useState(false);
  const set = (c: Partial<Threshold>) => setX((old) => ({ ...old, ...c }));
  return (
    <Modal
      open
      title={t("editThreshold")}
      okText={t("save")}
      cancelText={t("cancel")}
      onCancel={onClose}
      confirmLoading={busy}
      okButtonProps={{ disabled: !x.why.trim() }}
      onOk={() => {
        setBusy(true);
        void onSave({ ...x, why: x.why.trim() }).finally(() => setBusy(false));
      }}
    >
      <div className="c-form">
        <Field label={t("platform")}>
          <Select value={x.platform} onChange={(platform: string) => set({ platform })} options={[{ value: "", label: t("anyPlatform") }, ...options(PLATFORMS, platformName)]} />
        </Field>
        <Field label={t("kind")}>
          <Select value={x.kind} onChange={(kind: string) => set({ kind })} options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Field>
        <Field label={t("industry")}>
          <Select value={x.industry} onChange={(industry: string) => set({ industry })} options={[{ value: "", label: t("anyIndustry") }, ...INDUSTRIES.map((value) => ({ value, label: industryOf(value) }))]} />
        </Field>
        <Field label={t("most")} hint={t("mostHint")}>
          <InputNumber min={50} max={100} precision={0} suffix="%" value={x.most} onChange={(v) => set({ most: v ?? 70 })} />
        </Field>
        <Field label={t("from")}>
          <DatePicker value={x.from ? dayjs(x.from) : null} onChange={(d) => set({ from: d ? d.format("YYYY-MM-DD") : null })} />
        </Field>
        <Field label={t("why")} hint={t("whyHint")}>
          <Input.TextArea value={x.why} maxLength={200} rows={2} onChange={(e) => set({ why: e.target.value })} />
        </Field>
      </div>
    </Modal>
  );
}
