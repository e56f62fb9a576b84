/** Scope, period and filters: all in the URL, so that a copied link shows the same view. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { addDays, todayIn } from "@/i18n/format";

/** Names of ready-made periods. */
export type Preset = "thisWeek" | "thisMonth" | "last7" | "last30" | "last90";

/** Ready-made periods in the order they are offered. */
export const PRESETS: Preset[] = ["thisWeek", "thisMonth", "last7", "last30", "last90"];

/** A span of days, both ends included (2026-11-22). */
export interface Period {
  from: string;
  to: string;
}

/** The days of a ready-made period as of today. */
export function presetPeriod(p: Preset, today: string = todayIn()): Period {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7; // Monday = 0
  switch (p) {
    case "thisWeek":
      return { from: addDays(today, -weekday), to: today };
    case "thisMonth":
      return { from: `${today.slice(0, 7)}-01`, to: today };
    case "last7":
      return { from: addDays(today, -6), to: today };
    case "last30":
      return { from: addDays(today, -29), to: today };
    case "last90":
      return { from: addDays(today, -89), to: today };
  }
}

/** Which ready-made period a span is, if any. */
export function presetOf(period: Period, today: string = todayIn()): Preset | undefined {
  const order: Preset[] = ["last30", ...PRESETS.filter((p) => p !== "last30")];
  return order.find((p) => {
    const x = presetPeriod(p, today);
    return x.from === period.from && x.to === period.to;
  });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The scope and period of a query string; wrong or missing days mean the last 30. */
export function readScope(q: URLSearchParams, today: string = todayIn()): Period & { unit: string } {
  const from = q.get("from") ?? "";
  const to = q.get("to") ?? "";
  const good = DAY.test(from) && DAY.test(to) && from <= to;
  return { unit: q.get("unit") ?? "", ...(good ? { from, to } : presetPeriod("last30", today)) };
}

/** The unit and period a page shows. `query` goes straight into an API call. */
export interface Scope extends Period {
  /** Unit id; "" = everything the person may see. */
  unit: string;
  query: { unit: string; from: string; to: string };
  setUnit: (unit: string) => void;
  setPeriod: (p: Period) => void;
}

/** The scope of the URL and how to change it. */
export function useScope(): Scope {
  const [params, setParams] = useSearchParams();
  const { unit, from, to } = readScope(params);
  const set = useCallback(
    (change: Record<string, string>) => setParams((old) => patch(old, change), { replace: false }),
    [setParams],
  );
  return useMemo(
    () => ({
      unit,
      from,
      to,
      query: { unit, from, to },
      setUnit: (u: string) => set({ unit: u }),
      setPeriod: (p: Period) => set({ from: p.from, to: p.to }),
    }),
    [unit, from, to, set],
  );
}

/** One filter of the URL, like useState: `const [platform, setPlatform] = useUrlState("platform")`. Setting "" removes it. */
export function useUrlState(key: string, fallback = ""): [string, (v: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (v: string) => setParams((old) => patch(old, { [key]: v === fallback ? "" : v }), { replace: true }),
    [key, fallback, setParams],
  );
  return [params.get(key) ?? fallback, set];
}

/** Several filters of the URL at once. */
export function useUrlStates(): [URLSearchParams, (change: Record<string, string>) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (change: Record<string, string>) => setParams((old) => patch(old, change), { replace: true }),
    [setParams],
  );
  return [params, set];
}

/** A copy of q with the given values; "" removes. */
export function patch(q: URLSearchParams, change: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(q);
  for (const [k, v] of Object.entries(change)) {
    if (v === "") next.delete(k);
    else next.set(k, v);
  }
  return next;
}

/** path with the scope and period of the current view, and more parameters. */
export function scopedPath(path: string, q: URLSearchParams, more: Record<string, string> = {}): string {
  const keep = new URLSearchParams();
  for (const k of ["unit", "from", "to"]) {
    const v = q.get(k);
    if (v) keep.set(k, v);
  }
  for (const [k, v] of Object.entries(more)) if (v !== "") keep.set(k, v);
  const text = keep.toString();
  return text ? `${path}?${text}` : path;
}

/** Makes links that keep scope and period: `link("/matrix/accounts", { status: "asleep" })`. */
export function useScopedLink(): (path: string, more?: Record<string, string>) => string {
  const [params] = useSearchParams();
  return useCallback((path, more) => scopedPath(path, params, more), [params]);
}
