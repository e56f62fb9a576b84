import { Button, Input, Modal, Popconfirm, Select } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useMe } from "@/app/session";
import { DataTable, Day, EmptyState, Page, RelTime, useToast, type Column } from "@/ui";
import { complete, GrantRow, Grants, grantsText, useOwn, type Draft } from "./grants";
import { t } from "./i18n";
import { Secret } from "./Secret";
import type { Token } from "./types";

/** Keys for programs. */
export default function Tokens() {
  const toast = useToast();
  const [making, setMaking] = useState(false);
  const revoke = useSend("DELETE", "/api/v1/identity/tokens/{id}", ["/api/v1/identity/tokens"]);
  const end = (x: Token) => revoke.mutate({ path: { id: x.id } }, { onSuccess: () => toast.done(t("revoked", { name: x.name })), onError: toast.failed });
  const columns: Column<Token>[] = [
    { key: "name", title: t("tokenName"), render: (x) => <>{x.name} <span className="k-muted">…{x.hint}</span></>, plain: (x) => x.name },
    { key: "roles", title: t("roles"), render: (x) => <Grants grants={[x]} />, plain: (x) => grantsText([x]) },
    { key: "scopes", title: t("scopes"), render: (x) => x.scopes.join(", ") || t("scopesAll"), plain: (x) => x.scopes.join(", ") },
    { key: "owner", title: t("tokenOwner"), width: 130, render: (x) => x.owner || t("byOperator"), plain: (x) => x.owner },
    { key: "seen", title: t("tokenUsed"), width: 130, render: (x) => (x.seen_at ? <RelTime value={x.seen_at} /> : <span className="k-muted">{t("unused")}</span>), plain: (x) => x.seen_at ?? "" },
    { key: "expires", title: t("expires"), width: 120, render: (x) => <Day value={x.expires_at} />, plain: (x) => x.expires_at },
    {
      key: "act", title: "", width: 100,
      render: (x) => (
        <Popconfirm title={t("revokeAsk", { name: x.name })} okText={t("revoke")} cancelText={t("cancel")} onConfirm={() => end(x)}>
          <Button size="small" danger>{t("revoke")}</Button>
        </Popconfirm>
      ),
    },
  ];
  const add = <Button type="primary" onClick={() => setMaking(true)}>{t("makeToken")}</Button>;
  return (
    <Page title={t("tokensTitle")} lead={t("tokensLead")} actions={add}>
      <DataTable<Token>
        id="identity.tokens"
        path="/api/v1/identity/tokens"
        columns={columns}
        rowKey={(x) => x.id}
        empty={<EmptyState title={t("tokensNone")} text={t("tokensNoneText")} action={add} />}
      />
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function TokenDialog({ onClose }: { onClose: () => void }) {
  const own = useOwn();
  const me = useMe();
  const toast = useToast();
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState<string[]>([]);
  const [draft, setDraft] = useState<Draft>({ role: "", unit: null });
  const [secret, setSecret] = useState("");
  const make = useSend<{ secret: string }, unknown>("POST", "/api/v1/identity/tokens", ["/api/v1/identity/tokens"]);
  const roles = [...new Set([...(own?.grantable ?? []), ...(own?.roles ?? [])])];
  const send = () =>
    make.mutate(
      { body: { name: name.trim(), role: draft.role, unit_id: draft.unit, days, scopes } },
      { onSuccess: (r) => setSecret(r.secret), onError: toast.failed },
    );
  if (secret) {
    return (
      <Modal open title={t("tokenOnceTitle")} onCancel={onClose} footer={<Button onClick={onClose}>{t("done")}</Button>}>
        <p>{t("tokenOnce")}</p>
        <Secret value={secret} label={t("tokenOnceTitle")} />
      </Modal>
    );
  }
  return (
    <Modal open title={t("makeToken")} onCancel={onClose} onOk={send} okText={t("makeToken")} cancelText={t("cancel")}
      okButtonProps={{ disabled: !name.trim() || !complete(draft, own) }} confirmLoading={make.isPending}>
      <div className="i-rows">
        <div>
          <label htmlFor="token-name">{t("tokenName")}</label>
          <Input id="token-name" value={name} maxLength={60} placeholder={t("tokenNameHint")} onChange={(e) => setName(e.target.value)} />
        </div>
        <div>
          <div>{t("roles")}</div>
          <GrantRow value={draft} roles={roles} own={own} onChange={setDraft} />
        </div>
        <div>
          <label htmlFor="token-scopes">{t("scopes")}</label>
          <Select id="token-scopes" aria-label={t("scopes")} mode="multiple" value={scopes} onChange={setScopes} placeholder={t("scopesHint")} style={{ width: "100%" }}
            options={(me.permissions ?? []).map((value) => ({ value, label: value }))} />
        </div>
        <div>
          <label htmlFor="token-days">{t("days")}</label>
          <div>
            <Select id="token-days" aria-label={t("days")} value={days} onChange={setDays} style={{ width: 160 }} options={[1, 7, 30, 90, 365].map((n) => ({ value: n, label: t("nDays", { n }) }))} />
          </div>
        </div>
      </div>
    </Modal>
  );
}
