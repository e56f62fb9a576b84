import { Timeline } from "antd";
import { useGet } from "@/api";
import { comma, timeText } from "@/i18n/format";
import { Section } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import type { Campaign, ReminderRow, VersionRow } from "./types";

interface Happened {
  at: string;
  text: string;
  by: string;
}

/** Every change of a campaign, newest first, with who and what. */
export function Story({ campaign: c }: { campaign: Campaign }) {
  const out = c.version > 0;
  const path = `${API}/campaigns/${c.id}`;
  const versions = useGet<{ items: VersionRow[] | null }>(out ? `${path}/versions` : null);
  const reminders = useGet<{ items: ReminderRow[] | null }>(out ? `${path}/reminders` : null);
  const list = storyOf(c, versions.data?.items ?? [], reminders.data?.items ?? []);
  return (
    <Section title={t("story")}>
      <Timeline
        items={list.map((x) => ({
          content: (
            <>
              <div>{x.text}</div>
              <small className="k-muted">{[x.by, timeText(x.at)].filter(Boolean).join(" · ")}</small>
            </>
          ),
        }))}
      />
    </Section>
  );
}

/** What happened, as sentences. */
export function storyOf(c: Campaign, versions: VersionRow[], reminders: ReminderRow[]): Happened[] {
  const out: Happened[] = [{ at: c.created_at, by: c.created_by, text: t("s.created") }];
  for (const v of versions) {
    const parts = (v.changed ?? []).map((k) => t.slug("part", k, "")).filter(Boolean);
    out.push({ at: v.at, by: v.by, text: v.version === 1 ? t("s.dispatched") : t("s.redispatched", { n: v.version, what: parts.join(comma()) || t("s.details") }) });
  }
  if (c.progress.ended_at) out.push({ at: c.progress.ended_at, by: "", text: t("s.reached", { people: c.progress.people, made: c.progress.made }) });
  for (const r of reminders) out.push({ at: r.at, by: r.by, text: t("s.reminded", { n: r.people, unit: r.unit || t("wholeBrand"), left: t(`left.${r.left}`) }) });
  for (const n of c.notes ?? []) out.push({ at: n.at, by: n.by, text: t("s.note", { unit: n.unit }) });
  if (c.closed_at) out.push({ at: c.closed_at, by: "", text: t("s.closed") });
  return out.sort((a, b) => b.at.localeCompare(a.at));
}
