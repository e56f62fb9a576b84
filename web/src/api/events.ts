/**
 * Live events: one stream per browser. The tabs elect a leader (Web Locks); it holds the stream and
 * tells the others over a BroadcastChannel. Nobody listens while every tab is hidden.
 */
import { useEffect } from "react";

/** One event of the server: its kind and its JSON. */
export interface LiveEvent {
  kind: string;
  data: unknown;
}

const PATH = "/api/v1/notify/stream";
const KINDS = ["notice", "todo", "job"];

type Listener = (e: LiveEvent) => void;

/** Holds listeners of this tab and, when it leads, the stream. */
class Hub {
  private listeners = new Set<Listener>();
  private channel: BroadcastChannel | undefined;
  private source: EventSource | undefined;
  private leave: (() => void) | undefined;
  private retry = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  listen(fn: Listener): () => void {
    this.listeners.add(fn);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(fn);
      if (this.listeners.size === 0) this.stop();
    };
  }

  private start() {
    this.channel = new BroadcastChannel("kosmos.events");
    this.channel.onmessage = (m) => this.tell(m.data as LiveEvent);
    document.addEventListener("visibilitychange", this.onVisible);
    this.onVisible();
  }

  private stop() {
    document.removeEventListener("visibilitychange", this.onVisible);
    this.resign();
    this.channel?.close();
    this.channel = undefined;
  }

  private onVisible = () => {
    if (document.hidden) this.resign();
    else this.campaign();
  };

  /** Waits for the lead among the visible tabs, then opens the stream until resign(). */
  private campaign() {
    if (this.leave) return;
    const abort = new AbortController();
    let release = () => {};
    this.leave = () => {
      abort.abort();
      release();
    };
    if (!("locks" in navigator)) {
      this.open(); // plain http on a LAN address: each tab for itself
      return;
    }
    navigator.locks
      .request("kosmos.events", { signal: abort.signal }, () => {
        this.open();
        return new Promise<void>((done) => (release = done));
      })
      .catch(() => {}); // aborted while waiting: another tab leads
  }

  private resign() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.leave?.();
    this.leave = undefined;
  }

  private open() {
    const source = new EventSource(PATH);
    this.source = source;
    source.onopen = () => (this.retry = 0);
    for (const kind of KINDS) source.addEventListener(kind, (m) => this.receive(kind, m));
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser retries by itself
      this.retry++;
      const wait = Math.min(60_000, 2_000 * 2 ** this.retry);
      this.timer = setTimeout(() => this.leave && this.open(), wait);
    };
  }

  private receive(kind: string, m: MessageEvent<string>) {
    let data: unknown = null;
    try {
      data = JSON.parse(m.data);
    } catch {
      // An event without a body still says that something happened.
    }
    const e = { kind, data };
    this.tell(e);
    this.channel?.postMessage(e);
  }

  private tell(e: LiveEvent) {
    this.listeners.forEach((fn) => fn(e));
  }
}

let hub: Hub | undefined;

/** Calls fn for each live event of the given kinds while the component stands. fn must be stable. */
export function useEvents(kinds: string, fn: (e: LiveEvent) => void): void {
  useEffect(() => {
    if (typeof EventSource === "undefined" || typeof BroadcastChannel === "undefined") return;
    hub ??= new Hub();
    const wanted = kinds.split(" ");
    return hub.listen((e) => wanted.includes(e.kind) && fn(e));
  }, [kinds, fn]);
}
