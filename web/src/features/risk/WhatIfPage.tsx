import { Button, DatePicker, Form, InputNumber, Select } from "antd";
import type { Dayjs } from "dayjs";
import { Link, useNavigate } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { fullNumber } from "@/i18n/format";
import { EmptyState, ErrorState, options, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { RiskTabs, runName, runOrigin, RunProgress, RunTag, versionName } from "./parts";
import { asked } from "./RunPage";
import { RunMoves, useRuns } from "./RunsPage";
import { SEVERITIES, type Draft, type Version } from "./types";

interface Fields {
  version: number;
  at?: Dayjs | null;
  days: number;
  changes?: { category?: string; severity?: string }[];
}

/** Asks what other rules, another day or other severities would have said. */
export default function WhatIfPage() {
  const can = useCan();
  const got = useRuns();
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const list = got.data?.items.filter((r) => r.kind === "whatif");
  return (
    <Page title={t("whatifTitle")} lead={t("whatifLead")}>
      <RiskTabs />
      {can("risk.write") && <AskForm />}
      {list?.length === 0 && <EmptyState title={t("whatifNone")} text={can("risk.write") ? t("whatifNoneText") : undefined} />}
      {list?.map((r) => (
        <Section key={r.id} title={<Link to={`/content/risk/runs/${r.id}`}>{runName(r)}</Link>} extra={<RunTag run={r} />}>
          {r.state === "done" ? (
            <p style={{ margin: 0 }}>{t("whatifSays", { asked: fullNumber(r.asked), worse: fullNumber(r.worse), better: fullNumber(r.better) })}</p>
          ) : (
            <RunProgress run={r} />
          )}
          <p className="k-muted" style={{ margin: 0 }}>{`${asked(r)} · ${runOrigin(r)}`}</p>
          <RunMoves run={r} />
        </Section>
      ))}
    </Page>
  );
}

function AskForm() {
  const [form] = Form.useForm<Fields>();
  const toast = useToast();
  const navigate = useNavigate();
  const draft = useGet<Draft>("/api/v1/risk/draft");
  const versions = useGet<{ items: Version[] }>("/api/v1/risk/versions", { limit: 200 });
  const ask = useSend<{ id: string }>("POST", "/api/v1/risk/whatifs", ["/api/v1/risk/"]);
  const head = draft.data?.head ?? 0;
  const numbers = [...new Set([-1, ...(versions.data?.items ?? []).map((v) => v.number), 0])];
  const submit = (f: Fields) => {
    const severities = Object.fromEntries((f.changes ?? []).flatMap((c) => (c.category && c.severity ? [[c.category, c.severity]] : [])));
    ask.mutate(
      { body: { version: f.version, at: f.at ? f.at.format("YYYY-MM-DD") : null, days: f.days, severities } },
      {
        onSuccess: (r) => {
          toast.done(t("whatifStarted"));
          void navigate(`/content/risk/runs/${r.id}`);
        },
        onError: toast.failed,
      },
    );
  };
  if (!draft.data) return null;
  return (
    <Section>
      <Form form={form} layout="vertical" initialValues={{ version: -1, days: 30 }} onFinish={submit} requiredMark={false}>
        <div style={{ display: "flex", flexWrap: "wrap", gap: "0 16px" }}>
          <Form.Item name="version" label={t("whatifVersion")} style={{ minWidth: 200 }}>
            <Select options={numbers.map((n) => ({ value: n, label: n === head ? `${versionName(n)} · ${t("whatifNow")}` : versionName(n) }))} />
          </Form.Item>
          <Form.Item name="at" label={t("whatifAt")}>
            <DatePicker placeholder={t("whatifAtHint")} />
          </Form.Item>
          <Form.Item name="days" label={t("whatifDays")} rules={[{ required: true }]}>
            <InputNumber min={1} max={730} />
          </Form.Item>
        </div>
        <Form.List name="changes">
          {(fields, { add, remove }) => (
            <>
              {fields.map((f) => (
                <div key={f.key} style={{ display: "flex", flexWrap: "wrap", gap: 8 }}>
                  <Form.Item name={[f.name, "category"]}>
                    <Select aria-label={t("category")} placeholder={t("category")} style={{ width: 180 }} options={options(draft.data.choices.categories, (x) => t.slug("category", x))} />
                  </Form.Item>
                  <Form.Item name={[f.name, "severity"]}>
                    <Select aria-label={t("severity")} placeholder={t("severity")} style={{ width: 160 }} options={options(SEVERITIES, (x) => t.slug("severity", x))} />
                  </Form.Item>
                  <Button type="text" onClick={() => remove(f.name)}>{t("clear")}</Button>
                </div>
              ))}
              <div className="k-actions">
                <Button onClick={() => add({})}>{fields.length ? t("whatifSeverityAdd") : t("whatifSeverity")}</Button>
                <Button type="primary" htmlType="submit" loading={ask.isPending}>{t("whatifAsk")}</Button>
              </div>
            </>
          )}
        </Form.List>
      </Form>
    </Section>
  );
}
