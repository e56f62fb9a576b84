import { Input, Modal, Radio } from "antd";
import { useState } from "react";
import { t } from "./i18n";
import { REJECTS, type ReviewRow } from "./types";

/** Why a proof is refused. */
export interface Refusal {
  reason: (typeof REJECTS)[number] | "";
  note: string;
}

/** Asks for the reason; the person reads it in these words. */
export function RejectDialog({ rows, onCancel, onSend }: { rows: ReviewRow[]; onCancel: () => void; onSend: (r: Refusal) => Promise<void> }) {
  const [reason, setReason] = useState<Refusal["reason"]>("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const appeal = rows.every((r) => r.state === "appealed");
  const mixed = rows.some((r) => r.state === "appealed");
  const ready = (appeal || reason !== "") && (!(mixed || reason === "other") || note.trim() !== "");
  return (
    <Modal
      open
      title={t("rejectAsk", { n: rows.length })}
      onCancel={onCancel}
      okText={t("rejectSend")}
      cancelText={t("cancel")}
      okButtonProps={{ danger: true, disabled: !ready }}
      confirmLoading={busy}
      onOk={() => {
        setBusy(true);
        void onSend({ reason, note: note.trim() });
      }}
    >
      <div className="c-form">
        {!appeal && <Radio.Group className="c-lines c-two" value={reason} onChange={(e) => setReason(e.target.value as Refusal["reason"])} options={REJECTS.map((value) => ({ value, label: t(`rejects.${value}`) }))} />}
        <label className="c-field">
          <span className="c-label">{t(mixed || reason === "other" ? "rejectNote" : "rejectNoteFree")}</span>
          <Input.TextArea rows={2} maxLength={300} value={note} onChange={(e) => setNote(e.target.value)} />
        </label>
      </div>
    </Modal>
  );
}
