import { Button, Dropdown } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { rawRequest, useGet } from "@/api";
import { useScope, useScopedLink, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import {
  ACCOUNT_KINDS, accountKindName, DataTable, Day, Drawer, EmptyState, Num, options, ownershipName, Page, platformName, PLATFORMS, saveFile, Section,
  UnitPath, useToast, type Column, type Filter, type View,
} from "@/ui";
import { comma } from "@/i18n/format";
import { AccountActions } from "./actions";
import { useBulk } from "./bulk";
import { AccountFacts, Custody } from "./detail";
import { CreateDialog } from "./edit";
import { t } from "./i18n";
import { AccountCell, CertCell, StatusCell, tierName } from "./parts";
import { API, CERT_STATES, LEVELS, OWNERSHIPS, STATUSES, type Account, type SavedView } from "./types";
import { SaveViewButton } from "./views";

const columns = (): Column<Account>[] => [
  { key: "account", title: t("account"), fixed: true, width: 260, sort: "name", render: (a) => <AccountCell account={a} /> },
  { key: "kind", title: t("kind"), width: 110, render: (a) => accountKindName(a.kind) },
  { key: "unit", title: t("unit"), render: (a) => <UnitPath unit={a.unit.id} short /> },
  { key: "member", title: t("member"), width: 100, render: (a) => a.member?.name ?? <span className="k-muted">—</span> },
  { key: "status", title: t("status"), width: 150, render: (a) => <StatusCell account={a} /> },
  { key: "followers", title: t("followers"), align: "right", width: 90, sort: "followers", sortFirst: "desc", render: (a) => <Num value={a.followers} /> },
  { key: "last_post", title: t("lastPost"), width: 110, sort: "last_post", sortFirst: "desc", render: (a) => <Day value={a.last_post_day} /> },
  { key: "ownership", title: t("ownership"), width: 100, render: (a) => ownershipName(a.ownership) },
  { key: "certification", title: t("certification"), width: 150, render: (a) => <CertCell account={a} /> },
  { key: "level", title: t("level"), width: 80, hidden: true, render: (a) => t.slug("level", a.level) },
  { key: "city", title: t("city"), width: 120, hidden: true, render: (a) => (a.city ? `${a.city} · ${tierName(a.city_tier)}` : "—") },
  { key: "paired", title: t("paired"), width: 160, hidden: true, render: (a) => (a.paired ? <AccountCell account={a.paired} /> : "—") },
  { key: "tags", title: t("tags"), hidden: true, render: (a) => a.tags.join(comma()) || "—" },
  { key: "created", title: t("created"), width: 110, sort: "created", sortFirst: "desc", hidden: true, render: (a) => <Day value={a.created_day} /> },
];

const filters = (tags: string[]): Filter[] => [
  { key: "q", label: t("search"), type: "search", width: 230 },
  { key: "platform", label: t("platform"), type: "multi", options: options(PLATFORMS, platformName), width: 130 },
  { key: "kind", label: t("kind"), type: "multi", options: options(ACCOUNT_KINDS, accountKindName), width: 130 },
  { key: "status", label: t("status"), type: "select", options: [{ value: "abnormal", label: t("status.abnormal") }, ...options(STATUSES, (s) => t.slug("status", s))] },
  { key: "ownership", label: t("ownership"), type: "select", options: options(OWNERSHIPS, ownershipName), width: 110 },
  { key: "certification", label: t("certification"), type: "select", options: options(CERT_STATES, (s) => t.slug("cert", s)), width: 120 },
  { key: "level", label: t("level"), type: "select", options: [...options(LEVELS, (s) => t.slug("level", s)), { value: "none", label: t("level.") }], width: 100 },
  ...(tags.length ? [{ key: "tag", label: t("tag"), type: "select", options: options(tags, (s) => s), width: 110 } as Filter] : []),
];

/** Filters that have no control of their own: views and drill links set them. */
const QUIET = ["side", "unpaired", "handover", "ended", "verified", "league", "city", "member"] as const;

/** A filter set by a link, shown in words so that it can be seen and taken away. */
function quiet(key: (typeof QUIET)[number], value: string): Filter {
  const label = key === "side" ? t.slug("side", value) : t(`quiet.${key}`);
  return { key, label, type: "select", options: [{ value, label }] };
}

const presets = (): View[] => [
  { key: "all", label: t("all"), query: {} },
  { key: "abnormal", label: t("view.abnormal"), query: { status: "abnormal" } },
  { key: "handover", label: t("view.handover"), query: { handover: "true" } },
  { key: "unpaired", label: t("view.unpaired"), query: { unpaired: "true" } },
  { key: "uncertified", label: t("view.uncertified"), query: { kind: "employee", certification: "none" } },
  { key: "verified", label: t("view.verified"), query: { verified: "true" } },
  { key: "personal", label: t("view.personal"), query: { ownership: "personal" } },
  { key: "closed", label: t("view.ended"), query: { status: "closed" } },
];

/** The list of accounts: views, filters, bulk, export, drawer. */
export default function AccountList() {
  const { query } = useScope();
  const link = useScopedLink();
  const can = useCan();
  const toast = useToast();
  const [params] = useUrlStates();
  const [open, setOpen] = useState<Account | null>(null);
  const [creating, setCreating] = useState(false);
  const [bulk, dialogs] = useBulk();
  const tags = useGet<{ items: { tag: string; n: number }[] }>(`${API}/tags`);
  const saved = useGet<{ items: SavedView[] }>(`${API}/views`);
  const known = (tags.data?.items ?? []).map((x) => x.tag);
  const asks = params.get("tag");
  const bars = [...filters(asks && !known.includes(asks) ? [...known, asks] : known), ...QUIET.flatMap((key) => (params.get(key) ? [quiet(key, params.get(key) as string)] : []))];
  const asked = Object.fromEntries(bars.flatMap((f) => (params.get(f.key) ? [[f.key, params.get(f.key) as string]] : [])));
  const list = { unit: query.unit, ...asked };
  const count = useGet<{ n: number; more: boolean }>(`${API}/count`, list, { keep: true });
  const template = async () => saveFile(`${t("template")}.xlsx`, await (await rawRequest("GET", `${API}/roster-template`)).blob());
  const views: View[] = [
    ...presets(),
    ...(saved.data?.items ?? []).map((v) => ({ key: v.id, label: v.name, query: Object.fromEntries(new URLSearchParams(v.query)) })),
  ];
  const n = count.data;
  const total = n ? (n.more ? null : n.n) : undefined;
  return (
    <Page
      title={t("title")}
      lead={n && (n.more ? t("leadMore", { n: n.n.toLocaleString() }) : t("lead", { n: n.n }))}
      actions={
        <>
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "template", label: t("template"), onClick: () => void template().catch(toast.failed) },
                ...(can("account.import") ? [{ key: "import", label: <Link to={link("/data/imports")}>{t("importRoster")}</Link> }] : []),
              ],
            }}
          >
            <Button>{t("more")}</Button>
          </Dropdown>
          {can("account.edit") && (
            <Button type="primary" onClick={() => setCreating(true)}>
              {t("create")}
            </Button>
          )}
        </>
      }
    >
      <DataTable<Account>
        id="account.accounts"
        path={`${API}/accounts`}
        params={{ unit: query.unit }}
        columns={columns()}
        rowKey={(a) => a.id}
        filters={bars}
        views={views}
        defaultSort="name"
        onOpen={setOpen}
        href={(a) => link(`/matrix/accounts/${a.id}`)}
        bulk={can("account.edit") ? bulk : undefined}
        xlsx={can("account.export") ? `${API}/export` : undefined}
        exportName={t("title")}
        total={total}
        extra={<SaveViewButton query={asked} views={saved.data?.items ?? []} />}
        empty={
          <EmptyState
            title={t("emptyTitle")}
            text={t("emptyText")}
            action={
              <Button type="primary" onClick={() => void template().catch(toast.failed)}>
                {t("template")}
              </Button>
            }
          />
        }
      />
      {dialogs}
      {creating && <CreateDialog unit={query.unit} onClose={() => setCreating(false)} onDone={setOpen} />}
      <AccountDrawer account={open} onClose={() => setOpen(null)} />
    </Page>
  );
}

/** The account at the right of the list. */
function AccountDrawer({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const link = useScopedLink();
  const got = useGet<Account>(account ? `${API}/accounts/${account.id}` : null, undefined, { keep: true });
  const a = got.data && got.data.id === account?.id ? got.data : account;
  return (
    <Drawer
      open={!!account}
      onClose={onClose}
      title={a && <AccountCell account={a} />}
      error={got.error}
      extra={a && <Link to={link(`/matrix/accounts/${a.id}`)}>{t("open")}</Link>}
      footer={a && <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}><AccountActions account={a} /></div>}
    >
      {a && (
        <div style={{ display: "grid", gap: 16 }}>
          <AccountFacts account={a} />
          <Section title={t("timeline")}>
            <Custody account={a} />
          </Section>
        </div>
      )}
    </Drawer>
  );
}

