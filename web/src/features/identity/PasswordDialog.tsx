import { Alert, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { NewPassword, showFaults } from "./fields";
import { t } from "./i18n";

interface Values {
  password: string;
  new_password: string;
}

/** Changes the password; other devices are signed out. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const [fault, setFault] = useState("");
  const toast = useToast();
  const change = useSend<void, Values>("POST", "/api/v1/identity/password", ["/api/v1/identity/security", "/api/v1/identity/sessions"]);
  const submit = ({ password, new_password }: Values) => {
    setFault("");
    change.mutate(
      { body: { password, new_password } },
      { onSuccess: () => { toast.done(t("changedPassword")); onClose(); }, onError: (err) => setFault(showFaults(form, err, ["password", "new_password"])) },
    );
  };
  return (
    <Modal open title={t("changePassword")} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancel")} confirmLoading={change.isPending}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit}>
        <Form.Item name="password" label={t("present")} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <NewPassword name="new_password" label={t("freshPassword")} />
        {fault && <Alert type="error" showIcon title={fault} />}
      </Form>
    </Modal>
  );
}
