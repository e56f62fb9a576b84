import { DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { asProblem, useSend } from "@/api";
import { todayIn } from "@/i18n/format";
import { options, roleName, ROLES, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { API, DROPS, PERSONAS, type Member } from "./types";

interface Fields {
  unit_id?: string;
  name: string;
  phone?: string;
  role: string;
  title?: string;
  code?: string;
  personas?: string[];
  tags?: string[];
  joined?: Dayjs | null;
}

const NAMES = ["unit_id", "name", "phone", "role", "title", "code", "personas", "tags"] as const;

/** Adds a member to a unit, or edits one. */
export function EditMember({ member, unit, onClose }: { member?: Member; unit?: string; onClose: () => void }) {
  const [form] = Form.useForm<Fields>();
  const toast = useToast();
  const add = useSend<Member, unknown>("POST", `${API}/members`, DROPS);
  const edit = useSend<Member, unknown>("PATCH", `${API}/members/{id}`, DROPS);
  const ends = {
    onSuccess: (m: Member) => {
      toast.done(member ? t("memberSaved", { name: m.name }) : t("memberAdded", { name: m.name, unit: m.unit_name }));
      onClose();
    },
    onError: (err: unknown) => {
      const p = asProblem(err);
      const own = NAMES.filter((n) => p.fault(n));
      form.setFields(own.map((name) => ({ name, errors: [p.fault(name) ?? ""] })));
      if (!own.length) toast.failed(err);
    },
  };
  const send = (v: Fields) => {
    const body = {
      name: v.name, role: v.role, title: v.title ?? "", code: v.code ?? "", personas: v.personas ?? [], tags: v.tags ?? [],
      ...(v.joined ? { joined_day: v.joined.format("YYYY-MM-DD") } : {}),
      ...(v.phone?.trim() ? { phone: v.phone } : {}),
    };
    if (member) edit.mutate({ path: { id: member.id }, ifMatch: `"${member.version}"`, body }, ends);
    else add.mutate({ body: { ...body, unit_id: v.unit_id } }, ends);
  };
  const start = member ? { ...member, phone: "", joined: member.joined_day ? dayjs(member.joined_day) : null } : { role: "kos", unit_id: unit || undefined };
  return (
    <Modal open title={t(member ? "editMember" : "addMember")} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancel")} confirmLoading={add.isPending || edit.isPending}>
      <Form form={form} layout="vertical" onFinish={send} initialValues={start}>
        {!member && (
          <Form.Item name="unit_id" label={t("unit")} rules={[{ required: true, message: t("required") }]}>
            <UnitSelect placeholder={t("pickUnit")} style={{ width: "100%" }} />
          </Form.Item>
        )}
        <Form.Item name="name" label={t("person")} rules={[{ required: true, message: t("required") }]}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="phone" label={t("phone")} extra={member?.phone ? t("phoneKeep", { phone: member.phone }) : undefined}>
          <Input maxLength={30} inputMode="tel" autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t("role")} rules={[{ required: true }]}>
          <Select options={options(ROLES, roleName)} />
        </Form.Item>
        <Form.Item name="title" label={t("title")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="code" label={t("staffCode")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="personas" label={t("personas")}>
          <Select mode="multiple" options={options(PERSONAS, (p) => t.slug("persona", p))} />
        </Form.Item>
        <Form.Item name="tags" label={t("tags")}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="joined" label={t("joined")}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Ends memberships and says what follows. */
export function LeaveMembers({ members, onClose }: { members: Member[]; onClose: () => void }) {
  const [form] = Form.useForm<{ day: Dayjs; why?: string }>();
  const toast = useToast();
  const leave = useSend("POST", `${API}/member-leaves`, [...DROPS, "/api/v1/account/"]);
  const n = members.length;
  const send = (v: { day: Dayjs; why?: string }) =>
    leave.mutate(
      { body: { member_ids: members.map((m) => m.id), day: v.day.format("YYYY-MM-DD"), why: v.why ?? "" } },
      { onSuccess: () => { toast.done(t("leftDone", { n })); onClose(); }, onError: toast.failed },
    );
  return (
    <Modal
      open
      title={n === 1 ? t("leaveOne", { name: members[0]?.name ?? "" }) : t("leaveTitle", { n })}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t("leave")}
      okButtonProps={{ danger: true }}
      cancelText={t("cancel")}
      confirmLoading={leave.isPending}
    >
      <p>{t("leaveText")}</p>
      <Form form={form} layout="vertical" onFinish={send} initialValues={{ day: dayjs(todayIn()) }}>
        <Form.Item name="day" label={t("leaveDay")} rules={[{ required: true, message: t("required") }]}>
          <DatePicker style={{ width: "100%" }} allowClear={false} maxDate={dayjs(todayIn())} />
        </Form.Item>
        <Form.Item name="why" label={t("why")}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("whyHint")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Lets members work in another unit. */
export function TransferMembers({ members, onClose }: { members: Member[]; onClose: () => void }) {
  const [form] = Form.useForm<{ unit: string; why?: string }>();
  const toast = useToast();
  const move = useSend("POST", `${API}/member-moves`, DROPS);
  const n = members.length;
  const send = (v: { unit: string; why?: string }) =>
    move.mutate(
      { body: { member_ids: members.map((m) => m.id), unit_id: v.unit, why: v.why ?? "" } },
      { onSuccess: () => { toast.done(t("transferred", { n })); onClose(); }, onError: toast.failed },
    );
  return (
    <Modal open title={t("transferTitle", { n })} onCancel={onClose} onOk={() => form.submit()} okText={t("transfer")} cancelText={t("cancel")} confirmLoading={move.isPending}>
      <p>{t("transferText")}</p>
      <Form form={form} layout="vertical" onFinish={send}>
        <Form.Item name="unit" label={t("transferTo")} rules={[{ required: true, message: t("required") }]}>
          <UnitSelect placeholder={t("pickUnit")} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="why" label={t("why")}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("whyHint")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Takes a leaver back. */
export function RejoinMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const [form] = Form.useForm<{ unit: string }>();
  const toast = useToast();
  const rejoin = useSend<Member, unknown>("POST", `${API}/members/{id}/rejoin`, DROPS);
  return (
    <Modal open title={t("rejoinTitle", { name: member.name })} onCancel={onClose} onOk={() => form.submit()} okText={t("rejoin")} cancelText={t("cancel")} confirmLoading={rejoin.isPending}>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ unit: member.unit_id }}
        onFinish={(v) =>
          rejoin.mutate(
            { path: { id: member.id }, body: { unit_id: v.unit } },
            { onSuccess: () => { toast.done(t("rejoined", { name: member.name })); onClose(); }, onError: toast.failed },
          )
        }
      >
        <Form.Item name="unit" label={t("unit")} rules={[{ required: true, message: t("required") }]}>
          <UnitSelect placeholder={t("pickUnit")} style={{ width: "100%" }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
