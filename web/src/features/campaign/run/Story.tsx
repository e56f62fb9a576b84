import { Button, Skeleton, Timeline } from "antd";
import { useList } from "@/api";
import { fullNumber, timeText } from "@/i18n/format";
import { ErrorState, Section } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import type { Campaign, Happening } from "./types";

/** Every change of a campaign, newest first, with who and why. */
export function Story({ campaign: c }: { campaign: Campaign }) {
  const list = useList<Happening>(`${API}/campaigns/${c.id}/history`, {}, 30);
  return (
    <Section title={t("story")}>
      {list.problem && <ErrorState error={list.problem} onRetry={list.retry} />}
      {list.loading && <Skeleton active paragraph={{ rows: 3 }} />}
      {!list.loading && !list.problem && list.rows.length === 0 && <p className="k-muted">{t("storyNone")}</p>}
      <Timeline
        items={list.rows.map((h) => ({
          key: h.id,
          content: (
            <>
              <div className="c-words">{happened(h)}</div>
              <small className="k-muted">{[h.system ? t("bySystem") : h.by, timeText(h.at)].filter(Boolean).join(" · ")}</small>
            </>
          ),
        }))}
      />
      {list.hasMore && (
        <Button size="small" loading={list.loadingMore} onClick={list.more}>
          {t("storyMore")}
        </Button>
      )}
    </Section>
  );
}

/** A change as a sentence. */
export function happened(h: Happening): string {
  const n = (key: keyof NonNullable<Happening["counts"]>) => fullNumber(h.counts?.[key] ?? 0);
  const what = (h.parts ?? []).map((k) => t.slug("part", k, "")).filter(Boolean).join(t("list")) || t("s.details");
  switch (h.what) {
    case "edited":
      return t("s.edited", { what });
    case "check":
      return t(h.verdict === "block" ? "s.checkBlock" : h.verdict === "pass" || h.verdict === "" ? "s.check" : "s.checkWarn");
    case "approve":
      return t(h.alone ? "s.approveAlone" : "s.approve");
    case "return":
      return t("s.return", { note: h.note });
    case "dispatched":
      return t("s.dispatched", { people: n("people"), made: n("made") });
    case "redispatch":
      return t("s.redispatch", { n: h.version, what });
    case "close":
      return t(h.system ? "s.closeDue" : "s.close");
    case "noted":
      return t(h.note ? "s.noted" : "s.notedGone", { unit: h.unit, note: h.note });
    case "reminded":
      return t("s.reminded", { n: n("people"), unit: h.unit || t("wholeBrand"), left: h.left ? t(`left.${h.left}`) : "" });
    case "proofs_pass":
    case "proofs_reject":
    case "proofs_settle":
    case "proofs_deny":
      return t(`s.${h.what}`, { n: n("decided"), at: h.unit ? t("s.at", { unit: h.unit }) : "", why: [h.why, h.note].filter(Boolean).join(t("comma")) });
    default: {
      const key = `s.${h.what}`;
      return t.has(key) ? t(key, { name: h.name }) : t("s.details");
    }
  }
}
