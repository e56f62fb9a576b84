import { Alert, Button, DatePicker, Input, Modal, Segmented } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link } from "react-router";
import { address, useGet, useSend } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { DataTable, Day, Drawer, EmptyState, Facts, Num, Page, Section, Time, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { StepFacts, textName } from "./StepFacts";
import { API, type Anchor, type Checked, type Head, type Step } from "./types";

const ROOMS = ["desk.", "risk.", "recall.", "evidence."] as const;

/** The chain, or the steps of one object; verifying and exporting it. */
export default function Chain() {
  const { query } = useScope();
  const [params] = useUrlStates();
  const can = useCan();
  const toast = useToast();
  const [open, setOpen] = useState<Step | null>(null);
  const [exporting, setExporting] = useState(false);
  const object = params.get("object") ?? "";
  const objectID = params.get("object_id") ?? "";
  const head = useGet<Head>(`${API}/head`);
  const check = useSend<Checked>("POST", `${API}/check`);
  const n = head.data?.steps ?? 0;
  return (
    <Page
      title={t("title")}
      lead={objectID ? t("leadOf") : head.data && (n > 0 ? t("lead", { n }) : t("leadNone"))}
      actions={
        <>
          {objectID && <Link to="/content/evidence"><Button>{t("all")}</Button></Link>}
          {objectID && can("evidence.erase") && <Erase object={object} id={objectID} />}
          {can("evidence.export") && <Button onClick={() => setExporting(true)}>{t("export")}</Button>}
          <Button type="primary" loading={check.isPending} onClick={() => check.mutate({}, { onError: toast.failed })}>{t(check.isPending ? "verifying" : "verify")}</Button>
        </>
      }
    >
      {check.data && <Result checked={check.data} />}
      <DataTable<Step>
        id="evidence.steps"
        path={`${API}/steps`}
        params={{ unit: query.unit, object: object || undefined, object_id: objectID || undefined }}
        columns={columns()}
        rowKey={(s) => String(s.seq)}
        filters={objectID ? [] : [{ key: "kind", type: "select", label: t("room"), options: ROOMS.map((value) => ({ value, label: t(`room.${value}`) })) }]}
        onOpen={setOpen}
        empty={<EmptyState title={t("none")} text={t("noneText")} />}
      />
      {!objectID && <Anchors list={head.data?.anchors ?? []} mark={head.data?.mark} />}
      <StepDrawer step={open} onClose={() => setOpen(null)} />
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </Page>
  );
}

function columns(): Column<Step>[] {
  return [
    { key: "seq", title: t("seq"), width: 90, fixed: true, align: "right", render: (s) => <Num value={s.seq} />, plain: (s) => s.seq },
    { key: "at", title: t("when"), width: 170, render: (s) => <Time value={s.at} />, plain: (s) => timeText(s.at) },
    { key: "what", title: t("what"), width: 320, render: (s) => s.title, plain: (s) => s.title },
    { key: "who", title: t("who"), width: 140, render: (s) => who(s), plain: (s) => who(s) },
    { key: "object", title: t("object"), width: 130, render: (s) => t.slug("object", s.object), plain: (s) => t.slug("object", s.object) },
    { key: "hash", title: t("hash"), width: 150, render: (s) => <code title={s.hash}>{s.hash.slice(0, 12)}…</code>, plain: (s) => s.hash },
  ];
}

const who = (s: Step) => (s.actor_kind === "system" ? t("system") : s.actor_name || t("erasedName"));

function Result({ checked: c }: { checked: Checked }) {
  if (c.ok) return <Alert style={{ marginBottom: 12 }} type="success" showIcon title={t("whole", { n: c.steps, anchors: c.anchors })} />;
  return (
    <Alert
      style={{ marginBottom: 12 }}
      type="error"
      showIcon
      title={t("broken", { n: c.faults.length + c.more })}
      description={
        <ul>
          {c.faults.map((f, i) => <li key={i}>{f.text}</li>)}
        </ul>
      }
    />
  );
}

/** Where the object of a step has its page. */
function pageOf(s: Step): string {
  if (!s.object_id) return "";
  if (s.object === "submission") return `/content/desk/${s.object_id}`;
  if (s.object === "post") return `/content/posts/${s.object_id}`;
  if (s.object === "recall") return `/content/recalls/${s.object_id}`;
  return "";
}

function StepDrawer({ step: s, onClose }: { step: Step | null; onClose: () => void }) {
  const page = s ? pageOf(s) : "";
  return (
    <Drawer open={s !== null} onClose={onClose} title={s ? t("detail", { n: s.seq }) : ""} extra={page && <Link to={page}>{t("openObject")}</Link>}>
      {s && (
        <>
          <Facts
            items={[
              { key: "what", label: t("what"), value: s.title },
              { key: "when", label: t("when"), value: <Time value={s.at} /> },
              { key: "who", label: t("who"), value: who(s) },
              { key: "object", label: t("object"), value: t.slug("object", s.object) },
            ]}
          />
          {(Object.keys(s.texts).length > 0 || s.erased.length > 0) && (
            <Section title={t("texts")}>
              <Facts
                items={Object.entries(s.texts).filter(([, text]) => text).map(([name, text]) => ({
                  key: name, label: textName(name), value: <span style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</span>,
                }))}
              />
              {s.erased.length > 0 && <p className="k-muted">{t("erased", { names: s.erased.map(textName).join(t("and")) })}</p>}
            </Section>
          )}
          <Section title={t("facts")}>
            <StepFacts body={s.body} />
          </Section>
          <Section>
            <Facts
              items={[
                { key: "hash", label: t("hash"), value: <code style={{ overflowWrap: "anywhere" }}>{s.hash}</code> },
                { key: "prev", label: t("prev"), value: <code style={{ overflowWrap: "anywhere" }}>{s.prev}</code> },
              ]}
            />
          </Section>
        </>
      )}
    </Drawer>
  );
}

function Anchors({ list, mark }: { list: Anchor[]; mark: Head["mark"] }) {
  const toast = useToast();
  const copy = async (a: Anchor) => {
    await navigator.clipboard.writeText(`${a.day}:${a.hash}`);
    toast.done(t("copied", { day: a.day }));
  };
  return (
    <Section title={t("anchors")}>
      <p className="k-muted">{t("anchorsText")}</p>
      <p className="k-muted">{mark ? t("mark", { when: timeText(mark.at), n: mark.steps }) : t("markNone")}</p>
      {list.length === 0 && <p className="k-muted">{t("anchorsNone")}</p>}
      {list.slice(0, 7).map((a) => (
        <p key={a.day} style={{ display: "flex", gap: 12, flexWrap: "wrap", alignItems: "center", margin: "6px 0" }}>
          <Day value={a.day} /> <span>{t("steps")} <Num value={a.steps} /></span>
          <code style={{ overflowWrap: "anywhere", flex: "1 1 300px" }}>{a.hash}</code>
          {navigator.clipboard && <Button size="small" onClick={() => void copy(a)}>{t("copyAnchor")}</Button>}
        </p>
      ))}
      {list[0] && (
        <p className="k-muted" style={{ overflowWrap: "anywhere" }}>
          {t("key")} <code>{list[0].key}</code>
        </p>
      )}
    </Section>
  );
}

function ExportDialog({ onClose }: { onClose: () => void }) {
  const [days, setDays] = useState<{ from?: string; to?: string }>({});
  const [format, setFormat] = useState("zip");
  return (
    <Modal
      open
      title={t("exportTitle")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" href={address(`${API}/export`, { ...days, format })} onClick={onClose}>{t("download")}</Button>
        </>
      }
    >
      <p>{t("exportText")}</p>
      <div style={{ display: "flex", gap: 12, flexWrap: "wrap" }}>
        {(["from", "to"] as const).map((k) => (
          <DatePicker key={k} aria-label={t(k)} placeholder={t(k)} value={days[k] ? dayjs(days[k]) : null} onChange={(v) => setDays({ ...days, [k]: v ? v.format("YYYY-MM-DD") : undefined })} />
        ))}
        <Segmented aria-label={t("format")} value={format} onChange={setFormat} options={[{ value: "zip", label: t("zip") }, { value: "jsonl", label: t("jsonl") }]} />
      </div>
      <p className="k-muted">{t("exportAll")}</p>
    </Modal>
  );
}

function Erase({ object, id }: { object: string; id: string }) {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const send = useSend<{ texts: number }, { object: string; object_id: string; reason: string }>("POST", `${API}/erase`, [API]);
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>{t("erase")}</Button>
      <Modal
        open={open}
        title={t("eraseTitle")}
        onCancel={() => setOpen(false)}
        okText={t("erase")}
        cancelText={t("cancel")}
        okButtonProps={{ danger: true, disabled: !reason.trim() }}
        confirmLoading={send.isPending}
        onOk={() =>
          send.mutate(
            { body: { object, object_id: id, reason } },
            { onSuccess: (r) => { toast.done(t("eraseDone", { n: r.texts })); setOpen(false); }, onError: toast.failed },
          )
        }
      >
        <p>{t("eraseText")}</p>
        <Input.TextArea aria-label={t("eraseReason")} placeholder={t("eraseReason")} value={reason} onChange={(e) => setReason(e.target.value)} maxLength={500} rows={2} autoFocus />
      </Modal>
    </>
  );
}
