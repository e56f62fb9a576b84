import { Link } from "react-router";
import { useGet, type PageOf } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { PhoneRows } from "./PhoneRows";
import { API, type Submission } from "./types";
import "./desk.css";

/** On the tab of today: handing in, and what of it needs the person. */
export default function PhoneDesk() {
  const list = useGet<PageOf<Submission>>(`${API}/mine`, { limit: 20 });
  if (!list.data) return list.error ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : <Waiting />;
  const all = list.data.items ?? [];
  const needs = all.filter((s) => ["changes", "rejected", "blocked", "approved", "expired"].includes(s.state)).slice(0, 3);
  return (
    <Card title={t("phoneTitle")} extra={all.length > 0 && <Link to="/desk/mine">{t("phoneAll")}</Link>}>
      {needs.length > 0 ? <PhoneRows list={needs} /> : <p className="k-muted">{t("phoneText")}</p>}
      <Link to="/desk/new" className="d-btn d-main" style={{ width: "100%", marginTop: 12 }}>
        {t("send")}
      </Link>
    </Card>
  );
}
