import { Segmented } from "antd";
import { useGet } from "@/api";
import { useScope, useUrlState } from "@/app/scope";
import { fullNumber, shortNumber } from "@/i18n/format";
import { ErrorState, Trend } from "@/ui";
import { t } from "./i18n";
import { nameOf, periodName } from "./parts";
import type { SeriesBody } from "./types";

const SHOWN = ["views", "posts", "interactions", "followers_gained"] as const;

/** One account day by day, beside the period before. */
export function AccountCurve({ accountId }: { accountId: string }) {
  const { from, to } = useScope();
  const [metric, setMetric] = useUrlState("curve", "views");
  const got = useGet<SeriesBody>(`/api/v1/insight/accounts/${accountId}/series`, { from, to }, { keep: true });
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const days = got.data?.days ?? [];
  const before = got.data?.before ?? [];
  const sum = (m: string) => days.reduce((n, d) => n + (d.values[m] ?? 0), 0);
  return (
    <>
      <div className="i-curvehead">
        <span className="k-muted">
          {got.data && t("curveSum", { when: periodName({ from, to }), posts: fullNumber(sum("posts")), views: shortNumber(sum("views")), interactions: shortNumber(sum("interactions")) })}
        </span>
        <Segmented size="small" value={metric} onChange={setMetric} options={SHOWN.map((value) => ({ value, label: nameOf(value) }))} />
      </div>
      <Trend
        label={t("trendLabel", { metric: nameOf(metric) })}
        loading={!got.data}
        height={240}
        x={days.map((d) => d.day)}
        series={[
          { name: t("now"), values: days.map((d) => d.values[metric] ?? 0) },
          { name: t("before"), values: days.map((_, i) => before[i]?.values[metric] ?? null), quiet: true },
        ]}
      />
    </>
  );
}
