import { lang } from "@/i18n";

/** A word of the pack in the language of the screen. */
export const wordOf = (w: { zh: string; en: string }) => (lang() === "zh" ? w.zh : w.en);
