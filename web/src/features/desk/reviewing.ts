/** The reviewer's queue on the phone, with the decisions that still wait for the network. */
import { useEffect, useState } from "react";
import { useList } from "@/api";
import { outbox, useOutbox } from "@/phone/outbox";
import { API, type Submission } from "./types";

/** Versions decided on this phone: they leave the queue at once, and come back when the server refuses the decision. */
const decided = new Set<string>();

const keyOf = (s: { id: string; version: number }) => `${s.id}/${s.version}`;

const pathOf = (id: string) => `${API}/submissions/${id}/review`;

/** Sends a decision through the outbox; resolves once it is kept. */
export async function decide(s: Submission, body: object, label: string): Promise<void> {
  decided.add(keyOf(s));
  await outbox.add({ method: "POST", path: pathOf(s.id), body, label });
}

/** What waits for this reviewer, the most urgent first, without what was decided here. */
export function useQueue(asked: Record<string, string | boolean>) {
  const list = useList<Submission>(`${API}/submissions`, asked, 30);
  const [, draw] = useState(0);
  const rows = useOutbox();
  useEffect(() => {
    for (const w of rows) {
      const version = (w.body as { version?: number } | undefined)?.version;
      const id = /\/submissions\/(\d+)\/review$/.exec(w.path)?.[1];
      if (!id || version === undefined) continue;
      const key = keyOf({ id, version });
      if (w.refused ? decided.delete(key) : !decided.has(key) && decided.add(key)) draw((n) => n + 1);
    }
  }, [rows]);
  return { ...list, rows: list.rows.filter((s) => !decided.has(keyOf(s))) };
}

/** What may be decided here and now: not the reviewer's own, nothing that somebody else has open. */
export const free = (s: Submission) => !s.own && (!s.claimed_by || s.claimed_own);
