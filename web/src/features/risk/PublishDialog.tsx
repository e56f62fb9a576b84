import { Form, Input, Modal } from "antd";
import { useNavigate } from "react-router";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { Changes } from "./Changes";
import { t } from "./i18n";
import type { Draft } from "./types";

/** Shows what a new version changes, asks why, and publishes it. */
export function PublishDialog({ draft: d, onClose }: { draft: Draft; onClose: () => void }) {
  const [form] = Form.useForm<{ why: string }>();
  const toast = useToast();
  const navigate = useNavigate();
  const send = useSend<{ number: number }>("POST", "/api/v1/risk/versions", ["/api/v1/risk/"]);
  const publish = ({ why }: { why: string }) =>
    send.mutate(
      { body: { why: why.trim(), rev: d.rev } },
      {
        onSuccess: (r) => {
          toast.done(t("published", { n: r.number }));
          onClose();
          void navigate("/content/risk/runs");
        },
        onError: toast.failed,
      },
    );
  return (
    <Modal open width={720} title={t("publishTitle", { n: d.head + 1 })} okText={t("publish")} cancelText={t("cancel")} confirmLoading={send.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <p>{t("publishText")}</p>
      <div style={{ maxHeight: "40vh", overflow: "auto" }} tabIndex={0} role="region" aria-label={t("publish")}>
        <Changes list={d.changes} total={d.added + d.changed + d.removed} />
      </div>
      <Form form={form} layout="vertical" onFinish={publish} requiredMark={false} style={{ marginTop: 16 }}>
        <Form.Item name="why" label={t("why")} rules={[{ required: true, whitespace: true }]}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("whyHint")} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
