import { Button, Table, type TableProps } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useList, type Query } from "@/api";
import { useUrlStates } from "@/app/scope";
import { fullNumber } from "@/i18n/format";
import { FilterBar, filterValues } from "../Filters";
import { t } from "../i18n";
import { EmptyState, ErrorState } from "../States";
import "../ui.css";
import { BulkBar } from "./BulkBar";
import { loadShape, parseSort, saveShape, shownColumns, sortText, type Column, type Shape, type Sort } from "./model";
import type { DataTableProps } from "./props";
import { Tools } from "./Tools";
import { useRowKeys } from "./useRowKeys";
import { ViewTabs } from "./ViewTabs";

/** A list: views, filters, sort, columns, density, selection, export, keyset "more", j/k and Enter. */
export function DataTable<T extends object>(p: DataTableProps<T>) {
  const [params, setParams] = useUrlStates();
  const [shape, setShape] = useState<Shape>(() => loadShape(p.id));
  const [picked, setPicked] = useState<Map<string, T>>(new Map());
  const navigate = useNavigate();
  const filters = p.filters ?? [];
  const sort = parseSort(params.get("sort") ?? p.defaultSort ?? "");
  const query: Query = { ...p.params, ...filterValues(params, filters), sort: params.get("sort") ?? p.defaultSort };
  const list = useList<T>(p.path, query, p.pageSize);
  const columns = shownColumns(p.columns, shape.shown);
  const filtered = filters.some((f) => params.has(f.key));

  const reshape = (s: Shape) => {
    setShape(s);
    saveShape(p.id, s);
  };
  const open = (row: T, aside = false) => {
    if (aside && p.href) window.open(p.href(row), "_blank", "noopener");
    else if (p.onOpen) p.onOpen(row);
    else if (p.href) void navigate(p.href(row));
  };
  const toggle = (row: T) => {
    const next = new Map(picked);
    const key = p.rowKey(row);
    if (!next.delete(key)) next.set(key, row);
    setPicked(next);
  };
  const keys = useRowKeys(list.rows, { open: p.onOpen || p.href ? open : undefined, toggle: p.bulk ? toggle : undefined });

  const onSort: TableProps<T>["onChange"] = (_page, _filters, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    const word = p.columns.find((c) => c.key === one?.columnKey)?.sort;
    setParams({ sort: word && one?.order ? sortText({ word, down: one.order === "descend" }) : "" });
  };

  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    // The row antd measures widths with repeats the heads' buttons out of sight: keep the Tab key out of it.
    for (const row of box.current?.querySelectorAll(".ant-table-measure-row") ?? []) row.setAttribute("inert", "");
    // A table wider than its box scrolls sideways: the keyboard must reach the box to do so.
    for (const body of box.current?.querySelectorAll(".ant-table-body, .ant-table-content") ?? []) body.setAttribute("tabindex", "0");
  });

  return (
    <section ref={box} className="k-card" aria-label={t("table")} onKeyDown={keys.onKeyDown}>
      <ViewTabs id={p.id} views={p.views ?? []} filters={filters} shape={shape} onShape={reshape} />
      <div className="k-toolbar">
        <FilterBar filters={filters} />
        {p.extra}
        <div className="k-tools">
          <Tools table={p} query={query} shape={shape} onShape={reshape} shown={columns} />
        </div>
      </div>
      {p.bulk && picked.size > 0 && <BulkBar rows={[...picked.values()]} bulk={p.bulk} onClear={() => setPicked(new Map())} />}
      {list.problem && !list.rows.length ? (
        <ErrorState error={list.problem} onRetry={list.retry} />
      ) : (
        <Table<T>
          size={shape.dense === false ? "middle" : "small"}
          sticky={{ offsetHeader: 56 }}
          columns={columns.map((c) => antColumn(c, sort))}
          onChange={onSort}
          dataSource={list.rows}
          rowKey={p.rowKey}
          loading={list.loading || list.updating}
          pagination={false}
          scroll={{ x: "max-content" }}
          rowSelection={p.bulk && selection(picked, setPicked, p.rowKey, list.rows)}
          onRow={(row, i) => ({
            onClick: (e) => !(e.target as HTMLElement).closest("a,button,input,label") && open(row, e.metaKey || e.ctrlKey),
            onAuxClick: (e) => e.button === 1 && open(row, true),
            className: [p.onOpen || p.href ? "k-row-open" : "", i === keys.at ? "k-row-at" : ""].join(" "),
          })}
          locale={{ emptyText: list.loading ? " " : filtered || !p.empty ? <EmptyState title={t("noMatch")} text={filtered ? t("noMatchText") : undefined} /> : p.empty }}
        />
      )}
      <Foot shown={list.rows.length} first={p.first && list.rows.length >= (p.pageSize ?? 0)} total={p.total} more={list.hasMore} loading={list.loadingMore} onMore={list.more} />
    </section>
  );
}

type AntColumn<T> = NonNullable<TableProps<T>["columns"]>[number];

function antColumn<T>(c: Column<T>, sort: Sort | null): AntColumn<T> {
  return {
    key: c.key,
    title: c.title,
    align: c.align,
    width: c.width,
    fixed: c.fixed ? "start" : undefined,
    render: (_: unknown, row: T) => c.render(row),
    ...(c.sort && {
      sorter: true,
      showSorterTooltip: false,
      sortDirections: c.sortFirst === "desc" ? ["descend", "ascend"] : ["ascend", "descend"],
      sortOrder: sort?.word === c.sort ? (sort.down ? "descend" : "ascend") : null,
    }),
  };
}

function selection<T extends object>(
  picked: Map<string, T>,
  set: (m: Map<string, T>) => void,
  key: (row: T) => string,
  rows: T[],
): TableProps<T>["rowSelection"] {
  const place = new Map(rows.map((r, i) => [r, i + 1]));
  return {
    selectedRowKeys: [...picked.keys()],
    preserveSelectedRowKeys: true,
    columnWidth: 40,
    getTitleCheckboxProps: () => ({ "aria-label": t("pickAll") }),
    getCheckboxProps: (row) => ({ "aria-label": t("pickRow", { n: place.get(row) ?? 0 }) }),
    onChange: (keys, chosen) => {
      const known = new Map([...picked, ...rows.map((r): [string, T] => [key(r), r]), ...chosen.filter(Boolean).map((r): [string, T] => [key(r), r])]);
      set(new Map(keys.flatMap((k) => (known.has(String(k)) ? [[String(k), known.get(String(k)) as T] as [string, T]] : []))));
    },
  };
}

function Foot(p: { shown: number; first?: boolean; total?: number | null; more: boolean; loading: boolean; onMore: () => void }) {
  if (!p.shown) return null;
  const n = fullNumber(p.shown);
  const total = p.total === undefined ? "" : p.total === null ? t("ofTotalMany") : t("ofTotal", { n: fullNumber(p.total) });
  return (
    <div className="k-tablefoot" aria-live="polite">
      <span>{p.more ? [t("shown", { n }), total].filter(Boolean).join(" · ") : t(p.first ? "firstShown" : "allShown", { n })}</span>
      {p.more && (
        <Button size="small" onClick={p.onMore} loading={p.loading}>
          {t("more")}
        </Button>
      )}
    </div>
  );
}
