import { Form, Input, InputNumber, Modal } from "antd";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { t } from "./i18n";
import type { Settings } from "./types";

type Shown = Omit<Settings, "ladder"> & { ladder: string };

const NUMBERS = ["sleep_days", "sleep_days_store", "unseen_posts", "unseen_percent", "ask_days", "ask_views", "cliff_percent", "amber", "green"] as const;

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
    <Modal open title={t("settings")} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancelWord")} confirmLoading={save.isPending}>
      <Form form={form} layout="vertical" initialValues={{ ...settings, ladder: settings.ladder.join(", ") }} onFinish={submit}>
        {NUMBERS.map((k) => (
          <Form.Item key={k} name={k} label={t(k)} rules={[{ required: true }]}>
            <InputNumber style={{ width: "100%" }} min={0} precision={0} />
          </Form.Item>
        ))}
        <Form.Item name="ladder" label={t("ladder")} rules={[{ required: true, pattern: /^\s*\d+(\s*[,，]\s*\d+)*\s*$/, message: t("err.ladder") }]}>
          <Input />
        </Form.Item>
      </Form>
    </Modal>
  );
}
