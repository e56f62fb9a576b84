import { addDays, dayText, daySpan, todayIn } from "@/i18n/format";
import { t } from "./i18n";
import type { Item, Turned } from "./types";

/** The server's open to-dos as they are after what was done here: closed ones gone, reopened ones back. */
export function stillOpen(items: Item[], touched: readonly Turned[]): Item[] {
  const how = new Map(touched.map((x) => [x.item.id, x.how]));
  const back = touched.filter((x) => x.how === "open" && !items.some((it) => it.id === x.item.id));
  return [...items.filter((it) => (how.get(it.id) ?? "open") === "open"), ...back.map((x) => x.item)];
}

/** The day by which a to-do is due, in words that say how near it is. */
export function dueText(it: Pick<Item, "due">, today = todayIn()): string {
  if (!it.due) return "";
  const day = dayText(it.due);
  if (it.due === today) return t("dueToday");
  if (it.due < today) return t("dueLate", { day, n: daySpan(it.due, today) - 1 });
  return t("dueLeft", { day, n: daySpan(addDays(today, 1), it.due) });
}
