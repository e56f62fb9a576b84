import { Button } from "antd-mobile";
import { useEffect } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { useMine } from "./mine";
import { dueText } from "./open";
import { useTurn } from "./turned";
import type { Item, Summary } from "./types";
import "./phone.css";

/** What the person has to do, soonest first. Each opens a screen of its own; what was closed here can be taken back. */
export default function PhoneTodos() {
  const { list, turned, open } = useMine();
  const summary = useGet<Summary>("/api/v1/todo/summary");
  const turn = useTurn();
  useEffect(() => void import("./PhoneTodo"), []); // there before the network is gone
  if (!list.data) return list.error ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  const more = Math.max(0, (summary.data?.open ?? 0) - (list.data.items?.length ?? 0));
  const first = open[0];
  return (
    <Card title={t("phoneTitle")}>
      {open.length === 0 && <Calm all={turned.length > 0} />}
      <ul className="p-rows">
        {open.map((it) => (
          <li key={it.id}>
            <Link to={`/todo/${it.id}`} className="t-row">
              <span>
                <span className="t-title">{it.title}</span>
                <small className={it.overdue ? "k-bad" : "k-muted"}>{[dueText(it), it.unit_name].filter(Boolean).join(" · ")}</small>
              </span>
              <i aria-hidden>›</i>
            </Link>
          </li>
        ))}
        {turned.map(({ item, how }) => (
          <li key={item.id} className="t-row">
            <span>
              <s className="k-muted">{item.title}</s>
              <small className="k-muted">{t.slug("state", how)}</small>
            </span>
            <Button size="small" onClick={() => void turn.reopen(item)} aria-label={t("phoneReopened", { title: item.title })}>
              {t("undo")}
            </Button>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="k-muted">{t("phoneMore", { n: more })}</p>}
      {first && <Start item={first} />}
    </Card>
  );
}

function Calm({ all }: { all: boolean }) {
  return (
    <>
      <p className="t-title">{t(all ? "allDone" : "phoneNone")}</p>
      <p className="k-muted">{t(all ? "allDoneText" : "phoneNoneText")}</p>
    </>
  );
}

function Start({ item }: { item: Item }) {
  return (
    <Link to={`/todo/${item.id}`} className="t-big">
      {t("phoneStart")}
    </Link>
  );
}
