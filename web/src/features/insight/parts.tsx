import { Link } from "react-router";
import { presetOf, useScopedLink } from "@/app/scope";
import { dayText } from "@/i18n/format";
import { metricName, PlatformGlyph } from "@/ui";
import { t } from "./i18n";
import type { AccountLabel, Period } from "./types";
import "./insight.css";

/** The word for a metric; followers are counted net. */
export const nameOf = (metric: string): string => metricName(metric === "followers_gained" ? "followers_delta" : metric);

/** "This week", or the days themselves. */
export function periodName(p: Period): string {
  const preset = presetOf(p);
  return preset ? t(`preset.${preset}`) : t("period", { from: dayText(p.from), to: dayText(p.to) });
}

/** An account as a cell: platform, name, and what its page is. */
export function AccountName({ account, linked }: { account: AccountLabel; linked?: boolean }) {
  const link = useScopedLink();
  const name = <b>{account.name || account.handle}</b>;
  return (
    <span className="i-account">
      <PlatformGlyph platform={account.platform} bare />
      <span className="i-clip" title={account.name ? `${account.name} @${account.handle}` : account.handle}>
        {linked ? <Link to={link(`/matrix/accounts/${account.id}`)}>{name}</Link> : name}
        {account.name && account.handle && account.name !== account.handle && <span className="k-muted"> @{account.handle}</span>}
      </span>
    </span>
  );
}

/** The unit of an account in its last two names, all of them on hover. */
export function UnitName({ account }: { account: AccountLabel }) {
  const names = account.unit_path.split("/").filter(Boolean);
  if (!names.length) return <span className="k-muted">{account.unit_name || "—"}</span>;
  return (
    <span className="k-path" title={names.join(" / ")}>
      {names.slice(-2, -1).map((n) => `${n} / `)}
      <b>{names.at(-1)}</b>
    </span>
  );
}
