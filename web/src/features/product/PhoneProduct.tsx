import { Button, Toast } from "antd-mobile";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { aside, dayText, money, relativeTime } from "@/i18n/format";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { API, daysText, policyText, type Card as CardOf, type Point } from "./types";
import "./phone.css";

/** One product for the person in the store: price today, stock, what to say, words to copy. */
export default function PhoneProduct() {
  const { id = "" } = useParams();
  const got = useGet<CardOf>(`${API}/cards/${id}`);
  const name = got.data?.name ?? "";
  useEffect(() => {
    document.title = `${name || t("title")} · Kosmos`;
  }, [name]);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const c = got.data;
  const copy = () =>
    navigator.clipboard.writeText(c.copy).then(
      () => Toast.show({ content: t("copied"), icon: "success" }),
      () => Toast.show({ content: t("copyFailed") }),
    );
  const promotions = c.skus.flatMap((k) => k.quote.promotions).filter((p, i, all) => all.findIndex((x) => x.id === p.id) === i);
  return (
    <article>
      <p>
        <Link to="/library">‹ {t("toLibrary")}</Link>
      </p>
      <h1>{c.name}</h1>
      <Card title={t("priceToday")} extra={<small className="k-muted">{c.unit}</small>}>
        <ul className="p-rows">
          {c.skus.map(({ sku, quote, stock, stock_as_of }) => (
            <li key={sku.id} className="pp-row">
              <span>
                <b>{sku.name}</b>
                <small className="k-muted">{[sku.spec, stock === null ? t("stockUnknown") : t("inStore", { n: stock }) + aside(relativeTime(stock_as_of))].filter(Boolean).join(" · ")}</small>
              </span>
              <span className="k-num">
                {quote.final ? <b>{money(quote.final)}</b> : <span className="k-muted">{t("noPrice")}</span>}
                {quote.list && quote.final && quote.list.fen !== quote.final.fen && <s className="k-muted pp-list">{money(quote.list)}</s>}
                {quote.promoted && <small className="k-good pp-list">{t("withPromotion", { price: money(quote.promoted) })}</small>}
              </span>
            </li>
          ))}
        </ul>
        {promotions.map((p) => (
          <p key={p.id} className="pp-promo">
            {policyText(p)} <small className="k-muted">{daysText(p)}</small>
          </p>
        ))}
      </Card>
      <Card title={t("copyText")}>
        {c.copy ? (
          <>
            <p className="pp-words">{c.copy}</p>
            <Button block color="primary" size="large" onClick={() => void copy()}>
              {t("copy")}
            </Button>
          </>
        ) : (
          <p className="k-muted">{t("copyNone")}</p>
        )}
      </Card>
      <Points title={t("points")} list={c.points} />
      <Points title={t("scenes")} list={c.scenes} />
      {c.next.length > 0 && (
        <Card title={t("calendar")}>
          <ul className="p-rows">
            {c.next.map((l) => (
              <li key={l.id}>
                {l.title} <small className="k-muted">{l.end_day ? `${dayText(l.day)} – ${dayText(l.end_day)}` : dayText(l.day)}</small>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </article>
  );
}

function Points({ title, list }: { title: string; list: Point[] }) {
  if (!list.length) return null;
  return (
    <Card title={title}>
      <ul className="p-rows">
        {list.map((p, i) => (
          <li key={i}>
            <b>{p.title}</b>
            {p.text && <div className="k-muted">{p.text}</div>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
