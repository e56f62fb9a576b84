import { Alert, Checkbox, DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useUnits } from "@/app/units";
import { asProblem, useSend } from "@/api";
import { dayText, todayIn } from "@/i18n/format";
import { CitySelect, options, UNIT_KINDS, unitKindName, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { API, DROPS, type Move, type Unit } from "./types";

interface Fields {
  name: string;
  kind: string;
  city?: string;
  store_type?: string;
  code?: string;
  tags?: string[];
}

const NAMES = ["name", "kind", "city", "store_type", "code", "tags"];

/** Creates a unit below `parent`, or edits `unit`. */
export function EditUnit({ unit, parent, onClose, onDone }: { unit?: Unit; parent?: Unit; onClose: () => void; onDone?: (id: string) => void }) {
  const [form] = Form.useForm<Fields>();
  const toast = useToast();
  const create = useSend<Unit, unknown>("POST", `${API}/units`, DROPS);
  const edit = useSend<Unit, unknown>("PATCH", `${API}/units/{id}`, DROPS);
  const root = unit && !unit.parent_id;
  const ends = {
    onSuccess: (u: Unit) => {
      toast.done(t(unit ? "saved" : "created", { name: u.name }));
      onDone?.(u.id);
      onClose();
    },
    onError: (err: unknown) => {
      const p = asProblem(err);
      const own = NAMES.filter((n) => p.fault(n));
      form.setFields(own.map((name) => ({ name: name as keyof Fields, errors: [p.fault(name) ?? ""] })));
      if (!own.length) toast.failed(err);
    },
  };
  const send = (v: Fields) => {
    const rest = { city: v.city ?? "", store_type: v.store_type ?? "", code: v.code ?? "", tags: v.tags ?? [] };
    if (unit) edit.mutate({ path: { id: unit.id }, ifMatch: `"${unit.version}"`, body: root ? rest : { ...rest, name: v.name, kind: v.kind } }, ends);
    else create.mutate({ body: { ...rest, name: v.name, kind: v.kind, parent_id: parent?.id } }, ends);
  };
  const below = UNIT_KINDS.filter((k) => k !== "brand");
  return (
    <Modal
      open
      title={unit ? t("editUnit", { name: unit.name }) : t("addTo", { name: parent?.name ?? "" })}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t("save")}
      cancelText={t("cancel")}
      confirmLoading={create.isPending || edit.isPending}
    >
      <Form form={form} layout="vertical" onFinish={send} initialValues={unit ?? { kind: childKind(parent?.kind) }}>
        <Form.Item name="name" label={t("name")} rules={[{ required: !root, message: t("required") }]}>
          <Input maxLength={60} disabled={root} autoFocus />
        </Form.Item>
        {!root && (
          <Form.Item name="kind" label={t("kind")} rules={[{ required: true }]}>
            <Select options={options(below, unitKindName)} />
          </Form.Item>
        )}
        <Form.Item name="code" label={t("code")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="city" label={t("city")} extra={t("cityHelp")}>
          <CitySelect />
        </Form.Item>
        <Form.Item name="store_type" label={t("storeType")}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="tags" label={t("tags")} extra={t("tagsHelp")}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** What usually hangs below a unit of this kind. */
function childKind(kind?: string): string {
  const next: Record<string, string> = { brand: "region", business_line: "region", region: "city", city: "store", dealer: "store", agent: "store", store: "team" };
  return next[kind ?? ""] ?? "team";
}

interface MoveFields {
  parent_id: string;
  day: Dayjs;
  reroll?: boolean;
  why?: string;
}

/** Hangs a unit under another one. */
export function MoveUnit({ unit, onClose }: { unit: Unit; onClose: () => void }) {
  const [form] = Form.useForm<MoveFields>();
  const toast = useToast();
  const move = useSend<Move, unknown>("POST", `${API}/units/{id}/move`, DROPS);
  const day = Form.useWatch("day", form)?.format("YYYY-MM-DD") ?? todayIn();
  const past = day < todayIn();
  const send = (v: MoveFields) =>
    move.mutate(
      { path: { id: unit.id }, body: { parent_id: v.parent_id, day, reroll: past && !!v.reroll, why: v.why ?? "" } },
      {
        onSuccess: (m) => {
          toast.done(t(m.state === "planned" ? "planned" : "moved", { name: unit.name, day: dayText(m.day) }));
          onClose();
        },
        onError: toast.failed,
      },
    );
  return (
    <Modal open title={t("moveTitle", { name: unit.name })} onCancel={onClose} onOk={() => form.submit()} okText={t("move")} cancelText={t("cancel")} confirmLoading={move.isPending}>
      <p>{t("moveText", { units: unit.all_units, members: unit.all_members, accounts: unit.all_accounts })}</p>
      <Form form={form} layout="vertical" onFinish={send} initialValues={{ day: dayjs(todayIn()) }}>
        <Form.Item name="parent_id" label={t("moveTo")} rules={[{ required: true, message: t("required") }]}>
          <UnitSelect placeholder={t("pickUnit")} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="day" label={t("day")} extra={t("dayHelp")} rules={[{ required: true, message: t("required") }]}>
          <DatePicker style={{ width: "100%" }} allowClear={false} maxDate={dayjs(todayIn()).add(1, "year")} />
        </Form.Item>
        {past && (
          <>
            <Alert type="warning" showIcon title={t("movePast")} style={{ marginBottom: 12 }} />
            <Form.Item name="reroll" valuePropName="checked" rules={[{ validator: (_, v) => (v ? Promise.resolve() : Promise.reject(new Error(t("required")))) }]}>
              <Checkbox>{t("reroll")}</Checkbox>
            </Form.Item>
          </>
        )}
        {day > todayIn() && <Alert type="info" showIcon title={t("moveFuture", { day: dayText(day) })} style={{ marginBottom: 12 }} />}
        <Form.Item name="why" label={t("why")}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("whyHint")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Closes a unit, or merges it into another one. */
export function CloseUnit({ unit, merge, onClose, onDone }: { unit: Unit; merge?: boolean; onClose: () => void; onDone: (id: string) => void }) {
  const [form] = Form.useForm<{ into?: string; why?: string }>();
  const toast = useToast();
  const units = useUnits();
  const send = useSend<Unit, unknown>("POST", `${API}/units/{id}/${merge ? "merge" : "close"}`, DROPS);
  const counts = { name: unit.name, units: unit.all_units - 1, members: unit.members, accounts: unit.accounts };
  const full = counts.units + counts.members + counts.accounts > 0;
  const into = Form.useWatch("into", form);
  const finish = (v: { into?: string; why?: string }) =>
    send.mutate(
      { path: { id: unit.id }, body: { into: v.into || null, why: v.why ?? "" } },
      {
        onSuccess: () => {
          toast.done(merge ? t("merged", { name: unit.name, into: units.byId.get(v.into ?? "")?.name ?? "" }) : t("closedDone", { name: unit.name }));
          onDone(v.into ?? "");
          onClose();
        },
        onError: toast.failed,
      },
    );
  return (
    <Modal
      open
      title={t(merge ? "mergeTitle" : "closeTitle", { name: unit.name })}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t(merge ? "merge" : "close")}
      okButtonProps={{ danger: true, disabled: (merge || full) && !into }}
      cancelText={t("cancel")}
      confirmLoading={send.isPending}
    >
      <p>{merge ? t("mergeText", counts) : full ? t("closeFull", counts) : t("closeEmpty")}</p>
      <Form form={form} layout="vertical" onFinish={finish}>
        {(merge || full) && (
          <Form.Item name="into" label={t(merge ? "mergeInto" : "closeInto")} rules={[{ required: true, message: t("required") }]}>
            <UnitSelect placeholder={t("pickUnit")} style={{ width: "100%" }} />
          </Form.Item>
        )}
        <Form.Item name="why" label={t("why")}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("whyHint")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
