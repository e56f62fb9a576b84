/**
 * The last answers of the first screens, kept in this browser so that they are there before the network is: who I am, my
 * to-dos, my notices, my figures. They are shown as what was last seen and asked again at once. Signing out, another person
 * or a refused session forgets them.
 */
import type { QueryClient } from "@tanstack/react-query";
import { asProblem, onSignedOut } from "@/api";
import type { Me } from "@/app/session";

const PLACE = "kosmos.kept";
const ME = "/api/v1/identity/me";
const DAY = 24 * 3600_000;
const MOST = 300_000; // characters

/** Paths whose answers are kept: what the tabs Today, Library and Me ask first, and the texts that were taken. */
const PATHS = [ME, "/api/v1/todo/", "/api/v1/notify/notices", "/api/v1/notify/unread", "/api/v1/recall/mine", "/api/v1/desk/mine", "/api/v1/insight/me", "/api/v1/campaign/", "/api/v1/library/"];

interface Kept {
  owner: string;
  answers: { key: readonly unknown[]; data: unknown; at: number }[];
}

const ownerOf = (me: Me | undefined) => (me ? `${me.brand.id}/${me.user.id}` : "");

const wanted = (key: readonly unknown[]) => PATHS.some((p) => String(key[0]).startsWith(p));

/** Fills the client with what was kept and keeps what comes; call before the first draw. */
export function keepAnswers(client: QueryClient): void {
  restore(client);
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.getQueryCache().subscribe((e) => {
    if (e.type !== "updated" || !wanted(e.query.queryKey)) return;
    if (e.query.queryKey[0] === ME && e.action.type === "error" && asProblem(e.action.error).status === 401) {
      forgetAnswers();
      return;
    }
    if (e.action.type !== "success") return;
    clearTimeout(timer);
    timer = setTimeout(() => save(client), 1000);
  });
  onSignedOut(forgetAnswers);
}

/** Forgets everything that was kept. */
export function forgetAnswers(): void {
  localStorage.removeItem(PLACE);
}

function restore(client: QueryClient): void {
  const kept = read();
  if (!kept) return;
  for (const a of kept.answers) {
    if (Date.now() - a.at < 7 * DAY) client.setQueryData(a.key, a.data, { updatedAt: a.at });
  }
}

function read(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function save(client: QueryClient): void {
  const me = client.getQueryData<Me>([ME, {}]);
  const owner = ownerOf(me);
  if (!owner) return;
  const answers = client
    .getQueryCache()
    .getAll()
    .filter((q) => wanted(q.queryKey) && q.state.data !== undefined)
    .map((q) => ({ key: q.queryKey, data: q.state.data, at: q.state.dataUpdatedAt }))
    .sort((a, b) => b.at - a.at);
  let text = JSON.stringify({ owner, answers } satisfies Kept);
  while (text.length > MOST && answers.length > 1) {
    answers.pop();
    text = JSON.stringify({ owner, answers } satisfies Kept);
  }
  try {
    localStorage.setItem(PLACE, text);
  } catch {
    forgetAnswers(); // the browser's place is full: rather nothing than half
  }
}

/** Drops kept answers of somebody else: they were filled in before anybody knew who sits here. */
export function keepOnlyOf(client: QueryClient, me: Me): void {
  const kept = read();
  if (!kept || kept.owner === ownerOf(me)) return;
  forgetAnswers();
  client.removeQueries({ predicate: (q) => wanted(q.queryKey) && q.queryKey[0] !== ME });
}
