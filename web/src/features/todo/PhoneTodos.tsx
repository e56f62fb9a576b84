import { Button } from "antd-mobile";
import { useState } from "react";
import { useGet, type PageOf } from "@/api";
import { dayText } from "@/i18n/format";
import { Card, Failed, Waiting } from "@/phone/kit";
import { useQueued } from "@/phone/outbox";
import { t } from "./i18n";
import type { Item, Summary } from "./types";

const SHOWN = 20;

/** What the person has to do, soonest first; "done" works without a network. */
export default function PhoneTodos() {
  const list = useGet<PageOf<Item>>("/api/v1/todo/items", { limit: SHOWN });
  const summary = useGet<Summary>("/api/v1/todo/summary");
  // What was touched here stays in sight, so that it can be undone after it was sent.
  const [touched, setTouched] = useState<{ item: Item; done: boolean }[]>([]);
  const send = useQueued();
  const turn = async (item: Item, done: boolean) => {
    const label = t(done ? "phoneDone" : "phoneReopened", { title: item.title });
    await send("POST", done ? "/api/v1/todo/done" : "/api/v1/todo/reopen", { ids: [item.id] }, label);
    setTouched((old) => [...old.filter((x) => x.item.id !== item.id), { item, done }]);
  };
  if (list.isPending) return <Waiting />;
  if (!list.data) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data.items ?? [];
  const rows = [...items, ...touched.map((x) => x.item).filter((it) => !items.some((i) => i.id === it.id))];
  const finished = (it: Item) => touched.some((x) => x.item.id === it.id && x.done);
  const more = Math.max(0, (summary.data?.open ?? 0) - rows.length);
  return (
    <Card title={t("phoneTitle")}>
      {rows.length === 0 && <p className="k-muted">{t("sentenceNone")}</p>}
      <ul className="p-rows">
        {rows.map((it) => (
          <li key={it.id} style={{ display: "flex", gap: 12, alignItems: "center" }}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <div style={finished(it) ? { textDecoration: "line-through", color: "var(--k-muted)" } : undefined}>{it.title}</div>
              <small className={it.overdue ? "k-bad" : "k-muted"}>
                {[it.overdue ? t("overdue") : "", it.due ? t("dueOn", { day: dayText(it.due) }) : "", it.unit_name].filter(Boolean).join(" · ")}
              </small>
            </div>
            {finished(it) ? (
              <Button size="middle" onClick={() => void turn(it, false)} aria-label={t("phoneReopened", { title: it.title })}>
                {t("undo")}
              </Button>
            ) : (
              <Button size="middle" color="primary" fill="outline" onClick={() => void turn(it, true)} aria-label={t("phoneDone", { title: it.title })}>
                {t("done")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <p className="k-muted">{t("phoneMore", { n: more })}</p>}
    </Card>
  );
}
