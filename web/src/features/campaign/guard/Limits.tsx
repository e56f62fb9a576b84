import { PlusOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, InputNumber, Modal, Radio, Select, Table } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { dayText, fullNumber } from "@/i18n/format";
import { options, PlatformGlyph, PLATFORMS, platformName, Section, StatusTag } from "@/ui";
import { Field } from "../plan/parts";
import { t } from "./i18n";
import { CONFIDENCES, holds, type Choices, type Limit, type Settings } from "./types";

interface Row {
  key: string;
  limit: Limit;
  own: boolean;
  state: "holds" | "notYet" | "replaced";
}

/** Platform by platform: what holds today first, then what will or did. */
function rowsOf(s: Settings): Row[] {
  const today = dayjs().format("YYYY-MM-DD");
  return PLATFORMS.flatMap((p) => {
    const now = holds(s, p, today);
    const of = (l: Limit, own: boolean): Row => ({ key: `${p}${l.from}${own}`, limit: l, own, state: l === now ? "holds" : (l.from ?? "") > today ? "notYet" : "replaced" });
    const own = (s.limits ?? []).filter((l) => l.platform === p).map((l) => of(l, true));
    const shipped = (s.shipped_limits ?? []).filter((l) => l.platform === p).map((l) => of(l, false));
    const order = { holds: 0, notYet: 1, replaced: 2 };
    return [...own, ...shipped].sort((a, b) => order[a.state] - order[b.state] || (b.limit.from ?? "").localeCompare(a.limit.from ?? ""));
  });
}

/** What platforms bear in an hour, since when, from which source, and how sure that is. */
export function Limits({ settings: s, may, save }: { settings: Settings; may: boolean; save: (c: Partial<Choices>) => Promise<boolean> }) {
  const [editing, setEditing] = useState<{ row: Limit; old?: Limit } | null>(null);
  const own = s.limits ?? [];
  return (
    <Section
      title={t("limits")}
      extra={
        may && (
          <Button icon={<PlusOutlined />} onClick={() => setEditing({ row: { platform: "xiaohongshu", per_hour: 100, per_day: 3, from: null, source: "", confidence: "observed" } })}>
            {t("addLimit")}
          </Button>
        )
      }
      flush
    >
      <p className="k-card-body k-muted">{t("limitsText")}</p>
      <Table<Row>
        size="small"
        rowKey="key"
        dataSource={rowsOf(s)}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "platform", title: t("platform"), render: (_, r) => <><PlatformGlyph platform={r.limit.platform} bare /> {platformName(r.limit.platform)}</> },
          { key: "hour", title: t("perHour"), align: "right", render: (_, r) => fullNumber(r.limit.per_hour) },
          { key: "day", title: t("perDay"), align: "right", render: (_, r) => fullNumber(r.limit.per_day) },
          { key: "sure", title: t("confidence"), render: (_, r) => <StatusTag tone={r.limit.confidence === "official" ? "good" : r.limit.confidence === "observed" ? "plain" : "warn"}>{t(`confidence.${r.limit.confidence}`)}</StatusTag> },
          { key: "source", title: t("source"), width: 320, render: (_, r) => <div className="c-wrap">{r.limit.source || t("ownEstimate")}</div> },
          { key: "from", title: t("from"), render: (_, r) => <>{dayText(r.limit.from)} {r.state !== "holds" && <span className="k-muted">{t(r.state)}</span>}</> },
          ...(may
            ? [
                {
                  key: "acts", title: "",
                  render: (_: unknown, r: Row) => {
                    const name = `${platformName(r.limit.platform)} ${dayText(r.limit.from)}`;
                    return (
                      <>
                        <Button type="link" size="small" aria-label={t("editOne", { name })} onClick={() => setEditing(r.own ? { row: r.limit, old: r.limit } : { row: { ...r.limit, from: null, source: "", confidence: "observed" } })}>
                          {t("edit")}
                        </Button>
                        {r.own && (
                          <Button type="link" size="small" aria-label={t("removeOne", { name })} onClick={() => void save({ limits: own.filter((x) => x !== r.limit) })}>
                            {t("remove")}
                          </Button>
                        )}
                      </>
                    );
                  },
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
            if (await save({ limits: [...own.filter((o) => o !== editing.old), x] })) setEditing(null);
          }}
        />
      )}
    </Section>
  );
}

function Dialog({ value, onClose, onSave }: { value: Limit; onClose: () => void; onSave: (x: Limit) => Promise<void> }) {
  const [x, setX] = useState(value);
  const [busy, setBusy] = useState(false);
  const set = (c: Partial<Limit>) => setX((old) => ({ ...old, ...c }));
  return (
    <Modal
      open
      title={t("editLimit")}
      okText={t("save")}
      cancelText={t("cancel")}
      onCancel={onClose}
      confirmLoading={busy}
      okButtonProps={{ disabled: !x.source.trim() }}
      onOk={() => {
        setBusy(true);
        void onSave({ ...x, source: x.source.trim() }).finally(() => setBusy(false));
      }}
    >
      <div className="c-form">
        <Field label={t("platform")}>
          <Select value={x.platform} onChange={(platform: string) => set({ platform })} options={options(PLATFORMS, platformName)} />
        </Field>
        <Field label={t("perHour")}>
          <InputNumber min={1} max={1_000_000} precision={0} value={x.per_hour} onChange={(v) => set({ per_hour: v ?? 1 })} />
        </Field>
        <Field label={t("perDay")}>
          <InputNumber min={1} max={1000} precision={0} value={x.per_day} onChange={(v) => set({ per_day: v ?? 1 })} />
        </Field>
        <Field label={t("from")}>
          <DatePicker value={x.from ? dayjs(x.from) : null} onChange={(d) => set({ from: d ? d.format("YYYY-MM-DD") : null })} />
        </Field>
        <Field label={t("confidence")} group>
          <Radio.Group value={x.confidence} onChange={(e) => set({ confidence: e.target.value as Limit["confidence"] })} options={CONFIDENCES.map((value) => ({ value, label: t(`confidence.${value}`) }))} />
        </Field>
        <Field label={t("source")} hint={t("sourceHint")}>
          <Input.TextArea value={x.source} maxLength={200} rows={2} onChange={(e) => set({ source: e.target.value })} />
        </Field>
      </div>
    </Modal>
  );
}
