import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Select } from "antd";
import { asProblem, request, useGet, useRefresh } from "@/api";
import { useState } from "react";
import { useToast } from "@/ui";
import { t } from "./i18n";
import { API, STATES, type Line, type Point, type Product, type SKU } from "./types";

interface Values {
  name: string;
  code: string;
  line_id?: string;
  state: Product["state"];
  aliases: string[];
  skus: SKU[];
  points: Point[];
  scenes: Point[];
  copy_text: string;
}

/** Where a fault of the API belongs in the form: "skus[0].code" is ["skus", 0, "code"]. */
export function fieldPath(location: string): (string | number)[] {
  return location
    .replace(/^body\./, "")
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((x) => (/^\d+$/.test(x) ? Number(x) : x));
}

/** Adds a product or changes one as a whole. */
export function ProductForm({ product: p, onClose, onSaved }: { product?: Product; onClose: () => void; onSaved: (id: string) => void }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const lines = useGet<{ items: Line[] }>(`${API}/lines`);
  const save = async (v: Values) => {
    setBusy(true);
    const body = {
      ...v, line_id: v.line_id ?? null, copy_text: v.copy_text ?? "", aliases: v.aliases ?? [], points: v.points ?? [], scenes: v.scenes ?? [],
      skus: (v.skus ?? []).map((k) => ({ ...k, id: k.id ?? null, spec: k.spec ?? "", aliases: k.aliases ?? [], state: k.state ?? "live" })),
    };
    try {
      const made = p
        ? await request<undefined>("PUT", `${API}/products/${p.id}`, { body, ifMatch: `"${p.version}"` })
        : await request<{ id: string }>("POST", `${API}/products`, { body, idempotencyKey: crypto.randomUUID() });
      refresh(`${API}/`);
      toast.done(t("saved", { name: v.name }));
      onSaved(made?.id ?? p?.id ?? "");
    } catch (err) {
      const fields = asProblem(err).fields.map((f) => ({ name: fieldPath(f.location) as never, errors: [f.message] }));
      if (fields.length) {
        form.setFields(fields);
        form.scrollToField(fields[0]?.name);
      } else toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const need = [{ required: true, message: t("required") }];
  return (
    <Modal open title={p ? t("editTitle", { name: p.name }) : t("add")} width={760} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancel")} confirmLoading={busy}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(v) => void save(v)}
        initialValues={p ? { ...p, line_id: p.line_id ?? undefined } : { state: "live", skus: [{ code: "", name: "", state: "live", aliases: [] }], points: [], scenes: [], aliases: [] }}
      >
        <div className="pr-row">
          <Form.Item className="pr-wide" name="name" label={t("product")} rules={need}>
            <Input maxLength={60} autoFocus />
          </Form.Item>
          <Form.Item name="code" label={t("code")} rules={need}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="state" label={t("state")}>
            <Select style={{ width: 110 }} options={STATES.map((value) => ({ value, label: t(`state.${value}`) }))} />
          </Form.Item>
        </div>
        <div className="pr-row">
          <Form.Item name="line_id" label={t("line")}>
            <Select allowClear style={{ width: 200 }} placeholder={t("noLine")} options={(lines.data?.items ?? []).map((l) => ({ value: l.id ?? "", label: l.name }))} />
          </Form.Item>
          <Form.Item className="pr-wide" name="aliases" label={t("aliases")} extra={t("aliasesHint")}>
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={["，", ",", "、"]} />
          </Form.Item>
        </div>
        <SKUs />
        <Pairs name="points" label={t("points")} add={t("addPoint")} />
        <Pairs name="scenes" label={t("scenes")} add={t("addScene")} />
        <Form.Item name="copy_text" label={t("copyText")} extra={t("copyHint")}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function SKUs() {
  return (
    <Form.List name="skus">
      {(rows, { add, remove }) => (
        <fieldset style={{ border: 0, padding: 0, margin: "0 0 12px" }}>
          <legend>{t("skus")}</legend>
          {rows.map((r) => (
            <div key={r.key} className="pr-row">
              <Form.Item name={[r.name, "id"]} hidden>
                <Input />
              </Form.Item>
              <Form.Item name={[r.name, "code"]} rules={[{ required: true, message: t("required") }]}>
                <Input aria-label={t("skuCode")} placeholder={t("skuCode")} maxLength={60} style={{ width: 130 }} />
              </Form.Item>
              <Form.Item className="pr-wide" name={[r.name, "name"]} rules={[{ required: true, message: t("required") }]}>
                <Input aria-label={t("sku")} placeholder={t("sku")} maxLength={60} />
              </Form.Item>
              <Form.Item className="pr-wide" name={[r.name, "spec"]}>
                <Input aria-label={t("spec")} placeholder={t("spec")} maxLength={200} />
              </Form.Item>
              <Form.Item className="pr-wide" name={[r.name, "aliases"]}>
                <Select mode="tags" open={false} suffixIcon={null} aria-label={t("skuAliases")} placeholder={t("skuAliases")} tokenSeparators={["，", ",", "、"]} />
              </Form.Item>
              <Form.Item name={[r.name, "state"]} initialValue="live">
                <Select aria-label={t("state")} style={{ width: 90 }} options={(["live", "ended"] as const).map((value) => ({ value, label: t(`state.${value}`) }))} />
              </Form.Item>
              {rows.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t("remove")} onClick={() => remove(r.name)} />}
            </div>
          ))}
          <Button size="small" icon={<PlusOutlined />} onClick={() => add({ code: "", name: "", state: "live", aliases: [] })}>
            {t("addSKU")}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}

function Pairs({ name, label, add: word }: { name: string; label: string; add: string }) {
  return (
    <Form.List name={name}>
      {(rows, { add, remove }) => (
        <fieldset style={{ border: 0, padding: 0, margin: "0 0 12px" }}>
          <legend>{label}</legend>
          {rows.map((r) => (
            <div key={r.key} className="pr-row">
              <Form.Item name={[r.name, "title"]}>
                <Input aria-label={`${label} · ${t("pointTitle")}`} placeholder={t("pointTitle")} maxLength={40} style={{ width: 180 }} />
              </Form.Item>
              <Form.Item className="pr-wide" name={[r.name, "text"]}>
                <Input aria-label={`${label} · ${t("pointText")}`} placeholder={t("pointText")} maxLength={300} />
              </Form.Item>
              <Button type="text" icon={<DeleteOutlined />} aria-label={t("remove")} onClick={() => remove(r.name)} />
            </div>
          ))}
          <Button size="small" icon={<PlusOutlined />} onClick={() => add({ title: "", text: "" })}>
            {word}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
