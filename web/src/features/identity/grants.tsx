import { CloseOutlined } from "@ant-design/icons";
import { Button, Select, Tag, Tooltip } from "antd";
import { useGet } from "@/api";
import { options, roleName, UnitSelect } from "@/ui";
import { t } from "./i18n";
import type { Grant, Own } from "./types";

/** A grant being edited; unit null is the whole brand. */
export interface Draft {
  role: string;
  unit: string | null;
}

/** What the person at the screen may hand on. */
export function useOwn(): Own | undefined {
  return useGet<Own>("/api/v1/identity/me", undefined, { stale: 5 * 60_000 }).data;
}

/** Roles as short labels; the unit's whole path on hover. */
export function Grants({ grants }: { grants: Grant[] }) {
  if (!grants.length) return <>—</>;
  return (
    <span style={{ display: "inline-flex", flexWrap: "wrap", gap: 4 }}>
      {grants.map((g) => (
        <Tooltip key={`${g.role} ${g.unit?.id}`} title={g.unit?.path ?? t("unitAll")}>
          <Tag>
            {roleName(g.role)} · {g.unit?.name ?? t("unitAll")}
          </Tag>
        </Tooltip>
      ))}
    </span>
  );
}

/** Grants as text, for exports. */
export const grantsText = (grants: Grant[]) => grants.map((g) => `${roleName(g.role)} ${g.unit?.path ?? t("unitAll")}`).join("; ");

/** Role and unit side by side. Only someone over the whole brand may leave the unit empty. */
export function GrantRow(p: { value: Draft; roles: string[]; own?: Own; onChange: (d: Draft) => void; onRemove?: () => void }) {
  return (
    <div className="i-grant">
      <Select
        aria-label={t("role")}
        value={p.value.role || undefined}
        placeholder={t("role")}
        options={options(p.roles, roleName)}
        onChange={(role) => p.onChange({ ...p.value, role })}
      />
      <UnitSelect
        value={p.value.unit}
        onChange={(unit) => p.onChange({ ...p.value, unit })}
        placeholder={p.own?.all ? t("unitAll") : t("pickUnit")}
        allowClear={p.own?.all}
        style={{ width: "100%" }}
      />
      {p.onRemove && <Button type="text" icon={<CloseOutlined />} aria-label={t("removeRole")} onClick={p.onRemove} />}
    </div>
  );
}

/** Tells whether a draft can be sent. */
export const complete = (d: Draft, own?: Own) => d.role !== "" && (own?.all === true || d.unit !== null);
