import { shortNumber, signedPercent, change } from "@/i18n/format";
import { t } from "./i18n";
import type { Against } from "../run/types";

const METRICS = ["posts", "views", "interactions"] as const;

/** The same accounts before and during, beside those who had the task and stayed away. Per account and day. */
export function Compared({ took, away }: { took: Against; away: Against }) {
  if (took.accounts === 0) return <p className="k-muted">{t("comparedNone")}</p>;
  return (
    <>
      <p className="k-muted">{t("comparedText", { days: took.days })}</p>
      <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("compared")}>
        <table className="c-table">
          <thead>
            <tr>
              <th scope="col" />
              <th scope="col" colSpan={3}>
                {t("tookPart", { n: took.accounts })}
              </th>
              <th scope="col" colSpan={3}>
                {t("stayedAway", { n: away.accounts })}
              </th>
            </tr>
            <tr>
              <th scope="col">{t("perDay")}</th>
              {[0, 1].flatMap((i) => (["before", "during", "change"] as const).map((k) => <th scope="col" key={k + String(i)}>{t(k)}</th>))}
            </tr>
          </thead>
          <tbody>
            {METRICS.map((m) => (
              <tr key={m}>
                <th scope="row">{t(m)}</th>
                {[took, away].flatMap((g, i) => {
                  const [before, during] = [g[`${m}_before`], g[`${m}_during`]];
                  const moved = change(during, before);
                  return [
                    <td key={`b${i}`}>{figure(before)}</td>,
                    <td key={`d${i}`}>{figure(during)}</td>,
                    <td key={`c${i}`} className={moved === null || moved === 0 ? "k-muted" : moved > 0 ? "k-good" : "k-bad"}>
                      {signedPercent(moved)}
                    </td>,
                  ];
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="k-muted">{t("comparedNote")}</p>
    </>
  );
}

/** Small shares keep two decimals, big figures are shortened. */
function figure(v: number | null): string {
  if (v === null) return "—";
  return Math.abs(v) < 100 ? v.toFixed(2) : shortNumber(Math.round(v));
}
