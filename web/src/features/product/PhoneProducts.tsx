import { SearchBar } from "antd-mobile";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, type PageOf } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { API, spanText, type CardItem } from "./types";
import "./phone.css";

/** On the library tab: products on sale with today's price in the reader's store. */
export default function PhoneProducts() {
  const [q, setQ] = useState("");
  const got = useGet<PageOf<CardItem>>(`${API}/cards`, { q, limit: 50 }, { keep: true });
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const rows = got.data.items ?? [];
  return (
    <Card title={t("title")}>
      {(rows.length > 5 || q) && <SearchBar placeholder={t("find")} onSearch={setQ} onClear={() => setQ("")} />}
      {rows.length === 0 && <p className="k-muted">{t(q ? "findNone" : "phoneNone")}</p>}
      <ul className="p-rows">
        {rows.map((c) => (
          <li key={c.id}>
            <Link to={`/products/${c.id}`} className="pp-row">
              <span>
                <b>{c.name}</b>
                <small className="k-muted">{[c.point, c.stock === null ? "" : t("inStore", { n: c.stock })].filter(Boolean).join(" · ")}</small>
              </span>
              <span className="k-num">{spanText(c.least, c.most)}</span>
              <i aria-hidden>›</i>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
