import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useGet } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, EmptyState, Num, Page, type Column } from "@/ui";
import { t } from "./i18n";
import { ProductForm } from "./ProductForm";
import { API, spanText, STATES, type Item, type Line } from "./types";
import { StateTag, Strip } from "./words";

const columns: Column<Item>[] = [
  { key: "name", title: t("product"), fixed: true, width: 200, render: (p) => <Link to={`/content/products/${p.id}`}>{p.name}</Link>, plain: (p) => p.name },
  { key: "code", title: t("code"), width: 110, render: (p) => p.code, plain: (p) => p.code },
  { key: "line", title: t("line"), width: 120, render: (p) => p.line || "—", plain: (p) => p.line },
  { key: "skus", title: t("skus"), width: 80, align: "right", render: (p) => p.skus.filter((k) => k.state === "live").length, plain: (p) => p.skus.length },
  { key: "price", title: t("priceToday"), width: 220, align: "right", render: (p) => <span className="k-num">{spanText(p.least, p.most)}</span>, plain: (p) => (p.least ? p.least.fen / 100 : "") },
  { key: "stock", title: t("stock"), width: 90, align: "right", render: (p) => <Num value={p.stock} />, plain: (p) => p.stock },
  {
    key: "stale", title: t("staleCount"), width: 110, align: "right",
    render: (p) => (p.stale ? <Link className="k-bad" to={`/content/products/stale?state=open&product=${p.id}`}>{p.stale}</Link> : 0), plain: (p) => p.stale,
  },
  { key: "state", title: t("state"), width: 100, render: (p) => <StateTag state={p.state} />, plain: (p) => t(`state.${p.state}`) },
];

/** What the brand sells, with what it costs today. */
export default function Products() {
  const can = useCan();
  const go = useNavigate();
  const { unit } = useScope();
  const [adding, setAdding] = useState(false);
  const lines = useGet<{ items: Line[] }>(`${API}/lines`);
  const add = can("product.write") ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  ) : undefined;
  return (
    <Page title={t("title")} lead={t("lead")} actions={add}>
      <Strip />
      <DataTable<Item>
        id="product.products"
        path={`${API}/products`}
        params={{ unit }}
        columns={columns}
        rowKey={(p) => p.id}
        href={(p) => `/content/products/${p.id}`}
        filters={[
          { key: "q", type: "search", label: t("find"), width: 260 },
          { key: "line", type: "select", label: t("line"), options: (lines.data?.items ?? []).map((l) => ({ value: l.id ?? "", label: l.name })) },
          { key: "state", type: "select", label: t("state"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
        ]}
        exportName={t("title")}
        xlsx={`${API}/export.xlsx?kind=products`}
        empty={<EmptyState title={t("none")} text={t("noneText")} action={add} />}
      />
      {adding && <ProductForm onClose={() => setAdding(false)} onSaved={(id) => void go(`/content/products/${id}`)} />}
    </Page>
  );
}
