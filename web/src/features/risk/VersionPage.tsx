import { Select } from "antd";
import { useParams } from "react-router";
import { useGet } from "@/api";
import { useUrlState } from "@/app/scope";
import { timeText } from "@/i18n/format";
import { ErrorState, Facts, Page, Section } from "@/ui";
import { Changes } from "./Changes";
import { t } from "./i18n";
import { versionName } from "./parts";
import type { Change, Version } from "./types";

/** One version: who published it, why, and how it differs from another. */
export default function VersionPage() {
  const { number = "" } = useParams();
  const [chosen, setChosen] = useUrlState("with");
  const got = useGet<{ version: Version; with: number; changes: Change[] }>(`/api/v1/risk/versions/${number}`, { with: chosen });
  const all = useGet<{ items: Version[] }>("/api/v1/risk/versions", { limit: 200 });
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const v = got.data?.version;
  const others = [-1, ...(all.data?.items ?? []).map((x) => x.number).filter((n) => n !== Number(number)), 0];
  return (
    <Page back="/content/risk/versions" title={t("version", { n: number })} lead={v?.why}>
      {v && (
        <Section>
          <Facts
            items={[
              { label: t("publisher"), value: v.publisher },
              { label: t("publishedAt"), value: timeText(v.published_at) },
              { label: t("tab.rules"), value: t("rulesCount", { n: v.rules }) },
              { label: t("before_after"), value: t("counts", { added: v.added, changed: v.changed, removed: v.removed }) },
            ]}
          />
        </Section>
      )}
      {got.data && (
        <Section
          title={t("before_after")}
          extra={
            <Select
              aria-label={t("compareWith")}
              style={{ minWidth: 180 }}
              value={got.data.with}
              onChange={(n: number) => setChosen(String(n))}
              options={others.map((n) => ({ value: n, label: `${t("compareWith")} ${versionName(n)}` }))}
            />
          }
        >
          <Changes list={got.data.changes} />
        </Section>
      )}
    </Page>
  );
}
