import { Alert, Checkbox, Form, Input, Modal, Select } from "antd";
import { useState, type ReactNode } from "react";
import { asProblem, useGet, useSend } from "@/api";
import { options, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { MemberSelect, PrivateSelect } from "./parts";
import { API, STATUSES, type Account, type ConsentText } from "./types";

/** What every dialog about one account gets. */
export interface DialogProps {
  account: Account;
  onClose: () => void;
}

const DROPS = [`${API}/`];

/** A dialog with one form; the server's field faults stand at their fields. */
function Ask<V extends object>(p: {
  title: string;
  hint?: ReactNode;
  danger?: boolean;
  initial?: Partial<V>;
  width?: number;
  onClose: () => void;
  /** Sends the form; false keeps the dialog open. */
  send: (values: V) => Promise<unknown>;
  children: ReactNode;
}) {
  const [form] = Form.useForm<V>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const submit = async (values: V) => {
    setBusy(true);
    try {
      if ((await p.send(values)) !== false) p.onClose();
    } catch (err) {
      const problem = asProblem(err);
      const fields = problem.fields.map((f) => ({ name: f.location.replace(/^body\./, "").split("."), errors: [f.message] }));
      if (fields.length) form.setFields(fields as Parameters<typeof form.setFields>[0]);
      else toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={p.title}
      width={p.width ?? 520}
      onCancel={p.onClose}
      onOk={() => form.submit()}
      okText={t("confirm")}
      cancelText={t("cancel")}
      okButtonProps={{ danger: p.danger }}
      confirmLoading={busy}
      destroyOnHidden
    >
      {p.hint && <p className="k-muted">{p.hint}</p>}
      <Form<V> form={form} layout="vertical" initialValues={p.initial} onFinish={(v) => void submit(v)} requiredMark={false}>
        {p.children}
      </Form>
    </Modal>
  );
}

const need = () => [{ required: true, message: t("required") }];

/** Changes the status with its cause. */
export function StatusDialog({ account: a, onClose }: DialogProps) {
  const send = useSend<Account, { status: string; cause: string }>("POST", `${API}/accounts/${a.id}/status`, DROPS);
  const toast = useToast();
  return (
    <Ask<{ status: string; cause: string }>
      title={t("statusTitle", { handle: a.handle })}
      hint={t("statusHint")}
      onClose={onClose}
      send={async (body) => {
        await send.mutateAsync({ body });
        toast.done(t("statusSaved", { handle: a.handle, status: t.slug("status", body.status) }));
      }}
    >
      <Form.Item name="status" label={t("newStatus")} rules={need()}>
        <Select options={options(STATUSES.filter((s) => s !== a.status && s !== "handed_over"), (s) => t.slug("status", s))} />
      </Form.Item>
      <Form.Item name="cause" label={t("why")}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </Ask>
  );
}

interface HandoverForm {
  to_member: string;
  unit?: string;
  reason: string;
  checklist: Record<string, { done?: boolean; note?: string }>;
}

/** Hands a company account to the next member. */
export function HandoverDialog({ account: a, onClose }: DialogProps) {
  const words = useGet<ConsentText>(`${API}/consent-text`, undefined, { stale: 3_600_000 });
  const send = useSend<Account>("POST", `${API}/accounts/${a.id}/handover`, DROPS);
  const toast = useToast();
  return (
    <Ask<HandoverForm>
      title={t("handoverTitle", { handle: a.handle })}
      hint={t("handoverHint")}
      width={620}
      onClose={onClose}
      send={async (v) => {
        const steps = words.data?.steps ?? [];
        const got = await send.mutateAsync({
          body: { ...v, checklist: steps.map((key) => ({ key, done: !!v.checklist?.[key]?.done, note: v.checklist?.[key]?.note ?? "" })) },
        });
        toast.done(t("handedOver", { handle: a.handle, member: got.member?.name ?? "" }));
      }}
    >
      <Form.Item name="to_member" label={t("toMember")} rules={need()}>
        <MemberSelect />
      </Form.Item>
      <Form.Item name="unit" label={t("toUnit")}>
        <UnitSelect allowClear placeholder={a.unit.path || a.unit.name} />
      </Form.Item>
      <Form.Item name="reason" label={t("why")} rules={need()}>
        <Input maxLength={500} />
      </Form.Item>
      <h3 className="k-h3">{t("checklist")}</h3>
      {(words.data?.steps ?? []).map((key) => (
        <Step key={key} name={key} />
      ))}
    </Ask>
  );
}

/** One step: ticked, or the reason why it is not needed. */
function Step({ name }: { name: string }) {
  const done = Form.useWatch(["checklist", name, "done"]) as boolean | undefined;
  return (
    <div style={{ display: "flex", gap: 12, alignItems: "start", minHeight: 40 }}>
      <Form.Item name={["checklist", name, "done"]} valuePropName="checked" noStyle>
        <Checkbox style={{ minWidth: 240, paddingTop: 4 }}>{t.slug("step", name)}</Checkbox>
      </Form.Item>
      {!done && (
        <Form.Item name={["checklist", name, "note"]} style={{ flex: 1, marginBottom: 8 }}>
          <Input size="small" maxLength={200} placeholder={t("notNeeded")} aria-label={`${t.slug("step", name)} · ${t("notNeeded")}`} />
        </Form.Item>
      )}
    </div>
  );
}

/** Ends what a person allowed for a personal account. */
export function EndDialog({ account: a, onClose }: DialogProps) {
  const send = useSend<Account, { reason: string }>("POST", `${API}/accounts/${a.id}/end`, DROPS);
  const toast = useToast();
  return (
    <Ask<{ reason: string }>
      title={t("endTitle", { handle: a.handle })}
      hint={t("endHint")}
      danger
      onClose={onClose}
      send={async (body) => {
        await send.mutateAsync({ body });
        toast.done(t("ended", { handle: a.handle }));
      }}
    >
      <Form.Item name="reason" label={t("why")} rules={need()}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </Ask>
  );
}

/** Records how far the staff certification has come. */
export function CertifyDialog({ account: a, onClose }: DialogProps) {
  const send = useSend<Account>("POST", `${API}/accounts/${a.id}/certification`, DROPS);
  const toast = useToast();
  return (
    <Ask<{ state: string; until?: string; note?: string }>
      title={t("certTitle", { handle: a.handle })}
      hint={t.slug("certKind", a.cert_kind)}
      initial={{ state: a.certification?.state === "certified" ? "certified" : "pending", until: a.certification?.until ?? undefined }}
      onClose={onClose}
      send={async (v) => {
        await send.mutateAsync({ body: { state: v.state, until: v.until || null, note: v.note ?? "" } });
        toast.done(t("certified", { handle: a.handle }));
      }}
    >
      <Form.Item name="state" label={t("status")} rules={need()}>
        <Select options={options(["pending", "certified", "expired", "revoked", "none"], (s) => t.slug("cert", s))} />
      </Form.Item>
      <Form.Item name="until" label={t("certUntil")}>
        <Input type="date" style={{ width: 180 }} />
      </Form.Item>
      <Form.Item name="note" label={t("note")}>
        <Input maxLength={500} />
      </Form.Item>
    </Ask>
  );
}

/** Says which private account receives for a public one. */
export function PairDialog({ account: a, onClose }: DialogProps) {
  const send = useSend<Account, { private_id: string | null }>("POST", `${API}/accounts/${a.id}/pair`, DROPS);
  const toast = useToast();
  return (
    <Ask<{ private_id: string }>
      title={t("pairTitle", { handle: a.handle })}
      hint={t("pairHint")}
      onClose={onClose}
      send={async (body) => {
        const got = await send.mutateAsync({ body });
        toast.done(t("pairedToast", { handle: a.handle, private: got.paired?.name ?? "" }));
      }}
    >
      <Form.Item name="private_id" label={t("privateAccount")} rules={need()}>
        <PrivateSelect />
      </Form.Item>
    </Ask>
  );
}

interface ConsentForm {
  purposes: string[];
  via: string;
  proof?: string;
}

/** Puts the owner's consent on record; shows the text it refers to. */
export function ConsentDialog({ account: a, onClose }: DialogProps) {
  const words = useGet<ConsentText>(`${API}/consent-text`, undefined, { stale: 3_600_000 });
  const send = useSend("POST", `${API}/accounts/${a.id}/consents`, DROPS);
  const toast = useToast();
  const member = a.member?.name ?? t("nobody");
  return (
    <Ask<ConsentForm>
      title={t("consentTitle", { member })}
      width={640}
      initial={{ via: "paper", purposes: ["figures", "tasks"] }}
      onClose={onClose}
      send={async (body) => {
        await send.mutateAsync({ body });
        toast.done(t("consented", { member }));
      }}
    >
      {words.data && (
        <Alert
          type="info"
          style={{ marginBottom: 16 }}
          title={t("consentText", { version: words.data.version })}
          description={<div style={{ whiteSpace: "pre-wrap", maxHeight: 180, overflow: "auto" }} tabIndex={0} role="region" aria-label={t("consentText", { version: words.data.version })}>{words.data.text}</div>}
        />
      )}
      <Form.Item name="purposes" label={t("purposes")} rules={need()}>
        <Checkbox.Group options={options(words.data?.purposes ?? [], (s) => t.slug("purpose", s))} />
      </Form.Item>
      <Form.Item name="via" label={t("via")} rules={need()}>
        <Select options={options(["paper", "phone", "message"], (s) => t.slug("via", s))} style={{ maxWidth: 220 }} />
      </Form.Item>
      <Form.Item name="proof" label={t("proof")}>
        <Input maxLength={500} />
      </Form.Item>
    </Ask>
  );
}

export { Ask, need };
