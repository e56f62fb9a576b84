/** Languages, dictionaries and the choice of the person at the screen. */

export type Lang = "zh" | "en";

type Params = Record<string, string | number | null | undefined>;

const KEY = "kosmos.lang";
let current: Lang | undefined;

/** The language of the screen: the person's choice, else the browser's, else Chinese. */
export function lang(): Lang {
  current ??= stored() ?? "zh";
  return current;
}

/** Remembers the choice and loads the page anew: words that were drawn, cached or made at start all change. */
export function setLang(next: Lang): void {
  current = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A private window without storage keeps the choice until it closes.
  }
  if (typeof location !== "undefined") location.reload();
}

/** The BCP 47 tag of a language. */
export function htmlLang(l: Lang): string {
  return l === "zh" ? "zh-CN" : "en";
}

function stored(): Lang | undefined {
  try {
    const v = localStorage.getItem(KEY);
    if (v === "zh" || v === "en") return v;
    if (typeof navigator !== "undefined" && navigator.language && !navigator.language.startsWith("zh")) return "en";
  } catch {
    // No storage: fall through to the default.
  }
  return undefined;
}

/** What dict() returns: translate by key; `.has` tells whether a word of the server is known. */
export interface Translate<K extends string> {
  (key: K, params?: Params): string;
  has(key: string): key is K;
  /** The word for a slug that comes from the server; the slug itself is never shown: unknown gives fallback. */
  slug(prefix: string, slug: string | null | undefined, fallback?: string): string;
  readonly room: string;
  readonly zh: Record<K, string>;
  readonly en: Record<K, string>;
}

/**
 * Declares a feature's words: `export const t = dict("org", { zh: {…}, en: {…} })`.
 * Keys of zh and en must be the same (the compiler says so). `{name}` is replaced by params.name.
 * English plurals: `{n|account|accounts}` picks by params.n and does not print the number.
 */
export function dict<const Z extends Record<string, string>>(
  room: string,
  words: { zh: Z; en: { [K in keyof Z]: string } },
): Translate<keyof Z & string> {
  type K = keyof Z & string;
  const zh = words.zh as Record<K, string>;
  const en = words.en as Record<K, string>;
  const t = ((key: K, params?: Params) => fill((lang() === "zh" ? zh : en)[key] ?? key, params)) as Translate<K>;
  const has = (key: string): key is K => Object.hasOwn(zh, key);
  return Object.assign(t, {
    has,
    slug: (prefix: string, slug: string | null | undefined, fallback = "—") => {
      const key = `${prefix}.${slug ?? ""}`;
      return has(key) ? t(key) : fallback;
    },
    room,
    zh,
    en,
  });
}

function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const v = params[name];
    if (one !== undefined) return Number(v) === 1 ? one : (many ?? "");
    return v === null || v === undefined ? "—" : String(v);
  });
}
