/** What a list is told; see DataTable. */
import type { ReactNode } from "react";
import type { Query } from "@/api";
import type { Filter } from "../Filters";
import type { Bulk } from "./BulkBar";
import type { Column } from "./model";
import type { View } from "./ViewTabs";

/** Props of DataTable. */
export interface DataTableProps<T> {
  /** A stable name, "account.accounts": remembers columns, density and saved views. */
  id: string;
  /** The list path of the API; null waits. */
  path: string | null;
  /** Parameters besides filters and sort: scope and period. */
  params?: Query;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  filters?: Filter[];
  /** Ready-made views as tabs. */
  views?: View[];
  /** The server's own order, "-views"; shown as the sorted column. */
  defaultSort?: string;
  /** Opens a row (drawer or page): click, Enter. */
  onOpen?: (row: T) => void;
  /** The row's own page: ⌘click or middle click opens it in a tab; without onOpen a click goes there. */
  href?: (row: T) => string;
  /** Acts on chosen rows; without any, rows cannot be chosen. */
  bulk?: Bulk<T>[];
  /** A path that answers the list as XLSX for the same parameters. */
  xlsx?: string;
  /** The number of rows for the filter, when the server tells it; null = more than 10,000. */
  total?: number | null;
  /** The server gives only the first places: say so instead of "all shown". */
  first?: boolean;
  /** File name of exports, without ending. */
  exportName?: string;
  /** What stands there when there is nothing at all (no filter set). */
  empty?: ReactNode;
  /** More controls beside the filters. */
  extra?: ReactNode;
  pageSize?: number;
}
