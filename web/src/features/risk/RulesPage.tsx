import { Alert, Button, Popconfirm } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, EmptyState, ErrorState, options, Page, useToast, type Column, type View } from "@/ui";
import { t } from "./i18n";
import { ImportDialog } from "./ImportDialog";
import { PacksDialog } from "./PacksDialog";
import { datesText, reasonOf, RiskTabs, SeverityTag, StateTag, whereText } from "./parts";
import { PublishDialog } from "./PublishDialog";
import { RuleDialog } from "./RuleForm";
import { RuleDrawer } from "./RuleDrawer";
import { SEVERITIES, STATES, type Draft, type Ruled } from "./types";

/** The brand's rules as they stand in the draft. */
export default function RulesPage() {
  const can = useCan();
  const write = can("risk.write");
  const draft = useGet<Draft>("/api/v1/risk/draft", undefined, { keep: true });
  const [picked, setPicked] = useUrlState("rule");
  const [dialog, setDialog] = useState<"" | "add" | "packs" | "import" | "publish">("");
  const d = draft.data;
  if (draft.error && !d) return <ErrorState error={draft.error} onRetry={() => void draft.refetch()} />;
  const packs = d?.packs ?? [];
  const title = (pack: string) => (pack === "own" ? t("own") : (packs.find((p) => p.name === pack)?.title ?? pack));
  const views: View[] = [
    { key: "all", label: t("tab.rules"), query: {} },
    { key: "edited", label: t("edited"), query: { state: "edited" } },
    { key: "own", label: t("own"), query: { state: "own" } },
    { key: "off", label: t("state.off"), query: { state: "off" } },
  ];
  const close = () => setDialog("");
  return (
    <Page title={t("title")} lead={d && <DraftSentence draft={d} />} actions={write && d ? <Actions draft={d} onOpen={setDialog} /> : undefined}>
      <RiskTabs />
      {d?.renewed && <Alert type="info" showIcon title={t("renewed")} style={{ marginBottom: 16 }} />}
      <DataTable<Ruled>
        id="risk.rules"
        path="/api/v1/risk/rules"
        columns={columns(title)}
        rowKey={(r) => r.code}
        views={views}
        filters={[
          { key: "q", type: "search", label: t("search") },
          { key: "category", type: "select", label: t("category"), options: options(d?.choices.categories ?? [], (x) => t.slug("category", x)) },
          { key: "severity", type: "select", label: t("severity"), options: options(SEVERITIES, (x) => t.slug("severity", x)) },
          { key: "pack", type: "select", label: t("pack"), options: [{ value: "own", label: t("own") }, ...packs.map((p) => ({ value: p.name, label: p.title }))] },
          { key: "state", type: "select", label: t("state"), options: [{ value: "edited", label: t("edited") }, ...options(STATES, (x) => t.slug("state", x))] },
        ]}
        onOpen={(r) => setPicked(r.code)}
        xlsx="/api/v1/risk/rules.xlsx"
        exportName={t("title")}
        empty={<EmptyState title={t("none")} text={t("noneText")} />}
      />
      {picked && d && <RuleDrawer code={picked} draft={d} onClose={() => setPicked("")} />}
      {dialog === "add" && d && <RuleDialog draft={d} onClose={close} />}
      {dialog === "packs" && d && <PacksDialog draft={d} onClose={close} />}
      {dialog === "import" && <ImportDialog onClose={close} />}
      {dialog === "publish" && d && <PublishDialog draft={d} onClose={close} />}
    </Page>
  );
}

function DraftSentence({ draft: d }: { draft: Draft }) {
  const changed = d.added + d.changed + d.removed > 0;
  const counts = { head: d.head, added: d.added, changed: d.changed, removed: d.removed };
  if (d.head > 0) return <>{t(changed ? "sentence" : "sentenceSame", counts)}</>;
  return <>{t(changed ? "sentenceShipped" : "sentenceShippedSame", counts)}</>;
}

function Actions({ draft: d, onOpen }: { draft: Draft; onOpen: (dialog: "add" | "packs" | "import" | "publish") => void }) {
  const toast = useToast();
  const discard = useSend("POST", "/api/v1/risk/draft/discard", ["/api/v1/risk/"]);
  const changes = d.added + d.changed + d.removed;
  return (
    <>
      <Button onClick={() => onOpen("packs")}>{t("packs")}</Button>
      <Button onClick={() => onOpen("import")}>{t("importSheet")}</Button>
      {changes > 0 && (
        <Popconfirm
          title={t("discardAsk", { n: changes })}
          okText={t("discard")}
          cancelText={t("cancel")}
          onConfirm={() => discard.mutate({}, { onSuccess: () => toast.done(t("discarded")), onError: toast.failed })}
        >
          <Button>{t("discard")}</Button>
        </Popconfirm>
      )}
      <Button onClick={() => onOpen("add")}>{t("addRule")}</Button>
      <Button type="primary" onClick={() => onOpen("publish")}>{t("publish")}</Button>
    </>
  );
}

const columns = (title: (pack: string) => string): Column<Ruled>[] => [
  { key: "says", title: t("says"), fixed: true, width: 320, render: (r) => <span className="r-says" title={r.says}>{says(r)}</span>, plain: (r) => says(r) },
  { key: "category", title: t("category"), width: 120, render: (r) => t.slug("category", r.category), plain: (r) => t.slug("category", r.category) },
  { key: "severity", title: t("severity"), width: 130, render: (r) => <SeverityTag severity={r.severity} />, plain: (r) => t.slug("severity", r.severity) },
  { key: "state", title: t("state"), width: 110, render: (r) => <StateTag state={r.state} />, plain: (r) => t.slug("state", r.state) },
  { key: "pack", title: t("pack"), width: 170, render: (r) => title(r.pack), plain: (r) => title(r.pack) },
  { key: "reason", title: t("reason"), width: 280, render: (r) => <span className="r-says" title={reasonOf(r)}>{reasonOf(r) || "—"}</span>, plain: reasonOf },
  { key: "article", title: t("article"), width: 240, render: (r) => <span className="r-says" title={r.article}>{r.article || "—"}</span>, plain: (r) => r.article },
  { key: "dates", title: t("dates"), width: 150, render: (r) => datesText(r), plain: (r) => datesText(r) },
  { key: "where", title: t("where"), hidden: true, width: 180, render: (r) => whereText(r), plain: (r) => whereText(r) },
];

/** What a rule looks for, in words. */
export const says = (r: { kind: string; says: string }) => (r.kind === "pattern" ? t.slug("pattern", r.says, r.says) : r.says);
