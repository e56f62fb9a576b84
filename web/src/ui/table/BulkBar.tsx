import { Button } from "antd";
import { useState } from "react";
import { t } from "../i18n";
import { useToast } from "../toast";

/** Something to do with chosen rows. */
export interface Bulk<T> {
  key: string;
  label: string;
  danger?: boolean;
  /** Why it cannot be done with these rows, or nothing. */
  blocked?: (rows: T[]) => string | undefined;
  /** Does it; a thrown problem is shown. Return false to keep the selection (a dialog was cancelled). */
  run: (rows: T[]) => Promise<unknown> | unknown;
}

/** How many rows are chosen and what can be done with them. */
export function BulkBar<T>({ rows, bulk, onClear }: { rows: T[]; bulk: Bulk<T>[]; onClear: () => void }) {
  const [busy, setBusy] = useState("");
  const toast = useToast();
  const run = async (b: Bulk<T>) => {
    setBusy(b.key);
    try {
      if ((await b.run(rows)) !== false) onClear();
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy("");
    }
  };
  return (
    <div className="k-bulk" role="toolbar" aria-label={t("selected", { n: rows.length })}>
      <strong>{t("selected", { n: rows.length })}</strong>
      {bulk.map((b) => {
        const why = b.blocked?.(rows);
        return (
          <Button
            key={b.key}
            size="small"
            danger={b.danger}
            disabled={!!why || (busy !== "" && busy !== b.key)}
            title={why}
            loading={busy === b.key}
            onClick={() => void run(b)}
          >
            {b.label}
          </Button>
        );
      })}
      <Button size="small" type="link" onClick={onClear}>
        {t("clearSelection")}
      </Button>
    </div>
  );
}
