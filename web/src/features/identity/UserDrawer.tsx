import { Alert, Button, Modal, Popconfirm } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useCan } from "@/app/session";
import { Drawer, Facts, RelTime, StatusTag, useToast } from "@/ui";
import { complete, GrantRow, Grants, useOwn, type Draft } from "./grants";
import { t } from "./i18n";
import { Secret } from "./Secret";
import type { User } from "./types";

interface WireGrant {
  role: string;
  unit_id: string | null;
}

/** One user: facts, roles, disabling. */
export function UserDrawer({ user, onClose }: { user: User; onClose: () => void }) {
  const [u, setU] = useState(user);
  const [drafts, setDrafts] = useState<Draft[] | null>(null);
  const own = useOwn();
  const can = useCan();
  const toast = useToast();
  const drops = ["/api/v1/identity/users"];
  const save = useSend<User, { grants: WireGrant[] }>("PUT", "/api/v1/identity/users/{id}/grants", drops);
  const turn = useSend<User, { state: string }>("PUT", "/api/v1/identity/users/{id}/state", drops);
  const reset = useSend<{ secret: string }>("POST", "/api/v1/identity/users/{id}/reset");
  const [link, setLink] = useState("");
  const makeLink = () => reset.mutate({ path: { id: u.id } }, { onSuccess: (r) => setLink(`${location.origin}/invite#${r.secret}`), onError: toast.failed });
  const change = (i: number, d: Draft) => setDrafts((drafts ?? []).map((x, k) => (k === i ? d : x)));
  const send = () =>
    save.mutate(
      { path: { id: u.id }, body: { grants: (drafts ?? []).map((d) => ({ role: d.role, unit_id: d.unit })) } },
      { onSuccess: (next) => { setU(next); setDrafts(null); toast.done(t("rolesDone", { name: next.name })); }, onError: toast.failed },
    );
  const setState = (state: string) =>
    turn.mutate(
      { path: { id: u.id }, body: { state } },
      { onSuccess: (next) => { setU(next); toast.done(t(state === "active" ? "stateBack" : "stateDone", { name: next.name })); }, onError: toast.failed },
    );
  return (
    <Drawer
      open
      onClose={onClose}
      title={u.name}
      extra={
        u.editable && (u.state === "active" ? (
          <span style={{ display: "inline-flex", gap: 8 }}>
          <Popconfirm title={t("resetAsk", { name: u.name })} okText={t("reset")} cancelText={t("cancel")} onConfirm={makeLink}>
            <Button loading={reset.isPending}>{t("reset")}</Button>
          </Popconfirm>
          <Popconfirm title={t("disableAsk", { name: u.name })} okText={t("disable")} cancelText={t("cancel")} onConfirm={() => setState("disabled")}>
            <Button danger loading={turn.isPending}>{t("disable")}</Button>
          </Popconfirm>
          </span>
        ) : (
          <Button loading={turn.isPending} onClick={() => setState("active")}>{t("enable")}</Button>
        ))
      }
    >
      <Facts
        items={[
          { label: t("account"), value: u.login || "—" },
          { label: t("state"), value: <StatusTag tone={u.state === "active" ? "good" : "off"}>{u.state === "active" ? t("active") : t("disabled")}</StatusTag> },
          { label: t("twoStep"), value: u.totp ? t("on") : t("off") },
          { label: t("seen"), value: u.seen_at ? <RelTime value={u.seen_at} /> : t("never") },
        ]}
      />
      <h3>{t("roles")}</h3>
      {drafts === null ? (
        <>
          <Grants grants={u.grants} />
          {u.editable ? (
            <div style={{ marginTop: 16 }}>
              <Button onClick={() => setDrafts(u.grants.map((g) => ({ role: g.role, unit: g.unit?.id ?? null })))}>{t("editRoles")}</Button>
            </div>
          ) : (
            can("identity.manage") && <Alert type="info" showIcon title={t("notEditable")} style={{ marginTop: 16 }} />
          )}
        </>
      ) : (
        <>
          {drafts.map((d, i) => (
            <GrantRow key={i} value={d} roles={own?.grantable ?? []} own={own} onChange={(x) => change(i, x)}
              onRemove={drafts.length > 1 ? () => setDrafts(drafts.filter((_, k) => k !== i)) : undefined} />
          ))}
          <Button type="dashed" block onClick={() => setDrafts([...drafts, { role: "", unit: null }])}>{t("addRole")}</Button>
          <div style={{ display: "flex", gap: 8, marginTop: 16 }}>
            <Button type="primary" loading={save.isPending} disabled={!drafts.every((d) => complete(d, own))} onClick={send}>{t("save")}</Button>
            <Button onClick={() => setDrafts(null)}>{t("cancel")}</Button>
          </div>
        </>
      )}
      {link && (
        <Modal open title={t("resetLink")} onCancel={() => setLink("")} footer={<Button onClick={() => setLink("")}>{t("done")}</Button>}>
          <p>{t("resetOnce")}</p>
          <Secret value={link} label={t("resetLink")} />
        </Modal>
      )}
    </Drawer>
  );
}
