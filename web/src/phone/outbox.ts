import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { request } from "@/api";
import { newKey } from "@/api/client";
import { judge, Queue, type Waiting } from "./queue";

/** The phone's one queue. */
export const outbox = new Queue((w) => request(w.method, w.path, { body: w.body, idempotencyKey: w.key }));

addEventListener("online", () => void outbox.flush());
document.addEventListener("visibilitychange", () => !document.hidden && void outbox.flush());

/** The writes that still wait, kept up to date. Everything shown is re-read once they are through. */
export function useOutbox(): Waiting[] {
  const [rows, setRows] = useState<Waiting[]>([]);
  const client = useQueryClient();
  useEffect(() => {
    let last = -1;
    const read = () =>
      void outbox.list().then((next) => {
        setRows(next);
        const waiting = next.filter((w) => !w.refused).length;
        if (last > 0 && waiting === 0) void client.invalidateQueries();
        last = waiting;
      });
    read();
    return outbox.onChange(read);
  }, [client]);
  return rows;
}

/** Writes through the queue: `const send = useQueued(); await send("POST", path, body, t("done"))`. Resolves once kept. */
export function useQueued() {
  return useCallback(
    (method: Waiting["method"], path: string, body: unknown, label: string) => outbox.add({ method, path, body, label }),
    [],
  );
}

/**
 * Writes at once, or keeps the write when the network or the server fails: `const got = await sendOrKeep(…)` is the answer, or
 * undefined once kept. A refusal is thrown, so that the person can mend what was typed. Both tries carry the same key: an
 * answer that got lost on its way makes no second write.
 */
export async function sendOrKeep<T>(method: Waiting["method"], path: string, body: unknown, label: string): Promise<T | undefined> {
  const key = newKey();
  try {
    return await request<T>(method, path, { body, idempotencyKey: key });
  } catch (err) {
    if (judge(err) === "refused") throw err;
    await outbox.add({ method, path, body, label, key });
    return undefined;
  }
}
