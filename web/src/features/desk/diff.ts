/** What a suggestion changes: pieces that stay, go and come. */
export interface Change {
  kind: "same" | "old" | "new";
  text: string;
}

/** Longest texts that are compared character by character; longer ones show as replaced in their middle. */
const MOST = 1500;

/** Compares two texts by code points. */
export function diff(before: string, after: string): Change[] {
  const a = Array.from(before);
  const b = Array.from(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const out: Change[] = [];
  push(out, "same", a.slice(0, head).join(""));
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  if (left.length > MOST || right.length > MOST) {
    push(out, "old", left.join(""));
    push(out, "new", right.join(""));
  } else middle(out, left, right);
  push(out, "same", a.slice(a.length - tail).join(""));
  return out;
}

function push(out: Change[], kind: Change["kind"], text: string) {
  if (!text) return;
  const last = out.at(-1);
  if (last?.kind === kind) last.text += text;
  else out.push({ kind, text });
}

/** The longest common subsequence, walked from the front. */
function middle(out: Change[], a: string[], b: string[]) {
  const width = b.length + 1;
  const len = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      len[i * width + j] = a[i] === b[j] ? (len[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(len[(i + 1) * width + j] ?? 0, len[i * width + j + 1] ?? 0);
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(out, "same", a[i] as string);
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || (len[(i + 1) * width + j] ?? 0) >= (len[i * width + j + 1] ?? 0))) push(out, "old", a[i++] as string);
    else push(out, "new", b[j++] as string);
  }
}
