import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useGet } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { useOutbox } from "@/phone/outbox";
import { heldOf, isOpen, shownState } from "./stand";
import { t } from "./i18n";
import { PhoneRows } from "./PhoneRows";
import { Kept } from "./PhoneToday";
import { API, type MyList } from "./types";
import "./campaign.css";

const TABS = ["open", "done"] as const;

/** All my tasks: to do, and what became of the others. */
export default function PhoneTasks() {
  const [tab, setTab] = useState<(typeof TABS)[number]>("open");
  const list = useGet<MyList>(`${API}/today`, undefined, { keep: true });
  const waiting = useOutbox();
  const campaign = useSearchParams()[0].get("campaign"); // a notice leads to the tasks of one
  useEffect(() => {
    document.title = `${t("todayTitle")} · Kosmos`;
  }, []);
  if (!list.data) return list.error ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  const mine = list.data.items.filter((it) => !campaign || it.campaign_id === campaign);
  const all = (mine.length ? mine : list.data.items).map((it) => ({ ...it, state: shownState(it.state, heldOf(waiting, it.id)) }));
  const shown = all.filter((it) => isOpen(it.state) === (tab === "open"));
  return (
    <article>
      <p className="c-nav">
        <Link to="/today">‹ {t("toToday")}</Link>
      </p>
      <h1>{t("todayTitle")}</h1>
      <div className="c-pills" role="group" aria-label={t("todayTitle")}>
        {TABS.map((k) => (
          <button key={k} type="button" aria-pressed={tab === k} onClick={() => setTab(k)}>
            {t(`mine.${k}`)}
          </button>
        ))}
      </div>
      <Card>
        {shown.length === 0 && <p className="k-muted c-flat">{t(`mineNone.${tab}`)}</p>}
        <PhoneRows list={shown} />
        {tab === "open" && <Kept list={list.data} />}
      </Card>
    </article>
  );
}
