import { Link } from "react-router";
import { useGet } from "@/api";
import { useScopedLink } from "@/app/scope";
import { dayText, timeText } from "@/i18n/format";
import { Change, EmptyState, Num, Section } from "@/ui";
import { t } from "./i18n";
import type { Anomaly, FallRow } from "./types";

/** What stands behind an anomaly: the posts that are gone, the counters that fell, or the counts of followers. */
export function Explained({ anomaly }: { anomaly: Anomaly }) {
  const got = useGet<Anomaly & { rows: FallRow[] }>(`/api/v1/health/anomalies/${anomaly.id}`);
  if (!got.data) return got.error ? <EmptyState title={got.error.message} /> : null;
  const { rows } = got.data;
  return (
    <Section title={t("explain")} extra={<span className="k-muted">{`${t.slug("kind", anomaly.kind)} · ${dayText(anomaly.day)}`}</span>}>
      {rows.length === 0 ? <p className="k-muted">{t("explainNone")}</p> : anomaly.kind === "mass_deletion" ? <Gone rows={rows} /> : <Fell rows={rows} posts={anomaly.kind === "counter_burst"} />}
    </Section>
  );
}

/** A post by its title and day, or the account's own count. */
function Post({ row }: { row: FallRow }) {
  const link = useScopedLink();
  if (!row.post_id) return <>{t("row.total")}</>;
  return (
    <>
      <Link to={link(`/content/posts/${row.post_id}`)}>{row.title || t("untitled")}</Link>
      {row.published_at && <span className="k-muted"> {dayText(row.published_at.slice(0, 10))}</span>}
    </>
  );
}

function Gone({ rows }: { rows: FallRow[] }) {
  return (
    <table className="h-falls">
      <thead>
        <tr>
          <th scope="col">{t("row.posts")}</th>
          <th scope="col" className="h-n">{t("row.lastViews")}</th>
          <th scope="col" className="h-n">{t("row.asOf")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr key={r.post_id ?? i}>
            <td><Post row={r} /></td>
            <td className="h-n">{r.post_id ? <Num value={r.before} /> : <><Num value={r.before} /> → <Num value={r.after} /></>}</td>
            <td className="h-n">{timeText(r.as_of)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fell({ rows, posts }: { rows: FallRow[]; posts: boolean }) {
  return (
    <table className="h-falls">
      <thead>
        <tr>
          {posts && <th scope="col">{t("row.post")}</th>}
          <th scope="col">{posts ? t("row.counter") : t("row.asOf")}</th>
          <th scope="col" className="h-n">{t("row.before")}</th>
          <th scope="col" className="h-n">{t("row.after")}</th>
          <th scope="col" className="h-n">{t("change")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr key={i}>
            {posts && <td><Post row={r} /></td>}
            <td>{posts ? t.slug("counter", r.counter) : timeText(r.as_of)}</td>
            <td className="h-n"><Num value={r.before} /></td>
            <td className="h-n"><Num value={r.after} /></td>
            <td className="h-n">{r.before === null ? "—" : <Change now={r.after} before={r.before} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
