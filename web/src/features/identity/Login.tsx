import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { asProblem, request } from "@/api";
import { Door } from "./Door";
import { t } from "./i18n";

interface Values {
  login: string;
  password: string;
  code?: string;
}

/** Where to go after signing in: an own path only, never another site. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return next.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : "/";
}

/** Signing in: name and password, then the one-time code when the person uses one. */
export default function Login() {
  const [form] = Form.useForm<Values>();
  const [coded, setCoded] = useState(false);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (v: Values) => {
    setBusy(true);
    setFault("");
    try {
      await request("POST", "/api/v1/identity/login", { body: { login: v.login.trim(), password: v.password, ...(coded && { code: v.code?.trim() }) } });
      location.assign(nextPath(location.search)); // a fresh start: nothing of an earlier person stays in memory
    } catch (err) {
      const p = asProblem(err);
      if (p.slug === "identity.totp_needed") setCoded(true);
      else setFault(p.message);
      setBusy(false);
    }
  };
  const restart = () => {
    setCoded(false);
    setFault("");
    form.resetFields();
  };
  return (
    <Door title={coded ? t("codeTitle") : t("loginTitle")} lead={coded ? t("codeHelp") : t("loginLead")}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)}>
        <div hidden={coded}>
          <Form.Item name="login" label={t("login")} rules={[{ required: true }]}>
            <Input size="large" autoComplete="username" autoFocus autoCapitalize="none" />
          </Form.Item>
          <Form.Item name="password" label={t("password")} rules={[{ required: true }]}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
        </div>
        {coded && (
          <Form.Item name="code" label={t("code")} rules={[{ required: true }]}>
            <Input size="large" autoComplete="one-time-code" inputMode="text" autoFocus />
          </Form.Item>
        )}
        {fault && <Alert type="error" showIcon title={fault} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t("signIn")}
        </Button>
      </Form>
      <p className="k-muted" style={{ marginTop: 16, marginBottom: 8 }}>
        {coded ? <Button type="link" style={{ padding: 0 }} onClick={restart}>{t("backToLogin")}</Button> : t("forgot")}
      </p>
    </Door>
  );
}
