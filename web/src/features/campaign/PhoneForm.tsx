import { t } from "./i18n";
import type { FormField } from "./types";

/** The questions of a form task. */
export function PhoneForm({ fields, value, onChange }: { fields: FormField[]; value: Record<string, string>; onChange: (v: Record<string, string>) => void }) {
  return (
    <section className="p-card c-form">
      {fields.map((f) => (
        <One key={f.key} field={f} value={value[f.key] ?? ""} onChange={(v) => onChange({ ...value, [f.key]: v })} />
      ))}
    </section>
  );
}

function One({ field: f, value, onChange }: { field: FormField; value: string; onChange: (v: string) => void }) {
  const label = f.required ? f.label : t("optional", { label: f.label });
  if (f.kind === "choice" || f.kind === "yes_no") {
    const options = f.kind === "yes_no" ? [["yes", t("yes")], ["no", t("no")]] : (f.options ?? []).map((o) => [o, o]);
    return (
      <fieldset className="c-options">
        <legend>{label}</legend>
        {options.map(([key, text]) => (
          <label key={key}>
            <input type="radio" name={f.key} checked={value === key} onChange={() => onChange(key ?? "")} />
            {text}
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <label className="c-field">
      <span>{label}</span>
      <input className="c-input" value={value} maxLength={500} inputMode={f.kind === "number" ? "decimal" : undefined} onChange={(e) => onChange(e.target.value)} />
    </label>
  );
}
