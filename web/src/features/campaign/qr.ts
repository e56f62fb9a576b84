/** QR codes of links, drawn in the browser: byte mode, error correction M, versions 1 to 10 (at most 213 bytes). ISO/IEC 18004. */

/** Dark and light squares, row by row; without the quiet zone. */
export type Squares = boolean[][];

/** Per version: check bytes of one block, blocks, data bytes of all blocks. */
const SHAPES: [check: number, blocks: number, data: number][] = [
  [10, 1, 16], [16, 1, 28], [26, 1, 44], [18, 2, 64], [24, 2, 86], [16, 4, 108], [18, 4, 124], [22, 4, 154], [22, 5, 182], [26, 5, 216],
];

/** Centres of the alignment squares per version. */
const ALIGN: number[][] = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

/** The code of a text, or null when it is too long for one. */
export function qrOf(text: string): Squares | null {
  const bytes = new TextEncoder().encode(text);
  const version = SHAPES.findIndex(([, , data], i) => bytes.length + (i < 9 ? 2 : 3) <= data) + 1;
  if (version === 0) return null;
  const shape = SHAPES[version - 1];
  if (!shape) return null;
  const all = withCheck(dataOf(bytes, version, shape[2]), shape);
  let best: { squares: Squares; cost: number } | undefined;
  for (let mask = 0; mask < 8; mask++) {
    const squares = draw(all, version, mask);
    const cost = costOf(squares);
    if (!best || cost < best.cost) best = { squares, cost };
  }
  return best?.squares ?? null;
}

/** Mode, length, the bytes, padding. */
function dataOf(bytes: Uint8Array, version: number, room: number): number[] {
  const bits: number[] = [];
  const put = (value: number, n: number) => {
    for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((b) => put(b, 8));
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const out: number[] = [];
  for (let i = 0; i < bits.length; i += 8) out.push(bits.slice(i, i + 8).reduce((n, b) => n * 2 + b, 0));
  for (let pad = 0xec; out.length < room; pad ^= 0xec ^ 0x11) out.push(pad);
  return out;
}

/** Splits into blocks, adds the check bytes of each and weaves them together. */
function withCheck(data: number[], [check, blocks]: [number, number, number]): number[] {
  const short = Math.floor(data.length / blocks);
  const long = data.length % blocks;
  const parts: number[][] = [];
  let at = 0;
  for (let i = 0; i < blocks; i++) {
    const n = short + (i < blocks - long ? 0 : 1);
    parts.push(data.slice(at, at + n));
    at += n;
  }
  const generator = generatorOf(check);
  const checks = parts.map((p) => remainder(p, generator));
  const out: number[] = [];
  for (let i = 0; i <= short; i++) for (const p of parts) if (i < p.length) out.push(p[i] ?? 0);
  for (let i = 0; i < check; i++) for (const c of checks) out.push(c[i] ?? 0);
  return out;
}

/** Product in GF(256) over x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((b >>> i) & 1) * a;
  }
  return z;
}

function generatorOf(degree: number): number[] {
  const out = new Array<number>(degree).fill(0);
  out[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) out[j] = times(out[j] ?? 0, root) ^ (out[j + 1] ?? 0);
    root = times(root, 2);
  }
  return out;
}

function remainder(data: number[], generator: number[]): number[] {
  const out = generator.map(() => 0);
  for (const b of data) {
    const factor = b ^ (out.shift() ?? 0);
    out.push(0);
    generator.forEach((g, i) => (out[i] = (out[i] ?? 0) ^ times(g, factor)));
  }
  return out;
}

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Finders, timing, alignment, format, version; then the bytes along the zigzag under a mask. */
function draw(all: number[], version: number, mask: number): Squares {
  const size = version * 4 + 17;
  const dark: Squares = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const fixed: Squares = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const set = (x: number, y: number, on: boolean) => {
    const row = dark[y];
    const kept = fixed[y];
    if (!row || !kept || x < 0 || x >= size) return;
    row[x] = on;
    kept[x] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
    }
  }
  const centres = ALIGN[version - 1] ?? [];
  const last = centres.length - 1;
  centres.forEach((cx, i) => centres.forEach((cy, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  drawFormat(set, size, mask);
  if (version >= 7) drawVersion(set, size, version);
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = dark[y];
        if (!row || fixed[y]?.[x]) continue;
        const bit = at < all.length * 8 && (((all[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1) === 1;
        at++;
        row[x] = bit !== (MASKS[mask]?.(x, y) ?? false);
      }
    }
  }
  return dark;
}

type Put = (x: number, y: number, on: boolean) => void;

/** The mask and level M (bits 00), with their own check bits, twice. */
function drawFormat(set: Put, size: number, mask: number): void {
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number) => ((bits >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

function drawVersion(set: Put, size: number, version: number): void {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const on = ((bits >>> i) & 1) === 1;
    const a = size - 11 + (i % 3);
    const b = Math.floor(i / 3);
    set(a, b, on);
    set(b, a, on);
  }
}

/** How hard a picture is to read: long runs, blocks, false finders, too much of one colour. */
function costOf(s: Squares): number {
  const size = s.length;
  let cost = 0;
  let darks = 0;
  const FALSE = ["10111010000", "00001011101"];
  for (let i = 0; i < size; i++) {
    const lines = ["", ""];
    for (let j = 0; j < size; j++) {
      lines[0] += s[i]?.[j] ? "1" : "0";
      lines[1] += s[j]?.[i] ? "1" : "0";
      if (s[i]?.[j]) darks++;
      const c = s[i]?.[j];
      if (i && j && c === s[i - 1]?.[j] && c === s[i]?.[j - 1] && c === s[i - 1]?.[j - 1]) cost += 3;
    }
    for (const line of lines) {
      for (const run of line.match(/1{5,}|0{5,}/g) ?? []) cost += run.length - 2;
      for (const f of FALSE) for (let at = line.indexOf(f); at >= 0; at = line.indexOf(f, at + 1)) cost += 40;
    }
  }
  return cost + Math.floor(Math.abs((darks * 20) / (size * size) - 10)) * 10;
}
