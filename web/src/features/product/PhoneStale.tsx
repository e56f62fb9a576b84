import { Button } from "antd-mobile";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { money } from "@/i18n/format";
import { Card, Failed, Waiting } from "@/phone/kit";
import { useQueued } from "@/phone/outbox";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import { API, type Stale } from "./types";
import "./phone.css";

/** One's own texts with an old price: what stands there, what to write, and "done". Works on a bad network. */
export default function PhoneStale() {
  const got = useGet<{ items: Stale[] }>(`${API}/mine`);
  const send = useQueued();
  const [done, setDone] = useState<string[]>([]);
  useEffect(() => {
    document.title = `${t("mine")} · Kosmos`;
  }, []);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const rows = got.data.items.filter((s) => !done.includes(s.product_id + s.object_id));
  const mark = (s: Stale) => {
    setDone((d) => [...d, s.product_id + s.object_id]);
    void send("POST", `${API}/mine/${s.product_id}/${s.object_id}/fixed`, {}, t("markedFixed"));
  };
  return (
    <article>
      <p>
        <Link to="/today">‹ {t("toToday")}</Link>
      </p>
      <h1>{t("mine")}</h1>
      {rows.length === 0 && <p className="k-muted">{t("mineNoneText")}</p>}
      {rows.map((s) => (
        <Card key={s.product_id + s.object_id} title={s.product} extra={s.kind === "template" ? t("kind.template") : platformName(s.account.platform)}>
          <p className="pp-words">
            {[...s.content].slice(0, s.span.start).join("")}
            <mark>{[...s.content].slice(s.span.start, s.span.end).join("")}</mark>
            {[...s.content].slice(s.span.end).join("")}
          </p>
          <p>
            <s className="k-muted">{money(s.old)}</s> → <b>{s.new ? money(s.new) : t("noPrice")}</b>
          </p>
          {s.url && (
            <p>
              <a href={s.url} target="_blank" rel="noopener noreferrer">
                {t("openLink")}
              </a>
            </p>
          )}
          {s.kind === "post" ? (
            <Button block color="primary" onClick={() => mark(s)}>
              {t("verb.fixed")}
            </Button>
          ) : (
            <p className="k-muted">{t("templateHint")}</p>
          )}
        </Card>
      ))}
    </article>
  );
}
