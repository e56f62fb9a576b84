import { Button, Popconfirm, Tabs } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, Day, EmptyState, options, Page, RelTime, roleName, ROLES, StatusTag, Time, useToast, type Column } from "@/ui";
import { Grants, grantsText } from "./grants";
import { t } from "./i18n";
import { InviteDialog } from "./InviteDialog";
import type { Invitation, User } from "./types";
import { UserDrawer } from "./UserDrawer";

/** Who may sign in and what they may do; invitations that wait. */
export default function Users() {
  const can = useCan();
  const [tab, setTab] = useUrlState("tab");
  const [picked, setPicked] = useState<User | null>(null);
  const [inviting, setInviting] = useState(false);
  const invite = can("identity.manage") && (
    <Button type="primary" onClick={() => setInviting(true)}>
      {t("invite")}
    </Button>
  );
  return (
    <Page title={t("usersTitle")} lead={t("usersLead")} actions={invite || undefined}>
      {can("identity.manage") && (
        <Tabs
          activeKey={tab || "users"}
          onChange={(k) => setTab(k === "users" ? "" : k)}
          items={[
            { key: "users", label: t("users") },
            { key: "invitations", label: t("invitations") },
          ]}
        />
      )}
      {tab === "invitations" ? <Invitations /> : <UserTable onOpen={setPicked} />}
      {picked && <UserDrawer key={picked.id} user={picked} onClose={() => setPicked(null)} />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}

function UserTable({ onOpen }: { onOpen: (u: User) => void }) {
  const columns: Column<User>[] = [
    { key: "name", title: t("name"), fixed: true, width: 160, render: (u) => u.name, plain: (u) => u.name },
    { key: "login", title: t("account"), width: 200, render: (u) => u.login || "—", plain: (u) => u.login },
    { key: "roles", title: t("roles"), render: (u) => <Grants grants={u.grants} />, plain: (u) => grantsText(u.grants) },
    {
      key: "state", title: t("state"), width: 100, plain: (u) => (u.state === "active" ? t("active") : t("disabled")),
      render: (u) => <StatusTag tone={u.state === "active" ? "good" : "off"}>{u.state === "active" ? t("active") : t("disabled")}</StatusTag>,
    },
    { key: "totp", title: t("twoStep"), width: 110, render: (u) => (u.totp ? t("on") : <span className="k-muted">{t("off")}</span>), plain: (u) => (u.totp ? t("on") : t("off")) },
    { key: "seen", title: t("seen"), width: 130, render: (u) => (u.seen_at ? <RelTime value={u.seen_at} /> : <span className="k-muted">{t("never")}</span>), plain: (u) => u.seen_at ?? "" },
  ];
  return (
    <DataTable<User>
      id="identity.users"
      path="/api/v1/identity/users"
      columns={columns}
      rowKey={(u) => u.id}
      filters={[
        { key: "q", type: "search", label: t("search") },
        { key: "role", type: "select", label: t("role"), options: options(ROLES, roleName) },
        { key: "state", type: "select", label: t("state"), options: [{ value: "active", label: t("active") }, { value: "disabled", label: t("disabled") }] },
      ]}
      onOpen={onOpen}
      empty={<EmptyState title={t("usersNone")} text={t("usersNoneText")} />}
    />
  );
}

function Invitations() {
  const toast = useToast();
  const withdraw = useSend("DELETE", "/api/v1/identity/invitations/{id}", ["/api/v1/identity/invitations"]);
  const end = (i: Invitation) => withdraw.mutate({ path: { id: i.id } }, { onSuccess: () => toast.done(t("withdrawn")), onError: toast.failed });
  const columns: Column<Invitation>[] = [
    { key: "name", title: t("name"), width: 160, render: (i) => i.name || "—", plain: (i) => i.name },
    { key: "roles", title: t("roles"), render: (i) => <Grants grants={[i]} />, plain: (i) => grantsText([i]) },
    { key: "created", title: t("created"), width: 140, render: (i) => <Day value={i.created_at} />, plain: (i) => i.created_at },
    { key: "expires", title: t("expires"), width: 180, render: (i) => <Time value={i.expires_at} />, plain: (i) => i.expires_at },
    {
      key: "act", title: "", width: 100,
      render: (i) => (
        <Popconfirm title={t("withdrawAsk")} okText={t("withdraw")} cancelText={t("cancel")} onConfirm={() => end(i)}>
          <Button size="small">{t("withdraw")}</Button>
        </Popconfirm>
      ),
    },
  ];
  return (
    <DataTable<Invitation>
      id="identity.invitations"
      path="/api/v1/identity/invitations"
      columns={columns}
      rowKey={(i) => i.id}
      empty={<EmptyState title={t("inviteNone")} text={t("usersNoneText")} />}
    />
  );
}
