import { Alert, Button, Form, Input, Result, Skeleton } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, request } from "@/api";
import { roleName } from "@/ui";
import { Door } from "./Door";
import { NewPassword, showFaults } from "./fields";
import { t } from "./i18n";

interface Offer {
  brand: string;
  name: string;
  role: string;
  unit: string;
  reset: boolean;
  login: string;
}

interface Values {
  login?: string;
  name?: string;
  password: string;
  code?: string;
}

/** Accepting an invitation. The secret stands behind "#", so that no server's log of addresses holds it. */
export default function Invite() {
  const [form] = Form.useForm<Values>();
  const secret = location.hash.slice(1);
  const offer = useQuery({
    queryKey: ["invitation", secret],
    queryFn: () => request<Offer>("POST", "/api/v1/identity/invitations/show", { body: { secret } }),
    enabled: secret !== "",
    retry: false,
  });
  const [coded, setCoded] = useState(false);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (v: Values) => {
    setBusy(true);
    setFault("");
    try {
      await request("POST", "/api/v1/identity/invitations/accept", { body: { secret, login: (v.login ?? "").trim(), name: (v.name ?? "").trim(), password: v.password, ...(coded && { code: v.code?.trim() }) } });
      location.assign("/");
    } catch (err) {
      if (asProblem(err).slug === "identity.totp_needed") setCoded(true);
      else setFault(showFaults(form, err, ["login", "name", "password"]));
      setBusy(false);
    }
  };
  if (!secret || offer.isError) {
    return (
      <div className="i-door">
        <Result status="warning" title={t("inviteOver")} subTitle={t("inviteOverText")} extra={<Button href="/login">{t("toLogin")}</Button>} />
      </div>
    );
  }
  if (!offer.data) return <Skeleton active style={{ padding: 48 }} />;
  const o = offer.data;
  if (o.reset) {
    return (
      <Door title={t("resetTitle")} lead={t("resetLead", { brand: o.brand, login: o.login })}>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)}>
          <NewPassword label={t("freshPassword")} />
          {fault && <Alert type="error" showIcon title={fault} style={{ marginBottom: 16 }} />}
          <Button type="primary" htmlType="submit" size="large" block loading={busy} style={{ marginBottom: 12 }}>
            {t("resetDone")}
          </Button>
        </Form>
      </Door>
    );
  }
  return (
    <Door title={t("inviteTitle", { brand: o.brand })} lead={t("inviteLead", { role: roleName(o.role), unit: o.unit || t("wholeBrand") })}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)} initialValues={{ name: o.name }}>
        <Form.Item name="name" label={t("yourName")} rules={[{ required: true, whitespace: true }]}>
          <Input size="large" maxLength={60} autoComplete="name" />
        </Form.Item>
        <Form.Item name="login" label={t("login")} rules={[{ required: true }]}>
          <Input size="large" autoComplete="username" autoCapitalize="none" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("password")} extra={`${t("passwordHelp")} ${t("inviteKnown")}`} rules={[{ required: true }]}>
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        {coded && (
          <Form.Item name="code" label={t("code")} extra={t("codeHelp")} rules={[{ required: true }]}>
            <Input size="large" autoComplete="one-time-code" autoFocus />
          </Form.Item>
        )}
        {fault && <Alert type="error" showIcon title={fault} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" size="large" block loading={busy} style={{ marginBottom: 12 }}>
          {t("accept")}
        </Button>
      </Form>
    </Door>
  );
}
