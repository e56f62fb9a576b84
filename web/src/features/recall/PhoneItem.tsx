import { Button, TextArea } from "antd-mobile";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { dayText } from "@/i18n/format";
import { Failed, Waiting } from "@/phone/kit";
import { useQueued } from "@/phone/outbox";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import { MarkedText } from "./MarkedText";
import { ProofForm, type Kit, type Proof } from "./ProofForm";
import { askText, endText } from "./says";
import { API, type ItemPage } from "./types";

const kit: Kit = {
  Area: (p) => <TextArea rows={3} maxLength={500} value={p.value} onChange={p.onChange} aria-label={p.label} placeholder={p.hint} />,
  Submit: (p) => (
    <Button block size="large" color="primary" disabled={p.disabled} loading={p.busy} onClick={p.onClick}>
      {p.children}
    </Button>
  ),
  Plain: (p) => (
    <Button block fill="none" onClick={p.onClick}>
      {p.children}
    </Button>
  ),
};

/** One text to take down or edit: what, why, by when, and the proof. */
export default function PhoneItem() {
  const { id = "", object = "" } = useParams();
  const path = `${API}/recalls/${id}/items/${object}`;
  const got = useGet<ItemPage>(path);
  const send = useQueued();
  const [sent, setSent] = useState(false);
  const title = got.data?.recall.title ?? "";
  useEffect(() => {
    document.title = `${title || t("mineTitle")} · Kosmos`;
  }, [title]);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const { item, recall } = got.data;
  const end = sent ? t("waitingCheck") : endText(got.data);
  const prove = (p: Proof) => {
    if (sent) return;
    setSent(true);
    void send("POST", `${path}/proof`, p, t("proved"));
  };
  return (
    <article className="r-one">
      <p>
        <Link to="/today">‹ {t("toList")}</Link>
      </p>
      <h1>{end ?? askText(got.data)}</h1>
      <section className="p-card">
        <p className="r-words">
          <MarkedText text={item.content} spans={item.spans} />
        </p>
        <p className="k-muted">
          {[platformName(item.account.platform), item.account.name || item.account.handle].join(" · ")}
          {item.url && (
            <>
              {" · "}
              <a href={item.url} target="_blank" rel="noopener noreferrer">
                {t("openLink")}
              </a>
            </>
          )}
        </p>
        <dl className="r-facts">
          <dt>{t("reason")}</dt>
          <dd>{recall.reason}</dd>
          {recall.article && (
            <>
              <dt>{t("article")}</dt>
              <dd>{recall.article}</dd>
            </>
          )}
          <dt>{t("due")}</dt>
          <dd>{dayText(recall.due)}</dd>
        </dl>
        {item.state === "waiting" && item.decision_note && <p className="k-bad">{t("returned", { note: item.decision_note })}</p>}
      </section>
      {!end && (
        <>
          <ProofForm kit={kit} canLook={item.kind === "post"} busy={false} onSend={prove} />
          <p className="k-muted">{t("kept")}</p>
        </>
      )}
    </article>
  );
}
