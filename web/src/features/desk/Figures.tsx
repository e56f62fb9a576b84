import { Segmented, Skeleton } from "antd";
import { useGet } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { relativeTime } from "@/i18n/format";
import { ErrorState, Figure, FigureRow, Num, Page, Section } from "@/ui";
import { t } from "./i18n";
import { spanText } from "./parts";
import { API, type Stats } from "./types";

/** The figures of the service level: what waits, how long it took, by whom. */
export default function Figures() {
  const { query } = useScope();
  const [params, setParams] = useUrlStates();
  const days = Number(params.get("days")) || 30;
  const got = useGet<Stats>(`${API}/stats`, { unit: query.unit, days });
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const d = got.data;
  return (
    <Page
      title={t("figuresTitle")}
      lead={t("figuresLead")}
      back="/content/desk"
      actions={<Segmented aria-label={t("figuresTitle")} value={days} onChange={(n) => setParams({ days: n === 30 ? "" : String(n) })} options={[7, 30, 90].map((n) => ({ value: n, label: t("days", { n }) }))} />}
    >
      {!d ? (
        <Skeleton active paragraph={{ rows: 8 }} />
      ) : (
        <>
          <FigureRow>
            <Figure label={t("figure.waiting")} shown={<Num value={d.waiting} />} to="/content/desk" />
            <Figure label={t("figure.overdue")} shown={<Num value={d.overdue} />} to="/content/desk?state=overdue" />
            <Figure label={t("figure.second")} shown={<Num value={d.second} />} />
            <Figure label={t("figure.median")} shown={spanText(d.median)} />
            <Figure label={t("figure.p90")} shown={spanText(d.p90)} />
          </FigureRow>
          <FigureRow>
            <Figure label={t("figure.decided")} shown={<Num value={d.decided} />} />
            <Figure label={t("figure.late")} shown={<Num value={d.late} />} />
            <Figure label={t("figure.straight")} shown={<Num value={d.straight} />} />
            <Figure label={t("figure.blocked")} shown={<Num value={d.blocked} />} />
          </FigureRow>
          {d.oldest && <p className="k-muted">{t("oldest", { when: relativeTime(d.oldest) })}</p>}
          <Section title={t("reviewers")}>
            {d.reviewers.length === 0 ? (
              <p className="k-muted">{t("reviewersNone")}</p>
            ) : (
              <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("reviewers")}>
                <table className="d-levels">
                  <thead>
                    <tr>
                      {(["reviewer", "decided", "approvedN", "changesN", "rejectedN", "lateN", "median"] as const).map((k) => (
                        <th key={k} scope="col">{t(k)}</th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {d.reviewers.map((r, i) => (
                      <tr key={i}>
                        <th scope="row">{r.name}</th>
                        <td><Num value={r.decided} /></td>
                        <td><Num value={r.approved} /></td>
                        <td><Num value={r.changes} /></td>
                        <td><Num value={r.rejected} /></td>
                        <td><Num value={r.late} /></td>
                        <td>{spanText(r.median)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
