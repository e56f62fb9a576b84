/** One changed field of an edit. */
export interface Changed {
  field: string;
  before: string;
  after: string;
}

/** The fields that differ between two states; objects are compared by their JSON. */
export function changes(before: unknown, after: unknown): Changed[] {
  const a = asRecord(before);
  const b = asRecord(after);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((field) => ({ field, before: text(a[field]), after: text(b[field]) }))
    .filter((c) => c.before !== c.after);
}

function asRecord(v: unknown): Record<string, unknown> {
  return v && typeof v === "object" && !Array.isArray(v) ? (v as Record<string, unknown>) : {};
}

function text(v: unknown): string {
  if (v === null || v === undefined || v === "") return "—";
  return typeof v === "object" ? JSON.stringify(v) : String(v);
}
