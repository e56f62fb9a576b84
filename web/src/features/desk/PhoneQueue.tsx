import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { ReviewRows } from "./ReviewRows";
import { useQueue } from "./reviewing";
import "./desk.css";

const SHOWN = { all: { state: "waiting", sort: "rank" }, assigned: { state: "waiting", sort: "rank", assigned: "me" }, overdue: { overdue: true, sort: "rank" } } as const;
type Shown = keyof typeof SHOWN;

/** The reviewer's queue, the most urgent first. */
export default function PhoneQueue() {
  const [shown, setShown] = useState<Shown>("all");
  const queue = useQueue(SHOWN[shown]);
  useEffect(() => {
    document.title = `${t("title")} · Kosmos`;
  }, []);
  return (
    <div className="d-one">
      <p style={{ margin: 0 }}>
        <Link to="/today">‹ {t("back")}</Link>
      </p>
      <h1>{t("reviewTitle")}</h1>
      <fieldset className="d-pills">
        <legend className="d-quiet">{t("show")}</legend>
        {(Object.keys(SHOWN) as Shown[]).map((k) => (
          <label key={k}>
            <input type="radio" name="shown" checked={shown === k} onChange={() => setShown(k)} />
            {t(`show.${k}`)}
          </label>
        ))}
      </fieldset>
      {queue.loading && <Waiting />}
      {queue.problem && !queue.rows.length && <Failed error={queue.problem} onRetry={queue.retry} />}
      {!queue.loading && !queue.problem && queue.rows.length === 0 && (
        <Card title={t("reviewNone")}>
          <p className="k-muted">{t("reviewNoneText")}</p>
        </Card>
      )}
      {queue.rows.length > 0 && (
        <Card>
          <ReviewRows list={queue.rows} />
        </Card>
      )}
      {queue.hasMore && (
        <button type="button" className="d-btn" onClick={queue.more} disabled={queue.loadingMore}>
          {t("moreRows")}
        </button>
      )}
    </div>
  );
}
