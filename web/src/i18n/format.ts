/** Figures, days and times in the words of each language. Pure: every function takes the language. */
import { htmlLang, lang, type Lang } from "./index";

/** What stands for a value nobody knows. */
export const MISSING = "—";

/** Money on the wire. */
export interface Money {
  fen: number;
  currency: string;
}

/** A share on the wire: parts, so that sums stay exact. */
export interface Ratio {
  num: number;
  den: number;
}

type Maybe<T> = T | null | undefined;

/** Short form: 1.2万 / 3.4亿 in Chinese, 12K / 340M in English; below 10,000 the full number. */
export function shortNumber(n: Maybe<number>, l: Lang = lang()): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  const abs = Math.abs(n);
  if (abs < 10_000) return fullNumber(n, l);
  const steps: [number, string][] =
    l === "zh"
      ? [
          [1e8, "\u4ebf"],
          [1e4, "\u4e07"],
        ]
      : [
          [1e9, "B"],
          [1e6, "M"],
          [1e3, "K"],
        ];
  for (const [i, [size, unit]] of steps.entries()) {
    if (abs < size) continue;
    const rounded = round3(n / size);
    const up = steps[i - 1];
    // 9999.9万 rounds to 1亿, 999.96K to 1M: step up rather than print 10000万.
    if (up && Math.abs(rounded) * size >= up[0]) return `${round3((rounded * size) / up[0])}${up[1]}`;
    return `${rounded}${unit}`;
  }
  return fullNumber(n, l);
}

function round3(v: number): number {
  const digits = Math.abs(v) >= 1000 ? 0 : 1;
  return Number(v.toFixed(digits));
}

/** Every digit, grouped by thousands; at most two decimals. */
export function fullNumber(n: Maybe<number>, l: Lang = lang()): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return MISSING;
  return new Intl.NumberFormat(htmlLang(l), { maximumFractionDigits: 2 }).format(n);
}

/** A share with one decimal: 12.3%. Takes a fraction or parts. */
export function percent(v: Maybe<number | Ratio>, digits = 1): string {
  const f = typeof v === "object" && v !== null ? (v.den ? v.num / v.den : null) : v;
  if (f === null || f === undefined || !Number.isFinite(f)) return MISSING;
  return `${(f * 100).toFixed(digits)}%`;
}

/** Change against an earlier value as a fraction; null when it cannot be said. */
export function change(now: Maybe<number>, before: Maybe<number>): number | null {
  if (now === null || now === undefined || before === null || before === undefined || before === 0) return null;
  return (now - before) / Math.abs(before);
}

/** A change with its sign: +12.3%. */
export function signedPercent(v: Maybe<number>): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return MISSING;
  return `${v > 0 ? "+" : v < 0 ? "\u2212" : ""}${(Math.abs(v) * 100).toFixed(1)}%`;
}

/** A difference with its sign in short form. */
export function signedNumber(v: Maybe<number>, l: Lang = lang()): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return MISSING;
  return `${v > 0 ? "+" : v < 0 ? "\u2212" : ""}${shortNumber(Math.abs(v), l)}`;
}

/** ¥1,234.50; whole amounts without decimals. */
export function money(m: Maybe<Money>, l: Lang = lang()): string {
  if (!m) return MISSING;
  const whole = m.fen % 100 === 0;
  return new Intl.NumberFormat(htmlLang(l), {
    style: "currency",
    currency: m.currency || "CNY",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: whole ? 0 : 2,
  }).format(m.fen / 100);
}

/** A day of the wire (2026-11-22) for reading: 11月22日, with the year when it is another one. */
export function dayText(d: Maybe<string>, l: Lang = lang(), today: string = todayIn()): string {
  if (!d) return MISSING;
  const [y, m, dd] = d.slice(0, 10).split("-").map(Number);
  if (!y || !m || !dd) return MISSING;
  const date = new Date(Date.UTC(y, m - 1, dd));
  const other = d.slice(0, 4) !== today.slice(0, 4);
  return new Intl.DateTimeFormat(htmlLang(l), {
    timeZone: "UTC",
    year: other ? "numeric" : undefined,
    month: l === "zh" ? "long" : "short",
    day: "numeric",
  }).format(date);
}

