import { Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { useGet, type PageOf } from "@/api";
import { dayText } from "@/i18n/format";
import { PlatformGlyph, StatusTag, type Tone } from "@/ui";
import { t } from "./i18n";
import { API, type Account, type PairRef } from "./types";

/** An account as a cell: platform, name, handle. */
export function AccountCell({ account }: { account: PairRef }) {
  return (
    <span className="k-path">
      <PlatformGlyph platform={account.platform} bare /> <b>{account.name || account.handle}</b>
      {account.name !== account.handle && <span className="k-muted"> @{account.handle}</span>}
    </span>
  );
}

/** The tone of an account's status. */
export function statusTone(status: string): Tone {
  if (status === "ok") return "good";
  if (status === "handed_over" || status === "closed") return "off";
  return status === "token_expired" || status === "private" ? "warn" : "bad";
}

/** Status with its cause on hover, and the hand-over that waits. */
export function StatusCell({ account: a }: { account: Account }) {
  return (
    <span title={a.status_cause || undefined}>
      <StatusTag tone={statusTone(a.status)}>{t.slug("status", a.status)}</StatusTag>
      {a.handover_due && (
        <>
          {" "}
          <StatusTag tone="warn">{t("handoverDue", { day: dayText(a.handover_due) })}</StatusTag>
        </>
      )}
    </span>
  );
}

/** The staff certification; "—" where the platform has none. */
export function CertCell({ account: a }: { account: Account }) {
  if (!a.cert_kind) return <span className="k-muted">—</span>;
  const state = a.certification?.state ?? "none";
  const tone: Tone = state === "certified" ? "good" : state === "pending" ? "warn" : state === "none" ? "off" : "bad";
  return (
    <StatusTag tone={tone}>
      {t.slug("cert", state)}
      {state === "certified" && a.certification?.until ? ` · ${dayText(a.certification.until)}` : ""}
    </StatusTag>
  );
}

/** The name of a city tier. */
export function tierName(tier: number): string {
  return t.slug("tierName", String(tier), t("tier0"));
}

/** A value that follows what is typed once the typing rests. */
function useRested(value: string, ms = 250): string {
  const [rested, setRested] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    timer.current = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer.current);
  }, [value, ms]);
  return rested;
}

interface PickProps {
  value?: string;
  onChange?: (id: string | undefined) => void;
  id?: string;
}

interface MemberHit {
  id: string;
  name: string;
  unit_path: string;
}

/** A field for one active member, found by name or pinyin. */
export function MemberSelect({ value, onChange, id }: PickProps) {
  const [typed, setTyped] = useState("");
  const q = useRested(typed);
  const hits = useGet<PageOf<MemberHit>>("/api/v1/org/members", { q, status: "active", limit: 20 }, { keep: true });
  return (
    <Select<string>
      id={id}
      value={value}
      onChange={onChange}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t("memberPick")}
      aria-label={t("memberPick")}
      loading={hits.isFetching}
      notFoundContent={t("memberNone")}
      options={(hits.data?.items ?? []).map((m) => ({ value: m.id, label: m.unit_path ? `${m.name} · ${m.unit_path}` : m.name }))}
      style={{ width: "100%" }}
    />
  );
}

/** A field for one account of the private side, found by handle, name or pinyin. */
export function PrivateSelect({ value, onChange, id }: PickProps) {
  const [typed, setTyped] = useState("");
  const q = useRested(typed);
  const pool = useGet<PageOf<Account>>(`${API}/accounts`, { q, platform: ["wechat_oa", "channels"], limit: 15 }, { keep: true });
  const service = useGet<PageOf<Account>>(`${API}/accounts`, { q, kind: ["hq_service"], limit: 10 }, { keep: true });
  const hits = [...(pool.data?.items ?? []), ...(service.data?.items ?? [])].filter((a, i, all) => all.findIndex((b) => b.id === a.id) === i);
  return (
    <Select<string>
      id={id}
      value={value}
      onChange={onChange}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t("accountPick")}
      aria-label={t("accountPick")}
      options={hits.map((a) => ({ value: a.id, label: `${a.name} · ${a.unit.path || a.unit.name}` }))}
      optionRender={(o) => {
        const a = hits.find((x) => x.id === o.value);
        return a ? <AccountCell account={a} /> : o.label;
      }}
      style={{ width: "100%" }}
    />
  );
}
