import { Input, InputNumber, Radio } from "antd";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { PLATFORMS, platformName, Section } from "@/ui";
import { t } from "./i18n";
import { Field, Words } from "./parts";
import { TARGETS, type Plan } from "./types";
import type { StepProps } from "./steps";

/** What for, and under which topic. */
export function StepGoal({ plan, set, fault }: StepProps) {
  const used = PLATFORMS.filter((p) => (plan.audience.platforms?.length ? plan.audience.platforms.includes(p) : plan.hashtags.platforms?.[p]?.length));
  const setTags = (change: Partial<Plan["hashtags"]>) => set({ hashtags: { ...plan.hashtags, ...change } });
  return (
    <>
      <Section title={t("step.goal")}>
        <div className="c-form c-narrow">
          <Field label={t("title")} fault={fault("title")}>
            <Input value={plan.title} maxLength={80} showCount onChange={(e) => set({ title: e.target.value })} placeholder={t("titleHint")} />
          </Field>
          <Field label={t("goal")} hint={t("goalHint")} fault={fault("goal")} group>
            <CheckedText value={plan.goal} onChange={(goal) => set({ goal })} field="goal" kind="post" label={t("goal")} rows={3} maxLength={500} />
          </Field>
          <Field label={t("target")} hint={t("targetHint")} fault={fault("target")} group>
            <div className="c-inline">
              {TARGETS.map((k) => (
                <label key={k}>
                  {t(`target.${k}`)}
                  <InputNumber min={0} max={1e12} precision={0} value={plan.target[k]} onChange={(v) => set({ target: { ...plan.target, [k]: v } })} />
                </label>
              ))}
            </div>
          </Field>
        </div>
      </Section>
      <Section title={t("topicPart")}>
        <div className="c-form c-narrow">
          <Field label={t("topic")} fault={fault("topic")}>
            <Input value={plan.topic} maxLength={80} onChange={(e) => set({ topic: e.target.value })} placeholder={t("topicHint")} />
          </Field>
          <Field label={t("topicKind")} group>
            <Radio.Group
              value={plan.topic_kind}
              onChange={(e) => set({ topic_kind: e.target.value as Plan["topic_kind"] })}
              options={(["created", "trend"] as const).map((value) => ({ value, label: t(`topicKind.${value}`) }))}
            />
          </Field>
          <Field label={t("topicReason")} fault={fault("topic_reason")}>
            <Input.TextArea value={plan.topic_reason} maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} onChange={(e) => set({ topic_reason: e.target.value })} placeholder={t("topicReasonHint")} />
          </Field>
          <Field label={t("hashtags")} hint={t("hashtagsHint")} fault={fault("hashtags")} group>
            <Words label={t("hashtags")} value={plan.hashtags.all} max={20} onChange={(all) => setTags({ all })} placeholder={t("hashtagsPlace")} />
          </Field>
          {used.map((p) => (
            <Field key={p} label={t("hashtagsOn", { platform: platformName(p) })} group>
              <Words label={t("hashtagsOn", { platform: platformName(p) })} value={plan.hashtags.platforms?.[p] ?? []} max={20} onChange={(v) => setTags({ platforms: { ...plan.hashtags.platforms, [p]: v } })} placeholder={t("hashtagsMore")} />
            </Field>
          ))}
        </div>
      </Section>
    </>
  );
}
