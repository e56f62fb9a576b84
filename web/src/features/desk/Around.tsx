import { Skeleton } from "antd";
import { Link } from "react-router";
import { useGet } from "@/api";
import { percent } from "@/i18n/format";
import { platformName, RelTime, Section, StatusTag } from "@/ui";
import { t } from "./i18n";
import { API, type Elsewhere, type Review } from "./types";

/** Similar past decisions, and where the same words stand already. */
export function Around({ id }: { id: string }) {
  const got = useGet<{ similar: Review[]; elsewhere: Elsewhere[] }>(`${API}/submissions/${id}/around`);
  if (!got.data) return got.error ? null : <Section><Skeleton active paragraph={{ rows: 2 }} /></Section>;
  const { similar, elsewhere } = got.data;
  return (
    <>
      <Section title={t("similar")}>
        {similar.length === 0 && <p className="k-muted">{t("similarNone")}</p>}
        <ul className="d-around">
          {similar.map((r) => (
            <li key={`${r.submission_id}-${r.version}-${r.reviewer}`}>
              <p>
                <StatusTag tone={r.decision === "approve" ? "good" : r.decision === "reject" ? "bad" : "warn"}>{t(`decision.${r.decision}`)}</StatusTag>{" "}
                <Link to={`/content/desk/${r.submission_id}`}>{r.excerpt}</Link>
              </p>
              <p className="k-muted">
                {r.reviewer} · <RelTime value={r.at} />
                {r.reason && ` · ${r.reason}`}
              </p>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t("elsewhere")}>
        {elsewhere.length === 0 && <p className="k-muted">{t("elsewhereNone")}</p>}
        <ul className="d-around">
          {elsewhere.map((e) => (
            <li key={e.post_id}>
              <p>
                <Link to={`/content/posts/${e.post_id}`}>{e.text}</Link>
              </p>
              <p className="k-muted">{[platformName(e.platform), e.handle, e.member, t("sameShare", { percent: percent(e.score) })].filter(Boolean).join(" · ")}</p>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