/** A month of the wire (2026-11) for reading: 2026年11月 / November 2026. */
export function monthText(m: string, l: Lang = lang()): string {
  return new Intl.DateTimeFormat(htmlLang(l), { timeZone: "UTC", year: "numeric", month: "long" }).format(new Date(`${m}-01T00:00:00Z`));
}

/** A moment of the wire in the brand's zone, to the minute: 2026-11-22 10:32. */
export function timeText(v: Maybe<string | number>, zone = ZONE): string {
  const date = toDate(v);
  if (!date) return MISSING;
  const p = parts(date, zone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** What stands between words in a row: 甲、乙 / a, b. */
export const comma = (l: Lang = lang()): string => (l === "zh" ? "\u3001" : ", ");

/** What stands between parts of a sentence. */
export const semicolon = (l: Lang = lang()): string => (l === "zh" ? "\uff1b" : "; ");

/** What stands between a name and what is said of it. */
export const colon = (l: Lang = lang()): string => (l === "zh" ? "\uff1a" : ": ");

/** A side note behind a word: 甲（乙） / a (b). */
export const aside = (text: string, l: Lang = lang()): string => (l === "zh" ? `\uff08${text}\uff09` : ` (${text})`);

/** How long ago: 3 分钟前 / 3 minutes ago. */
export function relativeTime(v: Maybe<string | number>, now: number = Date.now(), l: Lang = lang()): string {
  const date = toDate(v);
  if (!date) return MISSING;
  const seconds = Math.round((date.getTime() - now) / 1000);
  const f = new Intl.RelativeTimeFormat(htmlLang(l), { numeric: "auto" });
  const steps: [Intl.RelativeTimeFormatUnit, number, number][] = [
    ["second", 1, 60],
    ["minute", 60, 3600],
    ["hour", 3600, 86400],
    ["day", 86400, 86400 * 30],
    ["month", 86400 * 30, 86400 * 365],
    ["year", 86400 * 365, Infinity],
  ];
  for (const [unit, size, below] of steps) {
    if (Math.abs(seconds) < below) return f.format(Math.trunc(seconds / size), unit);
  }
  return MISSING;
}

/** Tells whether a moment is more than `days` ago. */
export function isOlderThan(v: Maybe<string | number>, days: number, now: number = Date.now()): boolean {
  const date = toDate(v);
  return date !== null && now - date.getTime() > days * 86_400_000;
}

/** The zone days are counted in unless the brand says otherwise. */
export const ZONE = "Asia/Shanghai";

/** Today as 2026-11-22 in the brand's zone. */
export function todayIn(zone = ZONE, now: Date = new Date()): string {
  const p = parts(now, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** The day n days after d (both 2026-11-22). */
export function addDays(d: string, n: number): string {
  const date = new Date(`${d}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + n);
  return date.toISOString().slice(0, 10);
}

/** Days from a to b, both included. */
export function daySpan(a: string, b: string): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / 86_400_000) + 1;
}

/** Bytes for people: 3.4 MB. */
export function bytes(n: Maybe<number>): string {
  if (n === null || n === undefined) return MISSING;
  if (n < 1024) return `${n} B`;
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} KB`;
  if (n < 1024 ** 3) return `${(n / 1024 / 1024).toFixed(1)} MB`;
  return `${Number((n / 1024 ** 3).toFixed(1))} GB`;
}

function toDate(v: Maybe<string | number>): Date | null {
  if (v === null || v === undefined || v === "") return null;
  const date = new Date(v);
  return Number.isNaN(date.getTime()) ? null : date;
}

function parts(date: Date, zone: string): Record<string, string> {
  const out: Record<string, string> = {};
  const f = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  for (const p of f.formatToParts(date)) out[p.type] = p.value;
  return out;
}
