import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, test, vi } from "vitest";
import { forgetAnswers, keepAnswers, keepOnlyOf } from "./keep";

const ME = "/api/v1/identity/me";
const me = (user: string) => ({ user: { id: user, name: "n" }, brand: { id: "b", slug: "b", name: "B" }, brands: [] });
const store = new Map<string, string>();

beforeEach(() => {
  store.clear();
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", {
    getItem: (k: string) => store.get(k) ?? null,
    setItem: (k: string, v: string) => void store.set(k, v),
    removeItem: (k: string) => void store.delete(k),
  });
});

function filled(user: string): QueryClient {
  const client = new QueryClient();
  keepAnswers(client);
  client.setQueryData([ME, {}], me(user));
  client.setQueryData(["/api/v1/todo/items", { box: "mine" }], { items: [1] });
  client.setQueryData(["/api/v1/org/members", {}], { items: ["a phone number"] });
  vi.advanceTimersByTime(1500);
  return client;
}

test("the first screens are there again, and nothing else", () => {
  filled("anna");
  const later = new QueryClient();
  keepAnswers(later);
  expect(later.getQueryData(["/api/v1/todo/items", { box: "mine" }])).toEqual({ items: [1] });
  expect(later.getQueryData(["/api/v1/org/members", {}])).toBeUndefined();
  expect([...store.values()].join()).not.toContain("phone number");
});

test("another person sees nothing of it", () => {
  filled("anna");
  const later = new QueryClient();
  keepAnswers(later);
  keepOnlyOf(later, me("ben"));
  expect(later.getQueryData(["/api/v1/todo/items", { box: "mine" }])).toBeUndefined();
  expect(store.size).toBe(0);
});

test("old answers and broken ones are not shown", () => {
  filled("anna");
  vi.setSystemTime(Date.now() + 8 * 24 * 3600_000);
  const later = new QueryClient();
  keepAnswers(later);
  expect(later.getQueryData([ME, {}])).toBeUndefined();
  store.set("kosmos.kept", "{");
  keepAnswers(new QueryClient());
  forgetAnswers();
  expect(store.size).toBe(0);
});
