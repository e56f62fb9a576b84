import { platformName, StatusTag, type Tone } from "@/ui";
import { t } from "./i18n";
import type { State } from "./types";

const TONES: Record<State, Tone> = { waiting: "warn", ready: "plain", applying: "plain", done: "good", undoing: "plain", undone: "off", failing: "plain", failed: "bad" };

/** The state of an import. */
export function StateTag({ state }: { state: State }) {
  return <StatusTag tone={TONES[state]}>{t.slug("state", state)}</StatusTag>;
}

/** What a file was recognised as; the platform is added where the kind does not name one. */
export function KindName({ kind, platform }: { kind: string; platform?: string }) {
  const name = t.slug("kind", kind);
  const open = kind.startsWith("generic") || kind === "account_daily";
  return (
    <>
      {name}
      {open && platform ? ` · ${platformName(platform)}` : ""}
    </>
  );
}
