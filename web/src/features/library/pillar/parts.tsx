import { percent } from "@/i18n/format";
import { t } from "./i18n";
import type { Pillar } from "./types";
import "./pillar.css";

/** A pillar by name and colour; without one, that it has none. */
export function PillarName({ pillar }: { pillar?: Pillar }) {
  if (!pillar) return <span className="k-muted">{t("none")}</span>;
  return (
    <span className="lp-name">
      <i style={{ background: pillar.color }} aria-hidden />
      {pillar.name}
    </span>
  );
}

/** Tenths of a percent as people read them; missing is "—". */
export const tenths = (v: number | null | undefined): string => percent(v === null || v === undefined ? null : v / 1000);

/** Options of a select out of pillars in use. */
export const pillarOptions = (list: Pillar[] | undefined) => (list ?? []).filter((p) => p.active).map((p) => ({ value: p.id, label: p.name }));
