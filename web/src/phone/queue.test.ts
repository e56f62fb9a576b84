import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { delayOf, judge, Queue, type Waiting } from "./queue";

let n = 0;
const fresh = () => `test-${++n}`;
const write = (label: string) => ({ method: "POST" as const, path: "/api/v1/todo/done", body: { label }, label });

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

/** Runs the next waiting repeat and everything it starts. */
async function nextTry(q: Queue) {
  await vi.runOnlyPendingTimersAsync();
  await q.flush();
}

describe("judge", () => {
  it.each([
    [new TypeError("fetch failed"), "later"],
    [new Problem(503, "", ""), "later"],
    [new Problem(429, "", ""), "later"],
    [new Problem(401, "", ""), "signedOut"],
    [new Problem(422, "", ""), "refused"],
    [new Problem(409, "", ""), "refused"],
  ])("%s → %s", (err, want) => expect(judge(err)).toBe(want));
});

it("waits longer each time, at most five minutes", () => {
  expect([1, 2, 3, 20].map(delayOf)).toEqual([2000, 4000, 8000, 300_000]);
});

describe("Queue", () => {
  it("sends in order and forgets what was sent", async () => {
    const sent: string[] = [];
    const q = new Queue(async (w) => void sent.push(w.label), fresh());
    q.setOwner("7");
    await q.add(write("a"));
    await q.add(write("b"));
    await q.flush();
    expect(sent).toEqual(["a", "b"]);
    expect(await q.list()).toEqual([]);
  });

  it("tries again under the same key, so that a lost answer makes no double", async () => {
    const server = new Map<string, number>(); // what an idempotent server keeps
    let answers = 0;
    const q = new Queue(async (w) => {
      server.set(w.key, 1);
      if (answers++ < 2) throw new TypeError("the answer got lost");
    }, fresh());
    q.setOwner("7");
    await q.add(write("a"));
    await q.flush();
    expect(await q.list()).toHaveLength(1);
    await nextTry(q);
    await nextTry(q);
    expect(await q.list()).toHaveLength(0);
    expect(answers).toBe(3);
    expect(server.size).toBe(1);
  });

  it("keeps order over an outage", async () => {
    let down = true;
    const sent: string[] = [];
    const q = new Queue(async (w) => {
      if (down) throw new Problem(502, "", "");
      sent.push(w.label);
    }, fresh());
    q.setOwner("7");
    for (const x of ["a", "b", "c"]) await q.add(write(x));
    await q.flush();
    down = false;
    await nextTry(q);
    expect(sent).toEqual(["a", "b", "c"]);
  });

  it("sets a refused write aside, says why, and goes on", async () => {
    const q = new Queue(async (w: Waiting) => {
      if (w.label === "bad") throw new Problem(422, "todo.closed", "closed meanwhile");
    }, fresh());
    q.setOwner("7");
    await q.add(write("bad"));
    await q.add(write("good"));
    await q.flush();
    const left = await q.list();
    expect(left.map((w) => [w.label, w.refused])).toEqual([["bad", "closed meanwhile"]]);
    await q.drop(left[0]?.id ?? 0);
    expect(await q.list()).toEqual([]);
  });

  it("takes a refused write up again", async () => {
    let closed = true;
    const q = new Queue(async () => {
      if (closed) throw new Problem(409, "", "no");
    }, fresh());
    q.setOwner("7");
    await q.add(write("a"));
    await q.flush();
    closed = false;
    await q.again((await q.list())[0]?.id ?? 0);
    await q.flush();
    expect(await q.list()).toEqual([]);
  });

  it("survives the page and belongs to one person", async () => {
    const name = fresh();
    const before = new Queue(() => Promise.reject(new TypeError("offline")), name);
    before.setOwner("7");
    await before.add(write("a"));
    await before.flush();

    const sent: string[] = [];
    const after = new Queue(async (w) => void sent.push(w.label), name);
    after.setOwner("8");
    await after.flush();
    expect(sent).toEqual([]);
    after.setOwner("7");
    await after.flush();
    expect(sent).toEqual(["a"]);
  });

  it("joins flushes instead of sending twice", async () => {
    let calls = 0;
    const q = new Queue(async () => {
      calls++;
    }, fresh());
    q.setOwner("7");
    await q.add(write("a"));
    await Promise.all([q.flush(), q.flush(), q.flush()]);
    expect(calls).toBe(1);
  });
});
