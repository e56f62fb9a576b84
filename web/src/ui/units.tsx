import { TreeSelect } from "antd";
import { useMemo } from "react";
import { trail, unitMatches, useUnits, type UnitNode } from "@/app/units";
import { t } from "./i18n";
import "./ui.css";

/** Where a unit stands, from the top down; `short` shows the last two names, the rest on hover. */
export function UnitPath({ unit, short }: { unit: string | null | undefined; short?: boolean }) {
  const units = useUnits();
  const names = trail(units.byId, unit ?? "");
  if (!names.length) return <span className="k-muted">—</span>;
  const shown = short ? names.slice(-2) : names;
  return (
    <span className="k-path" title={short ? names.join(" / ") : undefined}>
      {shown.slice(0, -1).map((n, i) => (
        <span key={i}>{n} / </span>
      ))}
      <b>{shown.at(-1)}</b>
    </span>
  );
}

/** Props of UnitSelect. */
export interface UnitSelectProps {
  value?: string | null;
  onChange?: (id: string | null) => void;
  id?: string;
  placeholder?: string;
  allowClear?: boolean;
  disabled?: boolean;
  style?: React.CSSProperties;
}

interface Node {
  value: string;
  title: string;
  path: string;
  children: Node[];
}

/** A field for one unit, searched by name or pinyin; fits into antd's Form.Item. */
export function UnitSelect(p: UnitSelectProps) {
  const units = useUnits();
  const data = useMemo(() => units.tops.map((u) => node(u, "")), [units.tops]);
  return (
    <TreeSelect
      id={p.id}
      value={p.value || undefined}
      onChange={(v?: string) => p.onChange?.(v ?? null)}
      treeData={data}
      loading={units.loading}
      disabled={p.disabled}
      allowClear={p.allowClear}
      placeholder={p.placeholder ?? t("unitPick")}
      aria-label={p.placeholder ?? t("unitPick")}
      notFoundContent={t("unitNone")}
      showSearch={{
        filterTreeNode: (typed, n) => {
          const u = units.byId.get(String(n.value));
          return !!u && unitMatches(u, typed);
        },
      }}
      treeNodeLabelProp="path"
      style={{ minWidth: 200, ...p.style }}
    />
  );
}

function node(u: UnitNode, above: string): Node {
  const path = above ? `${above} / ${u.name}` : u.name;
  return { value: u.id, title: u.name, path, children: u.children.map((c) => node(c, path)) };
}
