import { Button, Form, InputNumber } from "antd";
import { asProblem, useGet, useSend } from "@/api";
import { comma } from "@/i18n/format";
import { ErrorState, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { API, type Settings } from "./types";
import "./hit.css";

const FIELDS = ["own_z", "league_z", "own_posts", "league_posts", "window_days", "least_views", "least_interactions", "least_saves"] as const;

/** When a post is a hit. */
export default function SettingsPage() {
  const got = useGet<Settings>(`${API}/settings`);
  const toast = useToast();
  const [form] = Form.useForm<Settings>();
  const save = useSend("PUT", `${API}/settings`, [`${API}/`]);
  const s = got.data;
  if (!s) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const ok = (v: Settings) =>
    save.mutate(
      { body: Object.fromEntries(FIELDS.map((f) => [f, v[f]])) },
      {
        onSuccess: () => toast.done(t("settingsSaved")),
        onError: (err) => {
          const p = asProblem(err);
          const faults = FIELDS.flatMap((name) => (p.fault(name) ? [{ name, errors: [p.fault(name) as string] }] : []));
          if (faults.length) form.setFields(faults);
          else toast.failed(err);
        },
      },
    );
  return (
    <Page back="/content/hits" title={t("settings")} lead={t("settingsLead", { marks: s.marks.join(comma()) })}>
      <Section>
        <Form form={form} layout="vertical" initialValues={s} disabled={!s.may_edit} onFinish={ok} requiredMark={false} className="ht-settings">
          {FIELDS.map((f) => (
            <Form.Item key={f} name={f} label={t(`set.${f}`)} extra={t(`setHint.${f}`)} rules={[{ required: true, message: t("required") }]}>
              <InputNumber step={f.endsWith("_z") ? 0.1 : 1} precision={f.endsWith("_z") ? 1 : 0} />
            </Form.Item>
          ))}
          {s.may_edit && (
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t("saveSettings")}
            </Button>
          )}
        </Form>
      </Section>
    </Page>
  );
}
