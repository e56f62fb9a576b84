import { ColumnHeightOutlined, DownloadOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Dropdown, Popover, Tooltip } from "antd";
import { useState } from "react";
import { rawRequest, request, type PageOf, type Query } from "@/api";
import { todayIn } from "@/i18n/format";
import { csvText, saveFile } from "../csv";
import { t } from "../i18n";
import { useToast } from "../toast";
import type { DataTableProps } from "./props";
import type { Column, Shape } from "./model";

const MOST = 10_000;

interface Props<T> {
  table: DataTableProps<T>;
  query: Query;
  shape: Shape;
  onShape: (s: Shape) => void;
  shown: Column<T>[];
}

/** Export, density and columns of a list. */
export function Tools<T>({ table, query, shape, onShape, shown }: Props<T>) {
  const free = table.columns.filter((c) => !c.fixed);
  const now = shown.map((c) => c.key);
  return (
    <>
      <Export table={table} query={query} shown={shown} />
      <Tooltip title={t("density")}>
        <Button
          type="text"
          icon={<ColumnHeightOutlined />}
          aria-label={`${t("density")}: ${t(shape.dense === false ? "roomy" : "dense")}`}
          onClick={() => onShape({ ...shape, dense: shape.dense === false })}
        />
      </Tooltip>
      {free.length > 1 && (
        <Popover
          trigger="click"
          placement="bottomRight"
          title={t("columns")}
          content={
            <Checkbox.Group
              style={{ display: "grid", gap: 6, maxHeight: 360, overflow: "auto" }}
              value={now}
              onChange={(v) => onShape({ ...shape, shown: v.map(String) })}
              options={free.map((c) => ({ value: c.key, label: c.title }))}
            />
          }
        >
          <Button type="text" icon={<SettingOutlined />} aria-label={t("columns")} title={t("columns")} />
        </Popover>
      )}
    </>
  );
}

function Export<T>({ table, query, shown }: Pick<Props<T>, "table" | "query" | "shown">) {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const name = `${table.exportName ?? table.id}-${todayIn()}`;
  const columns = shown.filter((c) => c.plain);
  if (!table.path || (!columns.length && !table.xlsx)) return null;

  const csv = async () => {
    const { rows, cut } = await readAll<T>(table.path ?? "", query);
    saveFile(`${name}.csv`, csvText(columns.map((c) => c.title), rows.map((r) => columns.map((c) => c.plain?.(r)))));
    toast.done(t(cut ? "exportedCut" : "exported", { n: rows.length }));
  };
  const xlsx = async () => {
    const res = await rawRequest("GET", table.xlsx ?? "", { query });
    saveFile(`${name}.xlsx`, await res.blob());
  };
  const run = (job: () => Promise<void>) => {
    setBusy(true);
    job()
      .catch(toast.failed)
      .finally(() => setBusy(false));
  };
  const items = [
    ...(table.xlsx ? [{ key: "xlsx", label: t("exportXlsx"), onClick: () => run(xlsx) }] : []),
    ...(columns.length ? [{ key: "csv", label: t("exportCsv"), onClick: () => run(csv) }] : []),
  ];
  return (
    <Dropdown trigger={["click"]} menu={{ items }}>
      <Button type="text" icon={<DownloadOutlined />} loading={busy} aria-label={t("export")}>
        {t(busy ? "exporting" : "export")}
      </Button>
    </Dropdown>
  );
}

/** Walks a list to its end, or to MOST rows. */
async function readAll<T>(path: string, query: Query): Promise<{ rows: T[]; cut: boolean }> {
  const rows: T[] = [];
  let cursor = "";
  do {
    const page = await request<PageOf<T>>("GET", path, { query: { ...query, limit: 200, cursor } });
    rows.push(...(page.items ?? []));
    cursor = page.next ?? "";
  } while (cursor && rows.length < MOST);
  return { rows: rows.slice(0, MOST), cut: cursor !== "" };
}
