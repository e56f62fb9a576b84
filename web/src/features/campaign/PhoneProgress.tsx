import { Link } from "react-router";
import { useGet } from "@/api";
import { money, shortNumber } from "@/i18n/format";
import { Card, Failed, PhoneFigures, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { API, type MyRank } from "./types";
import "./campaign.css";

/** On the tab of me: what I did of what campaigns asked, and my place in my unit. */
export default function PhoneProgress() {
  const got = useGet<MyRank>(`${API}/rank`, undefined, { keep: true });
  const r = got.data;
  if (!r) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  if (r.given === 0) return null;
  const earned = [r.points > 0 && t("points", { n: shortNumber(r.points) }), r.fen > 0 && money({ fen: r.fen, currency: "CNY" })].filter(Boolean).join(" + ");
  return (
    <Card title={t("progress")} extra={<Link to="/tasks">{t("all")}</Link>}>
      <PhoneFigures
        items={[
          { label: t("progressDone"), value: `${r.done} / ${r.given}` },
          { label: t("progressRank"), value: r.rank === null ? "—" : `${r.rank} / ${r.of}` },
          { label: t("progressEarned"), value: earned || "—" },
        ]}
      />
      <div className="c-track" aria-hidden>
        <i style={{ width: `${Math.round((100 * r.done) / r.given)}%` }} />
      </div>
      {r.rank !== null && <p className="k-muted c-flat">{t("progressText", { unit: r.unit })}</p>}
    </Card>
  );
}
