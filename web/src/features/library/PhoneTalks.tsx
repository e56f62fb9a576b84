import { Button } from "antd-mobile";
import { useState } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { byStage, type TalkList } from "./talk";
import { API } from "./types";

/** Talk tracks on the phone: pick where the customer stands, see what he says, tap for the answer. */
export function PhoneTalks({ query }: { query: string }) {
  const [stage, setStage] = useState("");
  const got = useGet<TalkList>(`${API}/talks`, { usable: true, q: query, stage: stage || undefined }, { keep: true });
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const groups = byStage(got.data.items);
  return (
    <>
      {got.data.stages.length > 1 && (
        <div className="l-tabs" role="group" aria-label={t("stage")}>
          {["", ...got.data.stages].map((s) => (
            <Button key={s} size="mini" color={stage === s ? "primary" : "default"} aria-pressed={stage === s} onClick={() => setStage(s)}>
              {s || t("allStages")}
            </Button>
          ))}
        </div>
      )}
      {groups.length === 0 && <p className="k-muted">{t(query || stage ? "notFound" : "nonePhone")}</p>}
      {groups.map(([name, items]) => (
        <Card key={name} title={name || t("noStage")}>
          <ul className="p-rows">
            {items.map((i) => (
              <li key={i.id}>
                <Link to={`/library/${i.id}`} className="l-row">
                  <span>
                    <b>{i.objection ? t("objectionIs", { objection: i.objection }) : i.title}</b>
                    <small className="k-muted">{[i.product, i.body].filter(Boolean).join(" · ")}</small>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </>
  );
}
