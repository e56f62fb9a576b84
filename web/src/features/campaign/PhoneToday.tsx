import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "react-router";
import { keyOf, request, useGet } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { useOutbox } from "@/phone/outbox";
import { heldOf, isOpen, shownState, taskPath } from "./stand";
import { t } from "./i18n";
import { PhoneRows } from "./PhoneRows";
import { API, type MyList } from "./types";
import "./campaign.css";

/** How many tasks are fetched whole while there is a network, so that they open without one. */
const AHEAD = 5;

/** On the tab of today: what campaigns ask of me, soonest first, and one button to begin. */
export default function PhoneToday() {
  const list = useGet<MyList>(`${API}/today`, undefined, { keep: true });
  const waiting = useOutbox();
  const client = useQueryClient();
  const rows = list.data?.items;
  useEffect(() => {
    void import("./PhoneTask"); // there before the network is gone
    for (const it of rows?.slice(0, AHEAD) ?? []) {
      const path = taskPath(it.id);
      void client.prefetchQuery({ queryKey: keyOf(path), queryFn: ({ signal }) => request("GET", path, { signal }) });
    }
  }, [client, rows]);
  if (!list.data) return list.error ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  const shown = list.data.items.map((it) => ({ ...it, state: shownState(it.state, heldOf(waiting, it.id)) }));
  const open = shown.filter((it) => isOpen(it.state));
  const first = open[0];
  return (
    <Card title={t("todayTitle")} extra={shown.length > 0 && <Link to="/tasks">{t("all")}</Link>}>
      {first ? (
        <p className="k-muted c-flat">{t("todayOpen", { n: open.length, minutes: list.data.minutes })}</p>
      ) : (
        <>
          <p className="c-strong">{t("none")}</p>
          <p className="k-muted c-flat">{t("noneText")}</p>
        </>
      )}
      <PhoneRows list={shown.slice(0, Math.max(3, Math.min(5, open.length)))} />
      <Kept list={list.data} />
      {first && (
        <Link to={`/tasks/${first.id}`} className="c-big">
          {first.minutes > 0 ? t("startMinutes", { n: first.minutes }) : t("start")}
        </Link>
      )}
    </Card>
  );
}

/** Says when the week's minutes are used up. */
export function Kept({ list }: { list: MyList }) {
  if (list.later === 0) return null;
  return <p className="k-muted c-flat">{t("later", { n: list.later, cap: list.cap })}</p>;
}
