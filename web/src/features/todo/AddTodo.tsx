import { DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useGet, useSend, type PageOf } from "@/api";
import { useScope } from "@/app/scope";
import { todayIn } from "@/i18n/format";
import { UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";

interface Fields {
  title: string;
  unit_id: string;
  member_id?: string;
  due?: Dayjs;
}

/** Writes a to-do by hand, for a unit or one of its members. */
export function AddTodo({ onClose }: { onClose: () => void }) {
  const { unit } = useScope();
  const [form] = Form.useForm<Fields>();
  const [at, setAt] = useState(unit);
  const members = useGet<PageOf<{ id: string; name: string }>>(at ? "/api/v1/org/members" : null, { unit: at, limit: 200 });
  const add = useSend<{ id: string }>("POST", "/api/v1/todo/items", ["/api/v1/todo/"]);
  const toast = useToast();
  const save = (f: Fields) =>
    add.mutate(
      { body: { title: f.title.trim(), unit_id: f.unit_id, member_id: f.member_id, audience: f.member_id ? undefined : "manager", due: f.due?.format("YYYY-MM-DD") } },
      {
        onSuccess: () => {
          toast.done(t("added", { title: f.title.trim() }));
          onClose();
        },
        onError: (p) => {
          const names = ["title", "unit_id", "member_id", "due"] as const;
          const faults = names.flatMap((name) => (p.fault(name) ? [{ name, errors: [p.fault(name) as string] }] : []));
          if (faults.length) form.setFields(faults);
          else toast.failed(p);
        },
      },
    );
  return (
    <Modal open title={t("addTitle")} okText={t("create")} confirmLoading={add.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" onFinish={save} initialValues={{ unit_id: unit || undefined }} requiredMark={false}>
        <Form.Item name="title" label={t("titleField")} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={120} autoFocus />
        </Form.Item>
        <Form.Item name="unit_id" label={t("unitField")} rules={[{ required: true }]}>
          <UnitSelect
            onChange={(id) => {
              form.setFieldsValue({ unit_id: id ?? undefined, member_id: undefined });
              setAt(id ?? "");
            }}
          />
        </Form.Item>
        <Form.Item name="member_id" label={t("memberField")} extra={t("memberHint")}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            disabled={!at}
            loading={members.isFetching}
            options={(members.data?.items ?? []).map((m) => ({ value: m.id, label: m.name }))}
          />
        </Form.Item>
        <Form.Item name="due" label={t("dueField")}>
          <DatePicker style={{ width: "100%" }} disabledDate={(d) => d.isBefore(dayjs(todayIn()), "day")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
