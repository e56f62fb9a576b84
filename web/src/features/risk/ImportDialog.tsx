import { Button, Modal } from "antd";
import { useState } from "react";
import { request, useRefresh } from "@/api";
import { Dropzone, useToast } from "@/ui";
import { t } from "./i18n";
import type { Taken } from "./types";

/** Takes a sheet of rules into the draft: first what would happen, then doing it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const send = (f: File, dry: boolean) => {
    const body = new FormData();
    body.append("file", f);
    setBusy(true);
    request<Taken>("POST", "/api/v1/risk/rules/import", { body, query: { dry } })
      .then((r) => {
        setFile(f);
        setTaken(r);
        if (r.applied) {
          toast.done(t("importDone", { added: r.added, changed: r.changed, switched: r.switched }));
          refresh("/api/v1/risk/");
          onClose();
        }
      })
      .catch(toast.failed)
      .finally(() => setBusy(false));
  };
  const news = taken ? taken.added + taken.changed + taken.switched : 0;
  return (
    <Modal
      open
      title={t("importTitle")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" disabled={!file || !taken || taken.faults.length > 0 || news === 0} loading={busy} onClick={() => file && send(file, false)}>
            {t("importApply")}
          </Button>
        </>
      }
    >
      <p className="k-muted">{t("importText")}</p>
      <Dropzone accept=".xlsx,.csv" maxBytes={20 * 1024 * 1024} disabled={busy} onFiles={([f]) => f && send(f, true)} />
      {taken && file && (
        <p role="status">{t("importCheck", { name: file.name, added: taken.added, changed: taken.changed, switched: taken.switched, same: taken.same })}</p>
      )}
      {taken && taken.faults.length > 0 && (
        <>
          <p className="k-bad">{t("importFaults", { n: taken.faults.length })}</p>
          <ul style={{ maxHeight: 240, overflow: "auto" }}>
            {taken.faults.map((f, i) => (
              <li key={i}>{[t("importRow", { row: f.row }), f.column, f.message].filter(Boolean).join(" · ")}</li>
            ))}
          </ul>
        </>
      )}
    </Modal>
  );
}
