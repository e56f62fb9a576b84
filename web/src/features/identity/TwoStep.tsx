import { Alert, Button, Form, Input, Modal, QRCode } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { saveFile, Section, StatusTag, useToast } from "@/ui";
import { showFaults } from "./fields";
import { t } from "./i18n";
import type { Security } from "./types";

type Step = "begin" | "end" | "renew";

const DROPS = ["/api/v1/identity/security"];

/** Two-step sign-in: on, off, recovery codes. */
export function TwoStep({ security }: { security: Security }) {
  const toast = useToast();
  const [step, setStep] = useState<Step | null>(null);
  const [enrol, setEnrol] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const end = useSend<void, { password: string }>("POST", "/api/v1/identity/totp/end", DROPS);
  const begin = useSend<{ secret: string; uri: string }, { password: string }>("POST", "/api/v1/identity/totp/begin");
  const renew = useSend<{ recovery_codes: string[] }, { password: string }>("POST", "/api/v1/identity/totp/recovery", DROPS);
  const close = () => setStep(null);
  const proved = async (password: string) => {
    const body = { password };
    if (step === "begin") setEnrol(await begin.mutateAsync({ body }));
    else if (step === "renew") setCodes((await renew.mutateAsync({ body })).recovery_codes);
    else {
      await end.mutateAsync({ body });
      toast.done(t("totpEnded"));
    }
    close();
  };
  return (
    <Section title={t("totpTitle")}>
      <div className="i-line">
        <div>
          {security.totp ? (
            <StatusTag tone={security.recovery_left > 2 ? "good" : "warn"}>{t("totpIsOn", { n: security.recovery_left })}</StatusTag>
          ) : (
            <StatusTag tone="warn">{t("off")}</StatusTag>
          )}
          <p className="k-muted" style={{ margin: "8px 0 0" }}>{t("totpText")}</p>
        </div>
        {security.totp ? (
          <>
            <Button onClick={() => setStep("renew")}>{t("renewCodes")}</Button>
            <Button danger onClick={() => setStep("end")}>{t("totpOff")}</Button>
          </>
        ) : (
          <Button type="primary" onClick={() => setStep("begin")}>{t("totpOn")}</Button>
        )}
      </div>
      {step && <ProveDialog onProve={proved} onClose={close} />}
      {enrol && <ConfirmDialog enrol={enrol} onClose={() => setEnrol(null)} onDone={(c) => { setEnrol(null); setCodes(c); }} />}
      {codes && <CodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}

function ProveDialog({ onProve, onClose }: { onProve: (password: string) => Promise<void>; onClose: () => void }) {
  const [form] = Form.useForm<{ password: string }>();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async ({ password }: { password: string }) => {
    setBusy(true);
    setFault("");
    try {
      await onProve(password);
    } catch (err) {
      setFault(showFaults(form, err, ["password"]));
      setBusy(false);
    }
  };
  return (
    <Modal open title={t("confirmPassword")} onCancel={onClose} onOk={() => form.submit()} okText={t("next")} cancelText={t("cancel")} confirmLoading={busy}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)}>
        <Form.Item name="password" label={t("present")} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        {fault && <Alert type="error" showIcon title={fault} />}
      </Form>
    </Modal>
  );
}

interface ConfirmProps {
  enrol: { secret: string; uri: string };
  onClose: () => void;
  onDone: (codes: string[]) => void;
}

function ConfirmDialog({ enrol, onClose, onDone }: ConfirmProps) {
  const [form] = Form.useForm<{ code: string }>();
  const toast = useToast();
  const confirm = useSend<{ recovery_codes: string[] }, { code: string }>("POST", "/api/v1/identity/totp/confirm", DROPS);
  const submit = ({ code }: { code: string }) =>
    confirm.mutate(
      { body: { code: code.trim() } },
      { onSuccess: (r) => onDone(r.recovery_codes), onError: (err) => { const rest = showFaults(form, err, ["code"]); if (rest) toast.failed(err); } },
    );
  return (
    <Modal open title={t("totpTitle")} onCancel={onClose} onOk={() => form.submit()} okText={t("confirm")} cancelText={t("cancel")} confirmLoading={confirm.isPending}>
      <p>{t("scan")}</p>
      <div role="img" aria-label={t("qr")} style={{ display: "grid", placeItems: "center" }}>
        <QRCode value={enrol.uri} type="svg" size={200} color="#000" bgColor="#fff" />
      </div>
      <p className="k-muted" style={{ marginTop: 12 }}>
        {t("cannotScan")} <code>{enrol.secret.match(/.{1,4}/g)?.join(" ")}</code>
      </p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit}>
        <Form.Item name="code" label={t("sixDigits")} rules={[{ required: true }]}>
          <Input autoComplete="one-time-code" inputMode="numeric" maxLength={7} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const save = () => saveFile("kosmos-recovery-codes.txt", codes.join("\n") + "\n", "text/plain");
  return (
    <Modal open title={t("codesTitle")} onCancel={onClose} mask={{ closable: false }} footer={[<Button key="save" onClick={save}>{t("download")}</Button>, <Button key="done" type="primary" onClick={onClose}>{t("done")}</Button>]}>
      <p>{t("codesText")}</p>
      <ul className="i-codes">
        {codes.map((c) => (
          <li key={c}>{c}</li>
        ))}
      </ul>
    </Modal>
  );
}
