/** Tables as CSV that spreadsheets open rightly: BOM for Chinese, formulas defused, long digits kept as text. */

/** A value of a cell. */
export type Cell = string | number | boolean | null | undefined;

/** One cell, quoted where needed. A text that a spreadsheet would run as a formula gets an apostrophe. */
export function csvCell(v: Cell): string {
  if (v === null || v === undefined) return "";
  let s = String(v);
  if (typeof v === "string" && /^[=+\-@\t\r]/.test(s) && !/^[+-]?\d+(\.\d+)?$/.test(s)) s = `'${s}`;
  if (typeof v === "string" && /^\d{12,}$/.test(s)) s = `\t${s}`;
  return /[",\n\r]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
}

/** A whole table. */
export function csvText(head: string[], rows: Cell[][]): string {
  return "\ufeff" + [head, ...rows].map((r) => r.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** Hands a file to the person. */
export function saveFile(name: string, content: Blob | string, type = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
