import { useEffect, useMemo } from "react";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { useMe } from "@/app/session";
import { Failed, Waiting } from "@/phone/kit";
import { taskPath } from "./stand";
import { cardOf } from "./card";
import { t } from "./i18n";
import type { MyPage } from "./types";
import "./campaign.css";

/** A picture to send on: the campaign in two lines and a code that leads to what the person published. */
export default function PhoneCard() {
  const { id = "" } = useParams();
  const me = useMe();
  const got = useGet<MyPage>(taskPath(id));
  const page = got.data;
  useEffect(() => {
    document.title = `${t("card")} · Kosmos`;
  }, []);
  const picture = useMemo(() => {
    if (!page) return "";
    const { card } = page;
    const post = page.submissions?.find((s) => s.state === "passed" || s.state === "settled")?.link;
    const link = post || (card.link && new URL(card.link, location.origin).href);
    return link ? cardOf({ brand: me.brand.name, title: card.title, text: card.line, hashtags: page.hashtags ?? [], hint: t(post ? "cardPost" : "cardHint"), link }) : "";
  }, [page, me.brand.name]);
  if (!page) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  return (
    <article className="c-one">
      <p className="c-nav">
        <Link to={`/tasks/${id}`}>‹ {t("back")}</Link>
      </p>
      <h1>{t("card")}</h1>
      {picture ? (
        <>
          <img className="c-card" src={picture} alt={t("cardAlt", { title: page.card.title })} />
          <p className="k-muted c-flat">{t("cardSave")}</p>
          <div className="c-foot">
            <a className="c-btn c-main" href={picture} download={`${page.card.title}.png`}>
              {t("save")}
            </a>
          </div>
        </>
      ) : (
        <p className="k-muted">{t("cardNone")}</p>
      )}
    </article>
  );
}
