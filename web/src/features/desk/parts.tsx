import { PlatformGlyph, StatusTag, type Tone } from "@/ui";
import { t } from "./i18n";
import type { State, Submission } from "./types";

const TONES: Record<State, Tone> = {
  reading: "plain", waiting: "warn", changes: "warn", rejected: "bad", blocked: "bad", approved: "good", published: "good", expired: "off", withdrawn: "off",
};

/** A state as a tag. */
export function StateTag({ state }: { state: State }) {
  return <StatusTag tone={TONES[state]}>{t(`state.${state}`)}</StatusTag>;
}

const LEVEL_TONES: Record<string, Tone> = { none: "good", low: "plain", medium: "warn", high: "bad" };

/** A level as a tag. */
export function LevelTag({ level }: { level: string }) {
  return <StatusTag tone={LEVEL_TONES[level] ?? "plain"}>{t.slug("level", level)}</StatusTag>;
}

/** Platform and account of a submission. */
export function Target({ item: s }: { item: Submission }) {
  return (
    <span style={{ display: "inline-flex", gap: 6, alignItems: "center" }}>
      <PlatformGlyph platform={s.platform} />
      {s.account ? s.account.name || s.account.handle : t("noAccount")}
    </span>
  );
}

/** Minutes of business hours as people say them. */
export function spanText(minutes: number | null): string {
  if (minutes === null) return "—";
  return minutes < 60 ? t("minutes", { n: minutes }) : t("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
