import { Button, DatePicker, Dropdown, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { aside, colon, comma, money, todayIn } from "@/i18n/format";
import { ErrorState, Facts, Money, Page, RelTime, Section, UnitPath, useToast } from "@/ui";
import { t } from "./i18n";
import { PolicyForm } from "./PolicyForm";
import { PolicyTable } from "./PolicyTable";
import { ProductForm } from "./ProductForm";
import { API, daysText, KINDS, policyText, type Point, type Policy, type Product, type Quote, type Stock } from "./types";
import { StateTag, Strip, useChannelName, useSettings } from "./words";

/** One product: what to say, what it costs where and why, how many there are. */
export default function ProductPage() {
  const { id = "" } = useParams();
  const can = useCan();
  const toast = useToast();
  const set = useSettings();
  const got = useGet<Product>(`${API}/products/${id}`);
  const [editing, setEditing] = useState(false);
  const [pricing, setPricing] = useState<Policy["kind"]>();
  const again = useSend<{ id: string }>("POST", `${API}/products/{id}/recheck`, [`${API}/`]);
  const p = got.data;
  if (!p) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const mayPrice = can("product.price") && (can("product.write") || set?.region_prices);
  return (
    <Page
      back="/content/products"
      title={p.name}
      lead={
        <>
          <StateTag state={p.state} /> {[p.line, p.code].filter(Boolean).join(" · ")} · {t("updated")} <RelTime value={p.updated_at} />
        </>
      }
      actions={
        <>
          {can("product.settle") && (
            <Link to={`/content/products/stale?state=open&product=${p.id}`}>
              <Button>{t("staleOf")}</Button>
            </Link>
          )}
          {can("product.write") && (
            <Button
              loading={again.isPending}
              onClick={() => again.mutate({ path: { id: p.id } }, { onSuccess: () => toast.done(t("rechecking")), onError: toast.failed })}
            >
              {t("recheck")}
            </Button>
          )}
          {can("product.write") && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
          {mayPrice && (
            <Dropdown.Button type="primary" style={{ width: "auto" }} menu={{ items: KINDS.map((k) => ({ key: k, label: t(`add.${k}`) })), onClick: (e) => setPricing(e.key as Policy["kind"]) }} onClick={() => setPricing("price")}>
              {t("add.price")}
            </Dropdown.Button>
          )}
        </>
      }
    >
      <Strip />
      <div className="pr-grid">
        <Quotes product={p} />
        <div>
          <Section title={t("onFacts")}>
            <Facts
              items={[
                { label: t("aliases"), value: p.aliases.join(comma()) || "—" },
                { label: t("skus"), value: p.skus.map((k) => (k.state === "ended" ? k.name + aside(t("state.ended")) : k.name)).join(comma()) },
              ]}
            />
          </Section>
          <Points title={t("points")} list={p.points} />
          <Points title={t("scenes")} list={p.scenes} />
          {p.copy_text && (
            <Section title={t("copyText")}>
              <p className="pr-copy">{p.copy_text}</p>
            </Section>
          )}
          <StockOf product={p.id} />
        </div>
      </div>
      <h2>{t("policies")}</h2>
      <PolicyTable product={p.id} />
      {editing && <ProductForm product={p} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} />}
      {pricing && <PolicyForm product={p} kind={pricing} onClose={() => setPricing(undefined)} />}
    </Page>
  );
}

function Points({ title, list }: { title: string; list: Point[] }) {
  if (!list.length) return null;
  return (
    <Section title={title}>
      <ul className="pr-points">
        {list.map((x, i) => (
          <li key={i}>
            <b>{x.title}</b>
            {x.text && colon() + x.text}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Which price holds where and when, and why. */
function Quotes({ product }: { product: Product }) {
  const { unit } = useScope();
  const set = useSettings();
  const channelName = useChannelName();
  const [channel, setChannel] = useState("");
  const [day, setDay] = useState(todayIn());
  const got = useGet<{ items: Quote[] }>(`${API}/products/${product.id}/quotes`, { unit, channel, day }, { keep: true });
  const why = (p: Policy) => t("why", { unit: p.unit || t("wholeBrand"), channel: channelName(p.channel), days: daysText(p) });
  return (
    <Section
      title={t("holds")}
      flush
      extra={
        <span className="pr-row">
          <Select size="small" aria-label={t("channel")} value={channel} onChange={setChannel} style={{ width: 150 }} options={[{ value: "", label: t("everyChannel") }, ...(set?.channels ?? []).map((c) => ({ value: c.key, label: c.name }))]} />
          <DatePicker size="small" aria-label={t("day")} value={dayjs(day)} allowClear={false} onChange={(d) => d && setDay(d.format("YYYY-MM-DD"))} />
        </span>
      }
    >
      <table className="pr-table">
        <thead>
          <tr>
            <th>{t("sku")}</th>
            <th className="pr-right">{t("listPrice")}</th>
            <th className="pr-right">{t("finalPrice")}</th>
            <th>{t("whyTitle")}</th>
          </tr>
        </thead>
        <tbody>
          {(got.data?.items ?? []).map((q) => {
            const k = product.skus.find((x) => x.id === q.sku_id);
            return (
              <tr key={q.sku_id}>
                <td>
                  {k?.name} <span className="k-muted">{k?.spec}</span>
                </td>
                <td className="pr-right">{q.list ? <Money value={q.list} /> : t("noPrice")}</td>
                <td className="pr-right">
                  {q.final ? <b><Money value={q.final} /></b> : "—"}
                  {q.promoted && <div className="k-muted">{t("withPromotion", { price: money(q.promoted) })}</div>}
                </td>
                <td>
                  {q.price && <div>{why(q.price)}</div>}
                  {q.discount && <div>{`${t("kind.discount")} ${policyText(q.discount)} · ${why(q.discount)}`}</div>}
                  {q.promotions.map((x) => (
                    <div key={x.id}>{`${policyText(x)} · ${daysText(x)}`}</div>
                  ))}
                  {!q.price && <span className="k-muted">{t("noPriceHint")}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}

function StockOf({ product }: { product: string }) {
  const { unit } = useScope();
  const got = useGet<{ items: Stock[] | null; next?: string }>(`${API}/stock`, { product, unit, limit: 8 });
  const rows = got.data?.items ?? [];
  return (
    <Section title={t("stock")} flush={rows.length > 0} extra={<Link to={`/content/products/stock?product=${product}`}>{t("all")}</Link>}>
      {rows.length === 0 ? (
        <p className="k-muted">{t("noStockOf")}</p>
      ) : (
        <table className="pr-table">
          <tbody>
            {rows.map((s) => (
              <tr key={s.sku_id + s.unit_id}>
                <td>
                  <UnitPath unit={s.unit_id} short />
                </td>
                <td>{s.sku}</td>
                <td className="pr-right">{s.qty}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
