import { Section } from "@/ui";
import { t } from "./i18n";
import { ItemPick } from "./ItemPick";
import { Field } from "./parts";
import type { StepProps } from "./steps";

/** What everybody gets beside the words: items of the library. */
export function StepMaterials({ plan, set, fault }: StepProps) {
  const tasks = plan.tasks ?? [];
  return (
    <Section title={t("step.materials")}>
      <div className="c-form c-narrow">
        <Field label={t("materialsAll")} hint={t("materialsHint")} fault={fault("materials")} group>
          <ItemPick label={t("materialsAll")} value={plan.materials ?? []} max={40} onChange={(materials) => set({ materials })} />
        </Field>
        {tasks.length > 1 &&
          tasks.map((x, i) => (
            <Field key={i} label={t("materialsOf", { task: x.title || t.slug("type", x.type) })} fault={fault(`tasks[${i}].materials`)} group>
              <ItemPick
                label={t("materialsOf", { task: x.title || t.slug("type", x.type) })}
                value={x.materials ?? []}
                max={20}
                onChange={(materials) => set({ tasks: tasks.map((y, at) => (at === i ? { ...y, materials } : y)) })}
              />
            </Field>
          ))}
      </div>
    </Section>
  );
}
