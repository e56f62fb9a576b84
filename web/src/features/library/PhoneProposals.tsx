import { useEffect } from "react";
import { Link } from "react-router";
import { useList } from "@/api";
import { relativeTime } from "@/i18n/format";
import { Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { API, type Proposal } from "./types";
import { WaitingProposals } from "./WaitingProposals";

/** What I offered, and what became of it. */
export default function PhoneProposals() {
  const list = useList<Proposal>(`${API}/proposals`, { own: true }, 30);
  useEffect(() => {
    document.title = `${t("myProposals")} · Kosmos`;
  }, []);
  return (
    <article>
      <p style={{ margin: 0 }}>
        <Link to="/library">‹ {t("title")}</Link>
      </p>
      <h1>{t("myProposals")}</h1>
      <WaitingProposals />
      <section className="p-card">
        {list.problem && !list.rows.length ? (
          <Failed error={list.problem} onRetry={list.retry} />
        ) : list.loading ? (
          <Waiting />
        ) : list.rows.length ? (
          <ul className="p-rows">
            {list.rows.map((p) => (
              <li key={p.id}>
                <b>{p.title}</b>
                <br />
                <small className={p.state === "accepted" ? "k-good" : p.state === "returned" ? "k-bad" : "k-muted"}>
                  {t(`proposal.${p.state}`)} · {relativeTime(p.decided_at ?? p.made_at)}
                </small>
                {p.note && <p>{t("noteIs", { note: p.note })}</p>}
              </li>
            ))}
          </ul>
        ) : (
          <p className="k-muted">{t("noOwnProposals")}</p>
        )}
      </section>
      <p style={{ textAlign: "center" }}>
        <Link to="/library/propose">{t("propose")}</Link>
      </p>
    </article>
  );
}
