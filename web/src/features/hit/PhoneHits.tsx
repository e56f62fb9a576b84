import { Button } from "antd-mobile";
import { useEffect } from "react";
import { Link, useNavigate } from "react-router";
import { useGet } from "@/api";
import { dayText, shortNumber } from "@/i18n/format";
import { Card, Failed, Waiting } from "@/phone/kit";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import { API, type Near } from "./types";
import "./hit.css";

/** Hits of the own store and those that headquarters chose: why they worked, and the template to use. */
export default function PhoneHits() {
  const go = useNavigate();
  const got = useGet<{ items: Near[] }>(`${API}/near`);
  useEffect(() => {
    document.title = `${t("near")} · Kosmos`;
  }, []);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  return (
    <article>
      <p>
        <Link to="/library">‹ {t("toLibrary")}</Link>
      </p>
      <h1>{t("near")}</h1>
      {got.data.items.length === 0 && <p className="k-muted">{t("nearNone")}</p>}
      {got.data.items.map((h) => (
        <Card key={h.id} title={h.star ? `★ ${t("chosen")}` : t("ownStore")} extra={platformName(h.platform)}>
          <p className="ht-title">{h.title || t("untitled")}</p>
          <p className="k-muted">
            {[h.author, h.day && dayText(h.day), h.times > 0 && h.metric && t("timesText", { metric: t(`metric.${h.metric}`), n: h.times }), h.views !== null && t("viewsText", { n: shortNumber(h.views) })].filter(Boolean).join(" · ")}
          </p>
          <dl className="ht-lesson">
            {Object.entries(h.lesson).map(([k, v]) => (
              <div key={k}>
                <dt>{t.slug("field", k)}</dt>
                <dd>{v}</dd>
              </div>
            ))}
          </dl>
          <p className="ht-row">
            {h.template_id && (
              <Button color="primary" onClick={() => void go(`/library/${h.template_id}`)}>
                {t("useTemplate")}
              </Button>
            )}
            {h.url && (
              <a href={h.url} target="_blank" rel="noopener noreferrer">
                {t("openLink")}
              </a>
            )}
          </p>
        </Card>
      ))}
    </article>
  );
}
