import { Button, Modal, Select } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useScope, useScopedLink, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, Day, EmptyState, Page, PlatformGlyph, UnitPath, useToast, type Column } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import { PillarName, pillarOptions } from "./parts";
import { usePillars, type SortedPost } from "./types";

const HOWS = ["rule", "item", "hand"] as const;
const NOWHERE = "none";

/** Posts with their pillars; what the rules missed is put right by hand. */
export default function PillarPosts() {
  const can = useCan();
  const link = useScopedLink();
  const { query } = useScope();
  const [params, setParams] = useUrlStates();
  const set = usePillars();
  const [putting, setPutting] = useState<{ rows: SortedPost[]; done: (ok: boolean) => void }>();
  const toast = useToast();
  const send = useSend("POST", `${API}/sorted-posts`, [`${API}/sorted-posts`, `${API}/mix`, `${API}/gaps`]);
  const list = set.data?.items ?? [];
  const account = params.get("account") ?? "";
  const columns: Column<SortedPost>[] = [
    { key: "title", title: t("post"), fixed: true, render: (p) => p.title || <span className="k-muted">{t("untitled")}</span>, plain: (p) => p.title },
    { key: "pillar", title: t("pillar"), width: 140, render: (p) => <PillarName pillar={list.find((x) => x.id === p.pillar_id)} />, plain: (p) => list.find((x) => x.id === p.pillar_id)?.name ?? t("none") },
    { key: "how", title: t("how"), width: 110, render: (p) => t(`how.${p.how}`), plain: (p) => t(`how.${p.how}`) },
    { key: "account", title: t("account"), width: 190, render: (p) => <span className="lp-name"><PlatformGlyph platform={p.account.platform} bare /> {p.account.name || p.account.handle}</span>, plain: (p) => p.account.name || p.account.handle },
    { key: "unit", title: t("unit"), width: 150, render: (p) => <UnitPath unit={p.account.unit_id} short />, plain: (p) => p.account.unit },
    { key: "day", title: t("day"), width: 110, render: (p) => <Day value={p.day} />, plain: (p) => p.day },
  ];
  const back = async (rows: SortedPost[]) => {
    await send.mutateAsync({ body: { post_ids: rows.map((r) => r.id), rules: true } });
    toast.done(t("given", { n: rows.length }));
  };
  return (
    <Page back={link("/content/library/pillars")} title={t("postsTitle")} lead={t("postsLead")}>
      <DataTable<SortedPost>
        id="library.sorted"
        path={`${API}/sorted-posts`}
        params={{ unit: query.unit, account: account || undefined }}
        columns={columns}
        rowKey={(p) => p.id}
        href={can("post.read") ? (p) => link(`/content/posts/${p.id}`) : undefined}
        filters={[
          { key: "pillar", type: "select", label: t("pillar"), options: pillarOptions(list) },
          { key: "none", type: "select", label: t("none"), options: [{ value: "true", label: t("onlyNone") }] },
          { key: "how", type: "select", label: t("how"), options: HOWS.map((value) => ({ value, label: t(`how.${value}`) })) },
        ]}
        extra={account ? <Button onClick={() => setParams({ account: "" })}>{t("allAccounts")}</Button> : undefined}
        bulk={
          can("library.write")
            ? [
                { key: "put", label: t("putInto"), run: (rows) => new Promise<boolean>((done) => setPutting({ rows, done })) },
                { key: "rules", label: t("toRules"), run: back },
              ]
            : undefined
        }
        exportName={t("postsTitle")}
        empty={<EmptyState title={t("noPosts")} text={t("noPostsText")} />}
      />
      {putting && (
        <PutDialog
          n={putting.rows.length}
          options={[...pillarOptions(list), { value: NOWHERE, label: t("nowhere") }]}
          onClose={() => {
            putting.done(false);
            setPutting(undefined);
          }}
          onPut={async (to) => {
            await send.mutateAsync({ body: { post_ids: putting.rows.map((r) => r.id), pillar_id: to === NOWHERE ? null : to } });
            toast.done(t("sorted", { n: putting.rows.length }));
            putting.done(true);
            setPutting(undefined);
          }}
        />
      )}
    </Page>
  );
}

function PutDialog({ n, options, onClose, onPut }: { n: number; options: { value: string; label: string }[]; onClose: () => void; onPut: (to: string) => Promise<void> }) {
  const [to, setTo] = useState<string>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const ok = async () => {
    if (!to) return;
    setBusy(true);
    try {
      await onPut(to);
    } catch (err) {
      toast.failed(err);
      setBusy(false);
    }
  };
  return (
    <Modal open title={t("putTitle", { n })} okText={t("put")} cancelText={t("cancel")} onCancel={onClose} onOk={() => void ok()} confirmLoading={busy} okButtonProps={{ disabled: !to }}>
      <Select aria-label={t("pillar")} value={to} onChange={setTo} options={options} placeholder={t("pillar")} style={{ width: "100%" }} />
    </Modal>
  );
}
