import { Button, SearchBar } from "antd-mobile";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useList } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { usePillars } from "./pillar/types";
import { PhoneTalks } from "./PhoneTalks";
import { API, type Item, type Kind } from "./types";
import "./library.css";

/** Kinds a KOS looks for, in order. */
const SHOWN: Kind[] = ["template", "asset", "script", "talk", "case"];

/** Search, kinds, and what can be taken today. */
export default function PhoneLibrary() {
  const [typed, setTyped] = useState("");
  const [kind, setKind] = useState<Kind | "">("");
  const [params, setParams] = useSearchParams();
  const pillar = params.get("pillar") ?? "";
  const named = usePillars().data?.items.find((p) => p.id === pillar);
  const list = useList<Item>(`${API}/items`, { usable: true, kind, q: typed.trim(), pillar: pillar || undefined }, 30);
  return (
    <>
      <SearchBar placeholder={t("search")} value={typed} onChange={setTyped} aria-label={t("search")} />
      <div className="l-tabs" role="group" aria-label={t("kind")}>
        <Button size="small" color={kind ? "default" : "primary"} aria-pressed={!kind} onClick={() => setKind("")}>
          {t("all")}
        </Button>
        {SHOWN.map((k) => (
          <Button key={k} size="small" color={kind === k ? "primary" : "default"} aria-pressed={kind === k} onClick={() => setKind(k)}>
            {t(`kind.${k}`)}
          </Button>
        ))}
      </div>
      {named && (
        <p style={{ margin: "0 0 8px" }}>
          <Button size="small" color="primary" fill="outline" onClick={() => setParams({}, { replace: true })}>
            {t("onlyPillar", { name: named.name })} ×
          </Button>
        </p>
      )}
      {kind === "talk" && !pillar ? (
        <PhoneTalks query={typed.trim()} />
      ) : (
      <Card title={t("canTake")} extra={<Link to="/library/propose">{t("propose")}</Link>}>
        {list.problem ? (
          <Failed error={list.problem} onRetry={list.retry} />
        ) : list.loading ? (
          <Waiting />
        ) : list.rows.length ? (
          <ul className="p-rows">
            {list.rows.map((i) => (
              <li key={i.id}>
                <Link to={`/library/${i.id}`} className="l-row">
                  {i.cover ? <img className="l-cover" src={i.cover} alt="" loading="lazy" /> : <span className="l-cover" aria-hidden>{t(`sign.${i.kind}`)}</span>}
                  <span>
                    <b>{i.title}</b>
                    <small className="k-muted">
                      {t(`kind.${i.kind}`)} · {t("usedTimes", { n: i.uses })}
                    </small>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <p className="k-muted">{typed || pillar ? t("notFound") : t("nonePhone")}</p>
        )}
        {list.hasMore && (
          <Button block fill="none" loading={list.loadingMore} onClick={list.more}>
            {t("more")}
          </Button>
        )}
      </Card>
      )}
      <p style={{ textAlign: "center" }}>
        <Link to="/library/proposals">{t("myProposals")}</Link>
      </p>
    </>
  );
}
