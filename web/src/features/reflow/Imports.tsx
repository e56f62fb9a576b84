import { Alert, Button, Spin } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { asProblem, newKey, request, useGet, useRefresh } from "@/api";
import { useCan } from "@/app/session";
import { isOlderThan, timeText } from "@/i18n/format";
import { DataTable, Dropzone, EmptyState, Page, platformName, RelTime, Section, Text, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { KindName, StateTag } from "./parts";
import type { Import, Source } from "./types";

const MAX = 128 << 20;

interface Refused {
  name: string;
  text: string;
  unknown: boolean;
}

/** Files on their way in: drop them, see how fresh each source is, open earlier imports. */
export default function Imports() {
  const can = useCan();
  const refresh = useRefresh();
  const navigate = useNavigate();
  const toast = useToast();
  const [busy, setBusy] = useState("");
  const [refused, setRefused] = useState<Refused[]>([]);

  const upload = async (files: File[]) => {
    setRefused([]);
    const kept: Import[] = [];
    for (const f of files) {
      setBusy(f.name);
      try {
        kept.push(await send(f));
      } catch (err) {
        const p = asProblem(err);
        setRefused((r) => [...r, { name: f.name, text: p.message, unknown: p.slug === "reflow.not_recognised" }]);
      }
    }
    setBusy("");
    refresh("/api/v1/reflow/");
    const only = kept.length === 1 ? kept[0] : undefined;
    if (only) void navigate(`/data/imports/${only.id}`);
    else if (kept.length) toast.done(t("received", { n: kept.length }));
  };

  const template = can("reflow.import") && <Button href="/api/v1/reflow/roster-template">{t("template")}</Button>;
  return (
    <Page title={t("title")} lead={t("lead")} actions={template}>
      {can("reflow.import") && (
        <Spin spinning={busy !== ""} description={`${t("reading")} ${busy}`}>
          <Dropzone onFiles={(f) => void upload(f)} accept=".xlsx,.csv,.tsv,.txt" maxBytes={MAX} multiple disabled={busy !== ""} title={t("drop")} />
        </Spin>
      )}
      {refused.map((r) => (
        <Alert
          key={r.name}
          type="error"
          showIcon
          style={{ marginTop: 12 }}
          title={t("refused", { name: r.name })}
          description={r.text}
          action={r.unknown && can("reflow.mapping") ? <Link to="/data/mappings?new=1">{t("makeMapping")}</Link> : undefined}
        />
      ))}
      <Sources />
      <h2 style={{ margin: "20px 0 8px" }}>{t("list")}</h2>
      <DataTable<Import>
        id="reflow.imports"
        path="/api/v1/reflow/imports"
        columns={columns()}
        rowKey={(i) => i.id}
        href={(i) => `/data/imports/${i.id}`}
        exportName={t("list")}
        empty={<EmptyState title={t("none")} text={t("noneText")} />}
      />
    </Page>
  );
}

function send(f: File): Promise<Import> {
  const body = new FormData();
  body.set("modified", new Date(f.lastModified).toISOString());
  body.set("file", f);
  return request<Import>("POST", "/api/v1/reflow/imports", { body, idempotencyKey: newKey() });
}

function columns(): Column<Import>[] {
  return [
    { key: "file", title: t("file"), fixed: true, width: 210, render: (i) => <Link to={`/data/imports/${i.id}`}>{i.file_name}</Link>, plain: (i) => i.file_name },
    { key: "kind", title: t("kindCol"), width: 140, render: (i) => <KindName kind={i.kind} />, plain: (i) => t.slug("kind", i.kind) },
    { key: "account", title: t("account"), width: 160, render: (i) => <Text value={accountText(i.account)} />, plain: (i) => i.account },
    { key: "asOf", title: t("asOf"), width: 140, render: (i) => <span className="k-num">{timeText(i.as_of)}</span>, plain: (i) => timeText(i.as_of) },
    { key: "state", title: t("state"), width: 100, render: (i) => <StateTag state={i.state} />, plain: (i) => t.slug("state", i.state) },
    { key: "result", title: t("result"), width: 210, render: (i) => <ResultText of={i} />, plain: (i) => t("resultText", { ...counts(i) }) },
    { key: "by", title: t("by"), width: 100, render: (i) => (i.source === "command" ? t("byCommand") : <Text value={i.user} />), plain: (i) => i.user },
    { key: "at", title: t("at"), width: 110, render: (i) => <RelTime value={i.created_at} />, plain: (i) => timeText(i.created_at) },
  ];
}

const counts = (i: Import) => ({ inserted: i.inserted, updated: i.updated, unchanged: i.unchanged });

/** 小红书 · kos_sh_01 for xiaohongshu:kos_sh_01. */
export function accountText(account: string): string {
  const at = account.indexOf(":");
  return at < 0 ? account : `${platformName(account.slice(0, at))} · ${account.slice(at + 1)}`;
}

function ResultText({ of: i }: { of: Import }) {
  if (i.state === "waiting") return <Text value={i.message} />;
  if (i.state === "failed") return <span className="k-bad">{i.message}</span>;
  return (
    <>
      {t("resultText", counts(i))}
      {i.errors > 0 && <span className="k-bad"> · {t("errorsText", { n: i.errors })}</span>}
    </>
  );
}

/** How fresh each kind of file is. */
function Sources() {
  const got = useGet<{ items: Source[] }>("/api/v1/reflow/sources");
  const items = got.data?.items ?? [];
  if (!items.length) return null;
  return (
    <div style={{ marginTop: 16 }}>
    <Section title={t("fresh")} extra={<span className="k-muted">{t("freshHint")}</span>}>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(210px, 1fr))", gap: 12 }}>
        {items.map((s) => (
          <div key={`${s.kind}/${s.platform}`}>
            <div>
              <KindName kind={s.kind} platform={s.platform} />
            </div>
            <div className={isOlderThan(s.as_of, 7) ? "k-warn" : "k-muted"} title={isOlderThan(s.as_of, 7) ? t("freshOld") : undefined}>
              <RelTime value={s.as_of} />
            </div>
          </div>
        ))}
      </div>
    </Section>
    </div>
  );
}
