import { Form, Input, InputNumber, Modal } from "antd";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { t } from "./i18n";
import type { Settings } from "./types";
import "./health.css";

type Shown = Omit<Settings, "ladder"> & { ladder: string };

/** What is asked, in the order it is shown: heading, numbers. */
const GROUPS = [
  ["groupSleep", ["sleep_days", "sleep_days_store"]],
  ["groupReach", ["unseen_posts", "unseen_percent"]],
  ["groupAsk", ["ask_days", "ask_views", "reply_inquiries", "reply_percent", "convert_inquiries", "convert_percent"]],
  ["groupAlarm", ["cliff_percent", "deleted_posts", "deleted_percent", "fallen_posts"]],
  ["groupLights", ["amber", "green"]],
] as const;

/** The brand's thresholds. */
export function SettingsDialog({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const [form] = Form.useForm<Shown>();
  const toast = useToast();
  const save = useSend<unknown, Settings>("PUT", "/api/v1/health/settings", ["/api/v1/health/"]);
  const submit = (v: Shown) => {
    const body = { ...v, ladder: v.ladder.split(/[,，\s]+/).filter(Boolean).map(Number) };
    save.mutate(
      { body },
      {
        onSuccess: () => {
          toast.done(t("settingsSaved"));
          onClose();
        },
        onError: toast.failed,
      },
    );
  };
  return (
    <Modal open width={720} title={t("settings")} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancelWord")} confirmLoading={save.isPending}>
      <Form form={form} layout="vertical" initialValues={{ ...settings, ladder: settings.ladder.join(", ") }} onFinish={submit}>
        {GROUPS.map(([title, keys]) => (
          <fieldset key={title} className="h-group">
            <legend>{t(title)}</legend>
            {keys.map((k) => (
              <Form.Item key={k} name={k} label={t(k)} rules={[{ required: true }]}>
                <InputNumber style={{ width: "100%" }} min={0} precision={0} />
              </Form.Item>
            ))}
          </fieldset>
        ))}
        <Form.Item name="ladder" label={t("ladder")} rules={[{ required: true, pattern: /^\s*\d+(\s*[,，]\s*\d+)*\s*$/, message: t("err.ladder") }]}>
          <Input />
        </Form.Item>
      </Form>
    </Modal>
  );
}
