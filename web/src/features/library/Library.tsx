import { AppstoreOutlined, BarsOutlined, FolderAddOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown, Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useGet, useList, useSend } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { comma } from "@/i18n/format";
import { DataTable, Day, EmptyState, ErrorState, FilterBar, filterValues, Num, Page, RelTime, UnitPath, useToast, type Column, type Filter } from "@/ui";
import { t } from "./i18n";
import { Cover, GradeTag, StateTag } from "./parts";
import { pillarOptions } from "./pillar/parts";
import { usePillars } from "./pillar/types";
import { API, KINDS, STATES, type Folder, type Item } from "./types";

const columns = (): Column<Item>[] => [
  {
    key: "title",
    title: t("item"),
    fixed: true,
    sort: "title",
    render: (i) => (
      <span className="l-name">
        <Cover item={i} />
        <span>
          <b>{i.title}</b>
          <small className="k-muted">{i.summary}</small>
        </span>
      </span>
    ),
    plain: (i) => i.title,
  },
  { key: "kind", title: t("kind"), width: 100, render: (i) => t(`kind.${i.kind}`), plain: (i) => t(`kind.${i.kind}`) },
  { key: "state", title: t("state"), width: 120, render: (i) => <StateTag item={i} />, plain: (i) => t(`state.${i.state}`) },
  { key: "verdict", title: t("verdict"), width: 100, hidden: true, render: (i) => <GradeTag grade={i.verdict} />, plain: (i) => i.verdict },
  { key: "tags", title: t("tags"), width: 150, hidden: true, render: (i) => i.tags.join(comma()) || "—", plain: (i) => i.tags.join(comma()) },
  { key: "unit", title: t("unit"), width: 140, render: (i) => <UnitPath unit={i.unit_id} short />, plain: () => "" },
  { key: "uses", title: t("uses"), width: 80, align: "right", sort: "uses", sortFirst: "desc", render: (i) => <Num value={i.uses} />, plain: (i) => i.uses },
  { key: "views", title: t("views"), width: 90, align: "right", render: (i) => <Num value={i.views} />, plain: (i) => i.views },
  { key: "interactions", title: t("interactions"), width: 90, align: "right", render: (i) => <Num value={i.interactions} />, plain: (i) => i.interactions },
  { key: "best", title: t("best"), width: 110, hidden: true, render: (i) => i.best || "—", plain: (i) => i.best },
  { key: "product", title: t("product"), width: 120, hidden: true, render: (i) => i.product || "—", plain: (i) => i.product },
  { key: "expires", title: t("expires"), width: 110, hidden: true, render: (i) => <Day value={i.expires} />, plain: (i) => i.expires },
  { key: "owner", title: t("owner"), width: 110, hidden: true, render: (i) => i.owner || "—", plain: (i) => i.owner },
  { key: "updated", title: t("updated"), width: 120, sort: "updated", sortFirst: "desc", render: (i) => <RelTime value={i.updated_at} />, plain: (i) => i.updated_at },
];

/** The kinds one can make, as a menu. */
function AddButton() {
  const go = useNavigate();
  return (
    <Dropdown menu={{ items: KINDS.map((k) => ({ key: k, label: t(`kind.${k}`) })), onClick: ({ key }) => void go(`/content/library/new/${key}`) }} trigger={["click"]}>
      <Button type="primary" icon={<PlusOutlined />}>
        {t("add")}
      </Button>
    </Dropdown>
  );
}

/** Folders as a path in one list, parents before children. */
export function folderOptions(list: Folder[]): { value: string; label: string }[] {
  const name = (f: Folder): string => {
    const up = list.find((p) => p.id === f.parent_id);
    return up ? `${name(up)} / ${f.name}` : f.name;
  };
  return list.map((f) => ({ value: f.id, label: name(f) })).sort((a, b) => a.label.localeCompare(b.label, "zh"));
}

