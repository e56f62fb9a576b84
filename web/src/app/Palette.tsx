import { Empty, Input, Modal } from "antd";
import { useDeferredValue, useEffect, useMemo, useState, type KeyboardEvent } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useGet, type PageOf } from "@/api";
import { t } from "./i18n";
import type { Entry } from "./routes";
import { patch, scopedPath } from "./scope";
import { trail, unitMatches, useUnits } from "./units";

interface Hit {
  key: string;
  group: "pages" | "units" | "accounts" | "members";
  title: string;
  note: string;
  to: string;
}

interface Found {
  id: string;
  name?: string | null;
  handle?: string | null;
  unit_id?: string | null;
}

/** ⌘K: pages, units, accounts and members by name or pinyin. */
export default function Palette({ entries, onClose }: { entries: Entry[]; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const hits = useHits(entries, useDeferredValue(typed.trim()));
  const current = Math.min(at, Math.max(0, hits.length - 1));

  const go = (h?: Hit) => {
    if (!h) return;
    onClose();
    void navigate(h.to);
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return; // Enter belongs to the input method
    if (e.key === "ArrowDown") setAt(Math.min(current + 1, hits.length - 1));
    else if (e.key === "ArrowUp") setAt(Math.max(current - 1, 0));
    else if (e.key === "Enter") go(hits[current]);
    else return;
    e.preventDefault();
  };
  return (
    <Modal open onCancel={onClose} footer={null} closable={false} width={600} title={null} style={{ top: 80 }}>
      <Input
        autoFocus
        size="large"
        variant="borderless"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="palette-list"
        aria-activedescendant={hits[current] ? `palette-${current}` : undefined}
        aria-label={t("searchHint")}
        placeholder={t("searchHint")}
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      {hits.length ? (
        <ul className="k-picklist" id="palette-list" role="listbox" aria-label={t("search")} style={{ maxHeight: "56vh" }}>
          {hits.map((h, i) => (
            <HitRow key={h.key} hit={h} index={i} active={i === current} head={hits[i - 1]?.group !== h.group} onGo={go} />
          ))}
        </ul>
      ) : (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={typed ? t("searchNone", { q: typed }) : t("searchStart")}
        />
      )}
    </Modal>
  );
}

function HitRow(p: { hit: Hit; index: number; active: boolean; head: boolean; onGo: (h: Hit) => void }) {
  return (
    <>
      {p.head && (
        <li role="presentation" className="k-muted" style={{ padding: "8px 10px 2px", fontSize: 12 }}>
          {t(p.hit.group)}
        </li>
      )}
      <li role="option" id={`palette-${p.index}`} aria-selected={p.active} onClick={() => p.onGo(p.hit)} className="k-hit">
        <span>{p.hit.title}</span>
        <small className="k-muted">{p.hit.note}</small>
      </li>
    </>
  );
}

function useHits(entries: Entry[], q: string): Hit[] {
  const [params] = useSearchParams();
  const units = useUnits();
  const late = useLater(q, 150);
  const asks = late.length >= 1;
  const accountPage = entries.find((e) => e.label === "accounts");
  const memberPage = entries.find((e) => e.label === "members");
  const accounts = useGet<PageOf<Found>>(asks && accountPage ? "/api/v1/account/accounts" : null, { q: late, limit: 6 });
  const members = useGet<PageOf<Found>>(asks && memberPage ? "/api/v1/org/members" : null, { q: late, limit: 6 });

  return useMemo(() => {
    const out: Hit[] = [];
    const low = q.toLowerCase();
    for (const e of entries) {
      if (!e.label || e.path.includes(":")) continue;
      const title = t(`nav.${e.label}`);
      const other = `${t.zh[`nav.${e.label}`]} ${t.en[`nav.${e.label}`]}`.toLowerCase();
      if (!low || other.includes(low)) {
        out.push({ key: e.path, group: "pages", title, note: e.group ? t(`group.${e.group}`) : "", to: scopedPath(e.path, params) });
      }
    }
    if (!q) return out;
    let n = 0;
    for (const u of units.byId.values()) {
      if (!unitMatches(u, q)) continue;
      const to = `${location.pathname}?${patch(params, { unit: u.id }).toString()}`;
      out.push({ key: `u${u.id}`, group: "units", title: u.name, note: trail(units.byId, u.id).slice(0, -1).join(" / "), to });
      if (++n >= 6) break;
    }
    const add = (group: "accounts" | "members", base: string | undefined, items: Found[]) => {
      for (const x of items) {
        const title = x.name || x.handle || "";
        if (base && title) {
          out.push({ key: group + x.id, group, title, note: trail(units.byId, x.unit_id ?? "").join(" / "), to: `${base}/${x.id}` });
        }
      }
    };
    add("accounts", accountPage?.path, asks ? (accounts.data?.items ?? []) : []);
    add("members", memberPage?.path, asks ? (members.data?.items ?? []) : []);
    return out;
  }, [entries, q, params, units, accounts.data, members.data, accountPage, memberPage, asks]);
}

/** The value once it has stood still for ms. */
function useLater(value: string, ms: number): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}
