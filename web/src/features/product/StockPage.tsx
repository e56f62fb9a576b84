import { Button, Form, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { asProblem, request, useGet, useRefresh, type PageOf } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, EmptyState, Page, RelTime, UnitPath, UnitSelect, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { API, type Item, type Stock } from "./types";
import { Strip } from "./words";

const columns: Column<Stock>[] = [
  { key: "product", title: t("product"), fixed: true, width: 160, render: (s) => <Link to={`/content/products/${s.product_id}`}>{s.product}</Link>, plain: (s) => s.product },
  { key: "sku", title: t("sku"), width: 180, render: (s) => s.sku, plain: (s) => s.sku },
  { key: "code", title: t("skuCode"), width: 120, render: (s) => s.code, plain: (s) => s.code },
  { key: "unit", title: t("store"), width: 200, render: (s) => <UnitPath unit={s.unit_id} short />, plain: (s) => s.unit_id },
  { key: "qty", title: t("qty"), width: 90, align: "right", render: (s) => <b className="k-num">{s.qty}</b>, plain: (s) => s.qty },
  { key: "asOf", title: t("asOf"), width: 130, render: (s) => <RelTime value={s.as_of} />, plain: (s) => s.as_of },
  { key: "by", title: t("by"), width: 150, render: (s) => `${s.by} · ${t(`origin.${s.origin}`)}`, plain: (s) => s.by },
];

/** How many of each SKU the stores have. */
export default function StockPage() {
  const can = useCan();
  const { unit } = useScope();
  const [editing, setEditing] = useState<Partial<Stock>>();
  const products = useGet<PageOf<Item>>(`${API}/products`, { limit: 200 });
  const write = can("product.stock");
  const add = write ? (
    <>
      <Link to="/content/products/imports?kind=stock">
        <Button>{t("importFile")}</Button>
      </Link>
      <Button type="primary" onClick={() => setEditing({})}>
        {t("stockSet")}
      </Button>
    </>
  ) : undefined;
  return (
    <Page title={t("stock")} lead={t("stockLead")} actions={add}>
      <Strip />
      <DataTable<Stock>
        id="product.stock"
        path={`${API}/stock`}
        params={{ unit }}
        columns={columns}
        rowKey={(s) => s.sku_id + s.unit_id}
        onOpen={write ? setEditing : undefined}
        filters={[{ key: "product", type: "select", label: t("product"), options: (products.data?.items ?? []).map((p) => ({ value: p.id, label: p.name })) }]}
        exportName={t("stock")}
        xlsx={`${API}/export.xlsx?kind=stock`}
        empty={<EmptyState title={t("noStock")} text={t("noStockText")} action={add} />}
      />
      {editing && <StockForm row={editing} products={products.data?.items ?? []} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

interface Values {
  unit: string;
  sku: string;
  qty: number;
}

function StockForm({ row, products, onClose }: { row: Partial<Stock>; products: Item[]; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const save = async (v: Values) => {
    setBusy(true);
    try {
      await request("PUT", `${API}/stock`, { body: { items: [v] }, idempotencyKey: crypto.randomUUID() });
      refresh(`${API}/`);
      toast.done(t("stockSaved", { n: v.qty }));
      onClose();
    } catch (err) {
      const bad = asProblem(err).fields.map((f) => ({ name: f.location.split(".").at(-1) as keyof Values, errors: [f.message] }));
      if (bad.length) form.setFields(bad);
      else toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const need = [{ required: true, message: t("required") }];
  return (
    <Modal open title={t("stockSet")} onCancel={onClose} onOk={() => form.submit()} okText={t("save")} cancelText={t("cancel")} confirmLoading={busy}>
      <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={(v) => void save(v)} initialValues={{ unit: row.unit_id, sku: row.sku_id, qty: row.qty }}>
        <Form.Item name="unit" label={t("store")} rules={need}>
          <UnitSelect />
        </Form.Item>
        <Form.Item name="sku" label={t("sku")} rules={need}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={products.flatMap((p) => p.skus.filter((k) => k.state === "live").map((k) => ({ value: k.id ?? "", label: `${p.name} ${k.name}` })))}
          />
        </Form.Item>
        <Form.Item name="qty" label={t("qty")} rules={need}>
          <InputNumber min={0} max={10_000_000} precision={0} style={{ width: 160 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
