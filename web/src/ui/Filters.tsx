import { SearchOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useEffect, useRef, useState } from "react";
import { useUrlStates } from "@/app/scope";
import { addDays, todayIn } from "@/i18n/format";
import { t } from "./i18n";

/** One filter of a list; its value lives in the URL under `key` and goes to the API under the same name. */
export interface Filter {
  key: string;
  label: string;
  /** "days" is a range, 2026-11-01..2026-11-22 in the URL and for the API. */
  type: "search" | "select" | "multi" | "day" | "days";
  options?: { value: string; label: string }[];
  width?: number;
}

/** The values of filters in a URL; several values of one filter stand with commas. */
export function filterValues(q: URLSearchParams, filters: Filter[]): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const f of filters) {
    const v = q.get(f.key);
    if (v) out[f.key] = f.type === "multi" ? v.split(",") : v;
  }
  return out;
}

/** A row of filters over a list. */
export function FilterBar({ filters }: { filters: Filter[] }) {
  const [params, set] = useUrlStates();
  const used = filters.filter((f) => params.has(f.key));
  return (
    <>
      {filters.map((f) => (
        <Field key={f.key} filter={f} value={params.get(f.key) ?? ""} onChange={(v) => set({ [f.key]: v })} />
      ))}
      {used.length > 0 && (
        <Button type="link" size="small" onClick={() => set(Object.fromEntries(used.map((f) => [f.key, ""])))}>
          {t("clearFilters")}
        </Button>
      )}
    </>
  );
}

function Field({ filter: f, value, onChange }: { filter: Filter; value: string; onChange: (v: string) => void }) {
  if (f.type === "search") return <Search filter={f} value={value} onChange={onChange} />;
  if (f.type === "day") {
    return (
      <DatePicker
        aria-label={f.label}
        placeholder={f.label}
        value={value ? dayjs(value) : null}
        onChange={(d) => onChange(d ? d.format("YYYY-MM-DD") : "")}
      />
    );
  }
  if (f.type === "days") return <Days filter={f} value={value} onChange={onChange} />;
  const multi = f.type === "multi";
  return (
    <Select<string | string[]>
      aria-label={f.label}
      placeholder={f.label}
      style={{ minWidth: f.width ?? 128 }}
      mode={multi ? "multiple" : undefined}
      maxTagCount="responsive"
      allowClear
      showSearch={(f.options?.length ?? 0) > 8 ? { optionFilterProp: "label" } : false}
      popupMatchSelectWidth={false}
      value={value ? (multi ? value.split(",") : value) : undefined}
      onChange={(v) => onChange(Array.isArray(v) ? v.join(",") : (v ?? ""))}
      options={f.options}
    />
  );
}

/** A range of days; either end may be open. */
function Days({ filter: f, value, onChange }: { filter: Filter; value: string; onChange: (v: string) => void }) {
  const [from = "", to = ""] = value.split("..");
  const day = (v: string) => (v ? dayjs(v) : null);
  const text = (d: Dayjs | null | undefined) => d?.format("YYYY-MM-DD") ?? "";
  const ago = (n: number): [Dayjs, Dayjs] => [dayjs(addDays(todayIn(), 1 - n)), dayjs(todayIn())];
  return (
    <DatePicker.RangePicker
      aria-label={f.label}
      placeholder={[t("daysFrom", { what: f.label }), t("daysTo")]}
      allowEmpty={[true, true]}
      style={{ width: f.width ?? 232 }}
      value={[day(from), day(to)]}
      presets={[7, 30, 90, 365].map((n) => ({ label: t("lastDays", { n }), value: ago(n) }))}
      onChange={(v) => onChange(v?.[0] || v?.[1] ? `${text(v[0])}..${text(v[1])}` : "")}
    />
  );
}

/** Waits until the typing rests; an input method's half-typed syllables are never sent. */
function Search({ filter, value, onChange }: { filter: Filter; value: string; onChange: (v: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (seen !== value) {
    setSeen(value); // the URL changed from outside: back button, clear
    if (value !== typed.trim()) setTyped(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (v: string) => {
    clearTimeout(timer.current);
    if (!composing.current) timer.current = setTimeout(() => onChange(v.trim()), 300);
  };
  return (
    <Input.Search
      allowClear
      searchIcon={<SearchOutlined aria-label={t("search")} />}
      aria-label={filter.label}
      placeholder={filter.label}
      style={{ width: filter.width ?? 220 }}
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value);
        later(e.target.value);
      }}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={(e) => {
        composing.current = false;
        later(e.currentTarget.value);
      }}
      onSearch={(v) => onChange(v.trim())}
    />
  );
}
