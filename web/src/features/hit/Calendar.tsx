import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, useList } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { addDays, dayText, monthText, todayIn } from "@/i18n/format";
import { ErrorState, Page, PlatformGlyph } from "@/ui";
import { t } from "./i18n";
import { API, type Hit } from "./types";
import { timesText } from "./Why";
import "./hit.css";

/** The first day of the month that lies n months from a day. */
export function month(day: string, n: number): string {
  const [y, m] = day.split("-").map(Number) as [number, number];
  const k = y * 12 + m - 1 + n;
  return `${Math.floor(k / 12)}-${String((k % 12) + 1).padStart(2, "0")}-01`;
}

/** The days of the weeks that a month touches, Monday first. */
export function weeks(from: string): string[][] {
  const back = (new Date(`${from}T00:00:00Z`).getUTCDay() + 6) % 7;
  const last = addDays(month(from, 1), -1);
  const out: string[][] = [];
  for (let d = addDays(from, -back); d <= last; d = addDays(d, 7)) out.push(Array.from({ length: 7 }, (_, i) => addDays(d, i)));
  return out;
}

interface DayHits {
  day: string;
  n: number;
  hits: Hit[];
}

interface Idea {
  id: string;
  title: string;
  plan_day: string | null;
}

/** A month: which hits were published on which day, and the topic ideas planned for it. */
export default function Calendar() {
  const can = useCan();
  const scope = useScope();
  const today = todayIn();
  const [from, setFrom] = useState(month(today, 0));
  const to = addDays(month(from, 1), -1);
  const got = useGet<{ items: DayHits[] }>(`${API}/calendar`, { unit: scope.unit, published: `${from}..${to}` });
  const ideas = useList<Idea>(can("library.read") ? "/api/v1/library/items" : null, { kind: "idea", sort: "plan", from, to }, 200);
  const days = new Map((got.data?.items ?? []).map((d) => [d.day, d]));
  const sum = [...days.values()].reduce((n, d) => n + d.n, 0);
  return (
    <Page
      back="/content/hits"
      title={t("calendar")}
      lead={t("calendarLead", { month: monthText(from.slice(0, 7)), n: sum, days: days.size })}
      actions={
        <>
          <Button onClick={() => setFrom(month(from, -1))}>‹ {t("before")}</Button>
          <Button onClick={() => setFrom(month(from, 1))}>{t("after")} ›</Button>
        </>
      }
    >
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : (
        <div className="ht-scroll" role="group" aria-label={t("calendar")} tabIndex={0}>
          <table className="ht-month">
            <thead>
              <tr>
                {["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => (
                  <th key={d} scope="col">
                    {t.slug("week", d)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks(from).map((w) => (
                <tr key={w[0]}>
                  {w.map((d) => (
                    <td key={d} data-out={d < from || d > to} data-today={d === today}>
                      <span className="ht-day">{d < from || d > to ? dayText(d) : Number(d.slice(8))}</span>
                      <Cell day={days.get(d)} ideas={ideas.rows.filter((i) => i.plan_day === d)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

function Cell({ day, ideas }: { day?: DayHits; ideas: Idea[] }) {
  return (
    <ul>
      {day?.hits.map((h) => (
        <li key={h.id}>
          <Link to={`/content/hits/${h.id}`} title={h.title}>
            <PlatformGlyph platform={h.platform} bare /> {h.title || t("untitled")} {h.signals[0] && <b>{timesText(h.signals[0].own_times)}</b>}
          </Link>
        </li>
      ))}
      {day && day.n > day.hits.length && (
        <li>
          <Link to={`/content/hits?published=${day.day}..${day.day}`}>{t("moreHits", { n: day.n - day.hits.length })}</Link>
        </li>
      )}
      {ideas.map((i) => (
        <li key={i.id} className="ht-idea">
          <Link to={`/content/library/${i.id}`} title={i.title}>
            {t("idea", { title: i.title })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
