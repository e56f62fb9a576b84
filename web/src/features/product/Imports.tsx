import { Button, Radio, Spin } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { newKey, request, useRefresh } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { DataTable, Dropzone, EmptyState, Page, RelTime, Section, StatusTag, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { API, SHEETS, type Import } from "./types";
import { Strip } from "./words";

const MAX = 32 << 20;

/** The state of an import as a tag. */
export function ImportTag({ state }: { state: Import["state"] }) {
  return <StatusTag tone={state === "done" ? "good" : state === "ready" ? "warn" : state === "applying" || state === "undoing" ? "plain" : "off"}>{t(`import.${state}`)}</StatusTag>;
}

const result = (i: Import) => t("importResult", { added: i.added, changed: i.changed, same: i.same });

const columns: Column<Import>[] = [
  { key: "file", title: t("file"), fixed: true, width: 220, render: (i) => <Link to={`/content/products/imports/${i.id}`}>{i.file_name}</Link>, plain: (i) => i.file_name },
  { key: "kind", title: t("kind"), width: 100, render: (i) => t(`sheet.${i.kind}`), plain: (i) => t(`sheet.${i.kind}`) },
  { key: "state", title: t("state"), width: 110, render: (i) => <ImportTag state={i.state} />, plain: (i) => t(`import.${i.state}`) },
  { key: "result", title: t("result"), width: 240, render: (i) => <>{result(i)}{i.faulty > 0 && <span className="k-bad"> · {t("faultsN", { n: i.faulty })}</span>}</>, plain: result },
  { key: "by", title: t("by"), width: 110, render: (i) => i.by, plain: (i) => i.by },
  { key: "at", title: t("at"), width: 120, render: (i) => <RelTime value={i.created_at} />, plain: (i) => timeText(i.created_at) },
];

/** Products, prices and stock by file: template, dry run, apply, undo. */
export default function Imports() {
  const can = useCan();
  const go = useNavigate();
  const toast = useToast();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const allowed = SHEETS.filter((k) => can(k === "products" ? "product.write" : k === "prices" ? "product.price" : "product.stock"));
  const [kind, setKind] = useUrlState("kind", allowed[0] ?? "stock");
  const upload = async ([file]: File[]) => {
    if (!file) return;
    setBusy(true);
    const body = new FormData();
    body.append("file", file);
    try {
      const made = await request<Import>("POST", `${API}/imports`, { body, query: { kind }, idempotencyKey: newKey() });
      refresh(`${API}/imports`);
      void go(`/content/products/imports/${made.id}`);
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={t("imports")} lead={t("importsLead")}>
      <Strip />
      {allowed.length > 0 && (
        <Section
          title={t("importNew")}
          extra={
            <span className="pr-row">
              <Button size="small" href={`${API}/template.xlsx?kind=${kind}`}>
                {t("template")}
              </Button>
              <Button size="small" href={`${API}/export.xlsx?kind=${kind}`}>
                {t("exportNow")}
              </Button>
            </span>
          }
        >
          <Radio.Group optionType="button" style={{ marginBottom: 12 }} value={kind} onChange={(e) => setKind(String(e.target.value))} options={allowed.map((value) => ({ value, label: t(`sheet.${value}`) }))} />
          <Spin spinning={busy}>
            <Dropzone accept=".xlsx,.csv" maxBytes={MAX} disabled={busy} onFiles={(f) => void upload(f)} />
          </Spin>
        </Section>
      )}
      <DataTable<Import>
        id="product.imports"
        path={`${API}/imports`}
        columns={columns}
        rowKey={(i) => i.id}
        href={(i) => `/content/products/imports/${i.id}`}
        empty={<EmptyState title={t("importsNone")} text={t("importsNoneText")} />}
      />
    </Page>
  );
}
