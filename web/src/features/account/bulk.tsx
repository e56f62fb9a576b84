import { Form, Input, Select } from "antd";
import { useState, type ReactNode } from "react";
import { request, useRefresh } from "@/api";
import { comma } from "@/i18n/format";
import { options, UnitSelect, useToast, type Bulk } from "@/ui";
import { Ask, need } from "./dialogs";
import { t } from "./i18n";
import { API, LEVELS, STATUSES, type Account, type BulkDone } from "./types";

type What = "move" | "tag" | "untag" | "status" | "level";

interface Values {
  unit?: string;
  tag?: string;
  status?: string;
  level?: string;
  reason?: string;
}

interface Waiting {
  what: What;
  rows: Account[];
  settle: (done: boolean) => void;
}

const TITLES = { move: "move", tag: "addTag", untag: "dropTag", status: "changeStatus", level: "setLevel" } as const;

/** The first few of the rows that a bulk action left out, by name. */
function skippedNames(rows: Account[], ids: string[]): string {
  const out = new Set(ids);
  const names = rows.filter((r) => out.has(r.id)).map((r) => r.handle);
  return names.slice(0, 3).join(comma()) + (names.length > 3 ? "…" : "");
}

/** What can be done with many accounts, and the dialogs that ask for the rest. */
export function useBulk(): [Bulk<Account>[], ReactNode] {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const toast = useToast();
  const refresh = useRefresh();
  const ask = (what: What) => (rows: Account[]) => new Promise<boolean>((settle) => setWaiting({ what, rows, settle }));
  const bulk = (Object.keys(TITLES) as What[]).map((what) => ({ key: what, label: t(TITLES[what]), run: ask(what) }));
  const close = (done: boolean) => {
    waiting?.settle(done);
    setWaiting(null);
  };
  const send = async (values: Values) => {
    if (!waiting) return;
    const { what, rows } = waiting;
    const done = await request<BulkDone>("POST", `${API}/bulk`, { body: { ids: rows.map((r) => r.id), what, ...values }, idempotencyKey: crypto.randomUUID?.() });
    refresh(`${API}/`, "/api/v1/org/");
    const kept = done.kept.length ? t("bulkKept", { n: done.kept.length, why: done.kept[0]?.message ?? "" }) : "";
    const skipped = done.skipped.length ? t("bulkSkipped", { n: done.skipped.length, names: skippedNames(rows, done.skipped) }) : "";
    toast.undoable(t("bulkDone", { what: t(TITLES[what]), n: done.changed }) + kept + skipped, async () => {
      await request("POST", `${API}/bulk/${done.batch_id}/undo`);
      refresh(`${API}/`, "/api/v1/org/");
    });
    waiting.settle(true);
  };
  const dialog = waiting && (
    <Ask<Values> title={`${t(TITLES[waiting.what])} · ${t("lead", { n: waiting.rows.length })}`} onClose={() => close(false)} send={send}>
      {waiting.what === "move" && (
        <Form.Item name="unit" label={t("unit")} rules={need()}>
          <UnitSelect style={{ width: "100%" }} />
        </Form.Item>
      )}
      {(waiting.what === "tag" || waiting.what === "untag") && (
        <Form.Item name="tag" label={t("tag")} rules={need()}>
          <Input maxLength={20} />
        </Form.Item>
      )}
      {waiting.what === "level" && (
        <Form.Item name="level" label={t("level")} rules={need()}>
          <Select options={options(LEVELS, (s) => t.slug("level", s))} />
        </Form.Item>
      )}
      {waiting.what === "status" && (
        <>
          <Form.Item name="status" label={t("newStatus")} rules={need()}>
            <Select options={options(STATUSES.filter((s) => s !== "handed_over"), (s) => t.slug("status", s))} />
          </Form.Item>
          <Form.Item name="reason" label={t("whyBulk")}>
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </>
      )}
    </Ask>
  );
  return [bulk, dialog];
}
