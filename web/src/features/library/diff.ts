/** What a version changed, line by line; changed lines stand whole. */
export interface Line {
  kind: "same" | "old" | "new";
  text: string;
}

/** Compares two texts by lines: the longest common ones stay. */
export function lines(before: string, after: string): Line[] {
  const a = before ? before.split("\n") : [];
  const b = after ? after.split("\n") : [];
  const w = b.length + 1;
  const len = new Uint32Array((a.length + 1) * w);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      len[i * w + j] = a[i] === b[j] ? (len[(i + 1) * w + j + 1] ?? 0) + 1 : Math.max(len[(i + 1) * w + j] ?? 0, len[i * w + j + 1] ?? 0);
  const out: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: "same", text: a[i] as string });
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || (len[(i + 1) * w + j] ?? 0) >= (len[i * w + j + 1] ?? 0))) out.push({ kind: "old", text: a[i++] as string });
    else out.push({ kind: "new", text: b[j++] as string });
  }
  return out;
}
