import { Checkbox, DatePicker, Input, InputNumber, Radio, Select } from "antd";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { options, PLATFORMS, platformName } from "@/ui";
import { FormFields } from "./FormFields";
import { t } from "./i18n";
import { ItemPick } from "./ItemPick";
import { Field } from "./parts";
import { onAccount, publishes, type Evidence, type Plan, type TaskPlan } from "./types";
import { fieldOf, momentOf } from "./when";

/** One task: what, why, how long, what proves it and what it brings. */
export function TaskEditor({ task: x, plan, onChange, fault }: { task: TaskPlan; plan: Plan; onChange: (c: Partial<TaskPlan>) => void; fault: (field: string) => string | undefined }) {
  const company = plan.audience.ownership === "company";
  const phases = plan.phases ?? [];
  return (
    <div className="c-form">
      <Field label={t("taskTitle")} fault={fault("title")} group>
        <CheckedText value={x.title} onChange={(title) => onChange({ title })} field="title" kind="post" label={t("taskTitle")} rows={1} maxLength={80} />
      </Field>
      <Field label={t("why")} hint={t("whyHint")} fault={fault("why")} group>
        <CheckedText value={x.why} onChange={(why) => onChange({ why })} field="why" kind="post" label={t("why")} rows={2} maxLength={300} />
      </Field>
      <Field label={t("steps")} hint={t("stepsHint")} fault={fault("steps")} group>
        <CheckedText value={x.steps} onChange={(steps) => onChange({ steps })} field="steps" kind="post" label={t("steps")} rows={3} maxLength={2000} />
      </Field>
      {!publishes(x.type) && (
        <Field label={t(`where.${x.type as "form"}`)} fault={fault("target")}>
          <Input value={x.target} maxLength={300} onChange={(e) => onChange({ target: e.target.value })} />
        </Field>
      )}
      {onAccount(x.type) && (
        <Field label={t("onPlatforms")} hint={t("onPlatformsHint")} fault={fault("platforms")} group>
          <Select mode="multiple" allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t("onPlatforms")} placeholder={t("anyOf")} value={x.platforms ?? []} onChange={(platforms: string[]) => onChange({ platforms })} options={options(PLATFORMS, platformName)} style={{ width: "100%" }} />
        </Field>
      )}
      {publishes(x.type) && (
        <Field label={t("template")} hint={t("templateHint")} fault={fault("template")} group>
          <ItemPick label={t("template")} kinds={["template"]} value={x.template ? [x.template] : []} max={1} onChange={(ids) => onChange({ template: ids[0] ?? null })} />
        </Field>
      )}
      {publishes(x.type) && (
        <Field label={t("content")} hint={t("contentHint")} fault={fault("content")} group>
          <Radio.Group value={x.content || ""} onChange={(e) => onChange({ content: e.target.value as TaskPlan["content"] })} options={(["", "fact"] as const).map((value) => ({ value, label: t(`content.${value || "free"}`) }))} />
        </Field>
      )}
      <div className="c-inline">
        <label>
          {t("due")}
          <DatePicker showTime={{ format: "HH:mm", minuteStep: 5 }} format="YYYY-MM-DD HH:mm" placeholder={t("dueEnd")} value={fieldOf(x.due_at)} onChange={(d) => onChange({ due_at: momentOf(d) })} />
        </label>
        <label>
          {t("minutesAsk")}
          <InputNumber min={0} max={600} precision={0} value={x.minutes} suffix={t("minuteUnit")} onChange={(v) => onChange({ minutes: v ?? 0 })} />
        </label>
        {phases.length > 0 && (
          <label>
            {t("phase")}
            <Select style={{ minWidth: 140 }} value={x.phase} onChange={(phase: number) => onChange({ phase })} options={[{ value: 0, label: t("phaseNone") }, ...phases.map((p, i) => ({ value: i + 1, label: p.name || t("nth", { what: t("phase"), n: i + 1 }) }))]} />
          </label>
        )}
      </div>
      {fault("due_at") && <span role="alert" className="k-bad">{fault("due_at")}</span>}
      <Proof task={x} onChange={onChange} />
      {x.evidence.form && <FormFields value={x.fields ?? []} onChange={(fields) => onChange({ fields })} fault={fault} />}
      <Field label={t("rewardPart")} hint={t("rewardHint")} group>
        <div className="c-inline">
          <label>
            {t("rewardText")}
            <Input value={x.reward.text} maxLength={100} onChange={(e) => onChange({ reward: { ...x.reward, text: e.target.value } })} />
          </label>
          <label>
            {t("rewardPoints")}
            <InputNumber min={0} max={10_000_000} precision={0} value={x.reward.points || null} onChange={(v) => onChange({ reward: { ...x.reward, points: v ?? 0 } })} />
          </label>
          <label>
            {t("rewardMoney")}
            <InputNumber min={0} max={1_000_000} precision={2} prefix="¥" value={x.reward.fen ? x.reward.fen / 100 : null} onChange={(v) => onChange({ reward: { ...x.reward, fen: Math.round((v ?? 0) * 100) } })} />
          </label>
        </div>
      </Field>
      <Checkbox checked={x.mandatory} disabled={!company && !x.mandatory} onChange={(e) => onChange({ mandatory: e.target.checked })}>
        {t("mandatory")} <span className="k-muted">{t(company ? "mandatoryHint" : "mandatoryNot")}</span>
      </Checkbox>
      {fault("mandatory") && <span role="alert" className="k-bad">{fault("mandatory")}</span>}
    </div>
  );
}

function Proof({ task: x, onChange }: { task: TaskPlan; onChange: (c: Partial<TaskPlan>) => void }) {
  const e = x.evidence;
  const set = (c: Partial<Evidence>) => onChange({ evidence: { ...e, ...c } });
  const box = (key: "link" | "hashtag" | "place" | "question" | "form" | "by_hand") => (
    <Checkbox checked={e[key]} onChange={(ev) => set({ [key]: ev.target.checked })}>
      {t(`evidence.${key}`)}
    </Checkbox>
  );
  return (
    <Field label={t("evidence")} hint={t("evidenceHint")} group>
      <div className="c-boxes">
        {onAccount(x.type) && box("link")}
        {publishes(x.type) && box("hashtag")}
        {publishes(x.type) && box("place")}
        {box("question")}
        {box("form")}
        {box("by_hand")}
        <label className="c-inline">
          {t("evidence.screenshots")}
          <InputNumber min={0} max={9} precision={0} value={e.screenshots} onChange={(v) => set({ screenshots: v ?? 0 })} suffix={t("pieces")} />
        </label>
      </div>
    </Field>
  );
}
