import { useEffect } from "react";
import { Link } from "react-router";
import { useList } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { PhoneRows } from "./PhoneRows";
import { API, type Submission } from "./types";
import "./desk.css";

/** Everything the person handed in, newest first. */
export default function PhoneMine() {
  const list = useList<Submission>(`${API}/mine`, {}, 30);
  useEffect(() => {
    document.title = `${t("mineTitle")} · Kosmos`;
  }, []);
  return (
    <div className="d-one">
      <p style={{ margin: 0 }}>
        <Link to="/today">‹ {t("back")}</Link>
      </p>
      <h1>{t("mineTitle")}</h1>
      <Link to="/desk/new" className="d-btn d-main">
        {t("send")}
      </Link>
      {list.loading && <Waiting />}
      {list.problem && !list.rows.length && <Failed error={list.problem} onRetry={list.retry} />}
      {!list.loading && !list.problem && list.rows.length === 0 && (
        <Card title={t("mineNone")}>
          <p className="k-muted">{t("mineNoneText")}</p>
        </Card>
      )}
      {list.rows.length > 0 && (
        <Card>
          <PhoneRows list={list.rows} />
        </Card>
      )}
      {list.hasMore && (
        <button type="button" className="d-btn" onClick={list.more} disabled={list.loadingMore}>
          {t("phoneAll")}
        </button>
      )}
    </div>
  );
}
