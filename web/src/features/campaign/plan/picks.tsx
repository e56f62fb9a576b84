import { Select, TreeSelect } from "antd";
import { useMemo, useState } from "react";
import { useGet, type PageOf } from "@/api";
import { unitMatches, useUnits, type UnitNode } from "@/app/units";
import { t } from "./i18n";

interface Node {
  value: string;
  title: string;
  children: Node[];
}

const node = (u: UnitNode): Node => ({ value: u.id, title: u.name, children: u.children.map(node) });

/** Several units, with everything below each. */
export function UnitsPick({ value, onChange, label }: { value: string[] | null; onChange: (ids: string[]) => void; label: string }) {
  const units = useUnits();
  const data = useMemo(() => units.tops.map(node), [units.tops]);
  return (
    <TreeSelect
      multiple
      allowClear
      aria-label={label}
      placeholder={t("anyOf")}
      loading={units.loading}
      treeData={data}
      value={value ?? []}
      onChange={(v: string[]) => onChange(v)}
      showSearch={{ filterTreeNode: (typed, n) => { const u = units.byId.get(String(n.value)); return !!u && unitMatches(u, typed); } }}
      maxTagCount={12}
      style={{ width: "100%" }}
    />
  );
}

interface Member {
  id: string;
  name: string;
  unit_path: string;
}

/** Single members, found by name or pinyin. */
export function MembersPick({ value, onChange, label }: { value: string[] | null; onChange: (ids: string[]) => void; label: string }) {
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState<Record<string, string>>({});
  const q = typed.trim();
  const found = useGet<PageOf<Member>>(q ? "/api/v1/org/members" : null, { q, status: "active", limit: 10 }, { keep: true });
  const rows = q ? (found.data?.items ?? []) : [];
  const known = (value ?? []).map((id) => ({ value: id, label: names[id] ?? t("oneMember") }));
  return (
    <Select
      mode="multiple"
      allowClear
      aria-label={label}
      placeholder={t("membersHint")}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={q && !found.isFetching ? t("memberNone") : null}
      value={value ?? []}
      options={[...known, ...rows.filter((m) => !value?.includes(m.id)).map((m) => ({ value: m.id, label: `${m.name} · ${m.unit_path}` }))]}
      onChange={(ids: string[]) => {
        setNames({ ...names, ...Object.fromEntries(rows.map((m) => [m.id, m.name])) });
        onChange(ids);
      }}
      style={{ width: "100%" }}
    />
  );
}
