/**
 * Writes that survive a bad network: kept in IndexedDB, sent in order, tried again until the server has
 * answered. Every write carries its own Idempotency-Key from the start, so a repeat does nothing twice.
 * Only one tab sends at a time.
 */
import { newKey } from "@/api/client";
import { asProblem, Problem } from "@/api/problem";

/** A write that waits. */
export interface Waiting {
  id: number;
  key: string;
  /** Whose write it is: another person on the same phone never sends it. */
  owner: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  /** What the person did, in words. */
  label: string;
  at: number;
  tries: number;
  /** Why the server refused it for good; the person decides what to do. */
  refused?: string;
}

/** What becomes of a write after a try. */
export type Outcome = "sent" | "later" | "refused" | "signedOut";

/** How a failure is judged: the network, an overloaded or broken server and a lost session pass; a refusal stays. */
export function judge(err: unknown): Outcome {
  const status = asProblem(err).status;
  if (status === 401) return "signedOut";
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) return "later";
  return "refused";
}

/** Milliseconds to wait before the n-th repeat: 2 s, 4 s … at most 5 min. */
export function delayOf(tries: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.max(1, tries));
}

/** Sends one write; throws a Problem when the answer is not 2xx. */
export type Sender = (w: Waiting) => Promise<unknown>;

const STORE = "writes";

/** The queue of one browser. */
export class Queue {
  private db: Promise<IDBDatabase> | undefined;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<() => void>();
  private readonly send: Sender;
  private readonly name: string;
  private owner = "";

  constructor(send: Sender, name = "kosmos") {
    this.send = send;
    this.name = name;
  }

  /** Names the person at the screen; nothing is sent before. */
  setOwner(owner: string): void {
    this.owner = owner;
    if (owner) void this.flush();
  }

  /** Calls fn after every change; returns how to stop. */
  onChange(fn: () => void): () => void {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  /** Keeps a write and tries it at once; key when it was tried before under one. Resolves when it is safely kept, whatever the network does. */
  async add(w: Pick<Waiting, "method" | "path" | "body" | "label"> & { key?: string }): Promise<void> {
    const row: Omit<Waiting, "id"> = { ...w, key: w.key ?? newKey(), owner: this.owner, at: Date.now(), tries: 0 };
    await this.write((s) => s.add(row));
    this.tell();
    void this.flush();
  }

  /** The writes of this person that still wait, oldest first. */
  async list(): Promise<Waiting[]> {
    const db = await this.open();
    const rows = await done<Waiting[]>(db.transaction(STORE).objectStore(STORE).getAll());
    return rows.filter((r) => r.owner === this.owner);
  }

  /** Forgets a write (the person gave up a refused one). */
  async drop(id: number): Promise<void> {
    await this.write((s) => s.delete(id));
    this.tell();
  }

  /** Takes a refused write up again. */
  async again(id: number): Promise<void> {
    const row = (await this.list()).find((r) => r.id === id);
    if (!row) return;
    await this.write((s) => s.put({ ...row, refused: undefined, tries: 0 }));
    this.tell();
    void this.flush();
  }

  /** Sends what waits, in order; a call during a run joins it. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.alone(() => this.run()).finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    for (;;) {
      const next = (await this.list()).find((r) => !r.refused);
      if (!next || !this.owner) return;
      const outcome = await this.attempt(next);
      this.tell();
      if (outcome === "later") {
        this.timer = setTimeout(() => void this.flush(), delayOf(next.tries + 1));
        return;
      }
      if (outcome === "signedOut") return;
    }
  }

  private async attempt(w: Waiting): Promise<Outcome> {
    try {
      await this.send(w);
      await this.write((s) => s.delete(w.id));
      return "sent";
    } catch (err) {
      const outcome = judge(err);
      const refused = outcome === "refused" ? asProblem(err).message : undefined;
      await this.write((s) => s.put({ ...w, tries: w.tries + 1, refused }));
      return outcome;
    }
  }

  /** Runs fn while no other tab sends. */
  private async alone(fn: () => Promise<void>): Promise<void> {
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    if (!locks) return fn(); // plain http on a LAN address; the Idempotency-Key still prevents doubles
    await locks.request(`${this.name}.queue`, fn);
  }

  private open(): Promise<IDBDatabase> {
    this.db ??= new Promise((resolve, reject) => {
      const ask = indexedDB.open(this.name, 1);
      ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
      ask.onsuccess = () => resolve(ask.result);
      ask.onerror = () => reject(new Problem(0, "queue", String(ask.error?.message ?? "")));
    });
    return this.db;
  }

  private async write(fn: (s: IDBObjectStore) => IDBRequest): Promise<void> {
    const db = await this.open();
    const tx = db.transaction(STORE, "readwrite");
    const finished = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onerror = () => reject(tx.error);
      tx.onabort = () => reject(tx.error);
    });
    fn(tx.objectStore(STORE));
    await finished;
  }

  private tell() {
    this.listeners.forEach((fn) => fn());
  }
}

function done<T>(ask: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    ask.onsuccess = () => resolve(ask.result as T);
    ask.onerror = () => reject(ask.error);
  });
}
