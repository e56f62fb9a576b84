import { Button } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useMe, useCan } from "@/app/session";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { relativeTime } from "@/i18n/format";
import { Section, UnitSelect, useToast } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import type { Campaign } from "./types";

/** What units add beside headquarters' text; they cannot change it. */
export function Notes({ campaign: c }: { campaign: Campaign }) {
  const can = useCan();
  const me = useMe();
  const mine = me.units?.length === 1 ? (me.units[0]?.id ?? "") : "";
  const [unit, setUnit] = useState(mine);
  const [text, setText] = useState<string>();
  const toast = useToast();
  const send = useSend("PUT", `${API}/campaigns/${c.id}/note`, [`${API}/campaigns/${c.id}`]);
  const notes = c.notes ?? [];
  const may = can("campaign.note") && c.state === "running";
  if (!may && notes.length === 0) return null;
  const shown = text ?? notes.find((n) => n.unit_id === unit)?.text ?? "";
  return (
    <Section title={t("notes")}>
      <p className="k-muted">{t("notesText")}</p>
      {notes.map((n) => (
        <p key={n.unit_id} className="c-words">
          <b>{n.unit}</b> <span className="k-muted">{[n.by, relativeTime(n.at)].join(" · ")}</span>
          {"\n"}
          {n.text}
        </p>
      ))}
      {may && (
        <div className="c-form c-narrow">
          {!mine && <UnitSelect value={unit} onChange={(v) => { setUnit(v ?? ""); setText(undefined); }} placeholder={t("noteUnit")} />}
          <CheckedText value={shown} onChange={setText} field="note" kind="post" label={t("note")} placeholder={t("noteHint")} rows={2} maxLength={500} />
          <span>
            <Button
              disabled={!unit || text === undefined}
              loading={send.isPending}
              onClick={() => send.mutate({ body: { unit, text: shown.trim() } }, { onSuccess: () => { toast.done(t("noteSaved")); setText(undefined); }, onError: toast.failed })}
            >
              {t("noteSave")}
            </Button>
          </span>
        </div>
      )}
    </Section>
  );
}
