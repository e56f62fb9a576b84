import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { t } from "./i18n";
import "./notify.css";
import type { Tested } from "./types";

/** How a test went, in words. */
export function Outcome({ tested }: { tested: Tested }) {
  const type = tested.result === "sent" ? "success" : tested.result === "unknown" ? "warning" : "error";
  return (
    <Alert
      className="n-tested"
      role="status"
      type={type}
      showIcon
      title={tested.result === "sent" ? tested.words : [t(`tested.${tested.result}`), tested.words].join(" · ")}
      description={tested.detail ? t("said", { text: tested.detail }) : undefined}
    />
  );
}

/** A field for whom to test with, a button, and what happened. */
export function TestBar({ path, field, label, disabled }: { path: string; field: "to" | "phone"; label: string; disabled: boolean }) {
  const [to, setTo] = useState("");
  const [tested, setTested] = useState<Tested | null>(null);
  const toast = useToast();
  const send = useSend<Tested>("POST", path);
  const run = () => send.mutate({ body: { [field]: to.trim() } }, { onSuccess: setTested, onError: toast.failed });
  return (
    <>
      <div className="n-test">
        <label htmlFor={`test-${field}`}>{label}</label>
        <Input id={`test-${field}`} value={to} onChange={(e) => setTo(e.target.value)} onPressEnter={() => to.trim() && !disabled && run()} style={{ width: 240 }} disabled={disabled} />
        <Button onClick={run} loading={send.isPending} disabled={disabled || !to.trim()}>
          {t("test")}
        </Button>
        {disabled && <span className="k-muted">{t("saveFirst")}</span>}
      </div>
      {tested && <Outcome tested={tested} />}
    </>
  );
}
