import { App, Button, Input, Modal } from "antd";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { request, useGet, useRefresh, useSend } from "@/api";
import { useCan } from "@/app/session";
import { colon, comma, dayText } from "@/i18n/format";
import { DataTable, EmptyState, ErrorState, Facts, Page, PlatformGlyph, RelTime, Section, StatusTag, UnitPath, useToast, type Bulk, type Column } from "@/ui";
import { t } from "./i18n";
import { ItemDrawer } from "./ItemDrawer";
import { MarkedText } from "./MarkedText";
import { RecallProgress, StateTag } from "./Recalls";
import { API, finished, ITEM_STATES, total, type Item, type Recall, type UnitRow } from "./types";

/** The state of an item as a tag. */
export function ItemTag({ state }: { state: Item["state"] }) {
  return <StatusTag tone={state === "done" ? "good" : state === "harmless" ? "off" : state === "proved" ? "plain" : "warn"}>{t(`item.${state}`)}</StatusTag>;
}

const proofText = (i: Item) => (i.proof ? [t.slug("proof", i.proof), i.note].filter(Boolean).join(" · ") : "");

const columns: Column<Item>[] = [
  { key: "content", title: t("items"), fixed: true, render: (i) => <MarkedText text={i.content} spans={i.spans} />, plain: (i) => i.content },
  {
    key: "account",
    title: t("account"),
    width: 180,
    render: (i) => (
      <span className="k-path">
        <PlatformGlyph platform={i.account.platform} bare /> {i.account.name || i.account.handle}
      </span>
    ),
    plain: (i) => `${i.account.name} @${i.account.handle}`,
  },
  { key: "member", title: t("member"), width: 110, render: (i) => i.account.member || "—", plain: (i) => i.account.member },
  { key: "unit", title: t("store"), width: 160, render: (i) => <UnitPath unit={i.unit_id} short />, plain: (i) => i.account.unit },
  { key: "kind", title: t("kind"), width: 100, hidden: true, render: (i) => t(`kind.${i.kind}`), plain: (i) => t(`kind.${i.kind}`) },
  { key: "state", title: t("state"), width: 110, render: (i) => <ItemTag state={i.state} />, plain: (i) => t(`item.${i.state}`) },
  { key: "proof", title: t("proof"), width: 180, render: (i) => proofText(i) || "—", plain: proofText },
  { key: "found", title: t("foundAt"), width: 130, hidden: true, render: (i) => <RelTime value={i.found_at} />, plain: (i) => i.found_at },
];

/** One recall: its texts, who sees to them, and the proof. */
export default function RecallPage() {
  const { id = "" } = useParams();
  const can = useCan();
  const got = useGet<Recall>(`${API}/recalls/${id}`, undefined, { every: 5000 });
  const [shown, setShown] = useState<Item | null>(null);
  const [closing, setClosing] = useState(false);
  const r = got.data;
  const decide = useDecide(r);
  const refresh = useRefresh();
  const counts = JSON.stringify(r?.counts);
  useEffect(() => refresh(`${API}/recalls/${id}/`), [refresh, id, counts]); // somebody else, or the search, moved texts
  if (!r) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const lead = r.state === "searching" ? t("searching", { n: r.looked }) : t("progressText", { done: finished(r.counts), all: total(r.counts) });
  return (
    <Page
      back="/content/recalls"
      title={r.title}
      lead={
        <>
          <StateTag recall={r} /> {lead} · {t("by", { day: dayText(r.due) })}
        </>
      }
      tab={r.title}
      actions={
        <>
          {can("evidence.read") && <Button href={`/content/evidence?object=recall&object_id=${r.id}`}>{t("evidence")}</Button>}
          <Button href={`${API}/recalls/${r.id}/report.xlsx`}>{t("report")}</Button>
          {can("recall.write") && r.state === "open" && <Button onClick={() => setClosing(true)}>{t("close")}</Button>}
        </>
      }
    >
      <RecallProgress recall={r} />
      <Section title={t("onFacts")}>
        <Facts
          items={[
            { label: t("claim"), value: r.terms.join(comma()) },
            ...(r.except?.length ? [{ label: t("except"), value: r.except.join(comma()) }] : []),
            { label: t("action"), value: t(`action.${r.action}`) },
            { label: t("reason"), value: r.reason },
            { label: t("article"), value: r.article || "—" },
            { label: t("openedBy"), value: r.opened_by },
            ...(r.state === "closed" ? [{ label: t("closed"), value: [r.closed_by, r.close_note].filter(Boolean).join(colon()) }] : []),
          ]}
        />
      </Section>
      <DataTable<Item>
        id="recall.items"
        path={`${API}/recalls/${id}/items`}
        columns={columns}
        rowKey={(i) => i.object_id}
        onOpen={setShown}
        bulk={can("recall.write") && r.state !== "closed" ? decide.bulk : undefined}
        filters={[{ key: "state", type: "select", label: t("state"), options: ITEM_STATES.map((value) => ({ value, label: t(`item.${value}`) })) }]}
        empty={<EmptyState title={t("lookNone", { looked: r.looked })} />}
      />
      <ByUnit id={id} />
      {shown && <ItemDrawer item={shown} onClose={() => setShown(null)} onDecide={can("recall.write") && r.state !== "closed" ? decide.one : undefined} />}
      {closing && <CloseDialog recall={r} onClose={() => setClosing(false)} />}
    </Page>
  );
}

