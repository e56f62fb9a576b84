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
  const [gone, setGone] = useState<string[]>([]);
  const send = useQueued();
  const finish = async (it: Item) => {
    await send("POST", "/api/v1/todo/done", { ids: [it.id] }, t("phoneDone", { title: it.title }));
    setGone((old) => [...old, it.id]);
  };
  if (list.isPending) return <Waiting />;
  if (!list.data) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const rows = (list.data.items ?? []).filter((it) => !gone.includes(it.id));
  const more = Math.max(0, (summary.data?.open ?? 0) - gone.length - rows.length);
  return (
    <Card title={t("phoneTitle")}>
      {rows.length === 0 && <p className="k-muted">{t("sentenceNone")}</p>}
      <ul className="p-rows">
        {rows.map((it) => (
          <li key={it.id} style={{ display: "flex", gap: 12, alignItems: "center" }}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <div>{it.title}</div>
              <small className={it.overdue ? "k-bad" : "k-muted"}>
                {[it.overdue ? t("overdue") : "", it.due ? t("dueOn", { day: dayText(it.due) }) : "", it.unit_name].filter(Boolean).join(" · ")}
              </small>
            </div>
            <Button size="small" color="primary" fill="outline" onClick={() => void finish(it)} aria-label={t("phoneDone", { title: it.title })}>
              {t("done")}
            </Button>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="k-muted">{t("phoneMore", { n: more })}</p>}
    </Card>
  );
}
