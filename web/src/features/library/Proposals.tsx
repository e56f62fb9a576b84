import { Button, Input, Modal, Select, Tabs } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, useList, useSend } from "@/api";
import { useCan } from "@/app/session";
import { relativeTime } from "@/i18n/format";
import { EmptyState, ErrorState, Page, Section, UnitPath, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { folderOptions } from "./Library";
import { Files, GradeTag } from "./parts";
import { API, said, type Folder, type Proposal } from "./types";

type State = Proposal["state"];

/** What people of the stores offer, to be taken in or returned with a word. */
export default function Proposals() {
  const can = useCan();
  const [state, setState] = useState<State>("waiting");
  const [asked, setAsked] = useState<{ p: Proposal; accept: boolean } | null>(null);
  const list = useList<Proposal>(`${API}/proposals`, { state }, 30);
  return (
    <Page back="/content/library" title={t("proposals")} lead={t("proposalsLead")}>
      <Tabs activeKey={state} onChange={(k) => setState(k as State)} items={(["waiting", "accepted", "returned"] as const).map((key) => ({ key, label: t(`proposal.${key}`) }))} />
      {list.problem && <ErrorState error={list.problem} onRetry={list.retry} />}
      {!list.loading && !list.problem && !list.rows.length && <EmptyState title={t("noProposals")} text={t("noProposalsText")} />}
      {list.rows.map((p) => (
        <Section
          key={p.id}
          title={p.title}
          extra={
            p.state === "waiting" && can("library.write") ? (
              <>
                <Button onClick={() => setAsked({ p, accept: false })}>{t("giveBack")}</Button>
                <Button type="primary" onClick={() => setAsked({ p, accept: true })}>
                  {t("accept")}
                </Button>
              </>
            ) : (
              p.item_id && <Link to={`/content/library/${p.item_id}`}>{t("toItem")}</Link>
            )
          }
        >
          <p className="k-muted">
            {t(`kind.${p.kind}`)} · {p.by} · <UnitPath unit={p.unit_id} short /> · {relativeTime(p.made_at)} <GradeTag grade={p.verdict} />
          </p>
          {p.pitch && <p>{t("pitchIs", { pitch: p.pitch })}</p>}
          <p className="l-words">{said(p.content)}</p>
          <Files list={p.files} />
          {p.state !== "waiting" && <p className="k-muted">{t("decidedBy", { name: p.decided_by, note: p.note || "—" })}</p>}
        </Section>
      ))}
      {list.hasMore && (
        <Button onClick={list.more} loading={list.loadingMore}>
          {t("more")}
        </Button>
      )}
      {asked && <Decide {...asked} onClose={() => setAsked(null)} />}
    </Page>
  );
}

function Decide({ p, accept, onClose }: { p: Proposal; accept: boolean; onClose: () => void }) {
  const [note, setNote] = useState("");
  const [title, setTitle] = useState(p.title);
  const [unit, setUnit] = useState<string>();
  const [folder, setFolder] = useState<string>();
  const toast = useToast();
  const folders = useGet<{ items: Folder[] }>(accept ? `${API}/folders` : null);
  const send = useSend<Proposal>("POST", `${API}/proposals/{id}/{verb}`, [`${API}/`]);
  const ok = () =>
    send.mutate(
      { path: { id: p.id, verb: accept ? "accept" : "return" }, body: accept ? { note, title, unit: unit ?? "", folder_id: folder ?? null } : { note } },
      { onSuccess: () => { toast.done(t(accept ? "acceptedDone" : "returnedDone", { title: p.title })); onClose(); }, onError: toast.failed },
    );
  return (
    <Modal open title={t(accept ? "acceptAsk" : "returnAsk", { title: p.title })} onCancel={onClose} onOk={ok} okText={t(accept ? "accept" : "giveBack")} cancelText={t("cancel")} confirmLoading={send.isPending} okButtonProps={{ disabled: !accept && !note.trim() }}>
      <div style={{ display: "grid", gap: 12 }}>
        {accept && (
          <>
            <Input aria-label={t("name")} value={title} maxLength={100} onChange={(e) => setTitle(e.target.value)} />
            <UnitSelect allowClear value={unit} onChange={(u) => setUnit(u ?? undefined)} placeholder={t("unitAuthor")} />
            <Select aria-label={t("folder")} allowClear placeholder={t("noFolder")} value={folder} onChange={setFolder} options={folderOptions(folders.data?.items ?? [])} />
          </>
        )}
        <Input.TextArea aria-label={t("noteToAuthor")} placeholder={t("noteToAuthor")} rows={3} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
      </div>
    </Modal>
  );
}
