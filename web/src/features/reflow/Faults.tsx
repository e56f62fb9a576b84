import { Button, Table } from "antd";
import { useState } from "react";
import { useGet } from "@/api";
import { ErrorState, Section, StatusTag, Text } from "@/ui";
import { t } from "./i18n";
import type { Fault } from "./types";

/** What was wrong with rows, and the same as a sheet. */
export function Faults({ path, errors, warnings }: { path: string; errors: number; warnings: number }) {
  const [limit, setLimit] = useState(20);
  const any = errors + warnings > 0;
  const got = useGet<{ items: Fault[]; next: number }>(any ? `${path}/faults` : null, { limit }, { keep: true });
  if (!any) return null;
  const rows = (got.data?.items ?? []).map((f, key) => ({ ...f, key }));
  const sheets = rows.some((r) => r.sheet);
  return (
    <Section title={`${t("faults")} · ${errors + warnings}`} extra={<Button href={`${path}/faults.xlsx`}>{t("faultFile")}</Button>} flush>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : (
        <Table
          size="small"
          loading={got.isPending}
          pagination={false}
          dataSource={rows}
          columns={[
            { key: "row", title: t("faultRow"), width: 80, align: "right", render: (_, f) => (f.row ? f.row : "—") },
            ...(sheets ? [{ key: "sheet", title: t("faultSheet"), width: 130, render: (_: unknown, f: Fault) => <Text value={f.sheet} /> }] : []),
            { key: "column", title: t("faultColumn"), width: 160, render: (_, f) => <Text value={f.column} /> },
            { key: "level", title: t("state"), width: 90, render: (_, f) => <StatusTag tone={f.warning ? "warn" : "bad"}>{f.warning ? t("faultWarning") : t("faultError")}</StatusTag> },
            { key: "text", title: t("faultText"), render: (_, f) => f.message },
          ]}
        />
      )}
      {(got.data?.next ?? 0) > 0 && limit < 200 && (
        <p style={{ textAlign: "center" }}>
          <Button type="link" onClick={() => setLimit(200)}>
            {t("more")}
          </Button>
        </p>
      )}
    </Section>
  );
}
