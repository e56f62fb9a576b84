import { Button, Spin, Table } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { request, useRefresh } from "@/api";
import { Dropzone, Facts, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { API, type SheetResult } from "./types";
import "./hit.css";

const MAX = 8 << 20;

function send(file: File, dry: boolean): Promise<SheetResult> {
  const body = new FormData();
  body.append("file", file);
  return request<SheetResult>("POST", `${API}/sheet`, { body, query: { dry } });
}

/** Posts of others by file: template, what it would do, then writing it. */
export default function ImportPage() {
  const go = useNavigate();
  const toast = useToast();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState<{ file: File; result: SheetResult } | null>(null);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const look = ([file]: File[]) => file && void run(async () => setSeen({ file, result: await send(file, true) }));
  const write = (file: File) =>
    void run(async () => {
      const r = await send(file, false);
      refresh(`${API}/`);
      toast.done(t("sheetDone", { added: r.added, changed: r.changed }));
      void go("/content/hits?sort=-found");
    });
  const r = seen?.result;
  return (
    <Page back="/content/hits" title={t("byFile")} lead={t("byFileLead")} actions={<Button href={`${API}/template.xlsx`}>{t("sheetTemplate")}</Button>}>
      <Section title={t("chooseFile")}>
        <Spin spinning={busy}>
          <Dropzone accept=".xlsx,.csv" maxBytes={MAX} disabled={busy} onFiles={look} />
        </Spin>
      </Section>
      {seen && r && (
        <Section
          title={seen.file.name}
          extra={
            <Button type="primary" disabled={r.added + r.changed === 0} loading={busy} onClick={() => write(seen.file)}>
              {r.added + r.changed === 0 ? t("nothingNew") : t("writeRows", { n: r.added + r.changed })}
            </Button>
          }
        >
          <Facts
            items={(["rows", "added", "changed", "same", "faulty"] as const).map((k) => ({ label: t(`sheet.${k}`), value: r[k] }))}
          />
          {r.faults.length > 0 && (
            <Table
              size="small"
              pagination={r.faults.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              dataSource={r.faults.map((f, key) => ({ ...f, key }))}
              columns={[
                { key: "row", title: t("row"), width: 80, align: "right", render: (_, f) => f.row },
                { key: "column", title: t("column"), width: 140, render: (_, f) => f.column },
                { key: "text", title: t("fault"), render: (_, f) => f.message },
              ]}
            />
          )}
        </Section>
      )}
    </Page>
  );
}
