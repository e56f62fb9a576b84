// Fails when a first load or a chunk outgrows its budget (gzip, as a browser receives it).
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1024;
const BUDGET = { "index.html": 350 * KB, "m.html": 180 * KB };
const CHART = 250 * KB;
const ROUTE = 150 * KB;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist))).length);
  return sizes.get(file);
}

/** Every file that loading `key` needs before it runs, without those already there. */
function needs(key, have = new Set(), seen = new Set(), out = new Set()) {
  if (seen.has(key)) return out;
  seen.add(key);
  const c = manifest[key];
  for (const f of [c.file, ...(c.css ?? [])]) if (!have.has(f)) out.add(f);
  for (const i of c.imports ?? []) needs(i, have, seen, out);
  return out;
}

const sum = (files) => [...files].reduce((n, f) => n + size(f), 0);
const kb = (n) => `${(n / KB).toFixed(1)} KB`;
let failed = 0;
function judge(what, n, limit) {
  const bad = n > limit;
  if (bad) failed++;
  console.log(`${bad ? "TOO BIG" : "ok     "} ${kb(n).padStart(9)} of ${kb(limit).padStart(9)}  ${what}`);
}

const entries = Object.entries(BUDGET);
const loaded = new Set(entries.flatMap(([key]) => [...needs(key)]));
for (const [key, limit] of entries) judge(`first load ${key}`, sum(needs(key)), limit);
for (const part of manifest["m.html"]?.dynamicImports ?? []) {
  const n = sum(new Set([...needs("m.html"), ...needs(part)]));
  if (n > BUDGET["m.html"] * 0.8) judge(`phone with ${part}`, n, BUDGET["m.html"]);
}
const chart = Object.keys(manifest).find((k) => k.endsWith("charts/Canvas.tsx"));
const chartFiles = new Set(chart ? needs(chart, loaded) : []);
if (chart) judge("charts", sum(chartFiles), CHART);

// A route chunk by itself: its own file; what routes share (table, form, date fields) counts on its own.
const known = new Set([...loaded, ...chartFiles]);
for (const c of Object.values(manifest)) {
  if (known.has(c.file) || !c.file.endsWith(".js")) continue;
  known.add(c.file);
  if (size(c.file) > ROUTE * 0.5) judge(c.file, size(c.file), ROUTE);
}
process.exit(failed ? 1 : 0);
