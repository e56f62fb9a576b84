import { shortNumber } from "@/i18n/format";
import { StatusTag } from "@/ui";
import { t } from "./i18n";
import { METRICS, type Hit, type Signal, type Step } from "./types";

/** "×8.3": how many times the usual. */
export const timesText = (n: number): string => `×${n >= 100 ? Math.round(n) : n}`;

/** Why a post is a hit, in one sentence. */
export function whyText(s: Signal | undefined): string {
  if (!s) return "";
  return t("why", { metric: t(`metric.${s.metric}`), mark: s.mark, count: shortNumber(s.count), own: timesText(s.own_times), league: timesText(s.league_times) });
}

/** Whose post it is, and how strong. */
export function KindTag({ hit: h }: { hit: Hit }) {
  return <StatusTag tone={h.kind === "own" ? "good" : h.kind === "competitor" ? "warn" : "plain"}>{t(`kind.${h.kind}`)}</StatusTag>;
}

/** Every figure that beats both baselines, as a table. */
export function Signals({ signals }: { signals: Signal[] }) {
  return (
    <div className="ht-scroll" role="group" aria-label={t("signals")} tabIndex={0}>
      <table className="k-table">
        <thead>
          <tr>
            <th>{t("figure")}</th>
            <th className="ht-num">{t("age")}</th>
            <th className="ht-num">{t("count")}</th>
            <th className="ht-num">{t("ownUsual")}</th>
            <th className="ht-num">{t("ownTimes")}</th>
            <th className="ht-num">{t("leagueUsual")}</th>
            <th className="ht-num">{t("leagueTimes")}</th>
          </tr>
        </thead>
        <tbody>
          {signals.map((s) => (
            <tr key={`${s.metric}${s.mark}`}>
              <td>{t(`metric.${s.metric}`)}</td>
              <td className="ht-num">{t("days", { n: s.mark })}</td>
              <td className="ht-num">{shortNumber(s.count)}</td>
              <td className="ht-num" title={t("ofPosts", { n: s.own_posts })}>
                {shortNumber(s.own_usual)} <small className="k-muted">{t("ofPosts", { n: s.own_posts })}</small>
              </td>
              <td className="ht-num">
                <b>{timesText(s.own_times)}</b> <small className="k-muted">z {s.own_z}</small>
              </td>
              <td className="ht-num">
                {shortNumber(s.league_usual)} <small className="k-muted">{t("ofPosts", { n: s.league_posts })}</small>
              </td>
              <td className="ht-num">
                <b>{timesText(s.league_times)}</b> <small className="k-muted">z {s.league_z}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a curve shows: the metric that told most. */
export function bestMetric(steps: Step[], h: Hit): (typeof METRICS)[number] {
  if (h.metric) return h.metric;
  return METRICS.find((m) => steps.some((s) => s[m] !== null)) ?? "views";
}
