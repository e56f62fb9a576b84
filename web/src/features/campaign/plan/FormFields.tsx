import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Select } from "antd";
import type { FormField } from "../types";
import { t } from "./i18n";
import { Field, Words } from "./parts";

const KINDS = ["text", "number", "choice", "yes_no"] as const;

/** The questions of a form task. */
export function FormFields({ value, onChange, fault }: { value: FormField[]; onChange: (v: FormField[]) => void; fault: (field: string) => string | undefined }) {
  const set = (i: number, c: Partial<FormField>) => onChange(value.map((f, at) => (at === i ? { ...f, ...c } : f)));
  return (
    <Field label={t("form")} fault={fault("fields")} group>
      {value.map((f, i) => (
        <div key={f.key} className="c-formrow">
          <Input aria-label={t("nth", { what: t("formLabel"), n: i + 1 })} placeholder={t("formLabel")} value={f.label} maxLength={100} onChange={(e) => set(i, { label: e.target.value })} />
          <Select aria-label={t("nth", { what: t("formKind"), n: i + 1 })} value={f.kind} style={{ width: 120 }} onChange={(kind: FormField["kind"]) => set(i, { kind })} options={KINDS.map((k) => ({ value: k, label: t(`formKind.${k}`) }))} />
          <Checkbox checked={f.required} onChange={(e) => set(i, { required: e.target.checked })}>
            {t("formMust")}
          </Checkbox>
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("dropField", { label: f.label || String(i + 1) })} onClick={() => onChange(value.filter((_, at) => at !== i))} />
          {f.kind === "choice" && <Words label={t("nth", { what: t("formOptions"), n: i + 1 })} value={f.options} max={20} placeholder={t("formOptions")} onChange={(o) => set(i, { options: o })} />}
        </div>
      ))}
      {value.length < 20 && (
        <span>
          <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...value, { key: freeKey(value), label: "", kind: "text", options: [], required: true }])}>
            {t("addField")}
          </Button>
        </span>
      )}
    </Field>
  );
}

/** A key no other field has. */
function freeKey(list: FormField[]): string {
  for (let n = list.length + 1; ; n++) if (!list.some((f) => f.key === `q${n}`)) return `q${n}`;
}
