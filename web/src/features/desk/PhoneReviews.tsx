import { Link } from "react-router";
import { useGet } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { ReviewRows } from "./ReviewRows";
import { free, useQueue } from "./reviewing";
import { API, type Settings, type Stats } from "./types";
import "./desk.css";

/** On the tab of today: what waits for this reviewer. */
export default function PhoneReviews() {
  const settings = useGet<Settings>(`${API}/settings`);
  const may = settings.data?.may_review;
  if (!may) return null;
  return <Reviews />;
}

function Reviews() {
  const stats = useGet<Stats>(`${API}/stats`, { days: 30 });
  const queue = useQueue({ state: "waiting", sort: "rank" });
  const d = stats.data;
  if (!d || queue.loading) return stats.error ? <Failed error={stats.error} onRetry={() => void stats.refetch()} /> : <Waiting />;
  const open = queue.rows.filter(free);
  const first = open[0];
  return (
    <Card title={t("reviewTitle")} extra={<Link to="/content/desk">{d.waiting > 0 ? t("reviewCount", { n: d.waiting }) : t("toQueue")}</Link>}>
      {d.overdue > 0 && <p className="k-bad">{t("reviewOverdue", { n: d.overdue })}</p>}
      {first ? <ReviewRows list={open.slice(0, 3)} /> : <p className="k-muted">{t("reviewNone")}</p>}
      {first && (
        <Link to={`/content/desk/${first.id}`} className="d-btn d-main" style={{ width: "100%", marginTop: 12 }}>
          {t("reviewStart")}
        </Link>
      )}
    </Card>
  );
}
