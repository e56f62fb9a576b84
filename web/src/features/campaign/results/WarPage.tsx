import { Alert, Skeleton } from "antd";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { useScope } from "@/app/scope";
import { dayText, fullNumber, percent, relativeTime, shortNumber, timeText } from "@/i18n/format";
import { Bars, ErrorState, Figure, FigureRow, Page, platformName, PlatformGlyph, Section, StatusTag } from "@/ui";
import { API } from "../types";
import { handedOf, passedOf } from "../run/counts";
import { t as g } from "../guard/i18n";
import { t } from "./i18n";
import type { Campaign, War } from "../run/types";
import "../console.css";
import "./print.css";

/** The war board of a burst: voice per hour, share of voice, what platforms bear. Looks again every 30 seconds. */
export default function WarPage() {
  const { id = "" } = useParams();
  const { unit } = useScope();
  const campaign = useGet<Campaign>(`${API}/campaigns/${id}`);
  const got = useGet<War>(`${API}/campaigns/${id}/war`, { unit }, { every: 30_000, keep: true });
  const w = got.data;
  const c = campaign.data;
  if (!w || !c) return got.error || campaign.error ? <ErrorState error={got.error ?? campaign.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  const hours = w.hours ?? [];
  const posts = hours.reduce((n, h) => n + h.posts, 0);
  const s = w.counts.states;
  const over = (w.limits ?? []).filter((l) => l.over);
  return (
    <Page title={t("warOf", { title: c.plan.title })} back={`/content/campaigns/${id}`} lead={t("warSentence", { posts: fullNumber(posts), handed: fullNumber(handedOf(s)), all: fullNumber(w.counts.total), when: relativeTime(w.as_of) })}>
      {over.map((l) => (
        <Alert key={l.platform} type="warning" showIcon style={{ marginBottom: 12 }} title={t("over", { platform: platformName(l.platform), peak: l.peak, limit: l.per_hour })} />
      ))}
      <FigureRow>
        <Figure label={t("posts")} data={{ value: posts }} />
        <Figure label={t("f.handed")} data={{ value: handedOf(s) }} />
        <Figure label={t("f.passed")} data={{ value: passedOf(s) }} />
        <Figure label={t("col.share")} shown={percent({ num: handedOf(s), den: w.counts.total })} />
      </FigureRow>
      <Section title={t("hourly")}>
        <Bars
          label={t("hourly")}
          height={300}
          x={hours.map((h) => timeText(h.at).slice(5))}
          series={[
            { name: t("slots"), values: hours.map((h) => h.slots) },
            { name: t("posts"), values: hours.map((h) => h.posts) },
            { name: t("f.handed"), values: hours.map((h) => h.handed) },
          ]}
        />
      </Section>
      <Voice war={w} />
      <Limits war={w} />
    </Page>
  );
}

function Voice({ war: w }: { war: War }) {
  const rows = w.voice ?? [];
  const all = rows.reduce((n, v) => n + v.posts, 0);
  if (all === 0) return <Section title={t("voice")}><p className="k-muted">{t("voiceNone")}</p></Section>;
  return (
    <Section title={t("voice")}>
      <table className="c-table">
        <thead>
          <tr>
            <th scope="col">{t("who")}</th>
            <th scope="col">{t("posts")}</th>
            <th scope="col">{t("voiceShare")}</th>
            <th scope="col">{t("views")}</th>
            <th scope="col">{t("places")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((v) => (
            <tr key={v.who}>
              <th scope="row">{t(`voice.${v.who}`)}</th>
              <td>{fullNumber(v.posts)}</td>
              <td>{percent({ num: v.posts, den: all })}</td>
              <td title={t("told", { n: v.told })}>{shortNumber(v.views)}</td>
              <td>{fullNumber(v.places)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Limits({ war: w }: { war: War }) {
  const rows = w.limits ?? [];
  if (!rows.length) return null;
  return (
    <Section title={t("limits")} extra={<Link to="/content/campaigns/settings">{g("toSettings")}</Link>}>
      <p className="k-muted">{t("limitsText")}</p>
      <table className="c-table">
        <thead>
          <tr>
            <th scope="col">{t("platform")}</th>
            <th scope="col">{t("perHour")}</th>
            <th scope="col">{t("perDayLimit")}</th>
            <th scope="col">{t("peak")}</th>
            <th scope="col">{t("stateOf")}</th>
            <th scope="col">{g("confidence")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((l) => (
            <tr key={l.platform}>
              <th scope="row">
                <PlatformGlyph platform={l.platform} bare /> {platformName(l.platform)}
              </th>
              <td>{fullNumber(l.per_hour)}</td>
              <td>{fullNumber(l.per_day)}</td>
              <td>{fullNumber(l.peak)}</td>
              <td>
                <StatusTag tone={l.over ? "bad" : "good"}>{t(l.over ? "overShort" : "within")}</StatusTag>
              </td>
              <td>
                {g(`confidence.${l.confidence}`)} <span className="k-muted">{[l.source || g("ownEstimate"), g("later", { day: dayText(l.from) })].join(" · ")}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
