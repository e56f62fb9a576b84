import { Button, Input, Modal, Popconfirm } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { Drawer, Facts, Section, useToast } from "@/ui";
import { FieldChanges } from "./Changes";
import { t } from "./i18n";
import { datesText, reasonOf, SeverityTag, StateTag, whereText } from "./parts";
import { RuleDialog } from "./RuleForm";
import { says } from "./RulesPage";
import type { Draft, Ruled } from "./types";

/** One rule: what it looks for, why, where, and what the brand did to it. */
export function RuleDrawer({ code, draft, onClose }: { code: string; draft: Draft; onClose: () => void }) {
  const can = useCan();
  const got = useGet<Ruled>("/api/v1/risk/rule", { code });
  const [editing, setEditing] = useState(false);
  const r = got.data;
  return (
    <Drawer
      open
      onClose={onClose}
      title={r ? <span className="r-says">{says(r)}</span> : t("rule")}
      loading={got.isPending}
      error={got.error}
      onRetry={() => void got.refetch()}
      footer={r && can("risk.write") ? <RuleActions rule={r} onEdit={() => setEditing(true)} onGone={onClose} /> : undefined}
    >
      {r && <RuleBody rule={r} draft={draft} />}
      {editing && r && <RuleDialog draft={draft} code={r.code} rule={r} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

function RuleBody({ rule: r, draft }: { rule: Ruled; draft: Draft }) {
  const pack = r.pack === "own" ? t("own") : (draft.packs.find((p) => p.name === r.pack)?.title ?? r.pack);
  return (
    <>
      <Facts
        items={[
          { label: t("state"), value: <StateTag state={r.state} /> },
          { label: t("severity"), value: <SeverityTag severity={r.severity} /> },
          { label: t("category"), value: t.slug("category", r.category) },
          { label: t("pack"), value: pack },
          { label: t("dates"), value: datesText(r) },
          { label: t("where"), value: whereText(r) },
          { label: t("field.code"), value: r.code },
          ...(r.at ? [{ label: t("edited"), value: t("editedBy", { by: r.by, at: timeText(r.at) }) }] : []),
          ...(r.entry_note ? [{ label: t("offWhy"), value: r.entry_note }] : []),
        ]}
      />
      <div style={{ height: 16 }} />
      <Section title={t("says")} extra={<Link to={`/content/risk/verdicts?rule=${encodeURIComponent(r.code)}`}>{t("standingHits")}</Link>}>
        {r.kind === "near" ? (
          <>
            <Words list={r.a} />
            <p className="k-muted">{`${t("field.within")}: ${r.within ?? 0}`}</p>
            <Words list={r.b} />
          </>
        ) : (
          <Words list={r.kind === "pattern" ? [t.slug("pattern", r.pattern)] : r.terms} />
        )}
        {!!r.except?.length && (
          <>
            <p className="k-muted" style={{ marginBottom: 4 }}>{t("field.except")}</p>
            <Words list={r.except} />
          </>
        )}
        {!!r.fold?.length && <p className="k-muted">{`${t("field.fold")}: ${r.fold.map((x) => t.slug("fold", x)).join(" · ")}`}</p>}
      </Section>
      <Section title={t("reason")}>
        <p style={{ marginTop: 0 }}>{reasonOf(r) || "—"}</p>
        <Facts
          items={[
            { label: t("article"), value: r.article || "—" },
            { label: t("field.rewrite"), value: r.rewrite || "—" },
            { label: t("field.replace"), value: r.replace || "—" },
            ...(r.source ? [{ label: t("field.source"), value: r.source }] : []),
            ...(r.note ? [{ label: t("field.note"), value: r.note }] : []),
          ]}
        />
      </Section>
      {r.shipped && (
        <Section title={t("asShipped")}>
          <FieldChanges before={r.shipped} after={r} />
        </Section>
      )}
    </>
  );
}

function Words({ list = [] }: { list?: string[] }) {
  return (
    <div className="r-words">
      {list.map((w) => (
        <span key={w}>{w}</span>
      ))}
    </div>
  );
}

function RuleActions({ rule: r, onEdit, onGone }: { rule: Ruled; onEdit: () => void; onGone: () => void }) {
  const toast = useToast();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const turn = useSwitch(r);
  const drop = useSend("DELETE", "/api/v1/risk/rule", ["/api/v1/risk/"]);
  const own = r.pack === "own";
  const revert = () =>
    drop.mutate(
      { query: { code: r.code } },
      {
        onSuccess: () => {
          toast.done(t(own ? "removed" : "reverted"));
          if (own) onGone();
        },
        onError: toast.failed,
      },
    );
  return (
    <div className="k-actions">
      <Button type="primary" onClick={onEdit}>{t("edit")}</Button>
      <Button onClick={() => void navigate(`/content/risk/lab?code=${encodeURIComponent(r.code)}`)}>{t("tryIt")}</Button>
      {r.state === "off" ? <Button onClick={() => turn.go(false, "")}>{t("switchOn")}</Button> : <Button onClick={() => setAsking(true)}>{t("switchOff")}</Button>}
      {(own || r.state === "changed") && (
        <Popconfirm title={t(own ? "removeAsk" : "revertAsk")} okText={t(own ? "remove" : "revert")} cancelText={t("cancel")} onConfirm={revert}>
          <Button danger={own}>{t(own ? "remove" : "revert")}</Button>
        </Popconfirm>
      )}
      {asking && <OffDialog name={says(r)} busy={turn.busy} onClose={() => setAsking(false)} onOff={(note) => turn.go(true, note, () => setAsking(false))} />}
    </div>
  );
}

/** Switches a rule off or on in the draft. */
export function useSwitch(r: { code: string; says: string; kind?: string }) {
  const toast = useToast();
  const send = useSend("PUT", "/api/v1/risk/rule/switch", ["/api/v1/risk/"]);
  const go = (off: boolean, note: string, done?: () => void) =>
    send.mutate(
      { query: { code: r.code }, body: { off, note } },
      {
        onSuccess: () => {
          toast.done(t(off ? "switchedOff" : "switchedOn", { says: says({ kind: r.kind ?? "set", says: r.says }) }));
          done?.();
        },
        onError: toast.failed,
      },
    );
  return { go, busy: send.isPending };
}

/** Asks why a rule is switched off. */
export function OffDialog({ name, busy, onClose, onOff }: { name: string; busy: boolean; onClose: () => void; onOff: (note: string) => void }) {
  const [note, setNote] = useState("");
  return (
    <Modal open title={`${t("switchOff")}: ${name}`} okText={t("switchOff")} cancelText={t("cancel")} confirmLoading={busy} onCancel={onClose} onOk={() => onOff(note)}>
      <Input.TextArea rows={2} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} placeholder={t("offWhy")} aria-label={t("offWhy")} autoFocus />
    </Modal>
  );
}
