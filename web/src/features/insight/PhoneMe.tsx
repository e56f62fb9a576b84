import { Skeleton } from "antd-mobile";
import { useGet } from "@/api";
import { useCan } from "@/app/session";
import { change, dayText, shortNumber, signedNumber, signedPercent } from "@/i18n/format";
import { Card, Count, Failed } from "@/phone/kit";
import { APPS } from "@/ui/apps";
import { metricName, platformName } from "@/ui/words";
import { t } from "./i18n";
import { leagueName, type LeagueRule } from "./league";
import type { AccountLabel, Figures, Mine } from "./types";
import "./phone.css";

/** My accounts: what to wake up, my week against the one before, my place, and the list. */
export default function PhoneMe() {
  const got = useGet<Mine>("/api/v1/insight/me", undefined, { keep: true });
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Holding />;
  const m = got.data;
  if (!m.accounts?.length) {
    return (
      <Card title={t("mine")}>
        <p style={{ margin: "0 0 4px" }}>{t("mineNone")}</p>
        <p className="k-muted" style={{ margin: 0 }}>
          {t("mineNoneText")}
        </p>
      </Card>
    );
  }
  const first = m.wake?.[0]?.account;
  return (
    <div>
      <WakeCard wake={m.wake ?? []} />
      <Week figures={m.figures} />
      <Rank rank={m.rank} />
      <Accounts rows={m.accounts} />
      {first && (
        <a className="m-big" href={APPS[first.platform] ?? "https://"} target="_blank" rel="noopener noreferrer">
          {t("wakeDo", { platform: platformName(first.platform) })}
        </a>
      )}
    </div>
  );
}

function nameOf(a: AccountLabel): string {
  return a.name || a.handle;
}

function WakeCard({ wake }: { wake: NonNullable<Mine["wake"]> }) {
  const first = wake[0];
  if (!first) {
    return (
      <Card>
        <p className="k-good" style={{ margin: 0 }}>
          {t("wakeNone")}
        </p>
      </Card>
    );
  }
  const a = first.account;
  return (
    <Card title={t("wake")}>
      <p className="m-lead">{first.days === null ? t("wakeNever", { name: nameOf(a) }) : t("wakeDays", { name: nameOf(a), n: first.days })}</p>
      {wake.length > 1 && <p className="k-muted m-after">{t("wakeMore", { n: wake.length - 1 })}</p>}
    </Card>
  );
}

const SHOWN = ["posts", "views", "interactions", "followers_delta"] as const;

function Week({ figures }: { figures: Mine["figures"] }) {
  return (
    <Card title={t("week")}>
      <div className="m-figures">
        {SHOWN.map((k) => (
          <WeekFigure key={k} label={metricName(k)} figure={figures[k]} signed={k === "followers_delta"} />
        ))}
      </div>
    </Card>
  );
}

function WeekFigure({ label, figure, signed }: { label: string; figure: Figures; signed: boolean }) {
  const show = signed ? signedNumber : shortNumber;
  const moved = signed ? null : change(figure.value, figure.previous as number | null);
  return (
    <div>
      <span>{label}</span>
      <b>{show(figure.value)}</b>
      <small>
        {t("weekBefore", { n: show(figure.previous as number | null) })}
        {moved !== null && moved !== 0 && Math.abs(moved) < 10 && <em className={moved > 0 ? "k-good" : "k-bad"}> {signedPercent(moved)}</em>}
      </small>
    </div>
  );
}

function Rank({ rank: r }: { rank: Mine["rank"] }) {
  const can = useCan();
  const rules = useGet<{ items: { definition: LeagueRule }[] | null; current: number }>(r && can("account.read") ? "/api/v1/account/leagues" : null, undefined, { stale: 300_000 });
  const rule = rules.data?.items?.[rules.data.current]?.definition;
  if (!r) {
    return (
      <Card title={t("rank")}>
        <p className="k-muted" style={{ margin: 0 }}>
          {t("rankNoneText")}
        </p>
      </Card>
    );
  }
  return (
    <Card title={t("rank")}>
      <p className="m-rank">{t("rankOf", { place: r.place, of: r.of })}</p>
      <p className="k-muted m-after">
        {t("rankText", { league: leagueName(r.league, rule), metric: metricName(r.metric) })} <Count value={r.value} />
      </p>
      <div className="m-track" aria-hidden>
        <i style={{ width: `${Math.max(2, Math.round((100 * (r.of - r.place + 1)) / Math.max(1, r.of)))}%` }} />
      </div>
    </Card>
  );
}

function Accounts({ rows }: { rows: NonNullable<Mine["accounts"]> }) {
  return (
    <Card title={t("mine")}>
      <ul className="p-rows">
        {rows.map((r) => (
          <li key={r.account.id} className="m-row">
            <div>
              <div className="m-name">{nameOf(r.account)}</div>
              <small className="k-muted">
                {[platformName(r.account.platform), r.last_post_day ? t("lastPost", { day: dayText(r.last_post_day) }) : t("neverPosted")].join(" · ")}
              </small>
            </div>
            <div className="m-end">
              <span className={r.abnormal || r.asleep ? "k-bad" : "k-good"}>{t(r.abnormal ? "abnormal" : r.asleep ? "asleep" : "awake")}</span>
              <small className="k-muted">{t("weekViews", { n: shortNumber(r.views) })}</small>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Holding() {
  return (
    <>
      {[84, 132, 96].map((height) => (
        <Skeleton key={height} animated style={{ "--width": "100%", "--height": `${height}px`, "--border-radius": "12px", marginBottom: 12 }} />
      ))}
    </>
  );
}
