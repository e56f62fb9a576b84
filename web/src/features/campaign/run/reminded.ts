import { fullNumber } from "@/i18n/format";
import { t } from "./i18n";
import type { Reminded } from "./types";

/** What a reminder did, in full. */
export function remindedText(r: Reminded): string {
  return [
    t("reminded", { n: fullNumber(r.people) }),
    r.recent > 0 && t("remindedRecent", { n: fullNumber(r.recent) }),
    r.no_user > 0 && t("remindedNoUser", { n: fullNumber(r.no_user) }),
  ].filter(Boolean).join(t("comma"));
}
