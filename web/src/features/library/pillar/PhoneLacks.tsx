import { Link } from "react-router";
import { useGet } from "@/api";
import { Card } from "@/phone/kit";
import { platformName } from "@/ui/words";
import { API } from "../types";
import { t } from "./i18n";
import type { Lack } from "./types";
import "./pillar.css";

/** What the own accounts are short of, each leading to the texts that fit; nothing when nothing is. */
export default function PhoneLacks() {
  const got = useGet<{ items: Lack[] }>(`${API}/gaps/mine`);
  const list = (got.data?.items ?? []).slice(0, 4);
  if (!list.length) return null;
  return (
    <Card title={t("lackTitle")}>
      <ul className="p-rows">
        {list.map((l) => (
          <li key={`${l.account_id} ${l.pillar_id}`}>
            <Link className="lp-lack" to={l.items ? `/library?pillar=${l.pillar_id}` : "/library/propose"}>
              <i style={{ background: l.color }} aria-hidden />
              <span>
                <b>{t("lackN", { pillar: l.pillar, n: l.short })}</b>
                <small className="k-muted">
                  {platformName(l.platform)} {l.account} · {l.items ? t("lackItems", { n: l.items }) : t("lackNone")}
                </small>
              </span>
              <em aria-hidden className="k-muted">
                ›
              </em>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
