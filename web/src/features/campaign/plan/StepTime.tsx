import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, InputNumber, Radio, TimePicker } from "antd";
import dayjs from "dayjs";
import { Section } from "@/ui";
import { t } from "./i18n";
import { Field } from "./parts";
import type { StepProps } from "./steps";
import type { Phase, Plan } from "./types";
import { clockOf, fieldOf, momentOf } from "./when";

/** When it runs, how densely, and when nobody is disturbed. */
export function StepTime({ plan, set, fault }: StepProps) {
  return (
    <>
      <Section title={t("step.time")}>
        <div className="c-form c-narrow">
          <div className="c-inline">
            <At label={t("startsAt")} value={plan.starts_at} onChange={(starts_at) => set({ starts_at })} fault={fault("starts_at")} />
            <At label={t("endsAt")} value={plan.ends_at} onChange={(ends_at) => set({ ends_at })} fault={fault("ends_at")} />
          </div>
          <Field label={t("mode")} fault={fault("mode")} group>
            <Radio.Group
              className="c-lines"
              value={plan.mode || "spread"}
              onChange={(e) => set({ mode: e.target.value as Plan["mode"] })}
              options={(["spread", "burst"] as const).map((value) => ({ value, label: t(`mode.${value}`) }))}
            />
          </Field>
          <Field label={t("phases")} hint={t("phasesHint")} fault={fault("phases")} group>
            <Phases value={plan.phases ?? []} onChange={(phases) => set({ phases })} />
          </Field>
          <Field label={t("recur")} fault={fault("recur")} group>
            <div className="c-inline">
              <Radio.Group value={plan.recur.every} onChange={(e) => set({ recur: { ...plan.recur, every: e.target.value as Plan["recur"]["every"] } })} options={(["", "week", "month"] as const).map((value) => ({ value, label: t(`recur.${value || "none"}`) }))} />
              {plan.recur.every !== "" && (
                <label>
                  {t("recurUntil")}
                  <DatePicker value={plan.recur.until ? dayjs(plan.recur.until) : null} onChange={(d) => set({ recur: { ...plan.recur, until: d ? d.format("YYYY-MM-DD") : null } })} />
                </label>
              )}
            </div>
          </Field>
        </div>
      </Section>
      <Section title={t("calm")}>
        <div className="c-form c-narrow">
          <Field label={t("quiet")} hint={t("quietHint")} fault={fault("quiet")} group>
            <TimePicker.RangePicker
              format="HH:mm"
              minuteStep={15}
              order={false}
              aria-label={t("quiet")}
              value={plan.quiet.from === plan.quiet.to ? null : [dayjs(clockOf(plan.quiet.from), "HH:mm"), dayjs(clockOf(plan.quiet.to), "HH:mm")]}
              onChange={(v) => set({ quiet: v?.[0] && v[1] ? { from: v[0].hour() * 60 + v[0].minute(), to: v[1].hour() * 60 + v[1].minute() } : { from: 0, to: 0 } })}
            />
          </Field>
          <Field label={t("weekly")} hint={t("weeklyHint")} fault={fault("weekly_minutes")}>
            <InputNumber min={0} max={2400} precision={0} suffix={t("minuteUnit")} value={plan.weekly_minutes || null} onChange={(v) => set({ weekly_minutes: v ?? 0 })} />
          </Field>
          <Field label={t("similar")} hint={t("similarHint")} fault={fault("similar")}>
            <InputNumber min={0} max={100} precision={0} suffix="%" value={plan.similar || null} onChange={(v) => set({ similar: v ?? 0 })} />
          </Field>
        </div>
      </Section>
    </>
  );
}

function At({ label, value, onChange, fault }: { label: string; value: string | null; onChange: (v: string | null) => void; fault?: string }) {
  return (
    <Field label={label} fault={fault}>
      <DatePicker showTime={{ format: "HH:mm", minuteStep: 5 }} format="YYYY-MM-DD HH:mm" value={fieldOf(value)} onChange={(d) => onChange(momentOf(d))} />
    </Field>
  );
}

function Phases({ value, onChange }: { value: Phase[]; onChange: (v: Phase[]) => void }) {
  const set = (i: number, c: Partial<Phase>) => onChange(value.map((p, at) => (at === i ? { ...p, ...c } : p)));
  return (
    <>
      {value.map((p, i) => (
        <div key={i} className="c-formrow">
          <Input aria-label={t("nth", { what: t("phaseName"), n: i + 1 })} placeholder={t("phaseName")} value={p.name} maxLength={60} onChange={(e) => set(i, { name: e.target.value })} />
          <DatePicker.RangePicker
            showTime={{ format: "HH:mm", minuteStep: 5 }}
            format="MM-DD HH:mm"
            allowEmpty={[true, true]}
            aria-label={t("nth", { what: t("phase"), n: i + 1 })}
            value={[fieldOf(p.starts_at), fieldOf(p.ends_at)]}
            onChange={(v) => set(i, { starts_at: momentOf(v?.[0]), ends_at: momentOf(v?.[1]) })}
          />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("dropPhase", { name: p.name || String(i + 1) })} onClick={() => onChange(value.filter((_, at) => at !== i))} />
        </div>
      ))}
      {value.length < 12 && (
        <span>
          <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...value, { name: "", starts_at: null, ends_at: null }])}>
            {t("addPhase")}
          </Button>
        </span>
      )}
    </>
  );
}
