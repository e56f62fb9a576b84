import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useList } from "@/api";
import { useCan } from "@/app/session";
import { addDays, dayText, monthText, todayIn } from "@/i18n/format";
import { EmptyState, ErrorState, Page, Section } from "@/ui";
import { t } from "./i18n";
import { StateTag } from "./parts";
import { API, type Item } from "./types";

/** The first day of the month that lies n months from a day. */
function month(day: string, n: number): string {
  const [y, m] = day.split("-").map(Number) as [number, number];
  const k = y * 12 + m - 1 + n;
  return `${Math.floor(k / 12)}-${String((k % 12) + 1).padStart(2, "0")}-01`;
}

/** Topic ideas day by day for a month. */
export default function Ideas() {
  const can = useCan();
  const today = todayIn();
  const [from, setFrom] = useState(month(today, 0));
  const to = addDays(month(from, 1), -1);
  const list = useList<Item>(`${API}/items`, { kind: "idea", sort: "plan", from, to }, 200);
  const days = new Map<string, Item[]>();
  for (const i of list.rows) if (i.plan_day) days.set(i.plan_day, [...(days.get(i.plan_day) ?? []), i]);
  const add = can("library.write") ? (
    <Link to="/content/library/new/idea">
      <Button type="primary" icon={<PlusOutlined />}>
        {t("addIdea")}
      </Button>
    </Link>
  ) : undefined;
  return (
    <Page
      back="/content/library"
      title={t("ideasTitle")}
      lead={t("ideasLead", { n: list.rows.length })}
      actions={
        <>
          <Button onClick={() => setFrom(month(from, -1))}>‹ {t("before")}</Button>
          <Button onClick={() => setFrom(month(from, 1))}>{t("after")} ›</Button>
          {add}
        </>
      }
    >
      {list.problem ? (
        <ErrorState error={list.problem} onRetry={list.retry} />
      ) : !list.loading && !list.rows.length ? (
        <EmptyState title={t("noIdeas")} text={t("noIdeasText")} action={add} />
      ) : (
        <Section title={monthText(from.slice(0, 7))}>
          <ul className="l-days">
            {[...days].map(([day, items]) => (
              <li key={day} data-today={day === today}>
                <b>{dayText(day)}</b>
                <ul>
                  {items.map((i) => (
                    <li key={i.id}>
                      <Link to={`/content/library/${i.id}`}>{i.title}</Link> <StateTag item={i} /> <span className="k-muted">{i.summary}</span>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
