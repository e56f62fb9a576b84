import { Button, Skeleton, Table } from "antd";
import { useParams } from "react-router";
import { rawRequest, useGet } from "@/api";
import { useScope } from "@/app/scope";
import { colon, fullNumber, money, percent, relativeTime, shortNumber, signedNumber, timeText } from "@/i18n/format";
import { Bars, ErrorState, Figure, FigureRow, Page, PlatformGlyph, saveFile, Section, Trend, useToast } from "@/ui";
import { API } from "../types";
import { Compared } from "./Compared";
import { handedOf, passedOf } from "../run/counts";
import { t } from "./i18n";
import type { Campaign, Fans, PostResult, Results, Sum } from "../run/types";
import "../console.css";
import "./print.css";

/** What a campaign brought: sentence, figures against the goal, curve, shares, comparison, units, best posts. Prints as a report. */
export default function ResultsPage() {
  const { id = "" } = useParams();
  const { unit } = useScope();
  const campaign = useGet<Campaign>(`${API}/campaigns/${id}`);
  const got = useGet<Results>(`${API}/campaigns/${id}/results`, { unit }, { keep: true });
  const r = got.data;
  const c = campaign.data;
  if (!r || !c) return got.error || campaign.error ? <ErrorState error={got.error ?? campaign.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  return (
    <Page
      title={t("resultsOf", { title: c.plan.title })}
      back={`/content/campaigns/${id}`}
      lead={t("resultsSentence", {
        unit: r.unit, took: fullNumber(r.took_part), people: fullNumber(r.people), share: percent({ num: r.took_part, den: r.people }, 0), posts: fullNumber(r.sum.posts),
        views: shortNumber(r.sum.views), interactions: shortNumber(r.sum.interactions),
      })}
      actions={<Exports id={id} unit={unit} title={c.plan.title} />}
    >
      <p className="k-muted c-onlyprint">{t("printedAt", { at: timeText(new Date().toISOString()), window: `${timeText(c.plan.starts_at)} – ${timeText(c.plan.ends_at)}` })}</p>
      <Totals r={r} />
      <p className="k-muted">
        {r.as_of ? t("asOf", { when: relativeTime(r.as_of), told: fullNumber(r.sum.told), posts: fullNumber(r.sum.posts) }) : t("asOfNone")}
      </p>
      <Curve r={r} />
      <Shares r={r} />
      <Section title={t("compared")}>
        <Compared took={r.participants} away={r.others} />
      </Section>
      <Followers r={r} />
      <Units r={r} />
      <Best rows={r.best ?? []} />
      {r.lessons && (
        <Section title={t("lessons")}>
          <p className="c-words">{r.lessons}</p>
        </Section>
      )}
    </Page>
  );
}

function Exports({ id, unit, title }: { id: string; unit: string; title: string }) {
  const toast = useToast();
  const save = async () => {
    try {
      const res = await rawRequest("GET", `${API}/campaigns/${id}/results.xlsx`, { query: { unit } });
      saveFile(`${title}.xlsx`, await res.blob());
      toast.done(t("exported", { name: `${title}.xlsx` }));
    } catch (err) {
      toast.failed(err);
    }
  };
  return (
    <>
      <Button onClick={() => void save()}>{t("xlsx")}</Button>
      <Button type="primary" onClick={() => print()}>
        {t("print")}
      </Button>
    </>
  );
}

/** Against the goal where one was set: "62 % of 5,000". */
function goal(target: number | null): string {
  return target ? t("ofGoal", { goal: shortNumber(target) }) : "";
}

function Totals({ r }: { r: Results }) {
  const s = r.counts.states;
  return (
    <FigureRow>
      <Figure label={`${t("took")} ${goal(r.target.people)}`} data={{ value: r.took_part }} />
      <Figure label={t("coverage")} shown={percent({ num: r.units_part, den: r.units_all })} />
      <Figure label={t("handedShare")} shown={percent({ num: handedOf(s), den: r.counts.total })} />
      <Figure label={t("passedShare")} shown={percent({ num: passedOf(s), den: r.counts.total })} />
      <Figure label={`${t("posts")} ${goal(r.target.posts)}`} data={{ value: r.sum.posts }} />
      <Figure label={`${t("views")} ${goal(r.target.views)}`} data={{ value: r.sum.views }} />
      <Figure label={`${t("interactions")} ${goal(r.target.interactions)}`} data={{ value: r.sum.interactions }} />
      <Figure label={t("cost")} shown={r.cost_fen === null ? "—" : money({ fen: r.cost_fen, currency: "CNY" })} />
      <Figure label={t("costPer")} shown={r.cost_fen === null || !r.sum.interactions ? "—" : money({ fen: Math.round(r.cost_fen / r.sum.interactions), currency: "CNY" })} />
    </FigureRow>
  );
}

function Curve({ r }: { r: Results }) {
  const days = r.curve ?? [];
  if (days.every((d) => !d.posts)) return null;
  return (
    <Section title={t("curve")}>
      <p className="k-muted">{t("curveText")}</p>
      <div className="c-charts">
        <Trend label={t("curvePosts")} height={220} x={days.map((d) => d.day)} series={[{ name: t("posts"), values: days.map((d) => d.posts) }]} />
        <Trend label={t("curveViews")} height={220} x={days.map((d) => d.day)} series={[{ name: t("views"), values: days.map((d) => d.views) }, { name: t("interactions"), values: days.map((d) => d.interactions) }]} />
      </div>
    </Section>
  );
}

function Shares({ r }: { r: Results }) {
  const all = r.official.posts + r.dealers.posts;
  if (all === 0) return null;
  const of = (f: (s: Sum) => number | null) => [f(r.dealers), f(r.official)];
  return (
    <Section title={t("voice")}>
      <p>{t("voiceText", { share: percent({ num: r.dealers.posts, den: all }), dealers: fullNumber(r.dealers.posts), official: fullNumber(r.official.posts) })}</p>
      <div className="c-charts">
        {(["posts", "views", "interactions"] as const).map((k) => (
          <Bars key={k} label={t(k)} x={[t("dealers"), t("official")]} sideways series={[{ name: t(k), values: of((s) => s[k]) }]} />
        ))}
      </div>
    </Section>
  );
}

function Followers({ r }: { r: Results }) {
  const line = (f: Fans) => (f.start === null || f.end === null ? "—" : t("fansText", { from: shortNumber(f.start), to: shortNumber(f.end), diff: signedNumber(f.end - f.start), n: fullNumber(f.accounts) }));
  return (
    <Section title={t("fans")}>
      <p>
        {t("official") + colon() + line(r.official_followers)}
      </p>
      <p>
        {t("matrix") + colon() + line(r.matrix_followers)}
      </p>
    </Section>
  );
}

type UnitRow = NonNullable<Results["units"]>[number];

function Units({ r }: { r: Results }) {
  const { setUnit } = useScope();
  const rows = r.units ?? [];
  if (!rows.length) return null;
  const n = (v: number | null) => <span className="k-num" title={fullNumber(v)}>{shortNumber(v)}</span>;
  const by = (f: (u: UnitRow) => number | null) => (a: UnitRow, b: UnitRow) => (f(a) ?? -1) - (f(b) ?? -1);
  const column = (key: string, title: string, f: (u: UnitRow) => number | null) => ({ key, title, align: "right" as const, sorter: by(f), showSorterTooltip: false, render: (_: unknown, u: UnitRow) => n(f(u)) });
  return (
    <Section title={t("byUnit")} flush>
      <Table<UnitRow>
        size="small"
        rowKey="unit_id"
        dataSource={rows}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "name", title: t("unitOf"), fixed: "start", render: (_, u) => <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setUnit(u.unit_id)}>{u.name}</Button> },
          column("all", t("col.all"), (u) => u.counts.total),
          column("handed", t("col.handed"), (u) => handedOf(u.counts.states)),
          column("passed", t("col.passed"), (u) => passedOf(u.counts.states)),
          { key: "share", title: t("col.share"), align: "right", render: (_, u) => percent({ num: handedOf(u.counts.states), den: u.counts.total }) },
          column("posts", t("posts"), (u) => u.sum.posts),
          column("views", t("views"), (u) => u.sum.views),
          column("interactions", t("interactions"), (u) => u.sum.interactions),
        ]}
      />
    </Section>
  );
}

function Best({ rows }: { rows: PostResult[] }) {
  if (!rows.length) return null;
  return (
    <Section title={t("best")} flush>
      <Table<PostResult>
        size="small"
        rowKey="post_id"
        dataSource={rows}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "title", title: t("post"), render: (_, p) => (p.url ? <a href={p.url} target="_blank" rel="noopener noreferrer">{p.title || t("noTitle")}</a> : p.title || t("noTitle")) },
          { key: "account", title: t("account"), render: (_, p) => <><PlatformGlyph platform={p.platform} bare /> {p.account}</> },
          { key: "unit", title: t("unitOf"), render: (_, p) => p.unit },
          { key: "published", title: t("published"), render: (_, p) => timeText(p.published_at) },
          { key: "views", title: t("views"), align: "right", render: (_, p) => shortNumber(p.views) },
          { key: "interactions", title: t("interactions"), align: "right", render: (_, p) => shortNumber(p.interactions) },
        ]}
      />
    </Section>
  );
}
