/**
 * Talking to the server. Two doors over one fetch:
 * - `api` (openapi-fetch) is typed by the generated contract: `api.GET("/api/v1/org/units", …)`.
 * - `request<T>()` for files, streams and paths put together at run time.
 * Both throw a Problem when the answer is not 2xx.
 */
import createClient from "openapi-fetch";
import { htmlLang, lang } from "@/i18n";
import { problemOf } from "./problem";
import type { paths } from "./schema";

/** Values of a query; null, undefined and "" are left out, lists repeat the key. */
export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;

/** What request() takes besides method and path. */
export interface RequestOptions {
  query?: Query;
  /** A JSON value, or FormData for files. */
  body?: unknown;
  signal?: AbortSignal;
  /** Makes a repeated write harmless: see newKey(). */
  idempotencyKey?: string;
  /** The version being edited: fails with 412 when someone was faster. */
  ifMatch?: string;
}

/** A random key for one write; the same key again does nothing twice. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16)); // plain http on a LAN address has no randomUUID
  return Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
}

/** path + query as one address. */
export function address(path: string, query?: Query): string {
  if (!query) return path;
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(query)) {
    if (v === null || v === undefined || v === "") continue;
    if (Array.isArray(v)) v.forEach((x) => q.append(k, String(x)));
    else q.set(k, String(v));
  }
  const text = q.toString();
  return text ? `${path}?${text}` : path;
}

const signedOut = new Set<() => void>();

/** Calls fn whenever the server says the session is over; returns how to stop. */
export function onSignedOut(fn: () => void): () => void {
  signedOut.add(fn);
  return () => signedOut.delete(fn);
}

/** fetch with the session, the language and the header that a foreign site cannot set. */
async function send(input: Request): Promise<Response> {
  input.headers.set("Accept-Language", htmlLang(lang()));
  if (input.method !== "GET" && input.method !== "HEAD") input.headers.set("X-Kosmos", "1");
  const res = await fetch(input, { credentials: "same-origin" });
  if (res.ok) return res;
  if (res.status === 401 && !res.url.includes("/identity/login")) signedOut.forEach((fn) => fn());
  throw await problemOf(res);
}

/** The typed client of the generated contract. */
export const api = createClient<paths>({ baseUrl: typeof location === "undefined" ? "" : location.origin, fetch: send });

/** One request; the JSON of the answer, or undefined for an empty one. */
export async function request<T>(method: string, path: string, opts: RequestOptions = {}): Promise<T> {
  const res = await rawRequest(method, path, opts);
  if (res.status === 204 || res.headers.get("Content-Length") === "0") return undefined as T;
  return (await res.json()) as T;
}

/** The same, giving the bare response (downloads). */
export function rawRequest(method: string, path: string, opts: RequestOptions = {}): Promise<Response> {
  const headers = new Headers();
  let body: BodyInit | undefined;
  if (opts.body instanceof FormData || opts.body instanceof Blob) body = opts.body;
  else if (opts.body !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(opts.body);
  }
  if (opts.idempotencyKey) headers.set("Idempotency-Key", opts.idempotencyKey);
  if (opts.ifMatch) headers.set("If-Match", opts.ifMatch);
  const url = new URL(address(path, opts.query), location.origin);
  return send(new Request(url, { method, headers, body, signal: opts.signal }));
}
