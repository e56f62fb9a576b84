/**
 * What was done or declined on this phone since it was opened. A write leaves the list at once, whether or not the
 * network let it through yet; here it stays in sight, so that it can be taken back.
 */
import { useSyncExternalStore } from "react";
import { useQueued } from "@/phone/outbox";
import { t } from "./i18n";
import type { How, Item, Turned } from "./types";

let rows: readonly Turned[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Turned[]) {
  rows = next;
  listeners.forEach((fn) => fn());
}

function watch(fn: () => void) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** The to-dos touched here, newest last. */
export function useTurned(): readonly Turned[] {
  return useSyncExternalStore(watch, () => rows);
}

/** Closes a to-do through the queue, or takes that back. Twice the same is once. */
export function useTurn() {
  const send = useQueued();
  return {
    close: async (item: Item, how: How, note = "") => {
      const others = rows.filter((r) => r.item.id !== item.id);
      if (rows.some((r) => r.item.id === item.id && r.how !== "open")) return;
      set([...others, { item, how }]);
      const path = how === "done" ? "/api/v1/todo/done" : "/api/v1/todo/dismiss";
      await send("POST", path, { ids: [item.id], note }, t(how === "done" ? "phoneDone" : "phoneDismissed", { title: item.title }));
    },
    reopen: async (item: Item) => {
      if (!rows.some((r) => r.item.id === item.id && r.how !== "open")) return;
      set(rows.map((r) => (r.item.id === item.id ? { item, how: "open" } : r)));
      await send("POST", "/api/v1/todo/reopen", { ids: [item.id] }, t("phoneReopened", { title: item.title }));
    },
  };
}
