import { Skeleton } from "antd";
import { Link } from "react-router";
import { useGet, type PageOf } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { Section } from "@/ui";
import { t } from "./i18n";

interface Todo {
  id: string;
  title: string;
  link: string;
  unit_name: string;
  member_name: string;
  due: string | null;
  overdue: boolean;
}

/** The most urgent things to do, with the way to all of them. */
export function Todos() {
  const can = useCan()("todo.read");
  const { unit } = useScope();
  const whole = unit === ""; // a chosen unit shows its own to-dos only
  const mine = useGet<PageOf<Todo>>(can && whole ? "/api/v1/todo/items" : null, { box: "mine", limit: 5 });
  const units = useGet<PageOf<Todo>>(can ? "/api/v1/todo/items" : null, { box: "units", unit, limit: 5 });
  if (!can) return null;
  const own = (whole && mine.data?.items) || [];
  const rows = [...own, ...(units.data?.items ?? []).filter((x) => !own.some((o) => o.id === x.id))].slice(0, 5);
  const error = mine.error ?? units.error;
  return (
    <div className="i-side">
      <Section title={t("todos")} extra={<Link to="/todo">{t("todosAll")}</Link>}>
        {(whole && mine.isPending) || units.isPending ? (
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        ) : error && !rows.length ? (
          <p className="k-muted">{t("todosFailed")}</p>
        ) : rows.length ? (
          <ul className="i-list">
            {rows.map((x) => (
              <li key={x.id}>
                <div className="i-grow">
                  <Link to={x.link || "/todo"}>{x.title}</Link>
                  <div className="i-small">{[x.unit_name, x.member_name].filter(Boolean).join(" · ")}</div>
                </div>
                {x.due && <span className={x.overdue ? "i-end i-small k-bad" : "i-end i-small"}>{t(x.overdue ? "overdue" : "due", { day: dayText(x.due) })}</span>}
              </li>
            ))}
          </ul>
        ) : (
          <>
            <p style={{ margin: "4px 0" }}>{t("todosNone")}</p>
            <p className="k-muted" style={{ margin: 0 }}>
              {t("todosNoneText")}
            </p>
          </>
        )}
      </Section>
    </div>
  );
}
