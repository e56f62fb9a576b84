import { Progress, Timeline } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useScopedLink } from "@/app/scope";
import { dayText } from "@/i18n/format";
import { Drawer, EmptyState, Facts, PlatformGlyph, scoreTone, Section, StatusTag, UnitPath } from "@/ui";
import { t } from "./i18n";
import type { AccountRef, Episode, Judgement } from "./types";
import "./health.css";

/** An account as a cell: platform, name, handle. */
export function AccountCell({ account }: { account: AccountRef }) {
  return (
    <span className="k-path">
      <PlatformGlyph platform={account.platform} bare /> <b>{account.name || account.handle}</b>
      {account.name && account.name !== account.handle && <span className="k-muted"> @{account.handle}</span>}
    </span>
  );
}

/** The cause as a tag; green when the account works. */
export function CauseTag({ cause }: { cause: string }) {
  const tone = cause === "" ? "good" : cause === "banned" || cause === "token_lost" ? "bad" : "warn";
  return <StatusTag tone={tone}>{t.slug("cause", cause)}</StatusTag>;
}

/** Score, parts and wake-up history of one account, for the drawer and the account page. */
export function HealthDetail({ accountId }: { accountId: string }) {
  const got = useGet<Judgement & { episodes: Episode[] }>(`/api/v1/health/accounts/${accountId}`);
  if (!got.data) return got.error ? <EmptyState title={got.error.message} /> : null;
  return <DetailBody j={got.data} />;
}

function DetailBody({ j }: { j: Judgement & { episodes: Episode[] } }) {
  return (
    <>
      <Facts
        items={[
          { label: t("score"), value: <StatusTag tone={scoreTone(j.score)}>{j.score}</StatusTag> },
          { label: t("peer"), value: j.peer_mean || "—" },
          { label: t("cause"), value: <CauseTag cause={j.cause} /> },
          ...(j.cause ? [{ label: t("remedy"), value: t.slug("remedy", j.cause) }] : []),
        ]}
      />
      <Silent list={j.silent} />
      <Section title={t("parts")}>
        {j.parts.map((p) => (
          <div key={p.name} style={{ marginBottom: 8 }}>
            <div style={{ display: "flex", justifyContent: "space-between" }}>
              <span>{t.slug("part", p.name)}</span>
              <span className="k-muted">
                {p.name === "standing" ? "" : p.peer ? t("partValue", { own: p.value, peer: p.peer }) : t("partOwn", { own: p.value })}
              </span>
            </div>
            <Progress percent={Math.round((100 * p.points) / p.max)} format={() => `${p.points}/${p.max}`} size="small" aria-label={t.slug("part", p.name)} />
          </div>
        ))}
      </Section>
      <Section title={t("history")}>
        {j.episodes.length === 0 ? (
          <p className="k-muted">{t("historyNone")}</p>
        ) : (
          <Timeline items={j.episodes.map((e, i) => ({ key: i, content: <EpisodeLine e={e} /> }))} />
        )}
      </Section>
    </>
  );
}

/** The figures a cause needs, in words. */
export const needsText = (needs: string[]) => needs.map((x) => t.slug("need", x)).join(t("and"));

/** The causes about which nothing can be said, and why. */
function Silent({ list }: { list: Judgement["silent"] }) {
  if (list.length === 0) return null;
  return (
    <Section title={t("silentTitle")}>
      <p className="k-muted">{t("silentText")}</p>
      <ul className="h-silent">
        {list.map((x) => (
          <li key={x.cause}>{t("silent", { cause: t.slug("cause", x.cause), needs: needsText(x.needs) })}</li>
        ))}
      </ul>
    </Section>
  );
}

function EpisodeLine({ e }: { e: Episode }) {
  return (
    <>
      <div>
        {t("episode", { cause: t.slug("cause", e.cause), from: dayText(e.since), found: dayText(e.found) })}
        {e.closed && <StatusTag tone={e.outcome === "awake" ? "good" : "off"}>{`${t.slug("outcome", e.outcome)} · ${dayText(e.closed)}`}</StatusTag>}
      </div>
      {e.steps.map((s) => (
        <div key={s.step} className="k-muted">
          {dayText(s.taken)} · {t("step", { n: s.step })} · {t.slug("audience", s.audience)} · {t("due", { day: dayText(s.due) })}
        </div>
      ))}
    </>
  );
}

/** The drawer behind a row of any health list; above what its caller has to say. */
export function HealthDrawer({ account, above, onClose }: { account: AccountRef | null; above?: ReactNode; onClose: () => void }) {
  const link = useScopedLink();
  return (
    <Drawer open={account !== null} onClose={onClose} title={account && <AccountCell account={account} />}
      extra={account && <Link to={link(`/matrix/accounts/${account.id}`)}>{t("openAccount")}</Link>}>
      {account && (
        <>
          <Facts items={[{ label: t("unit"), value: <UnitPath unit={account.unit_id} /> }, { label: t("member"), value: account.member || "—" }]} />
          {above}
          <HealthDetail accountId={account.id} />
        </>
      )}
    </Drawer>
  );
}
