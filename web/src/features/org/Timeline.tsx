import { Button, Skeleton } from "antd";
import { useList } from "@/api";
import { dayText } from "@/i18n/format";
import { ErrorState, RelTime } from "@/ui";
import { t } from "./i18n";
import type { Entry } from "./types";
import "./org.css";

/** What happened to a unit or a member, newest first. */
export function Timeline({ path }: { path: string }) {
  const list = useList<Entry>(path, {}, 20);
  if (list.loading) return <Skeleton active paragraph={{ rows: 4 }} />;
  if (list.problem) return <ErrorState error={list.problem} onRetry={list.retry} />;
  if (!list.rows.length) return <p className="k-muted">{t("noHistory")}</p>;
  return (
    <>
      <ol className="o-time">
        {list.rows.map((e) => (
          <li key={e.id}>
            {said(e)}
            {e.why && <div>{e.why}</div>}
            <small>
              {e.by} · <RelTime value={e.at} />
              {e.day && (e.action === "moved" || e.action === "move_planned" || e.action === "left") && ` · ${t("dayIs", { day: dayText(e.day) })}`}
            </small>
          </li>
        ))}
      </ol>
      {list.hasMore && (
        <Button size="small" loading={list.loadingMore} onClick={list.more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function said(e: Entry): string {
  const key = `act.${e.action}`;
  return t.has(key) ? t(key, { from: e.from || "—", to: e.to || "—" }) : "—";
}
