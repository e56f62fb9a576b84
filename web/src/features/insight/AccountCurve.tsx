import { Segmented } from "antd";
import { useGet } from "@/api";
import { useScope, useUrlState } from "@/app/scope";
import { dayText, fullNumber, shortNumber, signedNumber, timeText } from "@/i18n/format";
import { ErrorState, Levels, originName, Trend } from "@/ui";
import { t } from "./i18n";
import { nameOf, periodName } from "./parts";
import type { AccountSeries } from "./types";

const SHOWN = ["views", "posts", "interactions", "followers_gained"] as const;
const LEVEL = "followers";

/** One account day by day, beside the period before. */
export function AccountCurve({ accountId }: { accountId: string }) {
  const { from, to } = useScope();
  const [metric, setMetric] = useUrlState("curve", "views");
  const got = useGet<AccountSeries>(`/api/v1/insight/accounts/${accountId}/series`, { from, to }, { keep: true });
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
        <Segmented size="small" value={metric} onChange={setMetric} options={[...SHOWN, LEVEL].map((value) => ({ value, label: value === LEVEL ? t("level") : nameOf(value) }))} />
      </div>
      {metric === LEVEL ? (
        <Followers got={got.data} from={from} to={to} />
      ) : (
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
      )}
    </>
  );
}

/** How many followers the account had, as sources told it: no line across days nobody told. */
function Followers({ got, from, to }: { got?: AccountSeries; from: string; to: string }) {
  const counts = got?.followers ?? [];
  const inside = counts.filter((c) => dayOf(c.as_of) >= from);
  const last = counts.at(-1);
  const first = counts[0];
  return (
    <>
      <Levels label={t("levelLabel")} name={t("level")} loading={!got} height={240} from={from} to={to} points={inside.map((c) => ({ at: c.as_of, value: c.followers }))} />
      <p className="k-muted">
        {last && first && last !== first
          ? t("levelSum", { when: dayText(dayOf(last.as_of)), n: fullNumber(last.followers), change: signedNumber(last.followers - first.followers), since: dayText(dayOf(first.as_of)), origin: originName(last.origin) })
          : last
            ? t("levelOne", { when: dayText(dayOf(last.as_of)), n: fullNumber(last.followers), origin: originName(last.origin) })
            : t("levelNone")}
      </p>
    </>
  );
}

/** The day of a moment in the brand's zone. */
const dayOf = (at: string) => timeText(at).slice(0, 10);
