import { Select } from "antd";
import { useId, type ReactNode } from "react";
import { t } from "./i18n";

/** A labelled field with its hint and what is wrong with it. */
export function Field({ label, hint, fault, children, group }: { label: string; hint?: string; fault?: string; children: ReactNode; group?: boolean }) {
  const head = (
    <>
      <span className="c-label">{label}</span>
      {hint && <span className="c-hint">{hint}</span>}
    </>
  );
  const foot = fault && (
    <span role="alert" className="k-bad">
      {fault}
    </span>
  );
  if (group) {
    return (
      <div className="c-field" role="group" aria-label={label}>
        {head}
        {children}
        {foot}
      </div>
    );
  }
  return (
    <label className="c-field">
      {head}
      {children}
      {foot}
    </label>
  );
}

/** Several words, each closed with Enter or a comma. */
export function Words({ value, onChange, label, placeholder, max }: { value: string[] | null; onChange: (v: string[]) => void; label: string; placeholder?: string; max?: number }) {
  return (
    <Select
      mode="tags"
      open={false}
      suffixIcon={null}
      aria-label={label}
      placeholder={placeholder}
      value={value ?? []}
      maxCount={max}
      tokenSeparators={[",", "，", "、", " "]}
      onChange={(v: string[]) => onChange(v.map((x) => x.trim().replace(/^#|#$/g, "")).filter(Boolean))}
      style={{ width: "100%" }}
    />
  );
}

/** A list of short texts, one box each, with one empty box to go on. Boxes that were emptied are left out when the plan is saved. */
export function Lines({ value, onChange, label, max, draw }: LinesProps) {
  const id = useId();
  const list = value ?? [];
  const shown = list.length < max ? [...list, ""] : list;
  const set = (i: number, v: string) => {
    const next = shown.map((x, at) => (at === i ? v : x));
    while (next.at(-1) === "") next.pop();
    onChange(next);
  };
  return (
    <div className="c-lines">
      {shown.map((x, i) => (
        <div key={`${id}${i}`}>{draw({ value: x, onChange: (v) => set(i, v), label: t("nth", { what: label, n: i + 1 }) })}</div>
      ))}
    </div>
  );
}

interface LinesProps {
  value: string[] | null;
  onChange: (v: string[]) => void;
  label: string;
  max: number;
  /** One box. */
  draw: (p: { value: string; onChange: (v: string) => void; label: string }) => ReactNode;
}
