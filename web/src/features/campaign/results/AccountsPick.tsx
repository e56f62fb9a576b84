import { Select } from "antd";
import { useState } from "react";
import { useGet, type PageOf } from "@/api";
import { platformName } from "@/ui";
import { t } from "./i18n";

interface Account {
  id: string;
  platform: string;
  handle: string;
  name: string;
}

/** Accounts of the matrix, found by name or handle. `names` are those of the first values. */
export function AccountsPick({ value, names, onChange, label, single }: { value: string[]; names: string[]; onChange: (ids: string[]) => void; label: string; single?: boolean }) {
  const [typed, setTyped] = useState("");
  const [known, setKnown] = useState<Record<string, string>>(() => Object.fromEntries(value.map((id, i) => [id, names[i] ?? ""])));
  const q = typed.trim();
  const found = useGet<PageOf<Account>>("/api/v1/account/accounts", { q, limit: 12 }, { keep: true });
  const rows = found.data?.items ?? [];
  const nameOf = (a: Account) => `${platformName(a.platform)} · ${a.name || a.handle}`;
  return (
    <Select
      mode="multiple"
      maxCount={single ? 1 : 50}
      allowClear
      aria-label={label}
      placeholder={t("accountsPick")}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={found.isFetching ? null : t("accountsNone")}
      value={value}
      options={[...value.map((id) => ({ value: id, label: known[id] || t("oneAccount") })), ...rows.filter((a) => !value.includes(a.id)).map((a) => ({ value: a.id, label: nameOf(a) }))]}
      onChange={(ids: string[]) => {
        setKnown({ ...known, ...Object.fromEntries(rows.map((a) => [a.id, nameOf(a)])) });
        onChange(ids);
      }}
      style={{ width: "100%" }}
    />
  );
}
