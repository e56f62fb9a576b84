/** Where a task stands on this phone, as pure functions of what the server said and what still waits to be sent. */
import type { Waiting } from "@/phone/queue";
import { API, type Step } from "./types";

/** The verbs of a task that the queue may hold. */
export type Verb = "read" | "accept" | "decline" | "submit" | "appeal";

/** The address of a task, and of what is written to it. */
export const taskPath = (id: string, verb?: Verb | "posts"): string => `${API}/mine/${id}${verb ? `/${verb}` : ""}`;

/** The last write per verb of one task that waits or was refused. */
export function heldOf(rows: Waiting[], id: string): Partial<Record<Verb, Waiting>> {
  const start = `${taskPath(id)}/`;
  const out: Partial<Record<Verb, Waiting>> = {};
  for (const r of rows) if (r.path.startsWith(start)) out[r.path.slice(start.length) as Verb] = r;
  return out;
}

/** The state as the person sees it: what the server said, moved on by what still waits. */
export function shownState(state: Step, held: Partial<Record<Verb, Waiting>>): Step {
  const waits = (v: Verb) => held[v] && !held[v]?.refused;
  if (waits("submit")) return "submitted";
  if (waits("appeal")) return "appealed";
  if (waits("decline")) return "declined";
  if (waits("accept") && state === "given") return "accepted";
  return state;
}

/** Whether the person has to act. */
export const isOpen = (s: Step): boolean => s === "given" || s === "accepted" || s === "rejected";
