import { Select } from "antd";
import { useState } from "react";
import { useGet, type PageOf } from "@/api";
import { useCan } from "@/app/session";
import { t } from "./i18n";

/** An item of the library, as its list tells it. */
interface Item {
  id: string;
  kind: string;
  title: string;
}

/** Items of the library, found by their words. */
export function ItemPick({ value, onChange, label, max, kinds }: { value: string[]; onChange: (ids: string[]) => void; label: string; max: number; kinds?: string[] }) {
  const can = useCan();
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState<Record<string, string>>({});
  const q = typed.trim();
  const read = can("library.use");
  const found = useGet<PageOf<Item>>(read ? "/api/v1/library/items" : null, { q, kind: kinds?.length === 1 ? kinds[0] : undefined, usable: true, limit: 20 }, { keep: true });
  const rows = (found.data?.items ?? []).filter((x) => !kinds || kinds.includes(x.kind));
  const named = useNames(read ? value.filter((id) => !names[id]) : []);
  const all = { ...named, ...names };
  if (!read) return <p className="k-muted">{t("libraryNone")}</p>;
  return (
    <Select
      mode="multiple"
      maxCount={max}
      allowClear
      aria-label={label}
      placeholder={t("itemsPick")}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={found.isFetching ? null : t("itemsNone")}
      value={value}
      options={[...value.map((id) => ({ value: id, label: all[id] ?? t("itemOne") })), ...rows.filter((x) => !value.includes(x.id)).map((x) => ({ value: x.id, label: `${x.title} · ${t.slug("item", x.kind)}` }))]}
      onChange={(ids: string[]) => {
        setNames({ ...names, ...Object.fromEntries(rows.map((x) => [x.id, x.title])) });
        onChange(ids.slice(0, max));
      }}
      style={{ width: "100%" }}
    />
  );
}

/** The titles of the first items whose names are not known yet. */
function useNames(ids: string[]): Record<string, string> {
  const first = useGet<{ title?: string }>(ids[0] ? `/api/v1/library/items/${ids[0]}` : null);
  return ids[0] && first.data?.title ? { [ids[0]]: first.data.title } : {};
}
