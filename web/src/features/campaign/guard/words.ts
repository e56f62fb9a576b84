import { t as risk } from "@/features/risk/i18n";
import { platformName } from "@/ui";
import { t } from "./i18n";

/** What a threshold is for: 小红书 · 事实内容. */
export function placeOf(platform: string, kind: string, industry: string): string {
  const parts = [platform ? platformName(platform) : t("anyPlatform")];
  if (kind) parts.push(t(`kind.${kind as "fact"}`));
  if (industry) parts.push(industryOf(industry));
  return parts.join(" · ");
}

/** The word for an industry. */
export const industryOf = (slug: string): string => risk.slug("industry", slug);

/** Why a threshold is what it is: the brand's own words, else ours in the reader's language, else what came with it. */
export function whyOf(place: string[], own: string, shipped: string): string {
  if (own) return own;
  const key = `shipped.${place.join(".").replace(/\.+$/, "")}`;
  return t.has(key) ? t(key) : shipped;
}

