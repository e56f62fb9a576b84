import { Alert, Button, Form, Input, Switch } from "antd";
import { useState } from "react";
import { asProblem, request, useGet, useRefresh } from "@/api";
import { fullNumber } from "@/i18n/format";
import { ErrorState, Page, Section, StatusTag, useToast } from "@/ui";
import { t } from "./i18n";
import { API, type Endpoint, type Trial } from "../types";
import "../library.css";

interface Values {
  enabled: boolean;
  url: string;
  model: string;
  instruction: string;
  key: string;
}

/** The endpoint that may say personal texts in other words: off until the brand chooses one. */
export default function SettingsPage() {
  const got = useGet<Endpoint>(`${API}/settings`, undefined, { stale: 0 });
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  return <Settings key={JSON.stringify(got.data)} set={got.data} />;
}

function Settings({ set }: { set: Endpoint }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState<"save" | "try">();
  const [trial, setTrial] = useState<Trial>();
  const [forget, setForget] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  // null keeps the key that is there, "" removes it.
  const body = (v: Values) => ({ enabled: v.enabled, url: v.url.trim(), model: v.model.trim(), instruction: v.instruction ?? "", key: v.key || (forget ? "" : null) });
  const send = async (what: "save" | "try") => {
    setBusy(what);
    setTrial(undefined);
    const v = form.getFieldsValue(true) as Values;
    try {
      if (what === "try") setTrial(await request<Trial>("POST", `${API}/settings/try`, { body: body(v) }));
      else {
        await request("PUT", `${API}/settings`, { body: body(v) });
        refresh(`${API}/settings`);
        toast.done(t("endpointSaved"));
      }
    } catch (err) {
      const fields = asProblem(err).fields.map((f) => ({ name: f.location.replace(/^body\./, "") as keyof Values, errors: [f.message] }));
      if (fields.length) form.setFields(fields);
      else toast.failed(err);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <Page
      back="/content/library"
      title={t("endpointTitle")}
      lead={t(set.enabled ? "endpointOn" : "endpointOff", { model: set.model })}
      actions={
        <>
          <Button loading={busy === "try"} disabled={busy === "save"} onClick={() => void send("try")}>
            {t("endpointTry")}
          </Button>
          <Button type="primary" loading={busy === "save"} disabled={busy === "try"} onClick={() => void send("save")}>
            {t("save")}
          </Button>
        </>
      }
    >
      <div className="l-two">
        <Section title={t("endpoint")}>
          <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={{ ...set, key: "" }} autoComplete="off">
            <Form.Item name="enabled" label={t("endpointUse")} extra={t("endpointUseHint")} valuePropName="checked">
              <Switch aria-label={t("endpointUse")} />
            </Form.Item>
            <Form.Item name="url" label={t("endpointUrl")} extra={t("endpointUrlHint")}>
              <Input placeholder="https://api.example.com/v1" maxLength={500} />
            </Form.Item>
            <Form.Item name="model" label={t("endpointModel")}>
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="key" label={<>{t("endpointKey")}&nbsp;{set.has_key && !forget && <StatusTag tone="good">{t("endpointKept")}</StatusTag>}</>} extra={t("endpointKeyHint")}>
              <Input.Password visibilityToggle={false} autoComplete="new-password" maxLength={500} placeholder={set.has_key && !forget ? t("endpointKeyStays") : t("endpointKeyNone")} />
            </Form.Item>
            {set.has_key && (
              <p>
                <Button size="small" type="link" danger={!forget} style={{ paddingInline: 0 }} onClick={() => setForget(!forget)}>
                  {t(forget ? "endpointKeepKey" : "endpointForget")}
                </Button>
                {forget && <span className="k-muted"> {t("endpointForgetHint")}</span>}
              </p>
            )}
            <Form.Item name="instruction" label={t("endpointSay")} extra={t("endpointSayHint")}>
              <Input.TextArea rows={4} maxLength={2000} />
            </Form.Item>
          </Form>
        </Section>
        <div>
          <Section title={t("endpointTrial")}>{trial ? <TrialBox trial={trial} /> : <p className="k-muted">{t("endpointTrialNone")}</p>}</Section>
          <Section title={t("endpointRules")}>
            <ul>
              <li>{t("endpointRule1")}</li>
              <li>{t("endpointRule2")}</li>
              <li>{t("endpointRule3")}</li>
              <li>{t("endpointRule4")}</li>
            </ul>
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** How a trial went: in words, with what was sent and what came back. */
function TrialBox({ trial: x }: { trial: Trial }) {
  return (
    <>
      <Alert type={x.ok ? "success" : "error"} showIcon title={x.says} style={{ marginBottom: 12 }} />
      <h3>{t("endpointSent")}</h3>
      <p className="l-words">{[x.sent.title, x.sent.body].join("\n")}</p>
      {x.got.body && (
        <>
          <h3>{t("endpointGot")}</h3>
          <p className="l-words">{[x.got.title, x.got.body].filter(Boolean).join("\n")}</p>
        </>
      )}
      <p className="k-muted">{t("endpointTook", { ms: fullNumber(x.took_ms) })}</p>
    </>
  );
}
