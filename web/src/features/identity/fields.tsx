import { Form, Input, type FormInstance } from "antd";
import { asProblem } from "@/api";
import { t } from "./i18n";

/** A new password, typed twice. */
export function NewPassword({ name = "password", label }: { name?: string; label?: string }) {
  return (
    <>
      <Form.Item name={name} label={label ?? t("newPassword")} extra={t("passwordHelp")} rules={[{ required: true }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("again")}
        dependencies={[name]}
        rules={[
          { required: true },
          (form) => ({
            validator: (_, value) => (!value || value === form.getFieldValue(name) ? Promise.resolve() : Promise.reject(new Error(t("differs")))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}

/** Puts the server's faults beside their fields; gives what belongs to none. */
export function showFaults(form: FormInstance, err: unknown, names: string[]): string {
  const p = asProblem(err);
  const own = names.filter((n) => p.fault(n));
  form.setFields(own.map((name) => ({ name, errors: [p.fault(name) ?? ""] })));
  return own.length ? "" : p.message;
}
