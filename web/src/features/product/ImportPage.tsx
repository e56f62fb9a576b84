import { Button, Progress, Table } from "antd";
import { useEffect } from "react";
import { useParams } from "react-router";
import { useGet, useRefresh, useSend } from "@/api";
import { ErrorState, Facts, Page, Section, StatusTag, Time, useToast } from "@/ui";
import { t } from "./i18n";
import { ImportTag } from "./Imports";
import { API, type Import } from "./types";
import { Strip } from "./words";

/** One file: what it would do, what is wrong with rows, applying it and taking it back. */
export default function ImportPage() {
  const { id = "" } = useParams();
  const path = `${API}/imports/${id}`;
  const got = useGet<Import>(path, undefined, { every: 2000 });
  const toast = useToast();
  const refresh = useRefresh();
  const apply = useSend("POST", `${path}/apply`, [`${API}/`]);
  const undo = useSend("POST", `${path}/undo`, [`${API}/`]);
  const discard = useSend("POST", `${path}/discard`, [`${API}/`]);
  const i = got.data;
  const state = i?.state;
  useEffect(() => {
    if (state === "done" || state === "undone") refresh(`${API}/products`, `${API}/policies`, `${API}/stock`, `${API}/checks`);
  }, [state, refresh]);
  if (!i) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const news = i.added + i.changed;
  const busy = i.state === "applying" || i.state === "undoing";
  const run = (job: typeof apply, text: string) => job.mutate({}, { onSuccess: () => toast.done(text), onError: toast.failed });
  return (
    <Page
      back="/content/products/imports"
      title={i.file_name}
      lead={
        <>
          <ImportTag state={i.state} /> {t(`sheet.${i.kind}`)} · {i.by} · <Time value={i.created_at} />
        </>
      }
      tab={i.file_name}
      actions={
        i.state === "ready" ? (
          <>
            <Button onClick={() => run(discard, t("discarded"))}>{t("discard")}</Button>
            <Button type="primary" disabled={news === 0} title={news === 0 ? t("nothingNew") : undefined} loading={apply.isPending} onClick={() => run(apply, t("applyStarted"))}>
              {t("apply", { n: news })}
            </Button>
          </>
        ) : i.state === "done" ? (
          <Button danger loading={undo.isPending} onClick={() => run(undo, t("undoStarted"))}>
            {t("undo")}
          </Button>
        ) : undefined
      }
    >
      <Strip />
      <Section title={t("understood")}>
        <Facts
          items={[
            { label: t("rows"), value: i.rows },
            { label: t("added"), value: i.added },
            { label: t("changed"), value: i.changed },
            { label: t("same"), value: i.same },
            { label: t("wrong"), value: i.faulty },
            ...(i.state === "undone" && i.kept > 0 ? [{ label: t("keptRows"), value: t("keptText", { n: i.kept }) }] : []),
          ]}
        />
        {busy && <Progress percent={news ? Math.min(99, Math.floor((100 * i.done) / news)) : 0} aria-label={t(`import.${i.state}`)} />}
        {i.state === "ready" && <p className="k-muted">{t(i.faulty ? "readyFaults" : "readyText")}</p>}
      </Section>
      {i.faults.length > 0 && (
        <Section title={`${t("faults")} · ${i.faults.length}`} flush>
          <Table
            size="small"
            pagination={i.faults.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
            dataSource={i.faults.map((f, key) => ({ ...f, key }))}
            columns={[
              { key: "row", title: t("row"), width: 80, align: "right", render: (_, f) => f.row },
              { key: "column", title: t("column"), width: 160, render: (_, f) => f.column || "—" },
              { key: "level", title: t("state"), width: 110, render: (_, f) => <StatusTag tone={f.warning ? "warn" : "bad"}>{t(f.warning ? "warning" : "skippedRow")}</StatusTag> },
              { key: "text", title: t("fault"), render: (_, f) => f.message },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}
