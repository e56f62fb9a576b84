import { PlusOutlined } from "@ant-design/icons";
import { Button, Popconfirm, Skeleton, Table } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { comma, dayText, money, shortNumber } from "@/i18n/format";
import { EmptyState, ErrorState, Page, platformName, Section, useToast } from "@/ui";
import { API } from "../types";
import { ActivityDialog, PartnerDialog } from "./AroundDialogs";
import { t } from "./i18n";
import { LinkageMap } from "./LinkageMap";
import type { Activity, Campaign, Partner } from "../run/types";
import "../console.css";
import "./print.css";

/** What surrounds a campaign: partners, public activities, who mentions whom. */
export default function AroundPage() {
  const { id = "" } = useParams();
  const campaign = useGet<Campaign>(`${API}/campaigns/${id}`);
  const c = campaign.data;
  if (!c) return campaign.error ? <ErrorState error={campaign.error} onRetry={() => void campaign.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  return (
    <Page title={t("aroundOf", { title: c.plan.title })} back={`/content/campaigns/${id}`} lead={t("aroundLead")}>
      <Partners id={id} />
      <Activities id={id} />
      <LinkageMap id={id} />
    </Page>
  );
}

function Partners({ id }: { id: string }) {
  const path = `${API}/campaigns/${id}/partners`;
  const got = useGet<{ items: Partner[] | null }>(path);
  const [editing, setEditing] = useState<Partner | "new" | null>(null);
  const may = useCan()("campaign.write");
  const drop = useDrop(path);
  const rows = got.data?.items ?? [];
  const add = may && (
    <Button icon={<PlusOutlined />} onClick={() => setEditing("new")}>
      {t("addPartner")}
    </Button>
  );
  return (
    <Section title={t("partners")} extra={rows.length > 0 && add} flush={rows.length > 0}>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t("partnersNone")} text={t("partnersNoneText")} action={add} />
      ) : (
        <Table<Partner>
          size="small"
          rowKey={(p) => p.id ?? p.name}
          dataSource={rows}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            { key: "name", title: t("partner"), render: (_, p) => <><b>{p.name}</b> <span className="k-muted">{[t.slug("partner", p.kind), p.platform && platformName(p.platform)].filter(Boolean).join(" · ")}</span></> },
            { key: "cost", title: t("cost"), align: "right", render: (_, p) => (p.cost_fen === null ? "—" : money({ fen: p.cost_fen, currency: "CNY" })) },
            { key: "for", title: t("broughtTo"), render: (_, p) => p.for_names?.join(comma()) || "—" },
            ...(["views", "interactions", "followers", "leads"] as const).map((k) => ({ key: k, title: t(k), align: "right" as const, render: (_: unknown, p: Partner) => shortNumber(p[k]) })),
            { key: "links", title: t("links"), render: (_, p) => (p.links ?? []).map((l, i) => <a key={l} href={l} target="_blank" rel="noopener noreferrer" style={{ marginRight: 8 }}>{t("linkN", { n: i + 1 })}</a>) },
            ...(may ? [{ key: "acts", title: "", render: (_: unknown, p: Partner) => <Acts name={p.name} onEdit={() => setEditing(p)} onDrop={() => drop(p.id, p.name)} /> }] : []),
          ]}
        />
      )}
      {editing && <PartnerDialog path={path} partner={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

function Activities({ id }: { id: string }) {
  const path = `${API}/campaigns/${id}/activities`;
  const got = useGet<{ items: Activity[] | null }>(path);
  const [editing, setEditing] = useState<Activity | "new" | null>(null);
  const may = useCan()("campaign.write");
  const drop = useDrop(path);
  const rows = got.data?.items ?? [];
  const add = may && (
    <Button icon={<PlusOutlined />} onClick={() => setEditing("new")}>
      {t("addActivity")}
    </Button>
  );
  return (
    <Section title={t("activities")} extra={rows.length > 0 && add} flush={rows.length > 0}>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t("activitiesNone")} text={t("activitiesNoneText")} action={add} />
      ) : (
        <Table<Activity>
          size="small"
          rowKey={(a) => a.id ?? a.title}
          dataSource={rows}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            { key: "title", title: t("activity"), render: (_, a) => <>{a.link ? <a href={a.link} target="_blank" rel="noopener noreferrer">{a.title}</a> : <b>{a.title}</b>} <span className="k-muted">{[t.slug("activity", a.kind), a.platform && platformName(a.platform)].filter(Boolean).join(" · ")}</span></> },
            ...(["outsiders", "posts", "views", "interactions"] as const).map((k) => ({ key: k, title: t(k), align: "right" as const, render: (_: unknown, a: Activity) => shortNumber(a[k]) })),
            { key: "asof", title: t("figuresOf"), render: (_, a) => dayText(a.as_of) },
            ...(may ? [{ key: "acts", title: "", render: (_: unknown, a: Activity) => <Acts name={a.title} onEdit={() => setEditing(a)} onDrop={() => drop(a.id, a.title)} /> }] : []),
          ]}
        />
      )}
      {editing && <ActivityDialog path={path} activity={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

function Acts({ name, onEdit, onDrop }: { name: string; onEdit: () => void; onDrop: () => void }) {
  return (
    <>
      <Button type="link" size="small" onClick={onEdit} aria-label={t("editOne", { name })}>
        {t("edit")}
      </Button>
      <Popconfirm title={t("dropAsk", { name })} okText={t("drop")} cancelText={t("cancel")} onConfirm={onDrop}>
        <Button type="link" size="small" danger aria-label={t("dropOne", { name })}>
          {t("drop")}
        </Button>
      </Popconfirm>
    </>
  );
}

function useDrop(path: string) {
  const toast = useToast();
  const send = useSend("DELETE", `${path}/{item}`, [path]);
  return (id: string | null, name: string) => id && send.mutate({ path: { item: id } }, { onSuccess: () => toast.done(t("dropped1", { name })), onError: toast.failed });
}
