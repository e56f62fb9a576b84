import { t } from "./i18n";

/** A part of a text that the ranker goes by, in words: its shapes have names of their own (‹6 digits›). */
export function featureText(text: string): string {
  const shape = /^‹(.+)›$/.exec(text)?.[1];
  if (!shape) return `“${text}”`;
  const digits = /^(\d+) digits$/.exec(shape);
  if (digits) return t("shape.run", { n: digits[1] });
  const [name, of = ""] = shape.split(" ");
  if (name === "begins" || name === "ends") return t(`shape.${name}`, { text: of });
  const n = of.replace(/^[≤>]/, "");
  if (name === "length") return of.startsWith(">") ? t("shape.long", { n }) : t("shape.length", { n });
  if (name === "numbers") return t("shape.numbers");
  return t.slug("shape", name, text);
}

/** The strongest parts as one phrase. */
export const featureWords = (top: { text: string }[], most = 5) => top.slice(0, most).map((x) => featureText(x.text)).join(t("and"));
