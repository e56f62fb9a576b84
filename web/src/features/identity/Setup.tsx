import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import { request, useGet } from "@/api";
import { Door } from "./Door";
import { NewPassword, showFaults } from "./fields";
import { t } from "./i18n";

interface Values {
  brand_name: string;
  slug: string;
  name: string;
  login: string;
  password: string;
  code?: string;
}

/** First run: the brand and its administrator. */
export default function Setup() {
  const [form] = Form.useForm<Values>();
  const state = useGet<{ needed: boolean; code_needed: boolean }>("/api/v1/identity/setup", undefined, { stale: 0 });
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async ({ brand_name, slug, name, login, password, code }: Values) => {
    setBusy(true);
    setFault("");
    try {
      await request("POST", "/api/v1/identity/setup", { body: { brand_name, slug, name, login, password, code } });
      location.assign("/");
    } catch (err) {
      setFault(showFaults(form, err, ["brand_name", "slug", "name", "login", "password", "code"]));
      setBusy(false);
    }
  };
  if (state.data && !state.data.needed) {
    return (
      <Door title={t("setupTitle")} lead={t("setupDone")}>
        <Button type="primary" size="large" block href="/login" style={{ marginBottom: 12 }}>
          {t("toLogin")}
        </Button>
      </Door>
    );
  }
  return (
    <Door title={t("setupTitle")} lead={t("setupLead")}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)} initialValues={{ slug: "brand" }}>
        <Form.Item name="brand_name" label={t("brandName")} rules={[{ required: true, whitespace: true }]}>
          <Input autoFocus maxLength={60} placeholder={t("brandNameHint")} />
        </Form.Item>
        <Form.Item name="slug" label={t("slug")} extra={t("slugHelp")} rules={[{ required: true }]}>
          <Input maxLength={40} autoCapitalize="none" />
        </Form.Item>
        <Form.Item name="name" label={t("adminName")} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={60} autoComplete="name" />
        </Form.Item>
        <Form.Item name="login" label={t("adminLogin")} rules={[{ required: true }]}>
          <Input autoComplete="username" autoCapitalize="none" />
        </Form.Item>
        <NewPassword />
        {state.data?.code_needed && (
          <Form.Item name="code" label={t("setupCode")} extra={t("setupCodeHelp")} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={40} autoComplete="off" autoCapitalize="none" spellCheck={false} />
          </Form.Item>
        )}
        {fault && <Alert type="error" showIcon title={fault} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" size="large" block loading={busy} style={{ marginBottom: 12 }}>
          {t("start")}
        </Button>
      </Form>
    </Door>
  );
}
