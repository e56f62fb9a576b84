/** Talk tracks as /api/v1/library/talks answers them. */
import type { Item } from "./types";

export interface Talk extends Item {
  stage: string;
  objection: string;
  body: string;
}

export interface TalkList {
  stages: string[];
  items: Talk[];
}

/** Groups a list that is in order of stage; those without one come last. */
export function byStage(list: Talk[]): [string, Talk[]][] {
  const out = new Map<string, Talk[]>();
  for (const i of list) out.set(i.stage, [...(out.get(i.stage) ?? []), i]);
  const none = out.get("");
  out.delete("");
  return none ? [...out, ["", none]] : [...out];
}
