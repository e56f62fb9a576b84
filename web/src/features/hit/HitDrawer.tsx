import { Button, Space } from "antd";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useCan } from "@/app/session";
import { fullNumber, timeText } from "@/i18n/format";
import { Day, Drawer, Facts, Num, platformName, Trend, useToast } from "@/ui";
import { useTurn } from "./Hits";
import { t } from "./i18n";
import { API, type Detail, type Hit } from "./types";
import { bestMetric, KindTag, Signals, whyText } from "./Why";
import "./hit.css";

/** One hit beside the list: why, the curve, what can be said of it. */
export function HitDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const got = useGet<Detail>(`${API}/hits/${id}`);
  const d = got.data;
  return (
    <Drawer
      open
      onClose={onClose}
      width={760}
      title={d?.hit.title || t("post")}
      loading={!d && !got.error}
      error={got.error}
      onRetry={() => void got.refetch()}
      footer={d && <Verbs hit={d.hit} extra={<Link to={`/content/hits/${id}`}><Button type="primary">{t("takeApart")}</Button></Link>} />}
    >
      {d && (
        <>
          <p className="ht-why">{whyText(d.hit.signals[0]) || d.hit.note}</p>
          {d.hit.signals.length > 0 && <Signals signals={d.hit.signals} />}
          <Curve detail={d} />
          <HitFacts detail={d} />
        </>
      )}
    </Drawer>
  );
}

/** Star, dismiss and their opposites, as far as they apply. */
export function Verbs({ hit: h, extra }: { hit: Hit; extra?: React.ReactNode }) {
  const toast = useToast();
  const verbs = useTurn().filter((v) => !v.blocked?.([h]));
  return (
    <Space wrap>
      {verbs.map((v) => (
        <Button key={v.key} onClick={() => void Promise.resolve(v.run([h])).catch(toast.failed)}>
          {v.label}
        </Button>
      ))}
      {extra}
    </Space>
  );
}

/** The post at each age beside what is usual in its account and league. */
export function Curve({ detail: d }: { detail: Detail }) {
  const m = bestMetric(d.steps, d.hit);
  if (!d.steps.length) return null;
  return (
    <section className="ht-block">
      <h3>{t("curve", { metric: t(`metric.${m}`) })}</h3>
      <Trend
        label={t("curve", { metric: t(`metric.${m}`) })}
        x={d.steps.map((s) => t("ageDay", { n: s.mark }))}
        series={[
          { name: t("thisPost"), values: d.steps.map((s) => s[m]) },
          { name: t("ownUsual"), values: d.steps.map((s) => s[`own_${m}`]) },
          { name: t("leagueUsual"), values: d.steps.map((s) => s[`league_${m}`]) },
        ]}
      />
    </section>
  );
}

/** What is known of the post. */
export function HitFacts({ detail: d }: { detail: Detail }) {
  const can = useCan();
  const h = d.hit;
  const g = h.given;
  return (
    <Facts
      items={[
        { label: t("kind"), value: <><KindTag hit={h} /> {t(`origin.${h.origin}`)}{h.by && ` · ${h.by}`}</> },
        { label: t("platform"), value: platformName(h.platform) },
        { label: t("account"), value: h.account ? (can("account.read") ? <Link to={`/matrix/accounts/${h.account.id}`}>{h.account.name || h.account.handle}</Link> : h.account.name || h.account.handle) : h.author || "—" },
        ...(h.account ? [{ label: t("unit"), value: h.account.unit || "—" }] : []),
        { label: t("followers"), value: fullNumber(d.followers) },
        { label: t("published"), value: h.published_at && !h.day_only ? timeText(h.published_at) : <Day value={h.published_day} /> },
        { label: t("metric.views"), value: <Num value={h.views} /> },
        { label: t("metric.interactions"), value: <Num value={h.interactions} /> },
        ...(h.kind !== "own" ? (["likes", "comments", "saves", "shares"] as const).map((k) => ({ label: t(`given.${k}`), value: <Num value={g[k]} /> })) : []),
        ...(h.star_at ? [{ label: t("starred"), value: `${h.star_by} · ${timeText(h.star_at)}` }] : []),
        ...(h.state !== "listed" ? [{ label: t("state"), value: [t(`state.${h.state}`), h.reason].filter(Boolean).join(" · ") }] : []),
        ...(h.note ? [{ label: t("note"), value: h.note }] : []),
        { label: t("open"), value: <>{h.post_id && can("post.read") && <Link to={`/content/posts/${h.post_id}`}>{t("seePost")}</Link>} {h.url && <a href={h.url} target="_blank" rel="noopener noreferrer">{t("openLink")}</a>}</> },
      ]}
    />
  );
}
