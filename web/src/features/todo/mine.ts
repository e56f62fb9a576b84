import { useGet, type PageOf } from "@/api";
import { stillOpen } from "./open";
import { useTurned } from "./turned";
import type { Item } from "./types";

/** How many to-dos the phone holds at a time. */
export const SHOWN = 50;

/** What the person still has to do, soonest first, without what was closed here. */
export function useMine() {
  const list = useGet<PageOf<Item>>("/api/v1/todo/items", { limit: SHOWN });
  const touched = useTurned();
  return { list, turned: touched.filter((x) => x.how !== "open"), open: stillOpen(list.data?.items ?? [], touched) };
}
