import { fullNumber, shortNumber } from "@/i18n/format";
import { t } from "./i18n";

/** How a brand sorts accounts into leagues; bounds are lower limits and begin at 0. */
export interface Rule {
  /** City tier (0 unknown, 1 … 6) to group. */
  tiers: number[];
  followers: number[];
  tenure_days: number[];
}

/** A definition with the day from which it holds. */
export interface Version {
  from: string;
  note: string;
  actor: string;
  at: string | null;
  definition: Rule;
}

export interface Leagues {
  items: Version[];
  current: number;
  tier_source: string;
  tier_valid_from: string;
}

export interface Cell {
  platform: string;
  tier: number;
  followers: number;
  tenure: number;
  accounts: number;
}

export interface Preview {
  cells: Cell[];
  leagues: number;
  accounts: number;
  small: number;
  moved: number;
}

/** Fewer accounts than this are too few to compare. */
export const FEW = 5;

/** The tiers of a group in words. */
export function groupName(rule: Rule, group: number): string {
  const names = rule.tiers.flatMap((g, tier) => (g === group && tier > 0 ? [t.slug("tier", String(tier))] : []));
  return group === 0 ? [...names, t("tier.0")].join(t("tierJoin")) : names.join(t("tierJoin"));
}

/** The i-th band between lower bounds in words; unit = "fans" or "tenure". */
export function bandName(bounds: number[], i: number, unit: "fans" | "tenure"): string {
  const show = unit === "fans" ? shortNumber : fullNumber;
  const from = bounds[i] ?? 0;
  const to = bounds[i + 1];
  if (bounds.length < 2) return t(`${unit}Any`);
  if (to === undefined) return t(`${unit}Over`, { n: show(from) });
  return from === 0 ? t(`${unit}Under`, { n: show(to) }) : t(`${unit}Band`, { from: show(from), to: show(to) });
}

/** The rows of the preview: city group × followers × tenure, those with accounts, in order. */
export function previewRows(p: Preview): { key: string; tier: number; followers: number; tenure: number; by: Record<string, number>; total: number }[] {
  const rows = new Map<string, { key: string; tier: number; followers: number; tenure: number; by: Record<string, number>; total: number }>();
  for (const c of p.cells) {
    const key = `${c.tier}|${c.followers}|${c.tenure}`;
    const row = rows.get(key) ?? { key, tier: c.tier, followers: c.followers, tenure: c.tenure, by: {}, total: 0 };
    row.by[c.platform] = (row.by[c.platform] ?? 0) + c.accounts;
    row.total += c.accounts;
    rows.set(key, row);
  }
  const place = (tier: number) => (tier === 0 ? 99 : tier);
  return [...rows.values()].sort((a, b) => place(a.tier) - place(b.tier) || a.followers - b.followers || a.tenure - b.tenure);
}

/** Puts groups into the order of the tiers, 1, 2, …, so that the same sorting always reads the same. */
export function renumber(tiers: number[]): number[] {
  const names = new Map<number, number>();
  return tiers.map((g, tier) => {
    if (tier === 0) return 0;
    if (!names.has(g)) names.set(g, names.size + 1);
    return names.get(g) ?? 0;
  });
}
