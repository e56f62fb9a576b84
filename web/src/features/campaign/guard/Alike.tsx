import { Alert, Segmented, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { comma, fullNumber } from "@/i18n/format";
import { ErrorState, PlatformGlyph, platformName, Section } from "@/ui";
import { API } from "../types";
import type { Alike as Found, AlikeGroup, Campaign, Cluster } from "../run/types";
import { t } from "./i18n";
import { whyOf } from "./words";

const OFS = ["planned", "submitted"] as const;

/** Whose texts are too much alike: those planned, before anything goes out; those handed in, once it runs. */
export function Alike({ campaign: c }: { campaign: Campaign }) {
  const out = c.version > 0;
  const [of, setOf] = useState<(typeof OFS)[number]>(out ? "submitted" : "planned");
  const got = useGet<Found>(`${API}/campaigns/${c.id}/alike`, { of }, { stale: 0 });
  const a = got.data;
  const unchecked = c.verdict === ""; // nothing compares what was not checked
  const waiting = a?.state === "waiting" && !unchecked;
  const { refetch } = got;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => void refetch(), 2000);
    return () => clearInterval(timer);
  }, [waiting, refetch]);
  return (
    <Section
      title={t("alike")}
      extra={
        <div className="c-actions">
          {out && <Segmented aria-label={t("alike")} value={of} onChange={setOf} options={OFS.map((value) => ({ value, label: t(`of.${value}`) }))} />}
          <Link to="/content/campaigns/settings">{t("toSettings")}</Link>
        </div>
      }
    >
      {got.error && !a && <ErrorState error={got.error} onRetry={() => void got.refetch()} />}
      {!a && !got.error && <Skeleton active paragraph={{ rows: 2 }} />}
      {a && <Says found={a} unchecked={unchecked} submitted={of === "submitted"} />}
    </Section>
  );
}

function Says({ found: a, unchecked, submitted }: { found: Found; unchecked: boolean; submitted: boolean }) {
  if (a.state === "none") return <p className="k-muted">{t("alikeNone")}</p>;
  if (a.state === "waiting") return <p className="k-muted">{t(unchecked ? "alikeDraft" : "alikeWaiting")}</p>;
  if (a.state === "failed") return <Alert type="warning" showIcon title={t("alikeFailed", { why: a.why })} />;
  if (submitted && a.texts === 0) return <p className="k-muted">{t("alikeNobody")}</p>;
  const groups = a.groups ?? [];
  const sets = groups.reduce((n, g) => n + g.sets, 0);
  const p = { n: fullNumber(a.texts), over: fullNumber(a.over), sets: fullNumber(sets) };
  return (
    <>
      {a.over === 0 ? (
        <p className="k-good">{t("alikeGood", p)}</p>
      ) : (
        <Alert
          type={a.mode === "block" || a.mode === "reject" ? "error" : "warning"}
          showIcon
          title={t("alikeOver", p)}
          description={[t(`mode.${a.mode}`), submitted ? "" : t("alikeHow")].filter(Boolean).join(" ")}
        />
      )}
      {a.faults > 0 && <p className="k-warn">{t("alikeFaults", { n: fullNumber(a.faults) })}</p>}
      {a.left > 0 && <p className="k-muted">{t("alikeLeft", { n: fullNumber(a.left) })}</p>}
      {groups.filter((g) => g.over > 0 || groups.length > 1).map((g) => (
        <Group key={g.platform + g.kind} group={g} />
      ))}
    </>
  );
}

function Group({ group: g }: { group: AlikeGroup }) {
  const own = g.own ? t(`own.${g.own}`) : "";
  const why = [own, g.own === "campaign" ? "" : whyOf(g.place ?? [], g.own ? g.why : "", g.why)].filter(Boolean).join(comma());
  const p = { n: fullNumber(g.texts), most: g.most, over: fullNumber(g.over), highest: g.highest, why };
  return (
    <div className="c-alike">
      <h3>
        <PlatformGlyph platform={g.platform} bare /> {t("groupOf", { platform: platformName(g.platform), kind: t(`kind.${g.kind as "fact"}`) })}
      </h3>
      <p className="k-muted">{t(g.most >= 100 ? "groupFree" : "groupText", p)}</p>
      {(g.clusters ?? []).map((c, i) => (
        <One key={i} cluster={c} />
      ))}
    </div>
  );
}

function One({ cluster: c }: { cluster: Cluster }) {
  const who = c.who ?? [];
  const names = who.map((w) => [w.member, w.unit.split("/").at(-1)?.trim()].filter(Boolean).join(" · ")).join(comma());
  return (
    <details className="c-cluster">
      <summary>
        <b>{t("cluster", { n: fullNumber(c.size) })}</b> <span className="k-muted">{t("clusterScore", { percent: c.percent })}</span>
      </summary>
      <p>
        {names} {c.size > who.length && <span className="k-muted">{t("clusterMore", { n: fullNumber(c.size) })}</span>}
      </p>
      {c.text && (
        <blockquote className="c-words" aria-label={t("example")}>
          {c.text.trim()}
        </blockquote>
      )}
    </details>
  );
}
