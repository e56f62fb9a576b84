import { Segmented, Skeleton } from "antd";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { useScopedLink, useUrlState } from "@/app/scope";
import { dayText, fullNumber, percent, shortNumber, timeText } from "@/i18n/format";
import { Bars, EmptyState, ErrorState, Facts, Figure, FigureRow, Fresh, originName, Page, PlatformGlyph, Section, StatusTag, Time } from "@/ui";
import { fallsOf } from "./falls";
import { t } from "./i18n";
import { counterName, FellTag, rate } from "./parts";
import { published } from "./PostList";
import { COUNTERS, type PostView, type Snapshot } from "./types";

/** One post: what it is, how its figures grew, and what every source said when. */
export default function PostPage() {
  const { id = "" } = useParams();
  const link = useScopedLink();
  const got = useGet<PostView>(`/api/v1/post/posts/${id}`);
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!got.data) return <Skeleton active paragraph={{ rows: 12 }} />;
  const { post, snapshots } = got.data;
  const falls = fallsOf(snapshots);
  const title = post.title || t("untitled");
  return (
    <Page
      title={title}
      tab={title}
      back={link("/content/posts")}
      lead={
        <>
          <Link to={link(`/matrix/accounts/${post.account_id}`)}>{post.account.name || post.account.handle}</Link>
          {` · ${published(post)}`}
        </>
      }
    >
      <div className="p-figs">
      <FigureRow>
        {COUNTERS.filter((c) => post[c] !== null || c === "views").map((c) => (
          <Figure key={c} label={counterName(c)} data={{ value: post[c] }} />
        ))}
        <Figure label={t("engagement")} shown={percent(rate(post))} />
      </FigureRow>
      </div>
      {falls.length > 0 && (
        <Section title={t("fallsTitle")} extra={<FellTag post={post} />}>
          <p className="k-muted" style={{ marginTop: 0 }}>
            {t("fallsText")}
          </p>
          <ul className="p-falls">
            {falls.map((f) => (
              <li key={f.at + f.counter}>{t("fallen", { day: dayText(f.at), what: counterName(f.counter), n: fullNumber(f.by) })}</li>
            ))}
          </ul>
        </Section>
      )}
      <Curve view={got.data} />
      <Section title={t("facts")}>
        <Facts
          items={[
            { label: t("platform"), value: <PlatformGlyph platform={post.platform} /> },
            { label: t("kind"), value: t.slug("kind", post.kind) },
            { label: t("status"), value: <StatusTag tone={post.status === "live" ? "good" : "off"}>{t.slug("status", post.status)}</StatusTag> },
            { label: t("published"), value: published(post) },
            { label: t("account"), value: `@${post.account.handle}` },
            { label: t("member"), value: post.account.member || "—" },
            { label: t("unit"), value: post.account.unit_path.split("/").filter(Boolean).join(" / ") || "—" },
            { label: t("asOf"), value: <Fresh at={post.as_of} origins={[post.origin]} /> },
          ]}
        />
        {/^https?:\/\//.test(post.url) && (
          <p style={{ marginBottom: 0 }}>
            <a href={post.url} target="_blank" rel="noopener noreferrer">
              {t("openPost")}
            </a>
          </p>
        )}
      </Section>
      <Section title={t("snapshots")}>
        <p className="k-muted" style={{ marginTop: 0 }}>
          {t("snapshotsLead")}
        </p>
        <Snapshots rows={snapshots} />
      </Section>
    </Page>
  );
}

const LINES = ["views", "interactions", "likes"] as const;

function Curve({ view }: { view: PostView }) {
  const [metric, setMetric] = useUrlState("trend", "views");
  const sums = new Map<string, number>();
  for (const d of view.days) sums.set(d.day, (sums.get(d.day) ?? 0) + (d.values[metric] ?? 0));
  const x = [...sums.keys()].sort();
  const name = (m: string) => (m === "interactions" ? t("interactions") : counterName(m));
  return (
    <Section title={t("curve")} extra={<Segmented size="small" value={metric} onChange={setMetric} options={LINES.map((value) => ({ value, label: name(value) }))} />}>
      <Bars label={t("curveLabel", { what: name(metric) })} x={x} series={[{ name: name(metric), values: x.map((d) => sums.get(d) ?? null) }]} height={220} />
      <p className="k-muted" style={{ margin: "8px 0 0" }}>
        {t("opening")}
      </p>
    </Section>
  );
}

function Snapshots({ rows }: { rows: Snapshot[] }) {
  if (!rows.length) return <EmptyState title={t("accountNone")} />;
  const shown = COUNTERS.filter((c) => rows.some((r) => r.counters[c] !== null && r.counters[c] !== undefined));
  const fell = new Set(fallsOf(rows).map((f) => f.at + f.counter));
  const newest = [...rows].sort((a, b) => ((a.as_of ?? "") < (b.as_of ?? "") ? 1 : -1));
  return (
    <div className="p-snaps" tabIndex={0} role="region" aria-label={t("snapshots")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("at")}</th>
            <th scope="col">{t("learned")}</th>
            <th scope="col">{t("origin")}</th>
            {shown.map((c) => (
              <th scope="col" key={c}>
                {counterName(c)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newest.map((s, i) => (
            <tr key={i} data-undone={s.undone}>
              <th scope="row">
                <Time value={s.as_of} />
              </th>
              <td className="k-muted">{timeText(s.learned_at)}</td>
              <td>
                {originName(s.origin)}
                {s.undone && ` · ${t("undone")}`}
              </td>
              {shown.map((c) => {
                const down = !s.undone && fell.has((s.as_of ?? "") + c);
                return (
                  <td key={c} className={down ? "k-bad" : undefined} title={fullNumber(s.counters[c])}>
                    {down && "▼ "}
                    {shortNumber(s.counters[c])}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