/** The library: search, kinds, folders, as a list or as a wall of pictures. */
export default function Library() {
  const can = useCan();
  const go = useNavigate();
  const scope = useScope();
  const [params, set] = useUrlStates();
  const [folderOpen, setFolderOpen] = useState(false);
  const folders = useGet<{ items: Folder[] }>(`${API}/folders`);
  const pillars = pillarOptions(usePillars().data?.items);
  const grid = params.get("look") === "grid";
  const filters: Filter[] = [
    { key: "q", type: "search", label: t("search"), width: 220 },
    { key: "kind", type: "select", label: t("kind"), options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
    { key: "state", type: "select", label: t("state"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
    { key: "usable", type: "select", label: t("usable"), options: [{ value: "true", label: t("usableOnly") }] },
    { key: "folder", type: "select", label: t("folder"), options: folderOptions(folders.data?.items ?? []) },
    ...(pillars.length ? [{ key: "pillar", type: "select" as const, label: t("pillar"), options: pillars }] : []),
    { key: "tag", type: "search", label: t("tag"), width: 120 },
  ];
  const extra = (
    <>
      {can("library.write") && (
        <Button icon={<FolderAddOutlined />} onClick={() => setFolderOpen(true)}>
          {t("addFolder")}
        </Button>
      )}
      <Segmented
        aria-label={t("look")}
        value={grid ? "grid" : "list"}
        onChange={(v) => set({ look: v === "grid" ? "grid" : "" })}
        options={[
          { value: "list", icon: <BarsOutlined aria-label={t("asList")} /> },
          { value: "grid", icon: <AppstoreOutlined aria-label={t("asGrid")} /> },
        ]}
      />
    </>
  );
  const empty = <EmptyState title={t("none")} text={t("noneText")} action={can("library.write") ? <AddButton /> : undefined} />;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <Link to="/content/library/talks">
            <Button>{t("talks")}</Button>
          </Link>
          <Link to="/content/library/ideas">
            <Button>{t("ideas")}</Button>
          </Link>
          <Link to="/content/library/proposals">
            <Button>{t("proposals")}</Button>
          </Link>
          {can("library.settings") && (
            <Link to="/content/library/settings">
              <Button>{t("endpoint")}</Button>
            </Link>
          )}
          {can("library.write") && <AddButton />}
        </>
      }
    >
      {grid ? (
        <Grid filters={filters} extra={extra} unit={scope.unit} empty={empty} />
      ) : (
        <DataTable<Item>
          id="library.items"
          path={`${API}/items`}
          params={{ unit: scope.unit }}
          columns={columns()}
          rowKey={(i) => i.id}
          href={(i) => `/content/library/${i.id}`}
          filters={filters}
          defaultSort="-updated"
          extra={extra}
          exportName={t("title")}
          empty={empty}
        />
      )}
      {folderOpen && <FolderDialog folders={folders.data?.items ?? []} onClose={() => setFolderOpen(false)} onMade={(id) => void go(`/content/library?folder=${id}`)} />}
    </Page>
  );
}

function Grid({ filters, extra, unit, empty }: { filters: Filter[]; extra: React.ReactNode; unit?: string; empty: React.ReactNode }) {
  const [params] = useSearchParams();
  const list = useList<Item>(`${API}/items`, { ...filterValues(params, filters), unit }, 48);
  return (
    <>
      <div className="l-bar">
        <FilterBar filters={filters} />
        <span className="k-gap" />
        {extra}
      </div>
      {list.problem ? <ErrorState error={list.problem} onRetry={list.retry} /> : !list.loading && !list.rows.length ? empty : null}
      <ul className="l-grid">
        {list.rows.map((i) => (
          <li key={i.id}>
            <Link to={`/content/library/${i.id}`}>
              <Cover item={i} large />
              <b>{i.title}</b>
              <small className="k-muted">
                {t(`kind.${i.kind}`)} · {t("usedTimes", { n: i.uses })}
              </small>
            </Link>
            <StateTag item={i} />
          </li>
        ))}
      </ul>
      {list.hasMore && (
        <Button onClick={list.more} loading={list.loadingMore}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function FolderDialog({ folders, onClose, onMade }: { folders: Folder[]; onClose: () => void; onMade: (id: string) => void }) {
  const [name, setName] = useState("");
  const [parent, setParent] = useState<string>();
  const toast = useToast();
  const make = useSend<Folder>("POST", `${API}/folders`, [`${API}/folders`]);
  const ok = () =>
    make.mutate(
      { body: { name, parent_id: parent ?? null } },
      {
        onSuccess: (f) => {
          toast.done(t("folderMade", { name: f.name }));
          onClose();
          onMade(f.id);
        },
        onError: toast.failed,
      },
    );
  return (
    <Modal open title={t("addFolder")} onCancel={onClose} onOk={ok} okText={t("make")} cancelText={t("cancel")} confirmLoading={make.isPending} okButtonProps={{ disabled: !name.trim() }}>
      <p>
        <Input aria-label={t("folderName")} placeholder={t("folderName")} value={name} maxLength={40} onChange={(e) => setName(e.target.value)} onPressEnter={ok} autoFocus />
      </p>
      <Select aria-label={t("inside")} placeholder={t("inside")} allowClear value={parent} onChange={setParent} options={folderOptions(folders)} style={{ width: "100%" }} />
    </Modal>
  );
}
