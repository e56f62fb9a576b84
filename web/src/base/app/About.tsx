import { Button, Skeleton, Table } from "antd";
import { Link } from "react-router";
import { useGet } from "@/api";
import { ErrorState, Facts, Page, Section, StatusTag, Text, Time, type Tone } from "@/ui";
import { t } from "./i18n";

interface Check {
  check: string;
  state: "ok" | "warn" | "fail";
  detail: string;
}

interface Doctor {
  build: { version: string; commit: string; time: string };
  checks: Check[];
}

const TONE: Record<Check["state"], Tone> = { ok: "good", warn: "warn", fail: "bad" };

/** What the program stands on, and whether all is well. */
export default function About() {
  const doctor = useGet<Doctor>("/api/v1/app/doctor", undefined, { stale: 0 });
  const d = doctor.data;
  return (
    <Page
      title={t("title")}
      lead={d && lead(d.checks)}
      actions={
        <Button loading={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {t("again")}
        </Button>
      }
    >
      {doctor.error && <ErrorState error={doctor.error} onRetry={() => void doctor.refetch()} />}
      {doctor.isPending && <Skeleton active />}
      {d && (
        <>
          <Section>
            <Facts
              items={[
                { label: t("version"), value: d.build.version },
                { label: t("commit"), value: <Text value={d.build.commit} /> },
                { label: t("built"), value: <Time value={d.build.time || null} /> },
              ]}
            />
          </Section>
          <Section title={t("checks")} flush>
            <Table<Check>
              size="small"
              pagination={false}
              rowKey={(c) => c.check}
              dataSource={d.checks}
              columns={[
                { key: "check", title: t("check"), width: 160, render: (_, c) => t.slug("check", c.check, c.check) },
                { key: "state", title: t("state"), width: 110, render: (_, c) => <StatusTag tone={TONE[c.state]}>{t(`state.${c.state}`)}</StatusTag> },
                { key: "detail", title: t("result"), render: (_, c) => (c.check === "jobs" && c.state !== "ok" ? <>{c.detail} <Link to="/settings/jobs">{t("toJobs")}</Link></> : c.detail) },
              ]}
            />
          </Section>
          <p className="k-muted">{t("shell")}</p>
        </>
      )}
    </Page>
  );
}

function lead(checks: Check[]): string {
  const fail = checks.filter((c) => c.state === "fail").length;
  const warn = checks.filter((c) => c.state === "warn").length;
  if (fail) return t("leadFail", { n: fail });
  return warn ? t("leadWarn", { n: warn }) : t("leadOk");
}
