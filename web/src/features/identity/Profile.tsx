import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { chooseLang, useMe } from "@/app/session";
import { lang } from "@/i18n";
import { dayText } from "@/i18n/format";
import { DataTable, Page, RelTime, Section, StatusTag, useToast, type Column } from "@/ui";
import "./door.css";
import { t } from "./i18n";
import { PasswordDialog } from "./PasswordDialog";
import { TwoStep } from "./TwoStep";
import type { Security, Session } from "./types";

/** My name, language, password, two-step sign-in and devices. */
export default function Profile() {
  const me = useMe();
  const security = useGet<Security>("/api/v1/identity/security");
  const [changing, setChanging] = useState(false);
  return (
    <Page title={t("profileTitle")} lead={t("profileLead", { login: security.data?.login ?? me.user.email ?? me.user.name })}>
      <Section title={t("me")}>
        <NameForm />
        <div style={{ marginTop: 16 }}>
          <div style={{ marginBottom: 8 }}>{t("screenLang")}</div>
          <Button onClick={() => void chooseLang(lang() === "zh" ? "en" : "zh")}>{t("language")}</Button>
        </div>
      </Section>
      <Section title={t("passwordTitle")}>
        <div className="i-line">
          <span className="k-muted">{security.data ? t("passwordAt", { day: dayText(security.data.password_at) }) : "—"}</span>
          <Button onClick={() => setChanging(true)}>{t("changePassword")}</Button>
        </div>
      </Section>
      {security.data && <TwoStep security={security.data} />}
      <Devices />
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </Page>
  );
}

function NameForm() {
  const me = useMe();
  const toast = useToast();
  const save = useSend<unknown, { name: string }>("PATCH", "/api/v1/identity/me", ["/api/v1/identity/me"]);
  return (
    <Form
      layout="inline"
      initialValues={{ name: me.user.name }}
      requiredMark={false}
      onFinish={(body: { name: string }) => save.mutate({ body }, { onSuccess: () => toast.done(t("nameSaved", { name: body.name })), onError: toast.failed })}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={60} autoComplete="name" style={{ width: 220 }} />
      </Form.Item>
      <Button htmlType="submit" loading={save.isPending}>{t("save")}</Button>
    </Form>
  );
}

function Devices() {
  const toast = useToast();
  const drops = ["/api/v1/identity/sessions"];
  const end = useSend("DELETE", "/api/v1/identity/sessions/{id}", drops);
  const others = useSend("DELETE", "/api/v1/identity/sessions", drops);
  const columns: Column<Session>[] = [
    { key: "device", title: t("device"), render: (s) => <>{s.device || "—"} {s.current && <StatusTag tone="good">{t("thisDevice")}</StatusTag>}</>, plain: (s) => s.device },
    { key: "address", title: t("address"), width: 180, render: (s) => s.address || "—", plain: (s) => s.address },
    { key: "seen", title: t("tokenUsed"), width: 150, render: (s) => <RelTime value={s.seen_at} />, plain: (s) => s.seen_at },
    {
      key: "act", title: "", width: 100,
      render: (s) => !s.current && (
        <Button size="small" onClick={() => end.mutate({ path: { id: s.id } }, { onSuccess: () => toast.done(t("sessionEnded")), onError: toast.failed })}>{t("endSession")}</Button>
      ),
    },
  ];
  return (
    <DataTable<Session>
      id="identity.sessions"
      path="/api/v1/identity/sessions"
      columns={columns}
      rowKey={(s) => s.id}
      extra={
        <>
          <strong>{t("devices")}</strong>
          <Button size="small" loading={others.isPending} onClick={() => others.mutate({}, { onSuccess: () => toast.done(t("othersEnded")), onError: toast.failed })}>{t("endOthers")}</Button>
        </>
      }
    />
  );
}
