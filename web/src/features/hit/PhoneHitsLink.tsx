import { Link } from "react-router";
import { useGet } from "@/api";
import { Card } from "@/phone/kit";
import { t } from "./i18n";
import { API, type Near } from "./types";
import "./hit.css";

/** On the library tab: the way to hits one may learn from; nothing when there are none. */
export default function PhoneHitsLink() {
  const got = useGet<{ items: Near[] }>(`${API}/near`);
  const n = got.data?.items.length ?? 0;
  if (!n) return null;
  return (
    <Card title={t("near")}>
      <Link to="/hits" className="ht-line">
        <span>{t("nearCount", { n })}</span>
        <i aria-hidden>›</i>
      </Link>
    </Card>
  );
}