/** What the compliance officer says of a text. */
export type Verb = "accept" | "return" | "dismiss" | "restore";

function useDecide(r: Recall | undefined) {
  const toast = useToast();
  const refresh = useRefresh();
  const { modal } = App.useApp();
  const send = async (verb: Verb, rows: Item[], note: string) => {
    const got = await request<{ moved: number; skipped: number }>("POST", `${API}/recalls/${r?.id}/decide`, {
      body: { objects: rows.map((i) => i.object_id), verb, note },
    });
    refresh(`${API}/`);
    toast.done(t(`did.${verb}`, { n: got.moved }) + (got.skipped ? t("skipped", { n: got.skipped }) : ""));
  };
  const run = (verb: Verb) => (rows: Item[]) =>
    verb === "accept"
      ? send(verb, rows, "")
      : new Promise<unknown>((resolve, reject) => {
          let note = "";
          modal.confirm({
            title: t(`ask.${verb}`),
            content: <Input.TextArea autoFocus aria-label={t(`ask.${verb}`)} maxLength={500} onChange={(e) => (note = e.target.value)} />,
            okText: t(verb),
            cancelText: t("cancel"),
            onOk: () => send(verb, rows, note).then(resolve, reject),
            onCancel: () => resolve(false),
          });
        });
  const unless = (states: Item["state"][], why: string) => (rows: Item[]) => (rows.every((i) => states.includes(i.state)) ? undefined : why);
  const bulk: Bulk<Item>[] = [
    { key: "accept", label: t("accept"), blocked: unless(["proved"], t("onlyProved")), run: run("accept") },
    { key: "return", label: t("return"), blocked: unless(["proved", "done"], t("onlyReturn")), run: run("return") },
    { key: "dismiss", label: t("dismiss"), blocked: unless(["waiting", "proved"], t("onlyDismiss")), run: run("dismiss") },
    { key: "restore", label: t("restore"), blocked: unless(["harmless"], t("onlyHarmless")), run: run("restore") },
  ];
  return { bulk, one: (verb: Verb, item: Item) => run(verb)([item]) };
}

function ByUnit({ id }: { id: string }) {
  const got = useGet<{ items: UnitRow[] }>(`${API}/recalls/${id}/units`);
  const rows = [...(got.data?.items ?? [])].sort((a, b) => (b.counts.waiting ?? 0) - (a.counts.waiting ?? 0));
  if (rows.length < 2) return null;
  return (
    <Section title={t("byUnit")} flush>
      <table className="k-table">
        <thead>
          <tr>
            <th>{t("store")}</th>
            {ITEM_STATES.map((s) => (
              <th key={s} style={{ textAlign: "right" }}>
                {t(`item.${s}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 50).map((u) => (
            <tr key={u.unit_id}>
              <td>
                <UnitPath unit={u.unit_id} />
              </td>
              {ITEM_STATES.map((s) => (
                <td key={s} style={{ textAlign: "right" }}>
                  {u.counts[s] ?? 0}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function CloseDialog({ recall: r, onClose }: { recall: Recall; onClose: () => void }) {
  const [note, setNote] = useState("");
  const toast = useToast();
  const close = useSend("POST", `${API}/recalls/{id}/close`, [`${API}/`]);
  const left = total(r.counts) - finished(r.counts);
  return (
    <Modal
      open
      title={t("closeAsk", { title: r.title })}
      onCancel={onClose}
      okText={t("close")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: left > 0 && !note.trim() }}
      confirmLoading={close.isPending}
      onOk={() => close.mutate({ path: { id: r.id }, body: { note } }, { onSuccess: () => { toast.done(t("closed")); onClose(); }, onError: toast.failed })}
    >
      <p>{left ? t("closeLeft", { n: left }) : t("closeAll")}</p>
      {left > 0 && <Input.TextArea rows={2} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} aria-label={t("reason")} />}
    </Modal>
  );
}
