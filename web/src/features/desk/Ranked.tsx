import { featureWords } from "@/features/risk/checked/words";
import { t } from "./i18n";
import type { Story } from "./types";

/** What the brand's own ranker finds of a text, and why. On console and phone: it imports neither antd nor antd-mobile. */
export function Ranked({ ranked: r }: { ranked: NonNullable<Story["ranked"]> }) {
  return (
    <>
      <p style={{ margin: 0 }}>{r.over ? t("rankedOver", { words: featureWords(r.top) }) : t("rankedUnder")}</p>
      <p className="k-muted" style={{ margin: "4px 0 0" }}>{t("rankedNote")}</p>
    </>
  );
}
