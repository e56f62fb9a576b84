import { Link } from "react-router";
import { useGet } from "@/api";
import { Card } from "@/phone/kit";
import { t } from "./i18n";
import { API, type Stale } from "./types";
import "./phone.css";

/** On today: how many of one's posts show an old price; nothing when none does. */
export default function PhoneStaleHint() {
  const got = useGet<{ items: Stale[] }>(`${API}/mine`);
  const n = got.data?.items.length ?? 0;
  if (!n) return null;
  return (
    <Card title={t("mine")}>
      <Link to="/products/stale" className="pp-row">
        <span>{t("mineCount", { n })}</span>
        <i aria-hidden>›</i>
      </Link>
    </Card>
  );
}
