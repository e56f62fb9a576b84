import { Form, Input, Modal, Select, Switch } from "antd";
import { useGet, useSend, type PageOf } from "@/api";
import { useScope } from "@/app/scope";
import { lang } from "@/i18n";
import { UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { API, VENDORS, type Kind, type Robot } from "./types";

type Fields = Omit<Robot, "id" | "hint" | "signed"> & { url?: string; secret?: string };

const HOSTS = /^https:\/\/(qyapi\.weixin\.qq\.com|open\.feishu\.cn|open\.larksuite\.com|oapi\.dingtalk\.com)\//i;

/** Adds or changes the robot of a group. */
export function RobotDialog({ robot, onClose }: { robot: Robot | null; onClose: () => void }) {
  const [form] = Form.useForm<Fields>();
  const { unit } = useScope();
  const toast = useToast();
  const kinds = useGet<PageOf<Kind>>(`${API}/kinds`);
  const add = useSend("POST", `${API}/robots`, [`${API}/robots`]);
  const edit = useSend("PUT", `${API}/robots/{id}`, [`${API}/robots`]);
  const url = Form.useWatch("url", form) ?? "";
  const own = url !== "" && !HOSTS.test(url.trim());
  const submit = (v: Fields) => {
    const done = {
      onSuccess: () => {
        toast.done(t(robot ? "robotSaved" : "robotAdded", { name: v.name }));
        onClose();
      },
      onError: (p: Parameters<typeof toast.failed>[0] & { fault: (name: string) => string | undefined }) => {
        const list = (["name", "url", "vendor", "unit_id", "kinds", "lang"] as const).flatMap((name) => {
          const text = p.fault(name === "unit_id" ? "unit" : name) ?? p.fault(name);
          return text ? [{ name, errors: [text] }] : [];
        });
        if (list.length) form.setFields(list);
        else toast.failed(p);
      },
    };
    if (robot) edit.mutate({ path: { id: robot.id }, body: v }, done);
    else add.mutate({ body: v }, done);
  };
  return (
    <Modal open title={robot ? robot.name : t("robotAdd")} okText={t("save")} cancelText={t("cancel")} confirmLoading={add.isPending || edit.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        initialValues={robot ?? { lang: lang(), quiet: true, on: true, unit_id: unit || undefined, kinds: [] }}
      >
        <Form.Item name="name" label={t("robotName")} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="url" label={t("robotURL")} extra={t("robotURLHelp")} rules={[{ required: !robot }]}>
          <Input maxLength={1000} autoComplete="off" placeholder={robot ? t("robotURLKept", { hint: robot.hint }) : "https://"} />
        </Form.Item>
        {own && (
          <Form.Item name="vendor" label={t("robotVendor")}>
            <Select options={VENDORS.map((value) => ({ value, label: t(`vendor.${value}`) }))} />
          </Form.Item>
        )}
        <Form.Item name="secret" label={t("robotSecret")}>
          <Input.Password maxLength={200} autoComplete="new-password" placeholder={robot?.signed ? t("kept") : ""} />
        </Form.Item>
        <Form.Item name="unit_id" label={t("robotUnit")} extra={t("robotUnitHelp")} rules={[{ required: true }]}>
          <UnitSelect />
        </Form.Item>
        <Form.Item name="kinds" label={t("robotKinds")} rules={[{ required: true, type: "array", min: 1 }]}>
          <Select mode="multiple" loading={kinds.isPending} showSearch={{ optionFilterProp: "label" }} options={(kinds.data?.items ?? []).map((k) => ({ value: k.kind, label: k.name }))} />
        </Form.Item>
        <Form.Item name="lang" label={t("robotLang")}>
          <Select options={(["zh", "en"] as const).map((value) => ({ value, label: t(`lang.${value}`) }))} />
        </Form.Item>
        <div style={{ display: "flex", gap: 32 }}>
          <Form.Item name="quiet" label={t("robotQuiet")} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="on" label={t("robotOn")} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
