import { fullNumber, shortNumber } from "@/i18n/format";
import { platformName } from "@/ui/words";
import { t } from "./i18n";

/** How a brand sorts accounts into leagues; the bounds are lower limits. */
export interface LeagueRule {
  tiers: number[];
  followers: number[];
  tenure_days: number[];
}

/** What holds until a brand says otherwise. */
const RULE: LeagueRule = { tiers: [0, 1, 2, 3, 4, 5, 5], followers: [0, 1000, 10000, 100000], tenure_days: [0, 90, 365] };

/** Says a league's key ("douyin|t1|f2|n1") in words: platform (unless it stands beside), cities, followers, time with us. */
export function leagueName(key: string | null | undefined, rule: LeagueRule = RULE, bare = false): string {
  const found = /^(\w+)\|t(\d+)\|f(\d+)\|n(\d+)$/.exec(key ?? "");
  if (!found) return "—";
  const [, platform = "", tier, followers, tenure] = found;
  return [...(bare ? [] : [platformName(platform)]), cities(rule, Number(tier)), band(rule, Number(followers)), time(rule, Number(tenure))].join(" · ");
}

function cities(rule: LeagueRule, group: number): string {
  const names = rule.tiers.flatMap((g, tier) => (g === group && tier > 0 ? [t.slug("tier", String(tier))] : []));
  return names.length ? names.join("/") : t("tier.0");
}

function band(rule: LeagueRule, i: number): string {
  const from = rule.followers[i] ?? 0;
  const to = rule.followers[i + 1];
  if (to === undefined) return t("fansOver", { n: shortNumber(from) });
  return from === 0 ? t("fansUnder", { n: shortNumber(to) }) : t("fansBand", { from: shortNumber(from), to: shortNumber(to) });
}

function time(rule: LeagueRule, i: number): string {
  const from = rule.tenure_days[i] ?? 0;
  const to = rule.tenure_days[i + 1];
  if (to === undefined) return t("tenureOver", { n: fullNumber(from) });
  return from === 0 ? t("tenureUnder", { n: fullNumber(to) }) : t("tenureBand", { from: fullNumber(from), to: fullNumber(to) });
}
