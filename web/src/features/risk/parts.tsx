import { Progress } from "antd";
import { Link, useLocation } from "react-router";
import { useSend } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { lang } from "@/i18n";
import { dayText, fullNumber, timeText } from "@/i18n/format";
import { PlatformGlyph, platformName, StatusTag, useToast, type Tone } from "@/ui";
import { t } from "./i18n";
import type { AccountRef, Run, RuleFields, Shown } from "./types";
import type { Finding } from "./checked/spans";
import "./risk.css";

const TABS = ["", "lab", "verdicts", "whatif", "runs", "ranker", "versions"] as const;

/** The pages of the room side by side. */
export function RiskTabs() {
  const here = useLocation().pathname.replace(/^\/content\/risk\/?/, "").split("/")[0];
  return (
    <nav className="r-tabs" aria-label={t("title")}>
      {TABS.map((k) => (
        <Link key={k} to={k ? `/content/risk/${k}` : "/content/risk"} aria-current={here === k ? "page" : undefined}>
          {t.slug("tab", k || "rules")}
        </Link>
      ))}
    </nav>
  );
}

const TONES: Record<string, Tone> = { block: "bad", review: "warn", warn: "off", pass: "good", high: "bad", medium: "warn", low: "off" };

/** A verdict as a tag. */
export function VerdictTag({ verdict }: { verdict: string }) {
  return <StatusTag tone={TONES[verdict] ?? "plain"}>{t.slug("verdict", verdict)}</StatusTag>;
}

/** A severity as a tag. */
export function SeverityTag({ severity }: { severity: string }) {
  return <StatusTag tone={TONES[severity] ?? "plain"}>{t.slug("severity", severity)}</StatusTag>;
}

/** What became of a rule. */
export function StateTag({ state }: { state: string }) {
  const tone: Tone = state === "off" || state === "pack_off" ? "off" : state === "shipped" ? "plain" : "good";
  return <StatusTag tone={tone}>{t.slug("state", state)}</StatusTag>;
}

/** An account as a cell. */
export function AccountCell({ account }: { account: AccountRef }) {
  return (
    <span className="k-path">
      <PlatformGlyph platform={account.platform} bare /> <b>{account.name || account.handle || "—"}</b>
    </span>
  );
}

/** When a rule is in force. */
export function datesText(r: Pick<RuleFields, "from" | "until">): string {
  const parts = [r.from && t("from", { day: dayText(r.from) }), r.until && t("until", { day: dayText(r.until) })].filter(Boolean);
  return parts.length ? parts.join(" · ") : t("always");
}

/** Why a rule stands, in the reader's language where it is known. */
export function reasonOf(r: Pick<RuleFields, "reason" | "reason_en">): string {
  return (lang() === "en" && r.reason_en) || r.reason;
}

/** Where a rule applies. */
export function whereText(r: RuleFields): string {
  const parts = [
    ...(r.platforms ?? []).map((p) => platformName(p)),
    ...(r.industries ?? []).map((x) => t.slug("industry", x, x)),
    ...(r.kinds ?? []).map((x) => t.slug("content", x, x)),
    ...(r.fields ?? []),
  ];
  return parts.length ? parts.join(" · ") : t("everywhere");
}

/** The name of a version where numbers below 1 stand for something else. */
export function versionName(n: number): string {
  return n < 0 ? t("versionDraft") : n === 0 ? t("versionShipped") : t("version", { n });
}

/** The name of a run. */
export function runName(r: Run): string {
  if (r.kind === "whatif") return t("whatifRunTitle", { days: r.days });
  return r.version > 0 ? t("runTitle", { n: r.version }) : t("runTitleShipped");
}

const RUN_TONES: Record<string, Tone> = { running: "good", paused: "warn", done: "plain", cancelled: "off", failed: "bad" };

/** The state of a run as a tag. */
export function RunTag({ run }: { run: Run }) {
  return <StatusTag tone={RUN_TONES[run.state] ?? "plain"}>{t.slug("run", run.state)}</StatusTag>;
}

/** How far a run is, in a bar and in words. */
export function RunProgress({ run }: { run: Run }) {
  const share = run.state === "done" ? 100 : run.total ? Math.floor((100 * run.done) / run.total) : 0;
  return (
    <>
      <Progress percent={share} status={run.state === "failed" ? "exception" : run.state === "running" ? "active" : "normal"} aria-label={t("progress")} />
      <p className="k-muted">
        {t("runSays", { done: fullNumber(run.done), total: fullNumber(run.total), changed: fullNumber(run.changed) })}
        {run.per_second > 0 && run.done >= 1000 && ` · ${t("runSpeed", { n: fullNumber(run.per_second) })}`}
      </p>
    </>
  );
}

/** Who began a run, when and why. */
export function runOrigin(r: Run): string {
  const who = r.started_by === "kosmos" ? t("system") : r.started_by;
  return `${t.slug("cause", r.cause)} · ${who} · ${timeText(r.started_at)}`;
}

/** Says of a finding that it is right or a false alarm. */
export function OpinionButtons({ of: x, finding }: { of: Shown; finding: Finding }) {
  const can = useCan();
  const toast = useToast();
  const say = useSend("POST", "/api/v1/risk/opinions", ["/api/v1/risk/judged"]);
  if (!can("risk.judge")) return null;
  const tell = (right: boolean) =>
    say.mutate(
      { body: { items: [{ rule: finding.rule, kind: x.kind, object: x.object, start: finding.start, excerpt: finding.text, right }] } },
      { onSuccess: () => toast.done(t(right ? "saidRight" : "saidFalse")), onError: toast.failed },
    );
  return (
    <>
      <button type="button" disabled={say.isPending} onClick={() => tell(true)}>{t("right")}</button>
      <button type="button" disabled={say.isPending} onClick={() => tell(false)}>{t("falseAlarm")}</button>
    </>
  );
}

/** A link to the post or account that a text belongs to. */
export function ObjectLink({ of: x }: { of: Shown }) {
  const link = useScopedLink();
  return x.kind === "post" ? (
    <Link to={link(`/content/posts/${x.object}`)}>{t("openPost")}</Link>
  ) : (
    <Link to={link(`/matrix/accounts/${x.account.id}`)}>{t("openAccount")}</Link>
  );
}
