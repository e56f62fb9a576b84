import { Link } from "react-router";
import { useGet } from "@/api";
import { timeText } from "@/i18n/format";
import { EmptyState, ErrorState, Page, Section } from "@/ui";
import { t } from "./i18n";
import { RiskTabs } from "./parts";
import type { Version } from "./types";

/** Published versions, newest first. */
export default function VersionsPage() {
  const got = useGet<{ items: Version[] }>("/api/v1/risk/versions", { limit: 200 });
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  return (
    <Page title={t("tab.versions")} lead={t("versionsLead")}>
      <RiskTabs />
      {got.data?.items.length === 0 && <EmptyState title={t("versionsNone")} text={t("versionsNoneText")} />}
      {got.data?.items.map((v) => (
        <Section key={v.number} title={<Link to={`/content/risk/versions/${v.number}`}>{t("version", { n: v.number })}</Link>} extra={<span className="k-muted">{t("rulesCount", { n: v.rules })}</span>}>
          <p style={{ marginTop: 0 }}>{v.why}</p>
          <p className="k-muted" style={{ margin: 0 }}>
            {v.publisher} · {timeText(v.published_at)} · {t("counts", { added: v.added, changed: v.changed, removed: v.removed })}
          </p>
        </Section>
      ))}
    </Page>
  );
}
