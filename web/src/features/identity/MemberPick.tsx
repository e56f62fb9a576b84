import { Select } from "antd";
import { useState } from "react";
import { useGet, type PageOf } from "@/api";
import { t } from "./i18n";

/** A member of the organisation who cannot sign in yet. */
export interface Member {
  id: string;
  name: string;
  role: string;
  unit_id: string;
  unit_path: string;
  has_user: boolean;
}

/** Finds a member by name or pinyin. */
export function MemberPick({ id, onPick }: { id: string; onPick: (m: Member | null) => void }) {
  const [typed, setTyped] = useState("");
  const q = typed.trim();
  const found = useGet<PageOf<Member>>(q ? "/api/v1/org/members" : null, { q, status: "active", limit: 10 }, { keep: true });
  const members = (q ? (found.data?.items ?? []) : []).filter((m) => !m.has_user);
  return (
    <Select
      id={id}
      aria-label={t("inviteMember")}
      placeholder={t("inviteMemberHint")}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={q && !found.isFetching ? t("memberNone") : null}
      options={members.map((m) => ({ value: m.id, label: `${m.name} · ${m.unit_path}` }))}
      onChange={(v?: string) => onPick(members.find((m) => m.id === v) ?? null)}
      style={{ width: "100%" }}
    />
  );
}
