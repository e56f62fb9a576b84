import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { useUrlStates } from "@/app/scope";
import type { Filter } from "../Filters";
import { t } from "../i18n";
import { useToast } from "../toast";
import type { Shape } from "./model";

/** A ready-made view: a name and the filters (and sort) it stands for. */
export interface View {
  key: string;
  label: string;
  query: Record<string, string>;
}

interface Props {
  id: string;
  views: View[];
  filters: Filter[];
  shape: Shape;
  onShape: (s: Shape) => void;
}

/** Views of a list as tabs: all, the ready-made ones, and those the person saved in this browser. */
export function ViewTabs({ views, filters, shape, onShape }: Props) {
  const [params, set] = useUrlStates();
  const names = [...filters.map((f) => f.key), "sort"];
  const now = pick(params, names);
  const own = shape.views ?? [];
  if (!views.length && !own.length && !filters.length) return null;

  const go = (q: Record<string, string>) => set({ ...Object.fromEntries(names.map((n) => [n, ""])), ...q });
  const saved = own.map((v) => ({ name: v.name, query: Object.fromEntries(new URLSearchParams(v.query)) }));
  const all = views.find((v) => same(v.query, {}));
  const known = same(now, {}) || views.some((v) => same(v.query, now)) || saved.some((v) => same(v.query, now));
  if (!views.length && !own.length && known) return null;
  const mine = saved.find((v) => same(v.query, now));
  return (
    <div className="k-views">
      <div role="tablist" aria-label={t("views")} style={{ display: "contents" }}>
        <Tab on={same(now, {})} onClick={() => go({})}>
          {all?.label ?? t("viewAll")}
        </Tab>
        {views.filter((v) => v !== all).map((v) => (
          <Tab key={v.key} on={same(v.query, now)} onClick={() => go(v.query)}>
            {v.label}
          </Tab>
        ))}
        {saved.map((v) => (
          <Tab key={v.name} on={same(v.query, now)} onClick={() => go(v.query)}>
            {v.name}
          </Tab>
        ))}
      </div>
      {mine && (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t("removeView", { name: mine.name })}
          onClick={() => onShape({ ...shape, views: own.filter((o) => o.name !== mine.name) })}
        />
      )}
      {!known && <Save onSave={(name) => onShape({ ...shape, views: [...own.filter((o) => o.name !== name), { name, query: new URLSearchParams(now).toString() }] })} />}
    </div>
  );
}

function Tab({ on, onClick, children }: { on: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" role="tab" aria-selected={on} className="k-view" onClick={onClick}>
      {children}
    </button>
  );
}

function Save({ onSave }: { onSave: (name: string) => void }) {
  const [name, setName] = useState("");
  const [open, setOpen] = useState(false);
  const toast = useToast();
  const save = () => {
    const n = name.trim();
    if (!n) return;
    onSave(n);
    toast.done(t("viewSaved", { name: n }));
    setOpen(false);
  };
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      content={
        <span style={{ display: "flex", gap: 8 }}>
          <Input autoFocus aria-label={t("viewName")} placeholder={t("viewName")} maxLength={20} value={name} onChange={(e) => setName(e.target.value)} onPressEnter={save} />
          <Button type="primary" onClick={save} disabled={!name.trim()}>
            {t("save")}
          </Button>
        </span>
      }
    >
      <Button type="link" size="small" icon={<PlusOutlined />}>
        {t("saveView")}
      </Button>
    </Popover>
  );
}

function pick(params: URLSearchParams, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((n) => (params.get(n) ? [[n, params.get(n) as string]] : [])));
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const ka = Object.keys(a).filter((k) => a[k] !== "");
  return ka.length === Object.keys(b).length && ka.every((k) => a[k] === b[k]);
}
