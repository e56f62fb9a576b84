/** The kit: what pages are made of. Everything a feature needs comes from "@/ui". */
export { Bars, Draw, Trend, type Note, type Series } from "./Chart";
export { csvText, saveFile } from "./csv";
export { Drawer } from "./Drawer";
export { Dropzone } from "./Dropzone";
export { Figure, FigureRow, Fresh, type FigureData } from "./Figure";
export { FilterBar, filterValues, type Filter } from "./Filters";
export { Facts, Page, Section } from "./Page";
export { PlatformGlyph } from "./PlatformGlyph";
export { EmptyState, ErrorState } from "./States";
export { scoreTone, StatusTag, type Tone } from "./StatusTag";
export { type Bulk } from "./table/BulkBar";
export { DataTable, type DataTableProps } from "./table/DataTable";
export { type Column } from "./table/model";
export { type View } from "./table/ViewTabs";
export { useToast, type Toast } from "./toast";
export { UnitPath, UnitSelect } from "./units";
export { Change, Day, Money, Num, Percent, RelTime, Text, Time } from "./values";
export * from "./words";
