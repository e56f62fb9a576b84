/** Look: one accent on calm ground, light and dark. */
import { useSyncExternalStore } from "react";

/** The two looks. */
export type Mode = "light" | "dark";

/** Seeds and overrides for antd; kept as data so that the phone and charts use the same colours. */
export const PALETTE = {
  accent: { light: "#2f54c8", dark: "#8ea6ff" },
  ground: { light: "#f5f6f8", dark: "#101216" },
  card: { light: "#ffffff", dark: "#191c22" },
  text: { light: "#1d2129", dark: "#e6e8ec" },
  muted: { light: "#5b6270", dark: "#a3aab6" },
  line: { light: "#e4e7ec", dark: "#2a2e37" },
  good: { light: "#14804a", dark: "#4cc38a" },
  warn: { light: "#a15c00", dark: "#e8a33d" },
  bad: { light: "#c62828", dark: "#ff7b72" },
  off: { light: "#5b6270", dark: "#a3aab6" },
} as const;

/** A colour of the palette in a look. */
export function color(name: keyof typeof PALETTE, mode: Mode): string {
  return PALETTE[name][mode];
}

const KEY = "kosmos.theme";
const listeners = new Set<() => void>();
let chosen: Mode | undefined;

/** The look: the person's choice, else the system's. */
export function mode(): Mode {
  if (chosen) return chosen;
  try {
    const v = localStorage.getItem(KEY);
    if (v === "light" || v === "dark") return (chosen = v);
  } catch {
    // No storage: follow the system.
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Remembers the choice and redraws. */
export function setMode(m: Mode): void {
  chosen = m;
  try {
    localStorage.setItem(KEY, m);
  } catch {
    // Keeps until the page closes.
  }
  paint();
  listeners.forEach((fn) => fn());
}

/** Puts the look on the document, for our own style sheet. */
export function paint(): void {
  document.documentElement.dataset.theme = mode();
}

function subscribe(fn: () => void): () => void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const both = () => {
    paint();
    fn();
  };
  listeners.add(fn);
  media.addEventListener("change", both);
  return () => {
    listeners.delete(fn);
    media.removeEventListener("change", both);
  };
}

/** The look, kept up to date. */
export function useMode(): Mode {
  return useSyncExternalStore(subscribe, mode, () => "light");
}

/** The nonce the server put into the page, for style elements made at run time. */
export function nonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || meta?.content || undefined;
}

/**
 * Gives the page's nonce to style elements that libraries make without asking for one (scroll bars are
 * measured and dialogs lock scrolling that way). Only code that already runs can make such elements.
 */
export function shareNonce(): void {
  const value = nonce();
  if (!value) return;
  const make = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const el = make(tag, options);
    if (el instanceof HTMLStyleElement) el.nonce = value;
    return el;
  }) as typeof document.createElement;
}
