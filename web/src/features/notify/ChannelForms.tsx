import { Button, Form, Input, InputNumber, Select, Skeleton, Switch, type FormInstance } from "antd";
import { useGet, useSend, type Problem } from "@/api";
import { ErrorState, Section, useToast } from "@/ui";
import { t } from "./i18n";
import "./notify.css";
import { TestBar } from "./TestBar";
import { API, timesWith, type Quiet, type Settings } from "./types";

const PATH = `${API}/settings`;

/** Puts the server's faults at their fields; what has none is told at the edge. */
function faults(form: FormInstance, p: Problem, names: string[], failed: (p: Problem) => void) {
  const list = names.flatMap((name) => {
    const text = p.fault(name);
    return text ? [{ name, errors: [text] }] : [];
  });
  if (list.length) form.setFields(list);
  else failed(p);
}

/** Address, quiet hours, digest; the mail server; the SMS hook. */
export default function ChannelForms() {
  const got = useGet<Settings>(PATH);
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!got.data) return <Skeleton active paragraph={{ rows: 12 }} />;
  return (
    <>
      <General s={got.data} />
      <MailForm s={got.data} />
      <SMSForm s={got.data} />
    </>
  );
}

interface GeneralFields {
  address: string;
  from: string;
  to: string;
  digest_at: string;
  digest_day: number;
  reminders: number;
}

function General({ s }: { s: Settings }) {
  const [form] = Form.useForm<GeneralFields>();
  const toast = useToast();
  const save = useSend("PUT", PATH, [API]);
  const times = timesWith(s.quiet.from, s.quiet.to, s.digest_at);
  const submit = ({ from, to, ...v }: GeneralFields) => {
    const quiet: Quiet = { from, to };
    save.mutate(
      { body: { ...v, quiet } },
      { onSuccess: () => toast.done(t("saved")), onError: (p) => faults(form, p, ["address", "from", "to", "digest_at", "digest_day", "reminders"], toast.failed) },
    );
  };
  return (
    <Section title={t("general")}>
      <Form name="general" className="n-form" form={form} layout="vertical" requiredMark={false} initialValues={{ ...s, from: s.quiet.from, to: s.quiet.to }} onFinish={submit}>
        <Form.Item name="address" label={t("address")} extra={t("addressHelp")}>
          <Input placeholder="https://" maxLength={300} inputMode="url" />
        </Form.Item>
        <div className="n-pair">
          <Form.Item label={t("brandQuiet")}>
            <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
              <Form.Item name="from" noStyle>
                <Select aria-label={`${t("brandQuiet")} ${t("from")}`} options={times} style={{ width: 96 }} />
              </Form.Item>
              –
              <Form.Item name="to" noStyle>
                <Select aria-label={`${t("brandQuiet")} ${t("to")}`} options={times} style={{ width: 96 }} />
              </Form.Item>
            </div>
          </Form.Item>
          <Form.Item name="reminders" label={t("reminders")}>
            <InputNumber min={1} max={20} precision={0} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="digest_at" label={t("digestAt")}>
            <Select options={times} />
          </Form.Item>
          <Form.Item name="digest_day" label={t("digestDay")}>
            <Select options={([1, 2, 3, 4, 5, 6, 0] as const).map((value) => ({ value, label: t(`day.${value}`) }))} />
          </Form.Item>
        </div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("save")}
        </Button>
      </Form>
    </Section>
  );
}

type MailFields = Omit<Settings["mail"], "password_set"> & { password?: string };

function MailForm({ s }: { s: Settings }) {
  const [form] = Form.useForm<MailFields>();
  const toast = useToast();
  const save = useSend("PUT", `${PATH}/mail`, [API]);
  const submit = (v: MailFields) =>
    save.mutate(
      { body: v },
      {
        onSuccess: () => {
          toast.done(t("saved"));
          form.setFieldValue("password", "");
        },
        onError: (p) => faults(form, p, ["host", "port", "security", "from"], toast.failed),
      },
    );
  const secure = Form.useWatch("security", form);
  return (
    <Section title={t("mailTitle")}>
      <p className="k-muted">{t("mailText")}</p>
      <Form name="mail" className="n-form" form={form} layout="vertical" requiredMark={false} initialValues={s.mail} onFinish={submit}>
        <div className="n-pair">
          <Form.Item name="host" label={t("host")} rules={[{ required: true }]}>
            <Input placeholder="smtp.example.com" maxLength={200} />
          </Form.Item>
          <Form.Item name="security" label={t("security")}>
            <Select
              options={(["tls", "starttls", "none"] as const).map((value) => ({ value, label: t(`security.${value}`) }))}
              onChange={(v) => form.setFieldValue("port", v === "tls" ? 465 : v === "starttls" ? 587 : 25)}
            />
          </Form.Item>
          <Form.Item name="port" label={t("port")} rules={[{ required: true }]}>
            <InputNumber min={1} max={65535} precision={0} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="user" label={t("user")}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          {secure !== "none" && (
            <Form.Item name="password" label={t("password")}>
              <Input.Password maxLength={500} autoComplete="new-password" placeholder={s.mail.password_set ? t("kept") : ""} />
            </Form.Item>
          )}
          <Form.Item name="from" label={t("fromAddress")} rules={[{ required: true }]}>
            <Input maxLength={200} inputMode="email" />
          </Form.Item>
          <Form.Item name="from_name" label={t("fromName")}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="on" label={t("on")} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("save")}
        </Button>
      </Form>
      <TestBar path={`${PATH}/mail/test`} field="to" label={t("testMailTo")} disabled={!s.mail.host} />
    </Section>
  );
}

function SMSForm({ s }: { s: Settings }) {
  const [form] = Form.useForm<{ on: boolean; url?: string; secret?: string }>();
  const toast = useToast();
  const save = useSend("PUT", `${PATH}/sms`, [API]);
  return (
    <Section title={t("smsTitle")}>
      <p className="k-muted">{t("smsText")}</p>
      <Form
        name="sms"
        className="n-form"
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ on: s.sms.on }}
        onFinish={(body) =>
          save.mutate(
            { body },
            {
              onSuccess: () => {
                toast.done(t("saved"));
                form.setFieldsValue({ url: "", secret: "" });
              },
              onError: (p) => faults(form, p, ["url", "secret"], toast.failed),
            },
          )
        }
      >
        <Form.Item name="url" label={t("url")}>
          <Input placeholder={s.sms.host ? t("urlKept", { host: s.sms.host }) : "https://"} maxLength={1000} autoComplete="off" />
        </Form.Item>
        <Form.Item name="secret" label={t("secret")}>
          <Input.Password maxLength={200} autoComplete="new-password" placeholder={s.sms.secret_set ? t("kept") : ""} />
        </Form.Item>
        <Form.Item name="on" label={t("on")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("save")}
        </Button>
      </Form>
      <TestBar path={`${PATH}/sms/test`} field="phone" label={t("testPhone")} disabled={!s.sms.host} />
    </Section>
  );
}
