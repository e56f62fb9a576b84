import { Segmented, Skeleton } from "antd";
import { useGet } from "@/api";
import { useScope, useUrlState } from "@/app/scope";
import { percent, shortNumber } from "@/i18n/format";
import { EmptyState, ErrorState, Num, Section } from "@/ui";
import { t } from "./i18n";
import { AccountName, nameOf, UnitName } from "./parts";
import type { Mover, Movers } from "./types";

const SHOWN = ["views", "interactions", "followers_gained"] as const;

/** The accounts that changed most, with the reason the data shows. */
export function MoverLists() {
  const { query } = useScope();
  const [metric, setMetric] = useUrlState("movers", "views");
  const got = useGet<Movers>("/api/v1/insight/movers", { ...query, metric, limit: 5 }, { keep: true });
  const none = got.data && !got.data.up?.length && !got.data.down?.length;
  return (
    <Section
      title={t("movers")}
      extra={<Segmented size="small" value={metric} onChange={setMetric} options={SHOWN.map((value) => ({ value, label: nameOf(value) }))} />}
    >
      {got.error && !got.data ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : none ? (
        <EmptyState title={t("moversNone")} text={t("moversNoneText")} />
      ) : (
        <>
          <p className="k-muted" style={{ marginTop: 0 }}>
            {t("moversLead")}
          </p>
          <div className="i-half">
            <List none={t("moversNoneUp")} title={t("moversUp")} rows={got.data?.up} loading={!got.data} />
            <List none={t("moversNoneDown")} title={t("moversDown")} rows={got.data?.down} loading={!got.data} />
          </div>
        </>
      )}
    </Section>
  );
}

function List({ title, none, rows, loading }: { title: string; none: string; rows?: Mover[] | null; loading: boolean }) {
  return (
    <div>
      <h3 style={{ fontSize: 13, fontWeight: 600, margin: "4px 0 10px" }}>{title}</h3>
      {loading ? (
        <Skeleton active title={false} paragraph={{ rows: 5 }} />
      ) : rows?.length ? (
        <ul className="i-list">
          {rows.map((m) => (
            <li key={m.account.id}>
              <div className="i-grow">
                <AccountName account={m.account} linked />
                <div className="i-why">{reason(m)}</div>
                <div className="i-small">
                  <UnitName account={m.account} />
                </div>
              </div>
              <div className="i-end">
                <Num value={m.value - m.previous} sign />
                <div className="i-small">
                  {shortNumber(m.previous)} → {shortNumber(m.value)}
                </div>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className="k-muted">{none}</p>
      )}
    </div>
  );
}

function reason({ reason: r }: Mover): string {
  const key = `reason.${r.slug}`;
  if (!t.has(key)) return "";
  return t(key, { before: r.previous_posts ?? 0, now: r.posts ?? 0, title: r.title ?? "", share: percent(r.share) });
}
