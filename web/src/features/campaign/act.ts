/** What a member does to a task goes through the phone's queue. */
import { useCallback, useMemo } from "react";
import { useOutbox, useQueued } from "@/phone/outbox";
import { heldOf, taskPath, type Verb } from "./stand";

/** The writes of one task that wait or were refused. */
export function useHeld(id: string) {
  const rows = useOutbox();
  return useMemo(() => heldOf(rows, id), [rows, id]);
}

/** Sends a verb through the queue. */
export function useAct(id: string) {
  const send = useQueued();
  return useCallback((verb: Verb, body: unknown, label: string) => send("POST", taskPath(id, verb), body, label), [send, id]);
}
