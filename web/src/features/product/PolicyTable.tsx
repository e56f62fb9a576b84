import { App, Button, DatePicker, Input } from "antd";
import dayjs from "dayjs";
import { Link } from "react-router";
import { request, useRefresh } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, EmptyState, useToast, type Bulk, type Column } from "@/ui";
import { t } from "./i18n";
import { API, daysText, KINDS, policyText, type Policy } from "./types";
import { useChannelName, useSettings, WhenTag } from "./words";

/** Prices, discounts and promotions, of one product or all. */
export function PolicyTable({ product }: { product?: string }) {
  const channel = useChannelName();
  const set = useSettings();
  const { unit } = useScope();
  const can = useCan();
  const bulk = useBulk();
  const columns: Column<Policy>[] = [
    ...(product ? [] : [{ key: "product", title: t("product"), fixed: true, width: 150, render: (p: Policy) => p.product, plain: (p: Policy) => p.product }]),
    { key: "sku", title: t("sku"), width: 150, render: (p) => p.sku || t("wholeProduct"), plain: (p) => p.sku },
    { key: "kind", title: t("kind"), width: 80, render: (p) => t(`kind.${p.kind}`), plain: (p) => t(`kind.${p.kind}`) },
    { key: "what", title: t("what"), width: 180, align: "right", render: (p) => <b className="k-num">{policyText(p)}</b>, plain: policyText },
    { key: "unit", title: t("where"), width: 160, render: (p) => p.unit || t("wholeBrand"), plain: (p) => p.unit },
    { key: "channel", title: t("channel"), width: 120, render: (p) => channel(p.channel), plain: (p) => channel(p.channel) },
    { key: "days", title: t("days"), width: 200, render: (p) => <span className="k-num">{daysText(p)}</span>, plain: daysText },
    { key: "when", title: t("state"), width: 90, render: (p) => <WhenTag when={p.when} />, plain: (p) => t(`when.${p.when}`) },
    { key: "note", title: t("note"), width: 160, render: (p) => p.withdrawn_note || p.note || "—", plain: (p) => p.withdrawn_note || p.note },
    { key: "by", title: t("by"), width: 100, hidden: true, render: (p) => p.withdrawn_by || p.created_by, plain: (p) => p.created_by },
  ];
  return (
    <DataTable<Policy>
      id={product ? "product.policies" : "product.prices"}
      path={`${API}/policies`}
      params={{ unit, product }}
      columns={columns}
      rowKey={(p) => p.id}
      bulk={can("product.price") ? bulk : undefined}
      filters={[
        { key: "when", type: "select", label: t("state"), options: (["now", "planned", "past", "withdrawn"] as const).map((value) => ({ value, label: t(`when.${value}`) })) },
        { key: "kind", type: "select", label: t("kind"), options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
        { key: "channel", type: "select", label: t("channel"), options: [{ value: "*", label: t("everyChannel") }, ...(set?.channels ?? []).map((c) => ({ value: c.key, label: c.name }))] },
      ]}
      exportName={t("prices")}
      xlsx={product ? undefined : `${API}/export.xlsx?kind=prices`}
      empty={<EmptyState title={t("noPolicies")} text={t("noPoliciesText")} action={product ? undefined : <PriceLinks />} />}
    />
  );
}

/** Where prices come from: a product's page, or a file. */
function PriceLinks() {
  const can = useCan();
  if (!can("product.price")) return null;
  return (
    <span className="pr-links">
      {can("product.write") && (
        <Link to="/content/products/imports?kind=prices">
          <Button>{t("importFile")}</Button>
        </Link>
      )}
      <Link to="/content/products">
        <Button type="primary">{t("toProducts")}</Button>
      </Link>
    </span>
  );
}

function useBulk(): Bulk<Policy>[] {
  const { modal } = App.useApp();
  const toast = useToast();
  const refresh = useRefresh();
  const one = (rows: Policy[]) => (rows.length === 1 ? undefined : t("onlyOne"));
  const after = (text: string) => {
    refresh(`${API}/`);
    toast.done(text);
  };
  const ask = (title: string, content: React.ReactNode, ok: string, run: () => Promise<unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      modal.confirm({ title, content, okText: ok, cancelText: t("cancel"), onOk: () => run().then(resolve, reject), onCancel: () => resolve(false) });
    });
  return [
    {
      key: "end",
      label: t("end"),
      blocked: (rows) => one(rows) ?? (rows.every((p) => p.when === "now" || p.when === "planned") ? undefined : t("onlyStanding")),
      run: ([p]) => {
        let day = dayjs();
        return ask(t("endAsk"), <DatePicker aria-label={t("to")} defaultValue={day} allowClear={false} onChange={(d) => (day = d ?? day)} />, t("end"), async () => {
          await request("POST", `${API}/policies/${p?.id}/end`, { body: { day: day.format("YYYY-MM-DD") } });
          after(t("ended", { day: day.format("YYYY-MM-DD") }));
        });
      },
    },
    {
      key: "withdraw",
      label: t("withdraw"),
      danger: true,
      blocked: (rows) => one(rows) ?? (rows.every((p) => p.when !== "withdrawn") ? undefined : t("onlyStanding")),
      run: ([p]) => {
        let note = "";
        return ask(
          t("withdrawAsk"),
          <>
            <p>{t("withdrawText")}</p>
            <Input.TextArea autoFocus aria-label={t("reason")} maxLength={300} onChange={(e) => (note = e.target.value)} />
          </>,
          t("withdraw"),
          async () => {
            await request("POST", `${API}/policies/${p?.id}/withdraw`, { body: { note } });
            after(t("withdrawn"));
          },
        );
      },
    },
  ];
}
