import { Button, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useGet } from "@/api";
import { useScope, useScopedLink, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { DataTable, Day, EmptyState, filterValues, options, Page, roleName, ROLES, StatusTag, type Column, type Filter } from "@/ui";
import { t } from "./i18n";
import { EditMember, LeaveMembers, TransferMembers } from "./MemberDialogs";
import { API, PERSONAS, type Label, type Member } from "./types";

/** Everyone of the scope, with filters; a row opens the person's page. */
export default function Members() {
  const { unit } = useScope();
  const link = useScopedLink();
  const navigate = useNavigate();
  const can = useCan();
  const [params] = useUrlStates();
  const labels = useGet<{ items: Label[] }>(`${API}/member-labels`).data?.items ?? [];
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Member[] | null>(null);
  const [moving, setMoving] = useState<Member[] | null>(null);
  const filters = memberFilters(labels);
  const count = useGet<{ n: number }>(`${API}/member-count`, { unit, ...filterValues(params, filters) }, { keep: true });
  const write = can("org.member_write");
  const gone = (rows: Member[]) => (rows.some((m) => m.status === "left") ? t("alreadyLeft") : undefined);
  const add = (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t("addMember")}
    </Button>
  );
  return (
    <Page title={t("membersTitle")} lead={t("membersLead")} actions={write ? add : undefined}>
      <DataTable<Member>
        id="org.members"
        path={`${API}/members`}
        params={{ unit }}
        columns={columns()}
        rowKey={(m) => m.id}
        filters={filters}
        defaultSort="name"
        total={count.data ? (count.data.n > 10_000 ? null : count.data.n) : undefined}
        href={(m) => link(`/matrix/members/${m.id}`)}
        onOpen={(m) => void navigate(link(`/matrix/members/${m.id}`))}
        xlsx={can("org.export") ? `${API}/member-export` : undefined}
        exportName={t("membersTitle")}
        bulk={
          write
            ? [
                { key: "transfer", label: t("transfer"), blocked: gone, run: (rows) => { setMoving(rows); return false; } },
                { key: "leave", label: t("leave"), danger: true, blocked: gone, run: (rows) => { setLeaving(rows); return false; } },
              ]
            : undefined
        }
        empty={<EmptyState title={t("noMembers")} text={t("noMembersText")} action={write ? add : undefined} />}
      />
      {adding && <EditMember unit={unit} onClose={() => setAdding(false)} />}
      {leaving && <LeaveMembers members={leaving} onClose={() => setLeaving(null)} />}
      {moving && <TransferMembers members={moving} onClose={() => setMoving(null)} />}
    </Page>
  );
}

function memberFilters(labels: Label[]): Filter[] {
  return [
    { key: "q", type: "search", label: t("search"), width: 260 },
    { key: "role", type: "select", label: t("role"), options: options(ROLES, roleName) },
    { key: "persona", type: "select", label: t("personas"), options: options(PERSONAS, (p) => t.slug("persona", p)) },
    { key: "tag", type: "select", label: t("tag"), options: labels.map((l) => ({ value: l.tag, label: `${l.tag} (${l.n})` })) },
    { key: "status", type: "select", label: t("status"), options: ["active", "left", "all"].map((value) => ({ value, label: t.slug("status", value) })) },
  ];
}

function columns(): Column<Member>[] {
  return [
    { key: "name", title: t("person"), fixed: true, width: 130, sort: "name", sortFirst: "asc", render: (m) => m.name, plain: (m) => m.name },
    { key: "unit", title: t("unit"), width: 240, render: (m) => <span title={m.unit_path}>{m.unit_path.split("/").slice(-2).join(" / ")}</span>, plain: (m) => m.unit_path },
    { key: "role", title: t("role"), width: 110, render: (m) => roleName(m.role), plain: (m) => roleName(m.role) },
    { key: "title", title: t("title"), width: 120, render: (m) => m.title || "—", plain: (m) => m.title },
    { key: "phone", title: t("phone"), width: 130, render: (m) => m.phone || "—", plain: (m) => m.phone },
    { key: "joined", title: t("joined"), width: 120, sort: "joined", sortFirst: "desc", render: (m) => (m.joined_day ? <Day value={m.joined_day} /> : "—"), plain: (m) => m.joined_day ?? "" },
    { key: "tags", title: t("tags"), render: (m) => (m.tags.length ? m.tags.map((x) => <Tag key={x}>{x}</Tag>) : "—"), plain: (m) => m.tags.join(" ") },
    { key: "personas", title: t("personas"), hidden: true, render: (m) => personaText(m), plain: personaText },
    { key: "code", title: t("staffCode"), width: 110, hidden: true, render: (m) => m.code || "—", plain: (m) => m.code },
    {
      key: "status", title: t("status"), width: 150, plain: (m) => t.slug("status", m.status),
      render: (m) => <MemberStatus member={m} />,
    },
  ];
}

/** Personas as one text. */
export const personaText = (m: Member) => m.personas.map((p) => t.slug("persona", p)).join(", ") || "—";

/** Whether someone works here; since when not. */
export function MemberStatus({ member: m }: { member: Member }) {
  if (m.status === "active") return <StatusTag tone="good">{t("status.active")}</StatusTag>;
  return (
    <StatusTag tone="off">
      {t("status.left")}
      {m.left_day ? ` ${dayText(m.left_day)}` : ""}
    </StatusTag>
  );
}
